#!/usr/bin/env bash
# The chores use what the build of the program made: both choose the same features of every shared crate. A dependency of xtask
# that switches on another feature of a crate below would build that crate, and all above it, a second time.
# Fix it in [workspace.dependencies]: name the feature there, for all.
set -euo pipefail
cd "$(dirname "$0")/.."

selected() {
  cargo tree --locked --edges no-dev --prefix none --format '{p} {f}' "$@" | sed 's/ (\*)$//' | grep -v '^$' | sort -u
}
# What only chores use: the reader that ours is compared with, and the reader of the conformance suite's cases with all below it.
own='xtask|quick-xml|serde-saphyr|granit-parser|arraydeque|annotate-snippets|encoding_rs|encoding_rs_io|core_detect|multiversion_no_op|simdutf8'
anew=$(comm -13 <(selected) <(selected --package xtask) | grep -vE "^($own) " || true)
if [ -n "$anew" ]; then
  printf 'cargo xtask builds these anew, with features that the program does not use:\n%s\n' "$anew"
  exit 1
fi
echo "cargo xtask shares all crates with the program"
