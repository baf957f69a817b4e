#!/usr/bin/env bash
# Builds the .NET client library, runs its tests, and then its README as a newcomer would, against a sandbox of its own: the first
# payment and report, every snippet, enrolment by CSR and by both kinds of PKCS#12, TLS 1.2 and 1.3, and a renewal.
#
#   ci/client-dotnet.sh TDAM
set -euo pipefail
tdam=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }; rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }
for tool in openssl python3; do command -v "$tool" >/dev/null || fail "missing: $tool"; done
export TDAM_LANGUAGE=en

echo "--- the library is built, twice to the same bytes"
"$root/clients/dotnet/build"
out=$root/target/dotnet-client
tools=$root/target/dotnet
mkdir "$work/clients" "$work/ci" && cp -r "$root/clients/dotnet" "$work/clients/dotnet"
cp "$root/ci/dotnet-tools.sh" "$work/ci/"
"$work/clients/dotnet/build" "$tools" "$work/again" library
cmp "$out/Tdam.Client.dll" "$work/again/Tdam.Client.dll"

echo "--- its tests"
TDAM_DOTNET_SOURCES=$root/clients/dotnet "$tools/bin/dotnet" "$out/Tdam.Client.Tests.dll"

echo "--- the examples of its documentation compile"
references=()
for reference in "$tools"/ref/netcoreapp3.1/*.dll "$out/Tdam.Client.dll"; do references+=("-r:$reference"); done
"$tools/bin/dotnet" "$out/Tdam.Client.Tests.dll" --public >"$work/public"
python3 "$root/ci/python/dotnet_examples.py" "$out/Tdam.Client.xml" "$work/Examples.cs" "$work/public"
"$tools/bin/csc" -nologo -langversion:7.3 -warnaserror "${references[@]}" "-out:$work/Examples.dll" "$work/Examples.cs"

echo "--- a sandbox"
cd "$work"
"$tdam" sandbox --address 127.0.0.1:0 --plain-address 127.0.0.1:0 --enrollment-address 127.0.0.1:0 --settlement-seconds 1 >out 2>log &
server=$!
for _ in $(seq 300); do
  grep -q 'Ctrl-C stops it' out && break
  kill -0 "$server" || { cat out log; exit 1; }
  sleep 0.1
done
url=$(sed -n 's/^ *Exchange *//p' out)
enrollment=$(sed -n 's|^ *Enrolment *\(https://[^/]*\).*|\1|p' out)
configuration=tdam-sandbox/tdam.toml
revoke() { "$tdam" operator revoke --config $configuration --reason superseded "$1" >/dev/null; }
code_for() { # online user, kind
  "$tdam" user --config $configuration enroll "$1" --kind "$2" --json | sed -n 's/.*"code":"\([^"]*\)".*/\1/p'
}
"$tdam" generate pain.001.001.09 --transactions 2 --output payments.xml >/dev/null
"$tdam" generate camt.060.001.05 --account LV68TREL1000000001001 --output camt060.xml >/dev/null
id=$(sed -n 's|.*<MsgId>\([^<]*\)</MsgId>.*|\1|p' payments.xml | head -1)

echo "--- the README's program and snippets"
python3 "$root/ci/python/dotnet_snippets.py" "$root/clients/dotnet" snippets "https://127.0.0.1:8443=$url" "https://127.0.0.1:8444=$enrollment" "GEN-1=$id"
compile() { # name, references …
  local name=$1 own=("${references[@]}")
  shift
  for reference in "$@"; do own+=("-r:$reference"); done
  "$tools/bin/csc" -nologo -langversion:7.3 -warnaserror -nowarn:0219,1701,1702 "${own[@]}" "-out:snippets/$name.dll" "snippets/$name.cs"
  cp "$out/Tdam.Testee.runtimeconfig.json" "snippets/$name.runtimeconfig.json"
}
cp "$out/Tdam.Client.dll" "$tools"/extensions/*.dll snippets/
compile Program
"$tools/bin/dotnet" snippets/Program.dll | tee printed
for line in 'Daugava grāmatvedība, days left: 730' 'payments: ACCP' 'balances chain: True'; do grep -qx "$line" printed || fail "the program does not print: $line"; done
revoke tdam-sandbox/users/vidzeme-accounting/certificate.pem
code_for "Vidzeme grāmatvedība" request >code.txt
compile Snippets "$tools"/extensions/*.dll
mkdir temporary
TMPDIR=$work/temporary "$tools/bin/dotnet" snippets/Snippets.dll >printed 2>printed.log || { cat printed printed.log; fail "a snippet failed"; }
for words in 'answered before: True' 'of 2 refused' 'camt.052.001.08, page 1' 'TDAM-1001: ' 'new certificate ' 'fields: '; do
  grep -qF "$words" printed || { cat printed; fail "the snippets do not print: $words"; }
done
[ "$(stat -c %a key.pem)" = 600 ] || fail "others may read the key"
[ -z "$(find temporary -name '.tdam-*')" ] || fail "a stream's temporary file is left"
if grep -lE 'PRIVATE KEY|Document xmlns' printed.log; then fail "the log tells what it must not"; fi

echo "--- PKCS#12 of both kinds, over TLS 1.2 and 1.3, renewed"
revoke certificate.pem
testee() { "$root/clients/dotnet/testee/run" 2>>testee.log; }
for kind in key-store key-store-triple-des; do
  code=$(code_for "Vidzeme grāmatvedība" $kind)
  echo "{\"id\":1,\"do\":\"enroll_key_store\",\"client\":\"a\",\"url\":\"$enrollment\",\"authority\":\"tdam-sandbox/pki/ca.pem\",\"code\":\"$code\",\"pkcs12\":\"$kind.p12\"}" |
    testee | tee answer
  grep -q '"ok"' answer
  cp $kind.p12 old.p12
  identity="{\"pkcs12\":\"$kind.p12\",\"password\":\"${code//-/}\"}"
  connect() { # name, other members
    echo "{\"id\":2,\"do\":\"connect\",\"client\":\"$1\",\"url\":\"$url\",\"authority\":\"tdam-sandbox/pki/ca.pem\",\"identities\":[$identity],\"sign\":true$2}"
  }
  {
    connect a ',"options":{"tls_max":"1.2"}'
    echo '{"id":3,"do":"check_signature","client":"a","body":{"file":"payments.xml"}}'
    echo '{"id":4,"do":"renew","client":"a"}'
    echo '{"id":5,"do":"heartbeat","client":"a"}'
  } | testee | tee answer
  grep -q '"valid":true' answer
  [ "$(grep -c '"ok"' answer)" = 4 ] || fail "a step failed"
  { connect b ',"from":"bytes"'; echo '{"id":6,"do":"heartbeat","client":"b"}'; } | testee | tee answer
  grep -q '"online_user"' answer
  for store in old.p12 $kind.p12; do
    openssl pkcs12 -legacy -in $store -passin "pass:${code//-/}" -nokeys -clcerts -out used.pem 2>/dev/null
    revoke used.pem
  done
done
echo "done after $SECONDS s"
