#!/usr/bin/env bash
# Runs the tour of README.md, as it stands there, with nothing but curl, and holds the answers against what it promises.
set -euo pipefail
tdam=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

"$tdam" sandbox >sandbox.txt 2>sandbox.log &
server=$!
for _ in $(seq 300); do
  grep -q 'Ctrl-C stops it' sandbox.txt && break
  kill -0 "$server" || { cat sandbox.txt sandbox.log; exit 1; }
  sleep 0.1
done

awk '/^```sh tour$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/README.md" >tour.sh
[ "$(grep -c . tour.sh)" -gt 20 ] || { echo "the tour was not found in README.md"; exit 1; }
bash -euo pipefail tour.sh >tour.txt

expect() { grep -q -- "$1" tour.txt || { echo "the tour's answers lack: $1"; cat tour.txt sandbox.log; exit 1; }; }
expect '<GrpSts>ACCP</GrpSts>'
expect '<OrgnlMsgId>TOUR-1</OrgnlMsgId>'
expect '"message_id":'
expect '<AcctSvcrRef>'
expect 'camt.052.001.08'
expect 'DU01'
echo "the tour works"
