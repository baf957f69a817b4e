#!/usr/bin/env bash
# What is published, in other people's hands: libxml2 takes each schema, and the example of each format description is valid by it and
# by the official one.
set -euo pipefail
tdam=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$tdam" schema export --output "$work" >"$work/log"
"$tdam" format-description --language en --output "$work" >>"$work/log"
judged=0
for schema in "$work"/*.xsd; do
  message=$(basename "$schema" .xsd)
  sed -n '/^```xml$/,/^```$/p' "$work/$message.md" | sed '/^```/d' >"$work/$message.xml"
  for by in "$schema" "$TDAM_REFERENCE/xsd/$message.xsd"; do
    xmllint --noout --nonet --schema "$by" "$work/$message.xml" 2>"$work/verdict" || { cat "$work/verdict"; exit 1; }
  done
  judged=$((judged + 1))
done
echo "$judged schemas and examples"
[ "$judged" = 12 ]
