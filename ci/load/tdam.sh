#!/usr/bin/env bash
# Load of the real program for ci/failover.sh: nodes of `tdam serve` on the cluster's database, and accounting systems that send
# message after message to any of them and try again, with the same bytes, until they are answered. What was answered is in
# CLUSTER/acknowledged: time in microseconds, message.
#
#   tdam.sh prepare CLUSTER · tdam.sh run CLUSTER (until it is ended) · tdam.sh verify CLUSTER
#
# TDAM names the program, TDAM_LOAD_PORT the first of a few ports. TDAM_LOAD_STORE=sqlite runs one node on SQLite in an ordinary folder, to try the load itself.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
cluster=$(realpath "$2")
tdam=$(realpath "${TDAM:-$here/../target/release/tdam}")
world=$cluster/world
user=$world/users/daugava-accounting
senders=3 payments=20 first_port=${TDAM_LOAD_PORT:-27440}
nodes=2
[ "${TDAM_LOAD_STORE:-}" != sqlite ] || nodes=1
node_start_seconds_max=60 answer_seconds_max=15

fail() { echo "load: $*" >&2; tail -n 5 "$world"/node-*.log >&2; exit 1; }
node_url() { echo "https://127.0.0.1:$((first_port + 2 * $1))"; }

# A connection string as the program takes it: without password, without what libpq alone understands.
bare_url() { "$here/cluster.sh" url "$cluster" "$1" | sed -E 's/:[0-9a-f]+@/@/; s/&.*//'; }

# A new world; the owner makes its tables, and grants the service what it needs.
make_world() {
  if [ "${TDAM_LOAD_STORE:-}" = sqlite ]; then
    "$tdam" init --dir "$world"
    return
  fi
  TDAM_STORE_PASSWORD=$(<"$cluster/secrets/tdam") TDAM_STORE_OWNER_PASSWORD=$(<"$cluster/secrets/tdam_owner") "$tdam" init --dir "$world" \
    --store "$(bare_url tdam)" --store-owner "$(bare_url tdam_owner)" --store-authority "$cluster/authority/ca.pem"
}

prepare() {
  local node port
  make_world >/dev/null
  mkdir "$world/load-messages" "$world/load-answers"
  for node in $(seq $nodes); do
    port=$((first_port + 2 * node))
    sed -E -e "s/^(address = ).*/\1\"127.0.0.1:$port\"/; s/^(plain = ).*/\1\"127.0.0.1:$((port + 1))\"/" \
      -e "s|^(password_file = ).*|\1\"$cluster/secrets/tdam\"|; s|^(owner_password_file = ).*|\1\"$cluster/secrets/tdam_owner\"|" \
      "$world/tdam.toml" >"$world/node-$node.toml"
  done
  : >"$cluster/acknowledged"
}

start_nodes() {
  local node end
  for node in $(seq $nodes); do
    "$tdam" serve --config "$world/node-$node.toml" >>"$world/node-$node.log" 2>&1 &
    node_processes+=($!)
    end=$((SECONDS + node_start_seconds_max))
    until curl --silent --fail --output /dev/null "http://127.0.0.1:$((first_port + 2 * node + 1))/health"; do
      [ $SECONDS -lt $end ] || fail "node $node does not start"
      sleep 0.1
    done
  done
}

# The answer to a message, from a node that has one; the same file again is safe.
send() {
  local message=$1 answer=$2 node=$3 result=0
  "$tdam" send --profile "$user" --url "$(node_url "$node")" --attempts 2 --timeout $answer_seconds_max --wait $answer_seconds_max \
    --output "$answer" "$message" >"$answer.told" 2>&1 || result=$?
  # 1 is an answer too: refused, in full or in part.
  [ $result -le 1 ] && [ -s "$answer" ]
}

send_for_ever() {
  local sender=$1 number=1 name node=$1
  while :; do
    name=$sender-$number
    "$tdam" generate pain.001.001.09 --transactions $payments --seed "$((sender * 1000000 + number))" --message-id "LOAD-$name" \
      --output "$world/load-messages/$name.xml" >/dev/null
    node=$((node % nodes + 1))
    until send "$world/load-messages/$name.xml" "$world/load-answers/$name.xml" "$node"; do
      node=$((node % nodes + 1))
      sleep 0.2
    done
    echo "${EPOCHREALTIME/./} $name" >>"$cluster/acknowledged"
    number=$((number + 1))
  done
}

run() {
  local sender node_processes=()
  trap 'trap "" TERM; kill 0; wait; exit' TERM
  start_nodes
  for sender in $(seq $senders); do send_for_ever "$sender" & done
  wait
}

# Each answer is given again, byte for byte; then nothing serves, and every invariant of the database holds.
verify() {
  local name node=1 count=0 node_processes=()
  trap 'kill "${node_processes[@]}" 2>/dev/null || true' EXIT
  start_nodes
  while read -r _ name; do
    send "$world/load-messages/$name.xml" "$world/again.xml" "$node" || fail "no answer to $name"
    cmp -s "$world/again.xml" "$world/load-answers/$name.xml" || fail "$name is answered otherwise than before"
    count=$((count + 1)) node=$((node % nodes + 1))
  done <"$cluster/acknowledged"
  kill "${node_processes[@]}"
  wait
  "$tdam" operator check --config "$world/node-1.toml"
  echo "$count messages of $payments payments were answered, and are answered again byte for byte"
}

case "$1" in
  prepare) prepare ;;
  run) run ;;
  verify) verify ;;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
esac
