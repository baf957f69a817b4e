#!/usr/bin/env bash
# Makes a cluster in a folder of its own, lets things die under load, restores a backup, and stops everything at the end,
# whatever happens.
#
#   high-availability.sh [WHAT …] [-- LOAD …]       what ci/failover.sh takes; without WHAT: machine machine frozen
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap '"$here/cluster.sh" stop "$work" || true; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
what=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do what+=("$1"); shift; done
[ ${#what[@]} -gt 0 ] || what=(machine machine frozen)

"$here/cluster.sh" start "$work"
echo "a cluster of three after $SECONDS s"
"$here/database-access.sh" "$work"
"$here/failover.sh" "$work" "${what[@]}" "$@"
"$here/pitr.sh" "$work"
echo "done after $SECONDS s"
