#!/usr/bin/env bash
# Runs a command with a private PostgreSQL cluster: TDAM_STORE names its database. The cluster is made for the command, as
# a user that is not root, and removed when the command ends.
set -euo pipefail
programs=$(dirname "$(ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
folder=$(mktemp -d)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  chown "$user" "$folder"
  as() { setpriv --reuid "$user" --clear-groups -- "$@"; }
fi
stop() {
  as "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
cd_and() { (cd "$folder" && as "$@"); }
cd_and "$programs/initdb" -D data -A trust -U owner -E UTF8 --locale=C >/dev/null
# Below the ports that the kernel gives to connections.
port=$((20000 + RANDOM % 12000))
cd_and "$programs/pg_ctl" -D data -w -l server.log -o "-p $port -k $folder -c listen_addresses=127.0.0.1" start >/dev/null
TDAM_STORE="postgresql://owner@127.0.0.1:$port/postgres" "$@"
