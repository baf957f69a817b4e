#!/usr/bin/env bash
# The program as a Debian package and as an archive: makes both twice, to the same bytes; installs the package into a folder of its own
# with dpkg, runs what it installed as docs/operators/running.md says, and removes it. Nothing is left on the machine. Root, since
# dpkg gives files to their owners.
#
#   ci/package.sh TDAM        the released program
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?the released program}")
fail() { echo "package: $*" >&2; exit 1; }
for tool in dpkg dpkg-deb objcopy curl systemd-sysusers systemd-tmpfiles man tar; do
  command -v "$tool" >/dev/null || fail "$tool is missing"
done
[ "$(id -u)" = 0 ] || fail "needs root: dpkg gives files to their owners"

work=$(mktemp -d)
served=
trap '[ -z "$served" ] || { kill "$served" 2>/dev/null || true; wait "$served" 2>/dev/null || true; }; rm -rf "$work"' EXIT
unset SOURCE_DATE_EPOCH TDAM_CONFIG
export TDAM_LANGUAGE=en

echo "--- made twice, to the same bytes"
cp "$program" "$work/elsewhere"
(umask 077; TZ=Pacific/Auckland cargo xtask package --tdam "$work/elsewhere" --out "$work/two" >/dev/null) &
again=$!
cargo xtask package --tdam "$program" --out "$work/one"
wait "$again"
for file in "$work"/one/*; do cmp "$file" "$work/two/${file##*/}"; done
(cd "$work/one" && sha256sum --quiet --check SHA256SUMS)
package=$(echo "$work"/one/tdam_*.deb)
[ -z "$(tar --list --verbose --full-time --gzip --file "$work"/one/*.tar.gz | grep -v ' root/root .* 2026-11-30 00:00:00 ')" ] ||
  fail "a file of the archive has another owner or another time"

echo "--- installed by dpkg into a folder, with this machine's packages to depend on"
root=$work/root
mkdir -p "$root"/etc "$root"/var/lib/dpkg/{info,updates,triggers}
cp /var/lib/dpkg/status "$root/var/lib/dpkg/status"
before=$(cd "$root" && find . -not -path './var/lib/dpkg*' -not -path './var/log*' | sort)
dpkg() { command dpkg --root="$root" --force-script-chrootless "--path-include=/usr/share/*" "$@" >"$work/dpkg.log" 2>&1 || { cat "$work/dpkg.log" >&2; return 1; }; }
dpkg --install "$package"
dpkg --verify tdam && [ ! -s "$work/dpkg.log" ] || fail "what is installed differs from the package: $(cat "$work/dpkg.log")"
tdam=$root/usr/bin/tdam
cmp deploy/tdam.service "$root/usr/lib/systemd/system/tdam.service"
page=$(sed -n 's|^Documentation=file:||p' deploy/tdam.service)
[ -s "$root$page" ] || fail "the unit names a page that is not installed: $page"
bash -c 'source "$1" && complete -p tdam' _ "$root/usr/share/bash-completion/completions/tdam" >/dev/null
MANWIDTH=120 man --warnings=mac "$root/usr/share/man/man1/tdam.1" >"$work/page" 2>"$work/warnings"
[ ! -s "$work/warnings" ] || fail "the manual page: $(cat "$work/warnings")"
for words in 'tdam - online data exchange' '--print-config' 'Exit codes:'; do grep -qF -e "$words" "$work/page" || fail "the manual page lacks: $words"; done
grep -q '^License: Apache-2.0' "$root/usr/share/doc/tdam/copyright"
for library in aws-lc-sys libsqlite3-sys rustls; do grep -q "^$library " "$root/usr/share/doc/tdam/third-party.txt" || fail "no licence of $library"; done
grep -q 'Permission is hereby granted, free of charge' "$root/usr/share/doc/tdam/third-party.txt"
grep -q "^tdam:" "$root/etc/passwd" && [ "$(stat -c %a "$root/var/lib/tdam") $(stat -c %a "$root/etc/tdam")" = "700 750" ] || fail "no user, or folders of another mode"

echo "--- a new installation, as docs/operators/running.md says"
"$tdam" --version
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
address=127.0.0.1:$(port) plain=127.0.0.1:$(port)
"$tdam" init --dir "$work/new" --world "$root/usr/share/doc/tdam/examples/plan.toml" --address "$address" --plain-address "$plain" >/dev/null
cp -r "$work/new/data" "$root/var/lib/tdam/"
cp -r "$work/new/pki" "$work/new/tdam.toml" "$root/etc/tdam/" && rm "$root/etc/tdam/pki/ca.key"
sed -i "s|^data = .*|data = \"$root/var/lib/tdam/data\"|" "$root/etc/tdam/tdam.toml"
"$tdam" serve --config "$root/usr/share/doc/tdam/examples/tdam.toml" --check >"$work/example" 2>&1 || true
if grep -q 'TOML\|unknown field' "$work/example"; then cat "$work/example"; fail "the example of the configuration is not read"; fi
"$tdam" serve --config "$root/etc/tdam/tdam.toml" >"$work/log" 2>&1 &
served=$!
for _ in $(seq 600); do
  curl --silent --fail --output /dev/null "http://$plain/health/ready" && break
  kill -0 "$served" 2>/dev/null || { cat "$work/log"; fail "the service ended"; }
  sleep 0.1
done
user=$work/new/users/daugava-accounting
curl --silent --show-error --fail --cacert "$work/new/pki/ca.pem" --cert "$user/certificate.pem" --key "$user/key.pem" \
  "https://$address/v1/heartbeat" | tee "$work/heartbeat"
echo
grep -q '"online_user":"Daugava grāmatvedība"' "$work/heartbeat"
kill "$served" && wait "$served" || fail "the service ended with $?"
served=

echo "--- installed again over itself, removed, purged: an exchange stays, and nothing else"
dpkg --install "$package"
dpkg --remove tdam
[ -z "$(cd "$root" && find usr -type f 2>/dev/null)" ] || fail "files stay after the removal"
dpkg --purge tdam
grep -q '/var/lib/tdam is not empty and stays' "$work/dpkg.log"
[ -s "$root/etc/tdam/tdam.toml" ] && [ -d "$root/var/lib/tdam/data" ] || fail "the exchange is gone"
rm -rf "$root"/etc/tdam/* "$root"/var/lib/tdam/*
dpkg --install "$package"
dpkg --purge tdam
after=$(cd "$root" && find . -not -path './var/lib/dpkg*' -not -path './var/log*' | sort)
# The user stays, as Debian wants it: files may still belong to it.
left=$(comm -13 <(echo "$before") <(echo "$after") | grep -vE '^\./etc/(passwd|group|shadow|gshadow)-?$|^\./etc/\.pwd\.lock$|^\./(var|var/lib)$' || true)
[ -z "$left" ] || fail "left behind: $left"

echo "--- the archive, unpacked anywhere"
mkdir "$work/archive"
tar --extract --gzip --file "$work"/one/*.tar.gz --directory "$work/archive" --strip-components=1
"$work/archive/bin/tdam" --version
cmp "$work/archive/bin/tdam" <(dpkg-deb --fsys-tarfile "$package" | tar --extract --to-stdout ./usr/bin/tdam)
echo "the package took $SECONDS s"
