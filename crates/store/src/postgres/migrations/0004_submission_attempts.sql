-- Version 4: how often the work on a submission has begun, so that one whose work ends the process is not tried for ever; and
-- the same of other work, by its name. State 3 of a submission: set aside. A node of an earlier version counts no attempts, and
-- leaves what is set aside alone.

ALTER TABLE submission ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;

-- What is set aside, for who sends the same bytes again: a table of its own, since an index would read every submission.
CREATE TABLE set_aside (
    submission BIGINT PRIMARY KEY,
    client     BIGINT NOT NULL,
    sha256     BYTEA  NOT NULL
);
CREATE INDEX set_aside_by_hash ON set_aside (client, sha256);

CREATE TABLE work_attempt (
    work         TEXT   PRIMARY KEY COLLATE "C",
    attempts     BIGINT NOT NULL,
    -- Who is at it; NULL when it is set aside. What a living node is at, no other one begins.
    node         BIGINT,
    set_aside_at BIGINT
);
