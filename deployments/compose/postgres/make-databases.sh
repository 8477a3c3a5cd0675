#!/bin/bash
# Runs once, on an empty volume: one database and one owner each for the platform and for Prefect.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username postgres \
  --set ec_password="$EC_PASSWORD" --set prefect_password="$PREFECT_PASSWORD" <<'SQL'
CREATE ROLE emotion_cards LOGIN PASSWORD :'ec_password';
CREATE DATABASE emotion_cards OWNER emotion_cards;
CREATE ROLE prefect LOGIN PASSWORD :'prefect_password';
CREATE DATABASE prefect OWNER prefect;
REVOKE CONNECT ON DATABASE emotion_cards, prefect FROM PUBLIC;
-- Prefect's migrations ask for it, and only a superuser's word makes it certain to be there.
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SQL
