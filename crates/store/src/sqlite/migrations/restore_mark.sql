-- `tdam restore` marks a copy of any version, so the table may be here already.
CREATE TABLE IF NOT EXISTS restore_mark (
    id         INTEGER PRIMARY KEY,
    -- When it was marked.
    at         INTEGER NOT NULL,
    -- When the backup was begun: what was revoked later is unknown here.
    as_of      INTEGER NOT NULL,
    -- When an operator had brought in later revocations. NULL: nothing serves.
    settled_at INTEGER
) STRICT;
