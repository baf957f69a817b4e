#!/usr/bin/env bash
# The Java library: builds it, compares the bytes with those of another build, runs its unit tests, and runs every example against a sandbox of its own: first
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

# Beside the tests: each uses one core. The second build stays where `cargo xtask libraries` and the conformance suite look for it.
TZ=Pacific/Auckland clients/java/build "$out/again" jar >/dev/null && clients/java/build >/dev/null &
builds=$!
clients/java/unit-test "$out/unit"
wait "$builds"
for jar in "$out"/again/*.jar; do
  cmp "$jar" "clients/java/target/${jar##*/}" || { echo "client-java: two builds differ" >&2; exit 1; }
done
clients/java/examples-test "$tdam"
