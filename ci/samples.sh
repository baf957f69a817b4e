#!/usr/bin/env bash
# Sends every public pain.001 sample that the official schema accepts to a sandbox whose accounts and day fit it, and lists
# what became of it. Each answer must be a pain.002 that the official schema accepts, or problem details that say why not.
set -euo pipefail
tdam=$(realpath "$1")
reference=${TDAM_REFERENCE:?the folder with xsd and samples}
work=$(mktemp -d)
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; server=; }; }
trap 'stop; rm -rf "$work"' EXIT

account=LV68TREL1000000001001
failed=0
answered=0
: >"$work/list"
while IFS=$'\t' read -r file kind _ valid _; do
  case "$kind" in pain.001.001.03 | pain.001.001.09) ;; *) continue ;; esac
  [ "$valid" = yes ] || continue
  sample=$reference/samples/$file
  day=$(tr -d '\n' <"$sample" | grep -oE '<(\w+:)?ReqdExctnDt>[^0-9]*[0-9]{4}-[0-9]{2}-[0-9]{2}' | grep -oE '[0-9-]{10}$' | sort | head -1 || true)
  ibans=$(tr -d '\n' <"$sample" | grep -oE '<(\w+:)?DbtrAcct>.{0,120}?<(\w+:)?IBAN>[A-Z0-9]+' | grep -oE '[A-Z0-9]+$' | sort -u || true)
  maps=()
  for iban in $ibans; do maps+=(--map-debtor "$iban=$account"); done

  dir=$work/sandbox
  rm -rf "$dir"
  # What the sandbox before this one said would pass for this one's readiness.
  : >"$work/out"
  "$tdam" sandbox --dir "$dir" --address 127.0.0.1:0 --plain-address 127.0.0.1:0 \
    --business-day "$day" "${maps[@]}" >"$work/out" 2>"$work/log" &
  server=$!
  for _ in $(seq 200); do
    grep -q 'Ctrl-C stops it' "$work/out" && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.05
  done
  url=$(grep -oE 'https://127\.0\.0\.1:[0-9]+' "$work/out" | head -1 || true)
  user=$dir/users/daugava-accounting
  status=$(curl --silent --show-error --max-time 30 --cacert "$dir/pki/ca.pem" --cert "$user/certificate.pem" --key "$user/key.pem" \
    -H 'Content-Type: application/xml' --data-binary @"$sample" -o "$work/answer" -w '%{http_code}' \
    "$url/v1/payments" || echo "no answer")
  if [ "$status" = 200 ]; then
    version=pain.002.001.03
    grep -q 'pain.002.001.10' "$work/answer" && version=pain.002.001.10
    if xmllint --noout --nonet --schema "$reference/xsd/$version.xsd" "$work/answer" 2>"$work/schema"; then
      answered=$((answered + 1))
      group=$(grep -oE '<GrpSts>[A-Z]+' "$work/answer" | head -1 | cut -c9-)
      reasons=$(grep -oE '<AddtlInf>[^<]*' "$work/answer" | cut -c11- | grep -oE '^TDAM-[0-9]+[^:]*' | sort | uniq -c | sort -rn | awk '{$1=$1};1' | paste -sd';' | cut -c1-160 || true)
      printf '%-75s %s %-4s %s\n' "$file" "$day" "$group" "$reasons" >>"$work/list"
    else
      failed=$((failed + 1))
      printf '%-75s %s BAD pain.002: %s\n' "$file" "$day" "$(head -1 "$work/schema")" >>"$work/list"
    fi
  elif grep -q '"code"' "$work/answer" 2>/dev/null; then
    answered=$((answered + 1))
    printf '%-75s %s %s %s\n' "$file" "$day" "$status" "$(tr -d '\n' <"$work/answer" | cut -c1-220)" >>"$work/list"
  else
    failed=$((failed + 1))
    printf '%-75s %s no clear answer: %s %s\n' "$file" "$day" "$status" "$(tail -2 "$work/log" | tr '\n' ' ')" >>"$work/list"
  fi
  stop
done <"$reference/samples/index.tsv"
cat "$work/list"
echo "$answered passed, $failed failed"
[ "$failed" = 0 ] && [ "$answered" -gt 20 ]
