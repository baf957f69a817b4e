#!/usr/bin/env bash
# The Java library: builds it twice and compares the bytes, runs its unit tests, and runs every example against a sandbox of its own: first
# payment, report, enrolment by request and by PKCS#12 (both kinds), renewal, TLS 1.2 and 1.3.
#
#   ci/client-java.sh TDAM     TDAM is the program
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 1 ] && [ -x "$1" ] || { echo "usage: ci/client-java.sh TDAM" >&2; exit 2; }
tdam=$(realpath "$1")
for tool in java javac jar javadoc realpath; do
  command -v "$tool" >/dev/null || { echo "client-java: $tool is missing" >&2; exit 2; }
done
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The second build is the one that is used.
TZ=Pacific/Auckland clients/java/build "$out/first" >/dev/null &
first=$!
clients/java/unit-test "$out/unit"
wait "$first"
clients/java/build "$out/second" >/dev/null
for jar in "$out"/second/*.jar; do
  cmp "$jar" "$out/first/${jar##*/}" || { echo "client-java: two builds differ" >&2; exit 1; }
done
clients/java/examples-test "$tdam" "$out/second"
