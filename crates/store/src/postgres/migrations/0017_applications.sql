-- Version 17: applications, and persons with certificates of their own. Nodes of the version before know none of these tables.
-- No foreign keys to tables in use: to add one, PostgreSQL would lock them.

CREATE TABLE IF NOT EXISTS person (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- NULL: an operator.
    client      BIGINT,
    name        TEXT   NOT NULL CHECK (name <> ''),
    email       TEXT   NOT NULL,
    -- A bit for each role.
    roles       BIGINT NOT NULL CHECK (roles > 0),
    valid_from  BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    ended_at    BIGINT
);
CREATE INDEX IF NOT EXISTS person_of ON person (client);

CREATE TABLE IF NOT EXISTS person_certificate (
    fingerprint BYTEA  PRIMARY KEY CHECK (length(fingerprint) = 32),
    person      BIGINT NOT NULL REFERENCES person (id),
    serial      TEXT   NOT NULL,
    not_before  BIGINT NOT NULL,
    not_after   BIGINT NOT NULL,
    revoked_at  BIGINT
);
CREATE INDEX IF NOT EXISTS person_certificate_of ON person_certificate (person);
CREATE OR REPLACE TRIGGER person_certificate_stays_revoked BEFORE UPDATE ON person_certificate
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS application (
    id           BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         SMALLINT NOT NULL,
    state        SMALLINT NOT NULL,
    client       BIGINT,
    online_user  BIGINT,
    applicant    BIGINT   REFERENCES person (id),
    content      BYTEA    NOT NULL,
    -- What it changes, and the digest of all, since it was submitted.
    base         BYTEA,
    digest       BYTEA    CHECK (length(digest) = 32),
    entered_by   BIGINT   NOT NULL REFERENCES person (id),
    entered_at   BIGINT   NOT NULL,
    submitted_by BIGINT   REFERENCES person (id),
    submitted_at BIGINT,
    checked_by   BIGINT   REFERENCES person (id),
    checked_at   BIGINT,
    approved_by  BIGINT   REFERENCES person (id),
    approved_at  BIGINT,
    -- The first day on which the exchange looks at it again.
    due_on       BIGINT
);
-- At every moment at most one registration of an online user is in force, and one card of a client.
CREATE UNIQUE INDEX IF NOT EXISTS registration_in_force ON application (online_user) WHERE state = 4 AND kind IN (2, 3, 4);
CREATE UNIQUE INDEX IF NOT EXISTS card_in_force ON application (client) WHERE state = 4 AND kind = 7;
CREATE INDEX IF NOT EXISTS application_due ON application (due_on) WHERE due_on IS NOT NULL;
CREATE OR REPLACE TRIGGER application_is_past BEFORE DELETE OR TRUNCATE ON application
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER application_stands BEFORE UPDATE ON application
    FOR EACH ROW WHEN (OLD.state <> 0 AND (NEW.content <> OLD.content OR NEW.base IS DISTINCT FROM OLD.base
        OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.kind <> OLD.kind OR NEW.state < OLD.state))
    EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER application_has_its_people BEFORE UPDATE ON application
    FOR EACH ROW WHEN (NEW.entered_by <> OLD.entered_by
        OR (OLD.checked_by IS NOT NULL AND NEW.checked_by IS DISTINCT FROM OLD.checked_by)
        OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by))
    EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS application_attachment (
    application BIGINT   NOT NULL REFERENCES application (id),
    name        TEXT     NOT NULL,
    kind        SMALLINT NOT NULL,
    sha256      BYTEA    NOT NULL CHECK (length(sha256) = 32),
    size        BIGINT   NOT NULL,
    bytes       BYTEA    NOT NULL,
    verified_by BIGINT   REFERENCES person (id),
    verified_at BIGINT,
    how         TEXT,
    PRIMARY KEY (application, name)
);
CREATE OR REPLACE TRIGGER attachment_is_past
    BEFORE UPDATE OF application, name, kind, sha256, size, bytes OR DELETE OR TRUNCATE ON application_attachment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS application_step (
    application BIGINT NOT NULL REFERENCES application (id),
    number      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    -- NULL: the exchange itself.
    person      BIGINT REFERENCES person (id),
    step        TEXT   NOT NULL,
    detail      TEXT   NOT NULL,
    PRIMARY KEY (application, number)
);
CREATE OR REPLACE TRIGGER step_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON application_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who looks after an online user.
CREATE TABLE IF NOT EXISTS contact (
    online_user BIGINT PRIMARY KEY,
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    telephone   TEXT
);

-- Limits of an account for the payments of one day, in place of its own.
CREATE TABLE IF NOT EXISTS one_day_limit (
    account     BIGINT NOT NULL,
    day         BIGINT NOT NULL,
    application BIGINT NOT NULL REFERENCES application (id),
    per_payment BIGINT,
    per_day     BIGINT,
    PRIMARY KEY (account, day)
);
