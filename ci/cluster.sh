#!/usr/bin/env bash
# A database cluster as in production, on one machine: three "machines", each with PostgreSQL, Patroni and etcd, on
# addresses of their own, from the files of deploy/high-availability, everything in one folder.
#
#   cluster.sh start DIR          makes the cluster and waits until it is whole
#   cluster.sh status DIR         who is primary, synchronous replica, replica
#   cluster.sh primary DIR        name of the primary
#   cluster.sh url DIR [ROLE]     connection string of all members for tdam, tdam_owner or tdam_monitor
#   cluster.sh psql DIR MACHINE …  psql of the superuser on that machine, through its socket
#   cluster.sh kill DIR MACHINE [PROGRAM]  a machine dies, every process of it at once; or patroni, postgres or etcd on it
#   cluster.sh boot DIR MACHINE   what does not run there is started again
#   cluster.sh freeze DIR MACHINE, thaw DIR MACHINE  every process of it stands still; goes on
#   cluster.sh ctl DIR …          patronictl, as an operator on one of the machines
#   cluster.sh whole DIR          waits until one primary and two replicas without lag are there
#   cluster.sh stop DIR           ends every process of the cluster; the folder stays
#
# MACHINE is db1, db2, db3, or primary. A machine is the processes whose working directory is below DIR/MACHINE:
# postmaster, all its children, Patroni, etcd.
# TDAM_CLUSTER_PORT is the first of four ports (PostgreSQL, Patroni's REST, etcd twice) on 127.0.0.11 to 127.0.0.13.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
pattern=$here/deploy/high-availability
binaries=/usr/lib/postgresql/15/bin
machines=(db1 db2 db3)
# With the times of patroni.yml each failover of a test would be half a minute long; TDAM_CLUSTER_TIMES=production keeps them.
ttl_seconds=10 loop_wait_seconds=1 retry_timeout_seconds=4
wait_seconds_max=180

fail() { echo "cluster: $*" >&2; exit 1; }
address() { echo "127.0.0.1${1#db}"; }

# PostgreSQL refuses to run as root, so there the cluster belongs to Debian's user for it. Nothing of the caller's
# environment comes along.
as_owner() {
  local become=()
  [ "$(id -u)" != 0 ] || become=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  exec "${become[@]}" env -i HOME="$dir" PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 setsid "$@"
}

# What a condition waits for is named; a cluster that does not get there shows its logs.
wait_for() {
  local what=$1 end=$((SECONDS + wait_seconds_max))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || { tail -n 6 "$dir"/db?/*.log >&2; fail "waited $wait_seconds_max s for: $what"; }
    sleep 0.2
  done
}

# Processes below a folder; of one program only, if it is named.
processes_of() {
  local process program
  while read -r process; do
    process=${process%/cwd}
    [ -z "${2:-}" ] || { read -r program <"$process/comm" && [ "$program" = "$2" ]; } 2>/dev/null || continue
    echo "${process#/proc/}"
  done < <(find /proc/[0-9]*/cwd -maxdepth 0 \( -lname "$1" -o -lname "$1/*" \) 2>/dev/null)
}

kill_all_of() {
  local found
  while found=$(processes_of "$@") && [ -n "$found" ]; do
    # shellcheck disable=SC2086
    kill -KILL $found 2>/dev/null || true
    sleep 0.05
  done
}

# The postmaster's children end by themselves when it is gone, as after a crash.
kill_program() {
  case "$2" in
    '') kill_all_of "$dir/$1" ;;
    postgres) kill -KILL "$(head -n 1 "$dir/$1/data/postmaster.pid")" ;;
    *) kill_all_of "$dir/$1" "$2" ;;
  esac
}

signal_machine() {
  # shellcheck disable=SC2046
  kill "$1" $(processes_of "$dir/$2")
}

secret() { cat "$dir/secrets/$1"; }

# A file of deploy/high-availability with the words between @ signs filled in, and this machine's ports.
fill_in() {
  local machine=$1 home=$dir/$1
  sed -e "s|@name@|$machine|g; s|@address@|$(address "$machine")|g" \
    -e "s|@address1@|$(address db1)|g; s|@address2@|$(address db2)|g; s|@address3@|$(address db3)|g" \
    -e "s|@conf@|$home/conf|g; s|@state@|$home|g; s|@archive@|$dir/archive|g; s|@machines@|127.0.0.0/8|g; s|@nodes@|127.0.0.0/8|g" \
    -e "s|@superuser_password@|$(secret postgres)|; s|@replicator_password@|$(secret replicator)|; s|@rewinder_password@|$(secret rewinder)|" \
    -e "s|:5432|:$port|g; s|:8008|:$((port + 1))|g; s|:2379|:$((port + 2))|g; s|:2380|:$((port + 3))|g"
}

# Where a test differs from production: shorter times, no watchdog (it would reset the real machine), little memory.
lower() {
  local times="s/^( *ttl:).*/\1 $ttl_seconds/; s/^( *loop_wait:).*/\1 $loop_wait_seconds/; s/^( *retry_timeout:).*/\1 $retry_timeout_seconds/"
  [ "${TDAM_CLUSTER_TIMES:-}" != production ] || times=
  sed -E -e "$times" \
    -e 's/^( *mode:) automatic/\1 "off"/; s/^( *wal_keep_size:).*/\1 64MB/' \
    -e 's/^( *)parameters:$/&\n\1  shared_buffers: 32MB/'
}

