-- Version 14: certificates that the house issues. Codes to enrol with, what was issued for which request, why something was revoked,
-- and signed revocation lists.

CREATE TABLE enrolment_code (
    selector                 TEXT    PRIMARY KEY,
    -- SHA-256 of the whole code.
    hash                     BLOB    NOT NULL,
    online_user              INTEGER NOT NULL REFERENCES online_user (id),
    registration_valid_until INTEGER NOT NULL,
    -- 0: for a request; 1: for a key store; 2: for one with triple DES.
    kind                     INTEGER NOT NULL,
    made_at                  INTEGER NOT NULL,
    valid_until              INTEGER NOT NULL,
    tries_left               INTEGER NOT NULL CHECK (tries_left >= 0),
    withdrawn_at             INTEGER,
    -- The certificate that it was used for.
    certificate              BLOB REFERENCES certificate (fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolment_code_by_user ON enrolment_code (online_user) WHERE certificate IS NULL AND withdrawn_at IS NULL;

CREATE TRIGGER enrolment_code_is_not_changed
    BEFORE UPDATE OF selector, hash, online_user, registration_valid_until, kind, made_at, valid_until ON enrolment_code
BEGIN SELECT RAISE(ABORT, 'a code is not changed'); END;
CREATE TRIGGER enrolment_code_is_used_once BEFORE UPDATE ON enrolment_code WHEN OLD.certificate IS NOT NULL AND NEW.certificate IS NOT OLD.certificate
BEGIN SELECT RAISE(ABORT, 'a code is used once'); END;
CREATE TRIGGER enrolment_code_stays_withdrawn BEFORE UPDATE ON enrolment_code WHEN OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NOT OLD.withdrawn_at
BEGIN SELECT RAISE(ABORT, 'a code stays withdrawn'); END;
CREATE TRIGGER enrolment_code_tries_only_fall BEFORE UPDATE OF tries_left ON enrolment_code WHEN NEW.tries_left > OLD.tries_left
BEGIN SELECT RAISE(ABORT, 'tries do not come back'); END;
CREATE TRIGGER enrolment_code_is_not_removed BEFORE DELETE ON enrolment_code
BEGIN SELECT RAISE(ABORT, 'a code is not removed'); END;

CREATE TABLE issued_certificate (
    fingerprint BLOB    PRIMARY KEY REFERENCES certificate (fingerprint),
    serial      TEXT    NOT NULL UNIQUE,
    -- The identifier of the key that signed it.
    authority   BLOB    NOT NULL,
    der         BLOB    NOT NULL,
    -- SHA-256 of the request. NULL: the house made the key.
    request     BLOB,
    issued_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX issued_certificate_by_request ON issued_certificate (request) WHERE request IS NOT NULL;

CREATE TRIGGER issued_certificate_is_not_changed BEFORE UPDATE ON issued_certificate
BEGIN SELECT RAISE(ABORT, 'an issued certificate is not changed'); END;
CREATE TRIGGER issued_certificate_is_not_removed BEFORE DELETE ON issued_certificate
BEGIN SELECT RAISE(ABORT, 'an issued certificate is not removed'); END;

-- The number of the reason (RFC 5280, 5.3.1).
CREATE TABLE revocation_reason (
    fingerprint BLOB    PRIMARY KEY REFERENCES certificate (fingerprint),
    reason      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER revocation_reason_is_not_changed BEFORE UPDATE ON revocation_reason
BEGIN SELECT RAISE(ABORT, 'a reason is not changed'); END;
CREATE TRIGGER revocation_reason_is_not_removed BEFORE DELETE ON revocation_reason
BEGIN SELECT RAISE(ABORT, 'a reason is not removed'); END;

CREATE TABLE revocation_list (
    -- The identifier of the key that signed it.
    authority   BLOB    NOT NULL,
    number      INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    -- SHA-256 over what it lists.
    content     BLOB    NOT NULL,
    der         BLOB    NOT NULL,
    PRIMARY KEY (authority, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER revocation_list_is_not_changed BEFORE UPDATE ON revocation_list
BEGIN SELECT RAISE(ABORT, 'a revocation list is not changed'); END;
CREATE TRIGGER revocation_list_is_not_removed BEFORE DELETE ON revocation_list
BEGIN SELECT RAISE(ABORT, 'a revocation list is not removed'); END;

CREATE INDEX certificate_revoked ON certificate (not_after) WHERE revoked_at IS NOT NULL;
