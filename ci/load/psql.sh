#!/usr/bin/env bash
# Load of psql alone for ci/failover.sh: writers that insert numbered rows, one commit each, and try again until the
# commit is answered, as clients of tdam do. What was answered is in CLUSTER/acknowledged: time in microseconds, row.
#
#   psql.sh prepare CLUSTER · psql.sh run CLUSTER (until it is ended) · psql.sh verify CLUSTER
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
cluster=$2
writers=4
answer_seconds_max=15
pause_seconds=0.05

prepare() {
  psql -Xq --set ON_ERROR_STOP=1 "$("$here/cluster.sh" url "$cluster" tdam_owner)" \
    -c 'CREATE SCHEMA numbered' -c 'CREATE TABLE numbered.rows (row text PRIMARY KEY)' \
    -c 'GRANT USAGE ON SCHEMA numbered TO tdam' -c 'GRANT SELECT, INSERT ON numbered.rows TO tdam'
  : >"$cluster/acknowledged"
}

# One connection for as long as it lasts: a row is sent only after the one before was answered. Sets `number` to the row
# to go on with.
insert_while_connected() {
  local to from session row=$writer-$number answer
  coproc { exec psql -XqAt --set ON_ERROR_STOP=1 "$url" -f -; }
  to=${COPROC[1]:-} from=${COPROC[0]:-} session=${COPROC_PID:-}
  while printf "INSERT INTO numbered.rows VALUES ('%s') ON CONFLICT DO NOTHING;\n\\\\echo %s\n" "$row" "$row" >&"$to" &&
    read -r -t "$answer_seconds_max" -u "$from" answer && [ "$answer" = "$row" ]; do
    echo "${EPOCHREALTIME/./} $row" >>"$cluster/acknowledged"
    number=$((number + 1)) row=$writer-$((number))
    sleep "$pause_seconds"
  done
  kill -KILL "$session" || true
  wait "$session" || true
}

write_for_ever() {
  local writer=$1 number=1
  # A writer whose server is gone must not end with its pipe.
  trap '' PIPE
  while :; do
    insert_while_connected 2>>"$cluster/writers.log"
    sleep 0.2
  done
}

run() {
  local url number
  url=$("$here/cluster.sh" url "$cluster")
  trap 'trap "" TERM; kill 0; wait; exit' TERM
  for number in $(seq $writers); do write_for_ever "$number" & done
  wait
}

verify() {
  local missing
  cut -d' ' -f2 "$cluster/acknowledged" | LC_ALL=C sort >"$cluster/acknowledged.sorted"
  "$here/cluster.sh" psql "$cluster" primary tdam -c 'COPY numbered.rows TO STDOUT' | LC_ALL=C sort >"$cluster/rows.sorted"
  missing=$(LC_ALL=C comm -23 "$cluster/acknowledged.sorted" "$cluster/rows.sorted")
  [ -z "$missing" ] || { echo "answered and lost:"; head <<<"$missing"; return 1; }
  echo "$(wc -l <"$cluster/acknowledged.sorted") rows were answered, all of them are there; $(wc -l <"$cluster/rows.sorted") rows in all"
}

case "$1" in
  prepare) prepare ;;
  run) run ;;
  verify) verify ;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
esac