install_machine() {
  local machine=$1 home=$dir/$1
  mkdir -p "$home/conf"
  cp "$dir/authority/ca.pem" "$home/conf/ca.pem"
  cp "$dir/authority/$machine.pem" "$home/conf/server.pem"
  cp "$dir/authority/$machine.key" "$home/conf/server.key"
  cp "$pattern/archive-wal" "$home/conf/archive-wal"
  fill_in "$machine" <"$pattern/etcd.yml" >"$home/conf/etcd.yml"
  fill_in "$machine" <"$pattern/patroni.yml" | lower >"$home/conf/patroni.yml"
}

boot() {
  local home=$dir/$1 program arguments
  cd "$home"
  for program in etcd patroni; do
    [ -z "$(processes_of "$home" $program)" ] || continue
    if [ $program = etcd ]; then arguments=(--config-file conf/etcd.yml); else arguments=(conf/patroni.yml); fi
    as_owner $program "${arguments[@]}" >>$program.log 2>&1 </dev/null &
  done
  cd "$dir"
}

rest() { curl --silent --max-time 2 --cacert "$dir/authority/ca.pem" "https://$(address "$1"):$((port + 1))$2" "${@:3}"; }

# Each line: name, role, state, lag, timeline; as the first member that answers sees it.
members() {
  local machine answer
  for machine in "${machines[@]}"; do
    answer=$(rest "$machine" /cluster) || continue
    jq -r '.members[]? | [.name, .role, .state, .lag // 0, .timeline // 0] | @tsv' <<<"$answer" && return
  done
  return 1
}

# What a member says about itself; the list of members is what it last saw of them all.
primary() {
  local machine
  for machine in "${machines[@]}"; do
    if rest "$machine" /primary --fail --output /dev/null; then echo "$machine"; return; fi
  done
  return 1
}

# One primary, one synchronous replica, one more, all on one timeline without lag; and so says the primary itself.
is_whole() {
  local list
  list=$(members) || return 1
  awk '{ role[$2]++; timeline[$5]++; if ($2 != "leader" && $4 != "0") lag++; if ($3 !~ /running|streaming/) bad++ }
    END { exit !(role["leader"] == 1 && role["sync_standby"] == 1 && role["replica"] == 1 && length(timeline) == 1 && !lag && !bad) }' <<<"$list" || return 1
  [ "$(superuser "$(primary)" -c "SELECT string_agg(sync_state, '+' ORDER BY sync_state) FROM pg_stat_replication
    WHERE state = 'streaming' AND application_name LIKE 'db_'" 2>>"$dir/psql.log")" = async+sync ]
}

# The superuser comes in through the socket of the machine itself, there is no other way.
superuser() {
  PGPASSWORD=$(secret postgres) psql -XqAt --set ON_ERROR_STOP=1 -h "$dir/$1" -p "$port" -U postgres "${@:2}"
}

url() {
  local role=$1 hosts="" machine
  for machine in "${machines[@]}"; do hosts+=${hosts:+,}$(address "$machine"):$port; done
  echo "postgresql://$role:$(secret "$role")@$hosts/tdam?target_session_attrs=read-write&connect_timeout=2&sslmode=verify-full&sslrootcert=$dir/authority/ca.pem"
}

start() {
  local tool machine name
  for tool in etcd patroni patronictl psql jq curl openssl setpriv "$binaries/postgres"; do
    command -v "$tool" >/dev/null || fail "missing: $tool (Debian: patroni etcd-server python3-etcd postgresql-15 jq curl openssl)"
  done
  [ ! -e "$dir/port" ] || fail "$dir holds a cluster already"
  mkdir -p "$dir/archive" "$dir/secrets"
  echo "${TDAM_CLUSTER_PORT:-15432}" >"$dir/port"
  port=$(<"$dir/port")
  umask 077
  for name in postgres replicator rewinder tdam tdam_owner tdam_monitor; do openssl rand -hex 16 >"$dir/secrets/$name"; done
  for machine in "${machines[@]}"; do
    # etcd compares a caller's certificate with where it calls from, which is 127.0.0.1 for all of them here.
    "$pattern/certificates" "$dir/authority" "$machine=$(address "$machine"),127.0.0.1"
    install_machine "$machine"
  done
  [ "$(id -u)" != 0 ] || chown -R postgres:postgres "$dir"
  for machine in "${machines[@]}"; do boot "$machine"; done
  wait_for "a primary and two replicas" is_whole
  superuser "$(primary)" -f "$pattern/roles.sql" -v owner_password="$(secret tdam_owner)" \
    -v service_password="$(secret tdam)" -v monitor_password="$(secret tdam_monitor)"
}

[ $# -ge 2 ] || { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2; }
command=$1 dir=$(realpath -m "$2") machine=${3:-}
[ ! -e "$dir/port" ] || port=$(<"$dir/port")
[ -n "${port:-}" ] || [ "$command" = start ] || fail "$dir holds no cluster"
[ "$machine" != primary ] || machine=$(primary) || fail "there is no primary"
case "$command" in
  start) start ;;
  status) members ;;
  primary) primary ;;
  url) url "${machine:-tdam}" ;;
  psql) superuser "${machine:?which machine}" "${@:4}" ;;
  kill) kill_program "${machine:?which machine}" "${4:-}" ;;
  freeze) signal_machine -STOP "${machine:?which machine}" ;;
  thaw) signal_machine -CONT "${machine:?which machine}" ;;
  ctl) (as_owner patronictl -c "$dir/db1/conf/patroni.yml" "${@:3}") ;;
  boot) boot "${machine:?which machine}" ;;
  whole) wait_for "a whole cluster" is_whole ;;
  stop) for machine in "${machines[@]}"; do kill_all_of "$dir/$machine"; done ;;
  *) fail "unknown command: $command" ;;
esac
