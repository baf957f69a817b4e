-- Version 19: evidence of signed submissions. A row for each, which goes with a submission that becomes no message; certificates once,
-- by their hash. A revocation list is named by its number. Nodes of an earlier version write none of it. No foreign keys: to add one,
-- PostgreSQL would lock the submissions.

CREATE TABLE IF NOT EXISTS evidence_certificate (
    sha256 BYTEA PRIMARY KEY CHECK (length(sha256) = 32),
    der    BYTEA NOT NULL
);
CREATE OR REPLACE TRIGGER evidence_certificate_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE IF NOT EXISTS signature_evidence (
    submission      BIGINT PRIMARY KEY,
    received_at     BIGINT NOT NULL,
    method          TEXT   NOT NULL,
    authority       TEXT   NOT NULL,
    target          TEXT   NOT NULL,
    content_digest  TEXT   NOT NULL,
    signature_input TEXT   NOT NULL,
    signature       TEXT   NOT NULL,
    -- Other fields that the signature covers: `name: value`, a line each.
    fields          TEXT   NOT NULL,
    certificate     BYTEA  NOT NULL,
    -- The hashes of the authorities above it, one after another.
    issuers         BYTEA  NOT NULL,
    -- The key that signed the certificate, and the number of its newest revocation list at that moment.
    authority_key   BYTEA  NOT NULL,
    list_number     BIGINT
);
CREATE OR REPLACE FUNCTION refuse_removal_of_evidence() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gone g JOIN submission s ON s.id = g.submission WHERE s.state = 1) THEN
        RAISE EXCEPTION 'what is past is not changed: DELETE of signature_evidence' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER signature_evidence_stays AFTER DELETE ON signature_evidence REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal_of_evidence();
CREATE OR REPLACE TRIGGER signature_evidence_is_past BEFORE UPDATE OR TRUNCATE ON signature_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
