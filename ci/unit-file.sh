#!/bin/sh
# Holds deploy/tdam.service to what systemd knows of hardening: exposure of at most 2.0, and no unknown setting.
set -eu
cd "$(dirname "$0")/.."
for tool in systemd-analyze systemd-sysusers systemd-tmpfiles; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt-get install systemd"; exit 1; }
done

# Exposure is counted in tenths.
systemd-analyze security --offline=true --threshold=20 deploy/tdam.service | tail -1

# The program is not installed where the gate runs; everything else must be known.
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT
sed 's|/usr/bin/tdam|/bin/true|' deploy/tdam.service >"$scratch/tdam.service"
said=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$scratch/tdam.service" 2>&1 | grep tdam.service || true)
[ -z "$said" ] || { echo "$said"; exit 1; }

# The user and the folders, in a root of their own.
mkdir -p "$scratch/root/etc"
systemd-sysusers --root="$scratch/root" "$PWD/deploy/sysusers.d/tdam.conf" >/dev/null
systemd-tmpfiles --root="$scratch/root" --create "$PWD/deploy/tmpfiles.d/tdam.conf"
[ "$(stat -c %a "$scratch/root/var/lib/tdam")" = 700 ] && [ "$(stat -c %a "$scratch/root/etc/tdam")" = 750 ]
echo "the unit, its user and its folders are sound"
