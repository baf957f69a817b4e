-- Version 14: returned payments whose money waits with the house, since the account took no part in payments when it came
-- back. The row recognises a return that the settlement system announces once more. Nodes of an earlier version do not
-- write it. No foreign key: to add one, PostgreSQL would lock the accounts.

CREATE TABLE IF NOT EXISTS waiting_return (
    payment    BIGINT   PRIMARY KEY,
    account    BIGINT   NOT NULL,
    reason     TEXT     NOT NULL,
    arrived_at BIGINT   NOT NULL,
    -- 0: waits; 1: booked back; 2: the operator has paid it by hand.
    state      SMALLINT NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2))
);
CREATE INDEX IF NOT EXISTS waiting_return_by_account ON waiting_return (account, payment) WHERE state = 0;

CREATE OR REPLACE TRIGGER waiting_return_is_past
    BEFORE UPDATE OF payment, account, reason, arrived_at OR DELETE OR TRUNCATE ON waiting_return
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER waiting_return_ends_once BEFORE UPDATE ON waiting_return
    FOR EACH ROW WHEN (OLD.state <> 0) EXECUTE FUNCTION refuse_change();
