-- Version 15: nodes keep who calls in memory, and the business day. A row counts the changes of both; each node confirms the count,
-- and writes the one that it relies on into its row. Triggers count, so that nodes of the version before count too.
--
-- A piece for each table in use: each is a transaction of its own, and can be run again.

CREATE TABLE IF NOT EXISTS rights (
    id      SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT   NOT NULL
) WITH (fillfactor = 50);
INSERT INTO rights (id, version) VALUES (1, 1) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION count_change_of_rights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE rights SET version = version + 1;
    PERFORM pg_notify(current_schema(), 'rights');
    RETURN NULL;
END $$;

-- Next table.
-- The version that the node relies on. NULL: none.
ALTER TABLE node ADD COLUMN IF NOT EXISTS rights_version BIGINT;

-- Next table.
-- Nobody knows what is inserted.
CREATE OR REPLACE TRIGGER certificate_changes_rights AFTER UPDATE OR DELETE OR TRUNCATE ON certificate
    FOR EACH STATEMENT EXECUTE FUNCTION count_change_of_rights();

-- Next table.
CREATE OR REPLACE TRIGGER online_user_changes_rights AFTER UPDATE OR DELETE OR TRUNCATE ON online_user
    FOR EACH STATEMENT EXECUTE FUNCTION count_change_of_rights();

-- Next table.
-- A transaction that decides about a client's message counts in `flips`.
CREATE OR REPLACE TRIGGER client_changes_rights
    AFTER UPDATE OF id, name, registration_number, acceptance, lists_every_payment, daily_balances, end_to_end_id_days
    OR DELETE OR TRUNCATE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION count_change_of_rights();

-- Next table.
CREATE OR REPLACE TRIGGER business_day_changes AFTER UPDATE OF business_day ON state
    FOR EACH STATEMENT EXECUTE FUNCTION count_change_of_rights();
