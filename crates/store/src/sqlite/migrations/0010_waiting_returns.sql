-- Version 10: returned payments whose money waits with the house, since the account took no part in payments when it came
-- back. The row recognises a return that the settlement system announces once more.

CREATE TABLE waiting_return (
    payment    INTEGER PRIMARY KEY,
    account    INTEGER NOT NULL REFERENCES account (id),
    reason     TEXT    NOT NULL,
    arrived_at INTEGER NOT NULL,
    -- 0: waits; 1: booked back; 2: the operator has paid it by hand.
    state      INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2))
) STRICT;
CREATE INDEX waiting_return_by_account ON waiting_return (account, payment) WHERE state = 0;

CREATE TRIGGER waiting_return_is_not_changed BEFORE UPDATE OF payment, account, reason, arrived_at ON waiting_return
BEGIN SELECT RAISE(ABORT, 'a return is not changed'); END;
CREATE TRIGGER waiting_return_ends_once BEFORE UPDATE ON waiting_return WHEN OLD.state <> 0
BEGIN SELECT RAISE(ABORT, 'a return ends once'); END;
CREATE TRIGGER waiting_return_is_not_removed BEFORE DELETE ON waiting_return
BEGIN SELECT RAISE(ABORT, 'a return is not removed'); END;
