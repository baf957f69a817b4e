#!/usr/bin/env bash
# Pastes what the sandbox prints, the tour of README.md and the lines of the pages into a shell, in their order and twice, and holds
# what they print against what the pages show. With TDAM_STORE (ci/with-postgres.sh) the data are in PostgreSQL.
set -euo pipefail
for tool in python3 curl openssl keytool xmllint; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 1; }; done
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname "$0")/python/paste_pages.py" "$@"
