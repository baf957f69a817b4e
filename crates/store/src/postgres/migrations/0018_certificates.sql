-- Version 18: certificates that the house issues. Codes to enrol with, what was issued for which request, why something was revoked,
-- and signed revocation lists. Nodes of an earlier version write none of it. No foreign keys: to add one, PostgreSQL would lock
-- the certificates.

CREATE TABLE IF NOT EXISTS enrolment_code (
    selector                 TEXT     PRIMARY KEY,
    -- SHA-256 of the whole code.
    hash                     BYTEA    NOT NULL,
    online_user              BIGINT   NOT NULL,
    registration_valid_until BIGINT   NOT NULL,
    -- 0: for a request; 1: for a key store; 2: for one with triple DES.
    kind                     SMALLINT NOT NULL,
    made_at                  BIGINT   NOT NULL,
    valid_until              BIGINT   NOT NULL,
    tries_left               BIGINT   NOT NULL CHECK (tries_left >= 0),
    withdrawn_at             BIGINT,
    -- The certificate that it was used for.
    certificate              BYTEA
);
CREATE INDEX IF NOT EXISTS enrolment_code_by_user ON enrolment_code (online_user) WHERE certificate IS NULL AND withdrawn_at IS NULL;

CREATE OR REPLACE TRIGGER enrolment_code_is_past
    BEFORE UPDATE OF selector, hash, online_user, registration_valid_until, kind, made_at, valid_until OR DELETE OR TRUNCATE
    ON enrolment_code FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER enrolment_code_is_used_once BEFORE UPDATE ON enrolment_code
    FOR EACH ROW WHEN (OLD.certificate IS NOT NULL AND NEW.certificate IS DISTINCT FROM OLD.certificate
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
        OR NEW.tries_left > OLD.tries_left)
    EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS issued_certificate (
    fingerprint BYTEA  PRIMARY KEY,
    serial      TEXT   NOT NULL UNIQUE,
    -- The identifier of the key that signed it.
    authority   BYTEA  NOT NULL,
    der         BYTEA  NOT NULL,
    -- SHA-256 of the request. NULL: the house made the key.
    request     BYTEA,
    issued_at   BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS issued_certificate_by_request ON issued_certificate (request) WHERE request IS NOT NULL;
CREATE OR REPLACE TRIGGER issued_certificate_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The number of the reason (RFC 5280, 5.3.1).
CREATE TABLE IF NOT EXISTS revocation_reason (
    fingerprint BYTEA    PRIMARY KEY,
    reason      SMALLINT NOT NULL
);
CREATE OR REPLACE TRIGGER revocation_reason_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON revocation_reason
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS revocation_list (
    -- The identifier of the key that signed it.
    authority   BYTEA  NOT NULL,
    number      BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    -- SHA-256 over what it lists.
    content     BYTEA  NOT NULL,
    der         BYTEA  NOT NULL,
    PRIMARY KEY (authority, number)
);
CREATE OR REPLACE TRIGGER revocation_list_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON revocation_list
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE INDEX IF NOT EXISTS certificate_revoked ON certificate (not_after) WHERE revoked_at IS NOT NULL;
