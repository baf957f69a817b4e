#!/usr/bin/env bash
# Letters about what ends, by a mail server that we did not write (aiosmtpd, with STARTTLS and a login), read by Python's own parser.
set -euo pipefail
tdam=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
started=()
trap 'for one in "${started[@]}"; do kill "$one" 2>/dev/null; wait "$one" 2>/dev/null || true; done; rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work"/*.log; exit 1; }
export PYTHONDONTWRITEBYTECODE=1
python=$root/target/other-programs/bin/python
password=ne-tik-drosi-$RANDOM

echo "--- a mail server, and a world with two registrations that end in two weeks"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Mail authority' \
  -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' -keyout "$work/mail.key" -out "$work/mail.csr" 2>/dev/null
openssl x509 -req -in "$work/mail.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -days 2 \
  -extfile <(echo 'subjectAltName = DNS:localhost') -out "$work/mail.pem" 2>/dev/null
mkdir "$work/letters"
"$python" "$root/ci/python/take_letters.py" "$work/mail.pem" "$work/mail.key" "$password" "$work/letters" >"$work/port" 2>"$work/mail.log" &
started+=($!)
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
[ -s "$work/port" ] || fail "the mail server did not start"

free_port() { python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'; }
"$tdam" init --dir "$work/world" --address "127.0.0.1:$(free_port)" --plain-address "127.0.0.1:$(free_port)" >/dev/null
echo "$password" >"$work/world/mail.password"
python3 - "$work/world" "$(cat "$work/port")" "$work/ca.pem" <<'PYTHON'
import datetime, pathlib, sqlite3, sys
world, port, authority = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
settings = {
    'host = ""': 'host = "localhost"',
    'port = 587': f'port = {port}',
    'authorities = ""': f'authorities = "{authority}"',
    'user = ""\npassword_file': 'user = "tdam"\npassword_file',
    'password_file = ""\n# The sender': 'password_file = "mail.password"\n# The sender',
    'from = ""': 'from = "noreply@kase.example"',
    'from_name = ""': 'from_name = "Valsts kase"',
}
path = world / "tdam.toml"
text = path.read_text()
head, mail = text.split("[mail]")
for before, after in settings.items():
    assert before in mail, before
    mail = mail.replace(before, after, 1)
path.write_text(head + "[mail]" + mail)
database = sqlite3.connect(world / "data" / "tdam.sqlite")
last = (datetime.date.today() - datetime.date(1970, 1, 1)).days + 12
users = [row[0] for row in database.execute("SELECT id FROM online_user WHERE name LIKE 'Daugava%' ORDER BY id LIMIT 2")]
assert len(users) == 2
for user, address in zip(users, ("anna@example.org", "refused@example.org")):
    database.execute("UPDATE online_user SET registration_valid_until = ? WHERE id = ?", (last, user))
    database.execute("INSERT INTO contact (online_user, name, email) VALUES (?, 'Anna Bērziņa', ?)", (user, address))
database.commit()
database.close()
PYTHON

echo "--- the one takes its letter, the other is refused until an operator has it tried again"
export TDAM_CONFIG=$work/world/tdam.toml
"$tdam" serve >/dev/null 2>"$work/serve.log" &
started+=($!)
letters() { ls "$work/letters" | grep -c 'eml$' || true; }
for _ in $(seq 300); do
  [ "$(letters)" = 1 ] && "$tdam" operator mail >"$work/open" && status=0 || status=$?
  [ "$(letters)" = 1 ] && [ "$status" = 1 ] && break
  sleep 0.2
done
[ "$(letters)" = 1 ] || fail "$(letters) letters instead of 1"
grep -q 'refused.*nobody of this name' "$work/open" || fail "the refusal is not listed: $(cat "$work/open")"
touch "$work/letters/lenient"
"$tdam" operator mail retry "$(grep -oE '[0-9]+ +refused' "$work/open" | grep -oE '^[0-9]+' | head -1)"
for _ in $(seq 300); do [ "$(letters)" = 2 ] && break; sleep 0.2; done
"$python" "$root/ci/python/read_letters.py" "$work/letters" anna@example.org refused@example.org
"$tdam" operator mail | grep -q 'No letter waits' || fail "a letter waits still"
! grep -rq -- "$password" "$work/serve.log" || fail "the password is in the log"
! grep -q ' ERROR ' "$work/serve.log" || fail "errors"
echo "2 letters sent, each once"
