-- Roles and database of tdam; run once as superuser on the primary:
--   psql -v owner_password=… -v service_password=… -v monitor_password=… -f roles.sql
-- tdam_owner changes the schema and does nothing else; tdam serves and cannot change the schema; tdam_monitor only looks.
\set ON_ERROR_STOP on
CREATE ROLE tdam_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE tdam LOGIN PASSWORD :'service_password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE tdam_monitor LOGIN PASSWORD :'monitor_password' CONNECTION LIMIT 5 IN ROLE pg_monitor;

CREATE DATABASE tdam OWNER tdam_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE tdam FROM PUBLIC;
GRANT CONNECT ON DATABASE tdam TO tdam, tdam_monitor;

\connect tdam
-- The tables are in a schema that tdam_owner makes when it migrates; what tdam may do there is granted with them.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
