#!/usr/bin/env bash
# Things die under load: who takes over, how long there is no service, and that nothing that was answered is lost.
#
#   failover.sh CLUSTER [WHAT …] [-- LOAD …]
#
# CLUSTER is a folder that cluster.sh has started. WHAT dies, one after the other (default: machine machine machine):
#   machine      the primary's machine; comes back as a replica
#   frozen       the same machine, but it only stands still, and wakes up when another is primary
#   asleep       the same, but it stands still for so long that the others no longer have the WAL that it missed
#   postgres     PostgreSQL on the primary
#   patroni      Patroni on the primary, while PostgreSQL lives on: an orphan that must not answer
#   replica      the machine of the synchronous replica
#   replicas     the machines of both replicas
#   etcd         etcd on all machines
#   switchover   nothing: a planned change of the primary
# LOAD is a program with its arguments (default: ci/load/psql.sh) that is called with prepare, run, verify and the folder;
# run writes what was answered into CLUSTER/acknowledged.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cluster=$(realpath "$1")
shift
deaths=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do deaths+=("$1"); shift; done
[ ${#deaths[@]} -gt 0 ] || deaths=(machine machine machine)
load=("${@:2}")
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

on() { "$here/cluster.sh" "$1" "$cluster" "${@:2}"; }
member() { on status | awk -v role="$1" '$2 == role { print $1 }'; }
other_primary() { local now; now=$(on primary) && [ "$now" != "$1" ]; }
no_primary() { ! on primary >/dev/null; }
# No answer can be newer than the time given, but for those that were on their way.
nothing_answered_since() {
  awk -v limit=$(($1 + 1000000)) '$1 > limit { print "answered without a second copy: " $2; found = 1; exit } END { exit found }' "$cluster/acknowledged"
}

until_is() {
  local end=$((SECONDS + wait_seconds_max))
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "waited $wait_seconds_max s for: $*"
    sleep 0.1
  done
}

# Ends the round: the load goes on, what died comes back, the cluster is whole.
go_on() {
  wait_for_answers $answers_between
  silence=$(longest_silence "$died_at")
  for machine in db1 db2 db3; do on boot $machine; done
  on whole
}

die_machine() {
  on kill "$primary"
  wait_for_answers $answers_between
  other_primary "$primary" || fail "$primary answers although it is dead"
  go_on
  tale="$(on primary) took over; the dead one is a replica again, $(rewound "$primary")"
}

rewound() {
  if tail -n +"$logged" "$cluster/$1/patroni.log" | grep -q 'running pg_rewind'; then echo "rewound"; else echo "no rewind was needed"; fi
}

die_frozen() {
  on freeze "$primary"
  until_is other_primary "$primary"
  wait_for_answers $answers_between
  on thaw "$primary"
  go_on
  tale="$(on primary) took over; the frozen one woke up and follows it, $(rewound "$primary")"
}

# Whether a segment is only in the archive by now; the primary is made to hurry.
only_archived() {
  on psql primary -c "SELECT pg_switch_wal()" -c CHECKPOINT >/dev/null
  [ -e "$cluster/archive/$1" ] && [ "$(on psql primary -c "SELECT count(*) FROM pg_ls_waldir() WHERE name = '$1'")" = 0 ]
}

die_asleep() {
  local parting
  on freeze "$primary"
  until_is other_primary "$primary"
  parting=$(on psql primary -c "SELECT pg_walfile_name(pg_current_wal_lsn())")
  wait_for_answers $answers_between
  until_is only_archived "$parting"
  on thaw "$primary"
  go_on
  tale="$(on primary) took over; the sleeper woke up and follows it, $(rewound "$primary"), with what only the archive still had"
}

die_postgres() {
  on kill "$primary" postgres
  go_on
  if other_primary "$primary"; then tale="$(on primary) took over"; else tale="Patroni started it again"; fi
}

die_patroni() {
  on kill "$primary" patroni
  until_is other_primary "$primary"
  local result=0
  timeout 5 "$here/cluster.sh" psql "$cluster" "$primary" tdam -c "CREATE TABLE public.orphan ()" || result=$?
  [ $result = 124 ] || fail "the orphan answered a commit ($result)"
  # What the watchdog does in production.
  on kill "$primary"
  go_on
  [ -z "$(on psql primary tdam -c "SELECT 1 FROM pg_tables WHERE tablename = 'orphan'")" ] || fail "what the orphan did not answer is there"
  tale="$(on primary) took over; the orphan answered no commit until it was ended"
}

die_replica() {
  local replica
  replica=$(member sync_standby)
  on kill "$replica"
  wait_for_answers $answers_between
  [ "$(on primary)" = "$primary" ] || fail "the primary moved"
  tale="$(member sync_standby) is the synchronous replica instead of $replica"
  go_on
}

die_replicas() {
  for machine in db1 db2 db3; do [ $machine = "$primary" ] || on kill $machine; done
  # The first one to go left the other, which could still be asked.
  died_at=${EPOCHREALTIME/./}
  until_is no_primary
  nothing_answered_since "$died_at" || fail "the last machine answered alone"
  local without=$(((${EPOCHREALTIME/./} - died_at) / 1000))
  for machine in db1 db2 db3; do on boot $machine; done
  go_on
  tale="the last machine answered nothing, and was no primary any more after $without ms; service came back with the replicas"
}

is_failsafe() { tail -n +"$logged" "$cluster/$primary/patroni.log" | grep -q 'failsafe mode'; }

die_etcd() {
  for machine in db1 db2 db3; do on kill $machine etcd; done
  until_is is_failsafe
  # Longer than a primary keeps its role without etcd when it does not reach the others.
  local end=$((SECONDS + 15))
  until [ $SECONDS -ge $end ]; do wait_for_answers 20; done
  silence=$(longest_silence "$died_at")
  go_on
  [ "$(on primary)" = "$primary" ] || fail "the primary moved"
  tale="the primary went on, since it reached both replicas"
}

die_switchover() {
  on ctl switchover tdam --master "$primary" --candidate "$(member sync_standby)" --force >/dev/null
  go_on
  tale="$(on primary) is primary"
}

one_round() {
  local what=$1 died_at primary machine logged silence tale
  declare -F "die_$what" >/dev/null || fail "unknown: $what"
  wait_for_answers $answers_between
  primary=$(on primary)
  logged=$(($(wc -l <"$cluster/$primary/patroni.log") + 1))
  died_at=${EPOCHREALTIME/./}
  "die_$what"
  printf '%-10s %6d ms without service; primary was %s; %s\n' "$what" "$silence" "$primary" "$tale"
}

"${load[@]}" prepare "$cluster"
set -m
"${load[@]}" run "$cluster" &
running=$!
set +m
for death in "${deaths[@]}"; do one_round "$death"; done
stop_load
on whole
"${load[@]}" verify "$cluster"
