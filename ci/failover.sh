#!/usr/bin/env bash
# The primary's machine dies under load, again and again: another takes over, nothing that was answered is lost, and the
# dead machine comes back as a replica. Prints the time without service of each round.
#
#   failover.sh CLUSTER [ROUNDS [LOAD …]]
#
# CLUSTER is a folder that cluster.sh has started. LOAD is a program with its arguments (default: ci/load/psql.sh) that
# is called with prepare, run, verify and the folder; run writes what was answered into CLUSTER/acknowledged.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cluster=$(realpath "$1") rounds=${2:-3}
load=("${@:3}")
[ ${#load[@]} -gt 0 ] || load=("$here/load/psql.sh")
answers_between=200
wait_seconds_max=90

running=
stop_load() {
  [ -n "$running" ] || return 0
  kill -TERM -- "-$running" 2>/dev/null || true
  wait "$running" 2>/dev/null || true
  running=
}
trap stop_load EXIT

fail() { echo "failover: $*" >&2; tail -n 5 "$cluster"/writers.log "$cluster"/db?/patroni.log >&2; exit 1; }
answered() { wc -l <"$cluster/acknowledged"; }

wait_for_answers() {
  local goal=$(($(answered) + $1)) end=$((SECONDS + wait_seconds_max))
  until [ "$(answered)" -ge "$goal" ]; do
    [ $SECONDS -lt $end ] || fail "no answers for $wait_seconds_max s"
    kill -0 "$running" 2>/dev/null || fail "the load has ended"
    sleep 0.1
  done
}

# The longest time between two answers since the machine died, in milliseconds.
longest_silence() {
  sort -n "$cluster/acknowledged" | awk -v since="$1" '$1 >= since { if (last && $1 - last > most) most = $1 - last } { last = $1 }
    END { printf "%d\n", most / 1000 }'
}

one_round() {
  local round=$1 dead survivor died_at before
  wait_for_answers $answers_between
  dead=$("$here/cluster.sh" primary "$cluster")
  before=$(answered)
  died_at=${EPOCHREALTIME/./}
  "$here/cluster.sh" kill "$cluster" "$dead"
  wait_for_answers $answers_between
  survivor=$("$here/cluster.sh" primary "$cluster")
  [ "$survivor" != "$dead" ] || fail "$dead answers although it is dead"
  local silence
  silence=$(longest_silence "$died_at")
  "$here/cluster.sh" boot "$cluster" "$dead"
  "$here/cluster.sh" whole "$cluster"
  echo "round $round: $dead died after $before answers, $survivor took over, $silence ms without service; $dead is a replica again $(rewound "$dead")"
}

rewound() {
  if grep -q 'running pg_rewind' "$cluster/$1/patroni.log"; then echo "(with pg_rewind)"; else echo "(no rewind was needed)"; fi
}

"${load[@]}" prepare "$cluster"
set -m
"${load[@]}" run "$cluster" &
running=$!
set +m
for round in $(seq "$rounds"); do one_round "$round"; done
stop_load
"$here/cluster.sh" whole "$cluster"
"${load[@]}" verify "$cluster"
