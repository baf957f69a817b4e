#!/usr/bin/env bash
# Backup and return to a point in time, across a change of the primary: base backup, more rows, the primary dies, more
# rows, an accident; then the archive brings back the moment before it, and a copy that is verified.
#
#   pitr.sh CLUSTER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cluster=$(realpath "$1")
binaries=/usr/lib/postgresql/15/bin
work=$cluster/restored
port=$(($(<"$cluster/port") + 10))
secret() { cat "$cluster/secrets/$1"; }
on() { "$here/cluster.sh" "$1" "$cluster" "${@:2}"; }
fail() { echo "pitr: $*" >&2; tail -n 20 "$work"/*.log >&2 2>/dev/null; exit 1; }
as_owner() {
  local become=()
  [ "$(id -u)" != 0 ] || become=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  (cd "$work" && "${become[@]}" env -i HOME="$work" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 PGPASSWORD="$(secret replicator)" "$@")
}
stop_restored() { [ ! -e "$work/data/postmaster.pid" ] || as_owner "$binaries/pg_ctl" -D data -m immediate stop >/dev/null; }
trap stop_restored EXIT

service=$(on url tdam_owner)
write() { psql -XqAt --set ON_ERROR_STOP=1 "$service" -c "INSERT INTO kept.rows SELECT '$1', n FROM generate_series(1, $2) AS n"; }
mkdir "$work"
[ "$(id -u)" != 0 ] || chown postgres:postgres "$work"
psql -Xq --set ON_ERROR_STOP=1 "$service" -c 'CREATE SCHEMA kept' -c 'CREATE TABLE kept.rows (part text, n int, PRIMARY KEY (part, n))'

write "before the backup" 1000
# From a replica: the primary has other things to do. The manifest holds a checksum of every file.
replica=$(on status | awk '$2 == "replica" { print $1 }')
as_owner pg_basebackup --dbname "host=127.0.0.1${replica#db} port=$(<"$cluster/port") user=replicator sslmode=verify-full sslrootcert=$cluster/authority/ca.pem" \
  --pgdata "$work/data" --checkpoint=fast --wal-method=stream --manifest-checksums=SHA256
as_owner "$binaries/pg_verifybackup" data >/dev/null || fail "the base backup does not verify"
write "after the backup" 1000

dead=$(on primary)
on kill "$dead"
until write "after the failover" 1000 2>/dev/null; do sleep 0.2; done
moment=$(psql -XqAt "$service" -c 'SELECT clock_timestamp()')
write "after the moment" 1000
psql -XqAt "$service" -c "DELETE FROM kept.rows WHERE part = 'before the backup'"

# What the accident left, up to its last segment, is archived before anything is restored.
segment=$(on psql primary -c "SELECT pg_walfile_name(pg_switch_wal())")
end=$((SECONDS + 60))
until [ -e "$cluster/archive/$segment" ]; do [ $SECONDS -lt $end ] || fail "$segment is not archived"; sleep 0.2; done

# What Patroni wrote for a member of the cluster does not hold for a server of its own.
cat >"$work/restore.conf" <<END
listen_addresses = ''
port = $port
unix_socket_directories = '$work'
archive_mode = off
ssl = off
hba_file = '$work/pg_hba.conf'
synchronous_standby_names = ''
primary_conninfo = ''
primary_slot_name = ''
restore_command = 'cp $cluster/archive/%f %p'
recovery_target_time = '$moment'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
END
echo 'local all all trust' >"$work/pg_hba.conf"
as_owner sh -c "cat restore.conf >>data/postgresql.conf && : >data/postgresql.auto.conf && touch data/recovery.signal && rm -f data/standby.signal"
as_owner "$binaries/pg_ctl" -D data -w -t 60 -l restored.log start >/dev/null || fail "the copy does not start"
restored() { psql -XqAt --set ON_ERROR_STOP=1 -h "$work" -p "$port" -U postgres tdam "$@"; }
end=$((SECONDS + 60))
until [ "$(restored -c 'SELECT pg_is_in_recovery()')" = f ]; do [ $SECONDS -lt $end ] || fail "the copy does not become a server of its own"; sleep 0.2; done

found=$(restored -c 'SELECT part, count(*), sum(n) FROM kept.rows GROUP BY part ORDER BY part')
expected=$'after the backup|1000|500500\nafter the failover|1000|500500\nbefore the backup|1000|500500'
[ "$found" = "$expected" ] || fail "restored: $found"
[ "$(on psql primary tdam -c "SELECT count(*) FROM kept.rows WHERE part = 'before the backup'")" = 0 ] || fail "the accident did not happen"
# Every page, against its checksum.
as_owner "$binaries/pg_ctl" -D data -w stop >/dev/null
as_owner "$binaries/pg_checksums" --check -D data | sed 's/^/  /'
on boot "$dead"
on whole
echo "restored to $moment across the failover from $dead: what was committed until then is there, the accident is not"
