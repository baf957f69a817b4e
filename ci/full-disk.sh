#!/usr/bin/env bash
# Fills the disk under a serving exchange, again and again, and sees that it loses nothing, says what is wrong, still
# revokes and blocks, and goes on when there is room. Needs root: the disk is a small file system in memory.
#
#   full-disk.sh PROGRAM [ROUNDS] [SEED]
set -euo pipefail
tdam=$(realpath "$1")
rounds=${2:-${TDAM_FULL_DISK_ROUNDS:-4}}
seed=${3:-${TDAM_FULL_DISK_SEED:-1}}
# A world of so many rounds is small beside the disk.
rounds_of_world=6
here=$(cd "$(dirname "$0")" && pwd)
disk=$(mktemp -d)
trap 'umount "$disk" 2>/dev/null || true; rmdir "$disk"' EXIT
while [ "$rounds" -gt 0 ]; do
  now=$((rounds < rounds_of_world ? rounds : rounds_of_world))
  mount -t tmpfs -o size=320m,mode=0700 tmpfs "$disk"
  python3 "$here/python/full_disk.py" "$tdam" "$disk" "$now" "$seed"
  umount "$disk"
  rounds=$((rounds - now)) seed=$((seed + 1))
done
