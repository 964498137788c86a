#!/bin/sh
# Run once by the PostgreSQL image: who owns the tables, and who works with them but may not change what is append-only.
set -eu
psql --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" \
  --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" <<'SQL'
create role anxiu_owner login password :'owner';
create role anxiu_app login password :'app';
alter database anxiu owner to anxiu_owner;
SQL
