#!/usr/bin/env bash
# The PHP client library: syntax, tests of its parts, and everything that its guide shows, against sandboxes of its own.
# Usage: ci/client-php.sh TDAM, the released program. Needs php-cli php-curl php-xml php-mbstring php-guzzlehttp-guzzle composer openssl.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?the released program}")
library=$PWD/clients/php

for tool in php composer openssl; do
  command -v "$tool" >/dev/null || { echo "$tool is missing"; exit 1; }
done
extensions=$(php -m)
for extension in curl openssl xml mbstring; do
  grep -qix "$extension" <<<"$extensions" || { echo "PHP's extension $extension is missing"; exit 1; }
done
[ -e /usr/share/php/GuzzleHttp/autoload.php ] || { echo "php-guzzlehttp-guzzle is missing"; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# No other program's temporary files are counted.
mkdir "$work/tmp"
# A test works as another user.
chmod 711 "$work"
chmod 1777 "$work/tmp"
export TMPDIR=$work/tmp
# Composer reads nothing of the user and asks no registry.
export COMPOSER_HOME=$work/composer COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_NO_INTERACTION=1
mkdir "$COMPOSER_HOME" "$work/bin"
echo '{"repositories": {"packagist.org": false}}' >"$COMPOSER_HOME/config.json"
ln -s "$program" "$work/bin/tdam"
export PATH="$work/bin:$PATH"
export TDAM_LANGUAGE=en

# Free ports: the kernel names them. Somebody may take one before the sandbox does; then the next try takes others.
ports() {
  php -r 'for ($n = 0; $n < 3; $n++) { $open[] = $s = stream_socket_server("tcp://127.0.0.1:0"); echo substr(strrchr(stream_socket_get_name($s, false), ":"), 1), " "; }'
}

# Runs a command with the addresses of a sandbox added to it, in the sandbox's folder.
with_sandbox() (
  local folder=$1 main plain enrol sandbox=''
  shift
  mkdir "$folder"
  cd "$folder"
  ln -s "$library" tdam-php
  finish() {
    local status=$?
    [ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true
    wait || true
    [ "$status" = 0 ] || tail -n 5 log
  }
  trap finish EXIT
  for _ in 1 2 3; do
    read -r main plain enrol <<<"$(ports)"
    tdam sandbox --address "127.0.0.1:$main" --plain-address "127.0.0.1:$plain" --enrollment-address "127.0.0.1:$enrol" >log 2>&1 &
    sandbox=$!
    for _ in $(seq 600); do
      kill -0 "$sandbox" 2>/dev/null || continue 2
      if php -r 'exit(@file_get_contents($argv[1]) === false ? 1 : 0);' "http://127.0.0.1:$plain/health/ready"; then
        "$@" "https://127.0.0.1:$main" "https://127.0.0.1:$enrol"
        return
      fi
      sleep 0.1
    done
  done
  echo "the sandbox does not start"
  return 1
)

syntax() {
  find "$library" -name '*.php' -print0 | xargs -0 -n 1 php -l >"$work/lint" || { grep -v '^No syntax' "$work/lint"; return 1; }
  echo "syntax: $(grep -c '^No syntax' "$work/lint") files"
  composer validate --quiet --strict "$library/composer.json"
  php "$library/tests/run.php"
  php "$library/tests/readme.php" same "$library/README.md" "$library/README.lv.md"
}

# Each has a sandbox of its own and mostly waits, so all run at once.
declare -A parts
syntax >"$work/syntax.out" 2>&1 & parts[syntax]=$!
for page in README.md README.lv.md; do
  with_sandbox "$work/$page" php "$library/tests/readme.php" "$library/$page" >"$work/$page.out" 2>&1 & parts[$page]=$!
done
with_sandbox "$work/tests" php "$library/tests/sandbox.php" >"$work/tests.out" 2>&1 & parts[tests]=$!
failed=0
for part in "${!parts[@]}"; do
  wait "${parts[$part]}" || { failed=1; echo "FAILED: $part"; }
  cat "$work/$part.out"
done
echo "the PHP library took $SECONDS s"
exit "$failed"
