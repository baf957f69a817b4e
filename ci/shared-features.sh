#!/usr/bin/env bash
# The chores use what the build of the program made: both choose the same features of every shared crate. A dependency of xtask
# that switches on another feature of a crate below would build that crate, and all above it, a second time.
# Fix it in [workspace.dependencies]: name the feature there, for all.
set -euo pipefail
cd "$(dirname "$0")/.."

selected() {
  cargo tree --locked --edges no-dev --prefix none --format '{p} {f}' "$@" | sed 's/ (\*)$//' | grep -v '^$' | sort -u
}
anew=$(comm -13 <(selected) <(selected --package xtask) | grep -vE '^(xtask|quick-xml) ' || true)
if [ -n "$anew" ]; then
  printf 'cargo xtask builds these anew, with features that the program does not use:\n%s\n' "$anew"
  exit 1
fi
echo "cargo xtask shares all crates with the program"
