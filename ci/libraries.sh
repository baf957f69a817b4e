#!/usr/bin/env bash
# The archives of the client libraries, as a newcomer gets them: made twice to the same bytes, given out by a service, verified with the
# publication key, unpacked, and used without the repository.
#
#   ci/libraries.sh TDAM      after the libraries were built: clients/java/build, ci/client-dotnet.sh
#
# With TDAM_LIBRARIES_RUST=1 the program for Rust is built and run too (200 s of processor time); without, cargo only finds all that it needs.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
tdam=$(realpath "${1:?the released program}")
tools=$root/target/dotnet
fail() { echo "libraries: $*" >&2; exit 1; }
for tool in curl openssl python3 java javac php cargo; do command -v "$tool" >/dev/null || fail "$tool is missing"; done
work=$(mktemp -d)
served=
trap '[ -z "$served" ] || { kill "$served" 2>/dev/null || true; wait "$served" 2>/dev/null || true; }; rm -rf "$work"' EXIT
export TDAM_LANGUAGE=en

echo "--- made twice, to the same bytes"
cargo xtask libraries --all --out "$work/libraries"
(umask 077; TZ=Pacific/Auckland cargo xtask libraries --all --out "$work/again" >/dev/null)
diff -r "$work/libraries" "$work/again"

echo "--- given out by a service"
cd "$work"
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
address=127.0.0.1:$(port) plain=http://127.0.0.1:$(port)
"$tdam" init --dir tdam-sandbox --address "$address" --plain-address "${plain#http://}" >init.log
python3 - tdam-sandbox/tdam.toml "$work/libraries" <<'PYTHON'
import sys
path, folder = sys.argv[1:]
text = open(path).read()
assert text.count('\nfolder = ""') == 1, "the configuration has another form"
open(path, "w").write(text.replace('\nfolder = ""', f'\nfolder = "{folder}"'))
PYTHON
"$tdam" serve --config tdam-sandbox/tdam.toml >log 2>&1 &
served=$!
for _ in $(seq 600); do
  curl --silent --fail --output /dev/null "$plain/health/ready" && break
  kill -0 "$served" 2>/dev/null || { cat log; fail "the service ended"; }
  sleep 0.1
done

# As docs/interface-developers/libraries.md says.
mkdir got && cd got
curl --silent --fail "$plain/v1/libraries" >list.json
for language in java php dotnet rust; do
  curl --silent --fail --remote-name --remote-header-name "$plain/v1/libraries/$language"
  curl --silent --fail --remote-name --remote-header-name "$plain/v1/libraries/$language/signature"
  archive=$(echo tdam-client-"$language"-*.zip)
  cmp "$archive" "$work/libraries/$archive"
  openssl pkeyutl -verify -pubin -inkey ../tdam-sandbox/pki/publication.pem -rawin -in "$archive" -sigfile "$archive.sig" >/dev/null ||
    fail "the signature of $archive"
  # One byte of the archive, or the signature of another one.
  python3 -c 'import sys; bytes = bytearray(open(sys.argv[1], "rb").read()); bytes[99] ^= 1; open("changed", "wb").write(bytes)' "$archive"
  for wrong in "changed $archive.sig" "$archive other.sig"; do
    [ -e "${wrong#* }" ] || continue
    if openssl pkeyutl -verify -pubin -inkey ../tdam-sandbox/pki/publication.pem -rawin -in "${wrong% *}" -sigfile "${wrong#* }" >/dev/null 2>&1; then
      fail "a signature fits what it was not made for: $wrong"
    fi
  done
  cp "$archive.sig" other.sig
  python3 -m zipfile -e "$archive" "$work/unpacked"
done
python3 - list.json <<'PYTHON'
import hashlib, json, sys
for library in json.load(open(sys.argv[1]))["libraries"]:
    assert hashlib.sha256(open(library["file"], "rb").read()).hexdigest() == library["sha256"], library
PYTHON
cd ..

python3 - unpacked <<'PYTHON'
import pathlib, re, sys
for page in pathlib.Path(sys.argv[1]).glob("*/README*.md"):
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / link).exists(), f"{page} leads to {link}, which is not in the archive"
PYTHON

