-- Version 16: signed checkpoints of the audit chain, and marks of restores.

CREATE TABLE audit_checkpoint (
    -- From 1, without gaps: of two nodes that make one number, one wins.
    number       INTEGER PRIMARY KEY,
    -- The last line of the chain at that moment, and its hash.
    sequence     INTEGER NOT NULL,
    hash         BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    -- The day that was open: the next day makes another checkpoint.
    business_day INTEGER NOT NULL,
    exchange     TEXT    NOT NULL,
    key          BLOB    NOT NULL,
    signature    BLOB    NOT NULL
) STRICT;
CREATE TRIGGER audit_checkpoint_is_not_changed BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is not changed'); END;
CREATE TRIGGER audit_checkpoint_is_not_removed BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'a checkpoint is not removed'); END;

-- The table itself: restore_mark.sql.
CREATE TRIGGER restore_mark_is_settled_once BEFORE UPDATE ON restore_mark
WHEN OLD.settled_at IS NOT NULL OR NEW.settled_at IS NULL OR (NEW.id, NEW.at, NEW.as_of) IS NOT (OLD.id, OLD.at, OLD.as_of)
BEGIN SELECT RAISE(ABORT, 'a restore is settled once'); END;
CREATE TRIGGER restore_mark_is_not_removed BEFORE DELETE ON restore_mark
BEGIN SELECT RAISE(ABORT, 'a mark of a restore is not removed'); END;
