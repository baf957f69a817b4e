-- Version 16: an online user is granted accounts one by one, may be suspended, and may have to sign what it submits. A change of any
-- of them is a change of rights, which the trigger of version 15 counts.
--
-- Nodes of the version before know none of this. So all that they disregard stays as it was (every account of the client is
-- granted, nobody is suspended, nobody has to sign) until `state.minimum_node_version` says that no such node serves any more.

-- Ids of accounts, ascending, with a blank between. A new account is nobody's until somebody grants it.
ALTER TABLE online_user
    ADD COLUMN IF NOT EXISTS granted_accounts   TEXT     NOT NULL DEFAULT '',
    -- Since when requests of the user are refused. NULL: they are not.
    ADD COLUMN IF NOT EXISTS suspended_at       BIGINT,
    ADD COLUMN IF NOT EXISTS signature_required SMALLINT NOT NULL DEFAULT 0;
-- Its rights are not past: they change, and each change has its audit line. Whose it is stays.
CREATE OR REPLACE TRIGGER online_user_is_past BEFORE UPDATE OF id, client OR DELETE OR TRUNCATE ON online_user
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Who was here before goes on with all accounts of its client.
UPDATE online_user SET granted_accounts = coalesce((
    SELECT string_agg(CAST(a.id AS TEXT), ' ' ORDER BY a.id) FROM account a WHERE a.client = online_user.client), '');

-- Next table.
-- The version of the schema that the node's program was made for. NULL: older than this one.
ALTER TABLE node ADD COLUMN IF NOT EXISTS version BIGINT;

-- Next table.
-- Nodes of an older version than this do not serve. 0: grants are not in effect yet.
ALTER TABLE state ADD COLUMN IF NOT EXISTS minimum_node_version BIGINT NOT NULL DEFAULT 0;

-- Next table.
-- The count of this version's nodes. Those of the version before go on with `rights` while that has its row: without it they can
-- confirm nothing, and serve nobody.
CREATE TABLE IF NOT EXISTS rights_count (
    id      SMALLINT PRIMARY KEY CHECK (id = 1),
    version BIGINT   NOT NULL
) WITH (fillfactor = 50);
INSERT INTO rights_count (id, version) SELECT id, version FROM rights ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION count_change_of_rights() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE rights SET version = version + 1;
    UPDATE rights_count SET version = version + 1;
    PERFORM pg_notify(current_schema(), 'rights');
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION keep_out_older_nodes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.minimum_node_version < OLD.minimum_node_version THEN
        RAISE EXCEPTION 'the minimum version of nodes does not go back';
    END IF;
    IF NEW.minimum_node_version > 0 THEN
        DELETE FROM rights;
    END IF;
    UPDATE rights_count SET version = version + 1;
    PERFORM pg_notify(current_schema(), 'rights');
    RETURN NULL;
END $$;

-- Next table.
CREATE OR REPLACE TRIGGER minimum_node_version_rises AFTER UPDATE OF minimum_node_version ON state
    FOR EACH ROW EXECUTE FUNCTION keep_out_older_nodes();
