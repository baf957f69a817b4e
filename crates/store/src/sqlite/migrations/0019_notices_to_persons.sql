-- Version 19: notices to persons whose certificates end, and the certificates that were issued to persons. A notice has a person's number where it had an online user's, so no foreign key.

CREATE TABLE notice_of_any (
    id          INTEGER PRIMARY KEY,
    -- 0: certificate; 1: registration; 2: authority; 3: certificate of a person.
    what        INTEGER NOT NULL,
    -- The number of the online user; of the person where `what` is 3.
    online_user INTEGER NOT NULL,
    -- The end as `certificate.not_after`, `online_user.registration_valid_until` or `person_certificate.not_after` has it.
    ends        INTEGER NOT NULL,
    -- So many days ahead.
    days        INTEGER NOT NULL,
    made_at     INTEGER NOT NULL,
    -- 0: waiting; 1: sent; 2: refused; 3: lapsed.
    state       INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    -- Nobody tries before; while a node sends it, the end of the node's lease.
    next_at     INTEGER NOT NULL,
    ended_at    INTEGER,
    receiver    TEXT,
    -- What the last attempt failed on, or why it is not sent.
    why         TEXT,
    UNIQUE (what, online_user, ends, days)
) STRICT;
INSERT INTO notice_of_any SELECT id, what, online_user, ends, days, made_at, state, attempts, next_at, ended_at, receiver, why FROM notice;
DROP TABLE notice;
ALTER TABLE notice_of_any RENAME TO notice;
CREATE INDEX notice_waiting ON notice (next_at) WHERE state = 0;
CREATE INDEX notice_refused ON notice (id) WHERE state = 2;

CREATE TRIGGER notice_is_not_changed BEFORE UPDATE OF id, what, online_user, ends, days, made_at ON notice
BEGIN SELECT RAISE(ABORT, 'a notice is not changed'); END;
CREATE TRIGGER notice_ends_once BEFORE UPDATE ON notice WHEN OLD.state IN (1, 3)
BEGIN SELECT RAISE(ABORT, 'a notice ends once'); END;
CREATE TRIGGER notice_is_not_removed BEFORE DELETE ON notice
BEGIN SELECT RAISE(ABORT, 'a notice is not removed'); END;

CREATE INDEX person_certificate_in_force ON person_certificate (not_after) WHERE revoked_at IS NULL;

-- What the house issued to persons, so that an answer that was lost can come again.
CREATE TABLE issued_to_person (
    fingerprint BLOB PRIMARY KEY REFERENCES person_certificate (fingerprint),
    der         BLOB NOT NULL,
    -- SHA-256 of the request.
    request     BLOB NOT NULL,
    issued_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER issued_to_person_is_not_changed BEFORE UPDATE ON issued_to_person
BEGIN SELECT RAISE(ABORT, 'an issued certificate is not changed'); END;
CREATE TRIGGER issued_to_person_is_not_removed BEFORE DELETE ON issued_to_person
BEGIN SELECT RAISE(ABORT, 'an issued certificate is not removed'); END;
