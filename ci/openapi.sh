#!/usr/bin/env bash
# The description of the interface against the program that is built: openapi-spec-validator reads it, and schemathesis sends a sandbox
# what it allows and what it forbids, on each listener, with the certificates of an online user and of an operator. Each answer must be
# one of those described. TDAM_OPENAPI_EXAMPLES and TDAM_OPENAPI_SEED make it longer, or other.
set -euo pipefail
tdam=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
examples=${TDAM_OPENAPI_EXAMPLES:-4}
seed=${TDAM_OPENAPI_SEED:-1}
# Of each of the four runs; a bound for a machine that stands still, not a measure.
seconds=${TDAM_OPENAPI_SECONDS:-600}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }; rm -rf "$work"' EXIT
fail() { echo "$*"; exit 1; }

export PYTHONDONTWRITEBYTECODE=1
tools=$root/target/openapi
pinned=$root/ci/python/openapi.txt
if ! cmp -s "$pinned" "$tools/installed.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$pinned"
  cp "$pinned" "$tools/installed.txt"
fi

dir=$work/sandbox
any=127.0.0.1:0
"$tdam" sandbox --dir "$dir" --address $any --plain-address $any --enrollment-address $any --settlement-seconds 1 \
  >"$work/out" 2>"$work/log" &
server=$!
for _ in $(seq 300); do
  grep -q 'Ctrl-C stops it' "$work/out" && break
  kill -0 "$server" || { cat "$work/out" "$work/log"; exit 1; }
  sleep 0.1
done
mapfile -t secure < <(grep -oE 'https://127\.0\.0\.1:[0-9]+' "$work/out" | awk '!seen[$0]++')
plain=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$work/out" | head -1)
[ ${#secure[@]} -ge 2 ] || { cat "$work/out"; fail "no listener for enrolment"; }

echo "--- the description is in order, and the same everywhere"
curl --silent --show-error --fail "$plain/v1/openapi.json" >"$work/openapi.json"
curl --silent --show-error --fail --cacert "$dir/pki/ca.pem" "${secure[1]}/v1/openapi.json" | cmp - "$work/openapi.json"
"$tools/bin/python" - "$work/openapi.json" "$root/docs/reference/openapi.json" <<'PYTHON'
import json, sys
served, reference = (json.load(open(path)) for path in sys.argv[1:])
assert served == reference, "cargo xtask docs writes docs/reference/openapi.json anew"
PYTHON
"$tools/bin/openapi-spec-validator" "$work/openapi.json"

# What schemathesis cannot make up: messages and certificate requests that are in order.
mkdir "$work/examples"
export TDAM_OPENAPI_EXAMPLES_FOLDER=$work/examples SCHEMATHESIS_HOOKS=openapi_hooks PYTHONPATH=$root/ci/python
day=$(grep -oE 'Business day +[0-9-]+' "$work/out" | grep -oE '[0-9-]+$')
"$tdam" generate pain.001.001.09 --transactions 3 --date "$day" --output "$work/examples/submitPayments-1.xml" >/dev/null
"$tdam" generate camt.060.001.05 --date "$day" --output "$work/examples/orderReports-1.xml" >/dev/null
cp "$work/examples/submitPayments-1.xml" "$work/examples/checkSignature-1.xml"
id=$(grep -oE '<MsgId>[^<]+' "$work/examples/submitPayments-1.xml" | cut -d'>' -f2)
echo "msg_id=$id" >"$work/examples/readPayments-1.query"
echo "submission=1" >"$work/examples/readPayments-2.query"
for operation in renewCertificate enrol; do
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout "$work/$operation.key" \
    -out "$work/examples/$operation-1.csr" 2>/dev/null
done
# A code that opens an enrolment: its first use is answered, later ones are refused.
code=$("$tdam" user enroll --config "$dir/tdam.toml" --json 3 | grep -oE '"code": *"[^"]+"' | cut -d'"' -f4)
[ -n "$code" ] || fail "no code for an enrolment"

# NAME LISTENER URL FILTER...: `--include-by` knows no extensions, so the paths of a listener are named one by one.
run() {
  local name=$1 listener=$2 url=$3
  shift 3
  mapfile -t paths < <("$tools/bin/python" - "$work/openapi.json" "$name" "$listener" <<'PYTHON'
import json, sys
paths, name, listener = json.load(open(sys.argv[1]))["paths"], sys.argv[2], sys.argv[3]
for path, item in paths.items():
    here = [one for one in item.values() if isinstance(one, dict) and listener in one["x-listeners"]]
    if here and path.startswith("/v1/operator/") == (name == "operator"):
        print(f"--include-path={path}")
PYTHON
  )
  echo "--- $name: ${#paths[@]} paths"
  if ! (cd "$work" && timeout "$seconds" "$tools/bin/schemathesis" run "$work/openapi.json" --url "$url" --no-color \
    --seed "$seed" --max-examples "$examples" --mode all --phases "$phases" \
    --generation-database none --suppress-health-check all --continue-on-failure --no-shrink --warnings off \
    --checks "$checks" "${paths[@]}" "$@") >"$work/$name.log" 2>&1; then
    cat "$work/$name.log"
    fail "schemathesis finds answers that are not described ($name)"
  fi
  grep -E 'Test cases:|Seed:|generated' "$work/$name.log" || tail -5 "$work/$name.log"
}
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method,allow_header_conformance
with() { echo --tls-verify "$dir/pki/ca.pem" --request-cert "$1/certificate.pem" --request-cert-key "$1/key.pem"; }
phases=examples,coverage,fuzzing
# shellcheck disable=SC2046
run client clients "${secure[0]}" $(with "$dir/users/daugava-accounting")
# What an application may hold has so many forms that covering each takes minutes.
phases=examples,fuzzing
# shellcheck disable=SC2046
run operator clients "${secure[0]}" $(with "$dir/operators/anna")
phases=examples,coverage,fuzzing
run plain plain "$plain"
run enrolment enrolment "${secure[1]}" --tls-verify "$dir/pki/ca.pem" -H "Authorization: Bearer $code"

kill -0 "$server" || fail "the server has ended"
! grep -E ' ERROR |panicked' "$work/log" || fail "errors in the log"
echo "every answer is one of those described"
