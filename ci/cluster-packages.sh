#!/usr/bin/env bash
# Installs from Debian what ci/cluster.sh needs. Debian would start an etcd and make a PostgreSQL cluster by itself: here
# neither happens, since the cluster starts its own on its own addresses.
set -euo pipefail
# python3-idna: urllib3 wants it for addresses in certificates once pyOpenSSL is there, and no package asks for it.
packages=(patroni python3-etcd python3-psycopg2 python3-idna etcd-server postgresql-15 jq curl openssl)
missing=()
for package in "${packages[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package"); done
[ ${#missing[@]} -gt 0 ] || exit 0

policy=/usr/sbin/policy-rc.d no_cluster=/etc/postgresql-common/createcluster.d/tdam-ci.conf
made=("$no_cluster")
trap 'rm -f "${made[@]}"' EXIT
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
  made+=("$policy")
fi
mkdir -p "$(dirname $no_cluster)"
echo 'create_main_cluster = false' >$no_cluster
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
