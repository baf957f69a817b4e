-- Version 23: notices to persons whose certificates end (`what` is 3, and `online_user` is the number of the person). Nodes of an earlier
-- version cannot read such a notice: before the first one they are kept out. And the certificates that were issued to persons.

CREATE INDEX IF NOT EXISTS person_certificate_in_force ON person_certificate (not_after) WHERE revoked_at IS NULL;

-- Next table.
-- What the house issued to persons, so that an answer that was lost can come again.
CREATE TABLE IF NOT EXISTS issued_to_person (
    fingerprint BYTEA  PRIMARY KEY,
    der         BYTEA  NOT NULL,
    -- SHA-256 of the request.
    request     BYTEA  NOT NULL,
    issued_at   BIGINT NOT NULL
);
CREATE OR REPLACE TRIGGER issued_to_person_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON issued_to_person
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
