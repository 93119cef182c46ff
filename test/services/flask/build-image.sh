#!/usr/bin/env bash
# Makes the image poolproof-test/flask without a registry: Debian's own packages, then the Dockerfile.
# Does nothing when the image of these very files is there already.
set -euo pipefail
cd "$(dirname "$0")"

packages=python3-flask,gunicorn,python3-psycopg2,pgbouncer
image=poolproof-test/flask
hash=$(sha256sum <build-image.sh | cut -c1-12)
base=poolproof-test/bookworm:$hash
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  sed -n 's/^URIs: *//p; s/^deb .*\(http[^ ]*\).*/\1/p' | sed -n '\|/debian/*$|{p;q}' || true)

if ! docker image inspect "$base" >/dev/null 2>&1; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  timeout 400 debootstrap --variant=minbase --include="$packages" bookworm "$folder/root" "${mirror:-http://deb.debian.org/debian}" >"$folder/log" 2>&1 ||
    { tail -20 "$folder/log" >&2; exit 1; }
  # What a running service never reads.
  tar -C "$folder/root" --numeric-owner -c \
    --exclude=./var/cache/* --exclude=./var/lib/apt/lists/* --exclude=./var/log/* \
    --exclude=./usr/share/{doc,man,locale,info,perl}/* --exclude=./dev/* . |
    docker import --change 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONUNBUFFERED=1' - "$base" >/dev/null
fi
# The classic builder needs no plugin; what has not changed comes from its cache.
log=$(DOCKER_BUILDKIT=0 docker build --quiet --build-arg BASE="$base" --tag "$image" . 2>&1) ||
  { echo "$log" >&2; exit 1; }
