-- Version 21: notices that a certificate or a registration ends; each is a letter to be sent once. Nodes of an earlier version write
-- none. No foreign key: to add one, PostgreSQL would lock the online users.

CREATE TABLE IF NOT EXISTS notice (
    id          BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- 0: certificate; 1: registration.
    what        SMALLINT NOT NULL,
    online_user BIGINT   NOT NULL,
    -- The end as `certificate.not_after` or `online_user.registration_valid_until` has it.
    ends        BIGINT   NOT NULL,
    -- So many days ahead.
    days        SMALLINT NOT NULL,
    made_at     BIGINT   NOT NULL,
    -- 0: waiting; 1: sent; 2: refused; 3: lapsed.
    state       SMALLINT NOT NULL DEFAULT 0,
    attempts    BIGINT   NOT NULL DEFAULT 0,
    -- Nobody tries before; while a node sends it, the end of the node's lease.
    next_at     BIGINT   NOT NULL,
    ended_at    BIGINT,
    receiver    TEXT,
    -- What the last attempt failed on, or why it is not sent.
    why         TEXT,
    UNIQUE (what, online_user, ends, days)
);
CREATE INDEX IF NOT EXISTS notice_waiting ON notice (next_at) WHERE state = 0;
CREATE INDEX IF NOT EXISTS notice_refused ON notice (id) WHERE state = 2;
CREATE OR REPLACE TRIGGER notice_is_past BEFORE UPDATE OF id, what, online_user, ends, days, made_at OR DELETE OR TRUNCATE ON notice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER notice_ends_once BEFORE UPDATE ON notice
    FOR EACH ROW WHEN (OLD.state IN (1, 3)) EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE INDEX IF NOT EXISTS certificate_in_force ON certificate (not_after) WHERE revoked_at IS NULL;
