#!/usr/bin/env bash
# TLS of each listener that has it, by a program that we did not write (Debian's testssl.sh): that for clients, whose paths of operators
# are on the same one, and that for enrolment. No finding may be above LOW, but those argued in ci/python/judge_tls.py. The client
# simulations and the list of single ciphers are left out: they say which program can connect, which ci/other-programs.sh tries.
set -euo pipefail
tdam=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
# A bound for a machine that stands still, not a measure.
seconds=${TDAM_TLS_SECONDS:-600}
work=$(mktemp -d)
started=()
trap 'for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; wait "$one" 2>/dev/null || true; done; rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }
for tool in testssl python3 hexdump; do command -v "$tool" >/dev/null || fail "missing: $tool"; done
export PYTHONDONTWRITEBYTECODE=1

dir=$work/sandbox
any=127.0.0.1:0
"$tdam" sandbox --dir "$dir" --address $any --plain-address $any --enrollment-address $any >"$work/out" 2>"$work/log" &
started+=($!)
for _ in $(seq 300); do
  grep -q 'Ctrl-C stops it' "$work/out" && break
  kill -0 "${started[0]}" || { cat "$work/out" "$work/log"; exit 1; }
  sleep 0.1
done
mapfile -t secure < <(grep -oE 'https://127\.0\.0\.1:[0-9]+' "$work/out" | awk '!seen[$0]++' | sed 's,https://,,')
[ ${#secure[@]} -ge 2 ] || { cat "$work/out"; fail "no listener for enrolment"; }

listeners=(clients enrolment)
jobs=()
for i in 0 1; do
  timeout "$seconds" testssl --quiet --color 0 --warnings batch --nodns none --connect-timeout 30 --openssl-timeout 30 \
    --protocols --standard --pfs --server-preference --server-defaults --headers --vulnerable \
    --add-ca "$dir/pki/ca.pem" --jsonfile "$work/${listeners[i]}.json" "${secure[i]}" >"$work/${listeners[i]}.out" 2>&1 &
  jobs+=($!)
  started+=($!)
done
for i in 0 1; do
  # Its exit status counts findings; what it found is judged below.
  wait "${jobs[i]}" && status=0 || status=$?
  [ "$status" -lt 124 ] || { tail -40 "$work/${listeners[i]}.out"; fail "testssl did not finish (${listeners[i]}, $status)"; }
  "$root/ci/python/judge_tls.py" "${listeners[i]}" "$work/${listeners[i]}.json"
done
