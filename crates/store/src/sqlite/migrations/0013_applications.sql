-- Version 13: applications, and persons with certificates of their own.

CREATE TABLE person (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    -- NULL: an operator.
    client      INTEGER REFERENCES client (id),
    name        TEXT    NOT NULL CHECK (name <> ''),
    email       TEXT    NOT NULL,
    -- A bit for each role.
    roles       INTEGER NOT NULL CHECK (roles > 0),
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    ended_at    INTEGER
) STRICT;
CREATE INDEX person_of ON person (client);

CREATE TABLE person_certificate (
    fingerprint BLOB    PRIMARY KEY CHECK (length(fingerprint) = 32),
    person      INTEGER NOT NULL REFERENCES person (id),
    serial      TEXT    NOT NULL,
    not_before  INTEGER NOT NULL,
    not_after   INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX person_certificate_of ON person_certificate (person);
CREATE TRIGGER person_certificate_stays_revoked BEFORE UPDATE ON person_certificate WHEN OLD.revoked_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a certificate stays revoked'); END;

CREATE TABLE application (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    client       INTEGER REFERENCES client (id),
    online_user  INTEGER REFERENCES online_user (id),
    applicant    INTEGER REFERENCES person (id),
    content      BLOB    NOT NULL,
    -- What it changes, and the digest of all, since it was submitted.
    base         BLOB,
    digest       BLOB    CHECK (length(digest) = 32),
    entered_by   INTEGER NOT NULL REFERENCES person (id),
    entered_at   INTEGER NOT NULL,
    submitted_by INTEGER REFERENCES person (id),
    submitted_at INTEGER,
    checked_by   INTEGER REFERENCES person (id),
    checked_at   INTEGER,
    approved_by  INTEGER REFERENCES person (id),
    approved_at  INTEGER,
    -- The first day on which the exchange looks at it again.
    due_on       INTEGER
) STRICT;
-- At every moment at most one registration of an online user is in force, and one card of a client.
CREATE UNIQUE INDEX registration_in_force ON application (online_user) WHERE state = 4 AND kind IN (2, 3, 4);
CREATE UNIQUE INDEX card_in_force ON application (client) WHERE state = 4 AND kind = 7;
CREATE INDEX application_due ON application (due_on) WHERE due_on IS NOT NULL;
CREATE TRIGGER application_is_not_removed BEFORE DELETE ON application
    BEGIN SELECT RAISE(ABORT, 'an application is not removed'); END;
CREATE TRIGGER application_stands BEFORE UPDATE ON application WHEN OLD.state <> 0 AND (NEW.content <> OLD.content
    OR NEW.base IS NOT OLD.base OR NEW.digest IS NOT OLD.digest OR NEW.kind <> OLD.kind OR NEW.state < OLD.state)
    BEGIN SELECT RAISE(ABORT, 'what is submitted stands'); END;
CREATE TRIGGER application_has_its_people BEFORE UPDATE ON application WHEN NEW.entered_by <> OLD.entered_by
    OR (OLD.checked_by IS NOT NULL AND NEW.checked_by IS NOT OLD.checked_by)
    OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS NOT OLD.approved_by)
    BEGIN SELECT RAISE(ABORT, 'who did what stands'); END;

CREATE TABLE application_attachment (
    application INTEGER NOT NULL REFERENCES application (id),
    name        TEXT    NOT NULL,
    kind        INTEGER NOT NULL,
    sha256      BLOB    NOT NULL CHECK (length(sha256) = 32),
    size        INTEGER NOT NULL,
    bytes       BLOB    NOT NULL,
    verified_by INTEGER REFERENCES person (id),
    verified_at INTEGER,
    how         TEXT,
    PRIMARY KEY (application, name)
) STRICT;
CREATE TRIGGER attachment_is_not_changed BEFORE UPDATE OF application, name, kind, sha256, size, bytes ON application_attachment
    BEGIN SELECT RAISE(ABORT, 'a file is not changed'); END;
CREATE TRIGGER attachment_is_not_removed BEFORE DELETE ON application_attachment
    BEGIN SELECT RAISE(ABORT, 'a file is not removed'); END;

CREATE TABLE application_step (
    application INTEGER NOT NULL REFERENCES application (id),
    number      INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    -- NULL: the exchange itself.
    person      INTEGER REFERENCES person (id),
    step        TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    PRIMARY KEY (application, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER step_is_not_changed BEFORE UPDATE ON application_step BEGIN SELECT RAISE(ABORT, 'a step is not changed'); END;
CREATE TRIGGER step_is_not_removed BEFORE DELETE ON application_step BEGIN SELECT RAISE(ABORT, 'a step is not removed'); END;

-- Who looks after an online user.
CREATE TABLE contact (
    online_user INTEGER PRIMARY KEY REFERENCES online_user (id),
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    telephone   TEXT
) STRICT;

-- Limits of an account for the payments of one day, in place of its own.
CREATE TABLE one_day_limit (
    account     INTEGER NOT NULL REFERENCES account (id),
    day         INTEGER NOT NULL,
    application INTEGER NOT NULL REFERENCES application (id),
    per_payment INTEGER,
    per_day     INTEGER,
    PRIMARY KEY (account, day)
) STRICT, WITHOUT ROWID;
