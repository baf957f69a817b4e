-- Version 4: how often the work on a submission has begun, so that one whose work ends the process is not tried for ever; and
-- the same of other work, by its name. State 3 of a submission: set aside.

ALTER TABLE submission ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;

-- What is set aside, for who sends the same bytes again.
CREATE TABLE set_aside (
    submission INTEGER PRIMARY KEY,
    client     INTEGER NOT NULL,
    sha256     BLOB    NOT NULL
) STRICT;
CREATE INDEX set_aside_by_hash ON set_aside (client, sha256);

CREATE TABLE work_attempt (
    work         TEXT    PRIMARY KEY,
    attempts     INTEGER NOT NULL,
    set_aside_at INTEGER
) STRICT, WITHOUT ROWID;
