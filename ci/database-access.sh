#!/usr/bin/env bash
# Who may do what on the cluster: only TLS, only with the right authority and the right name; the service cannot change
# the schema; nobody is superuser over the network; Patroni and etcd obey only machines of the cluster.
#
#   database-access.sh CLUSTER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cluster=$(realpath "$1")
url=$("$here/cluster.sh" url "$cluster")
owner=$("$here/cluster.sh" url "$cluster" tdam_owner)
monitor=$("$here/cluster.sh" url "$cluster" tdam_monitor)
port=$(<"$cluster/port")
address=$("$here/cluster.sh" primary "$cluster" | sed 's/db/127.0.0.1/')
work=$(mktemp -d)
count=0
trap 'rm -rf "$work"' EXIT

fail() { echo "database access: $*" >&2; exit 1; }
query() { psql -XqAt --set ON_ERROR_STOP=1 "$@"; }

allowed() {
  local what=$1
  shift
  "$@" >"$work/out" 2>&1 || fail "$what must be allowed: $(<"$work/out")"
}

# Refused for the reason that is named, not for any other.
refused() {
  local what=$1 reason=$2
  shift 2
  if "$@" >"$work/out" 2>&1; then fail "$what must be refused"; fi
  grep -qE "$reason" "$work/out" || fail "$what was refused, but not for '$reason': $(<"$work/out")"
  count=$((count + 1))
}

allowed "the owner makes a table" query "$owner" -c 'CREATE SCHEMA access' -c 'CREATE TABLE access.rows (id int PRIMARY KEY)' \
  -c 'GRANT USAGE ON SCHEMA access TO tdam' -c 'GRANT SELECT, INSERT, UPDATE, DELETE ON access.rows TO tdam'
allowed "the service writes" query "$url" -c 'INSERT INTO access.rows VALUES (1)' -c 'UPDATE access.rows SET id = 2' -c 'DELETE FROM access.rows'
refused "the service makes a table" 'permission denied for schema' query "$url" -c 'CREATE TABLE access.other ()'
refused "the service makes a schema" 'permission denied for database' query "$url" -c 'CREATE SCHEMA other'
refused "the service drops a table" 'must be owner' query "$url" -c 'DROP TABLE access.rows'
refused "the service empties a table" 'permission denied' query "$url" -c 'TRUNCATE access.rows'
refused "the service reads a file" 'must be superuser' query "$url" -c "COPY access.rows FROM '/etc/passwd'"
allowed "monitoring sees replication" query "$monitor" -c 'SELECT sent_lsn FROM pg_stat_replication'
refused "monitoring reads payments" 'permission denied' query "$monitor" -c 'SELECT * FROM access.rows'
[ "$(query "$url" -c "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")" = TLSv1.3 ] || fail "not TLS 1.3"
allowed "the owner drops it" query "$owner" -c 'DROP SCHEMA access CASCADE'

refused "no TLS" 'no encryption' query "${url/sslmode=verify-full/sslmode=disable}"
"$here/../deploy/high-availability/certificates" "$work/foreign" "other=127.0.0.1"
refused "a server of another authority" 'certificate verify failed' query "${url/sslrootcert=*/sslrootcert=$work/foreign/ca.pem}"
refused "a server of another name" 'does not match host name' query "host=elsewhere hostaddr=$address port=$port dbname=tdam user=tdam sslmode=verify-full sslrootcert=$cluster/authority/ca.pem"
refused "a wrong password" 'password authentication failed' query "${url/tdam:/tdam:0}"
refused "the superuser over the network" 'no pg_hba.conf entry' query "${url/tdam:/postgres:}"

# curl ends with 35, 52, 55 or 56 when the other side breaks off TLS; under TLS 1.3 that is seen only after the handshake.
rest=https://$address:$((port + 1))
curl=(curl --http1.1 --silent --show-error --fail-with-body --max-time 10 --cacert "$cluster/authority/ca.pem")
as_machine=(--cert "$cluster/authority/db1.pem" --key "$cluster/authority/db1.key")
allowed "anybody asks Patroni for its health" "${curl[@]}" "$rest/health"
refused "anybody changes Patroni's configuration" '403|certificate' "${curl[@]}" -X PATCH -d '{"ttl": 300}' "$rest/config"
allowed "a machine of the cluster does" "${curl[@]}" "${as_machine[@]}" -X PATCH -d '{"pause": null}' "$rest/config"
refused "anybody reads etcd" 'curl: .(35|52|55|56).' "${curl[@]}" "https://$address:$((port + 2))/v2/keys/service/tdam/leader"
refused "a machine of another authority reads etcd" 'curl: .(35|52|55|56).' "${curl[@]}" --cert "$work/foreign/other.pem" --key "$work/foreign/other.key" \
  "https://$address:$((port + 2))/v2/keys/service/tdam/leader"
allowed "a machine of the cluster reads etcd" "${curl[@]}" "${as_machine[@]}" "https://$address:$((port + 2))/v2/keys/service/tdam/leader"
echo "$count ways that must not lead to the database do not, each for its reason"