echo "--- used without the repository"
"$tdam" generate pain.001.001.09 --transactions 2 --message-id LIBRARY-1 --output payments.xml >/dev/null
"$tdam" generate camt.060.001.05 --output report.xml >/dev/null
cp report.xml camt060.xml
# first PAGE FENCE FILE: the first program of a page, for this service.
first() {
  python3 - "$1" "$2" "$address" >"$3" <<'PYTHON'
import re, sys
page, fence, address = sys.argv[1:]
found = re.search(rf"^```{re.escape(fence)}\n(.*?)^```$", open(page).read(), re.M | re.S)
assert found, f"{page} has no program {fence}"
print(found[1].replace("127.0.0.1:8443", address))
PYTHON
}
expect() { # what was said, and what must be in it
  local said=$1 words
  shift
  cat "$said"
  for words; do grep -qF -e "$words" "$said" || fail "it does not say: $words"; done
}

java=$(echo "$work"/unpacked/tdam-client-java-*)
first "$java/README.md" "java file=First.java" First.java
java -cp "$(echo "$java"/tdam-client-*[0-9].jar)" First.java >said 2>&1 || { cat said; fail "the Java program"; }
expect said "Daugava grāmatvedība" "Group status: ACCP" "Report page 1"
(cd "$java" && sh build "$work/java-again" jar >/dev/null)
cmp "$java"/tdam-client-*[0-9].jar "$work"/java-again/tdam-client-*[0-9].jar || fail "the sources in the archive make another jar"

cp -r "$work"/unpacked/tdam-client-php-* tdam-php
first tdam-php/README.md "php connect.php" connect.php
cat >first.php <<'PHP'
<?php
$client = require 'connect.php';
echo $client->heartbeat()->onlineUser, "\n";
$answer = $client->submitAndWait(Tdam\Client\Body::file('payments.xml'));
echo $answer->groupStatus(), ' ', $answer->messageType, "\n";
PHP
php -d error_reporting=-1 -d display_errors=1 first.php >said 2>&1 || { cat said; fail "the PHP program"; }
expect said "Daugava grāmatvedība" "ACCP pain.002.001.10"

dotnet=$(echo "$work"/unpacked/tdam-client-dotnet-*)
first "$dotnet/README.md" "csharp program" Program.cs
references=()
for reference in "$tools"/ref/netcoreapp3.1/*.dll "$dotnet/Tdam.Client.dll"; do references+=("-r:$reference"); done
mkdir program && cp "$dotnet/Tdam.Client.dll" program
"$tools/bin/csc" -nologo -langversion:7.3 -warnaserror "${references[@]}" -out:program/Program.dll Program.cs
echo '{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"3.1.0"}}}' >program/Program.runtimeconfig.json
"$tools/bin/dotnet" program/Program.dll >said 2>&1 || { cat said; fail "the .NET program"; }
expect said "Daugava grāmatvedība, days left: 730" "payments: ACCP" "balances chain: True"

# As the page says. The versions of the repository: they are here already.
cp -r "$work"/unpacked/tdam-client-rust-* .
rust=$(echo tdam-client-rust-*)
mkdir -p first/src
first "$rust/README.md" rust first/src/main.rs
first "$rust/README.md" toml dependencies.toml
{ printf '[package]\nname = "first"\nversion = "0.1.0"\nedition = "2024"\n\n' && cat dependencies.toml; } >first/Cargo.toml
cp "$root/Cargo.lock" first/
host=$(rustc -vV | sed -n "s/^host: //p")
cargo metadata --offline --filter-platform "$host" --format-version 1 --manifest-path first/Cargo.toml >metadata.json
python3 - metadata.json "$root" <<'PYTHON'
import json, sys
packages = json.load(open(sys.argv[1]))["packages"]
ours = {package["name"]: package["manifest_path"] for package in packages if not package["source"]}
assert {"client", "protocol"} <= set(ours) and not any(path.startswith(sys.argv[2]) for path in ours.values()), ours
PYTHON
if [ -n "${TDAM_LIBRARIES_RUST:-}" ]; then
  "$tdam" generate pain.001.001.09 --transactions 2 --message-id MSG-1 --output payments.xml >/dev/null
  cargo run --offline --quiet --manifest-path first/Cargo.toml >said 2>&1 || { cat said; fail "the Rust program"; }
  expect said "Daugava grāmatvedība" "the balances add up"
fi

kill "$served" && wait "$served" || fail "the service ended with $?"
served=
echo "the libraries took $SECONDS s"
