-- Version 20: signed checkpoints of the audit chain, and marks of restores. Nodes of an earlier version write none of it.

CREATE TABLE IF NOT EXISTS audit_checkpoint (
    -- From 1, without gaps: of two nodes that make one number, one wins.
    number       BIGINT PRIMARY KEY,
    -- The last line of the chain at that moment, and its hash.
    sequence     BIGINT NOT NULL,
    hash         BYTEA  NOT NULL,
    at           BIGINT NOT NULL,
    -- The day that was open: the next day makes another checkpoint.
    business_day BIGINT NOT NULL,
    exchange     TEXT   NOT NULL,
    key          BYTEA  NOT NULL,
    signature    BYTEA  NOT NULL
);
CREATE OR REPLACE TRIGGER audit_checkpoint_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS restore_mark (
    id         BIGINT PRIMARY KEY,
    -- When it was marked.
    at         BIGINT NOT NULL,
    -- When the backup was begun: what was revoked later is unknown here.
    as_of      BIGINT NOT NULL,
    -- When an operator had brought in later revocations. NULL: nothing serves.
    settled_at BIGINT
);
CREATE OR REPLACE TRIGGER restore_mark_is_past BEFORE UPDATE OF id, at, as_of OR DELETE OR TRUNCATE ON restore_mark
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER restore_mark_is_settled_once BEFORE UPDATE ON restore_mark
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL) EXECUTE FUNCTION refuse_change();
