#!/bin/sh
# What the official image's entrypoint promises, as far as it is used: POSTGRES_USER, POSTGRES_PASSWORD and
# POSTGRES_INITDB_ARGS make the cluster; the arguments are the server's.
set -eu
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data" && chown postgres "$data" && chmod 700 "$data"
  printf '%s' "$POSTGRES_PASSWORD" >/run/password && chown postgres /run/password
  # shellcheck disable=SC2086
  setpriv --reuid=postgres --regid=postgres --clear-groups \
    initdb --pgdata="$data" --username="${POSTGRES_USER:-postgres}" --pwfile=/run/password $POSTGRES_INITDB_ARGS
  rm /run/password
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
  echo 'host replication all all scram-sha-256' >>"$data/pg_hba.conf"
fi
[ "$1" = postgres ] && shift
mkdir -p /var/run/postgresql && chown postgres /var/run/postgresql
exec setpriv --reuid=postgres --regid=postgres --clear-groups postgres -D "$data" -c listen_addresses='*' "$@"
