-- Version 15: evidence of signed submissions. A row for each, which goes with a submission that becomes no message; certificates once,
-- by their hash. A revocation list is named by its number.

CREATE TABLE evidence_certificate (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    der    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER evidence_certificate_is_not_changed BEFORE UPDATE ON evidence_certificate
BEGIN SELECT RAISE(ABORT, 'a certificate of evidence is not changed'); END;
CREATE TRIGGER evidence_certificate_is_not_removed BEFORE DELETE ON evidence_certificate
BEGIN SELECT RAISE(ABORT, 'a certificate of evidence is not removed'); END;

CREATE TABLE signature_evidence (
    submission      INTEGER PRIMARY KEY REFERENCES submission (id),
    received_at     INTEGER NOT NULL,
    method          TEXT    NOT NULL,
    authority       TEXT    NOT NULL,
    target          TEXT    NOT NULL,
    content_digest  TEXT    NOT NULL,
    signature_input TEXT    NOT NULL,
    signature       TEXT    NOT NULL,
    -- Other fields that the signature covers: `name: value`, a line each.
    fields          TEXT    NOT NULL,
    certificate     BLOB    NOT NULL REFERENCES evidence_certificate (sha256),
    -- The hashes of the authorities above it, one after another.
    issuers         BLOB    NOT NULL,
    -- The key that signed the certificate, and the number of its newest revocation list at that moment.
    authority_key   BLOB    NOT NULL,
    list_number     INTEGER
) STRICT;
CREATE TRIGGER signature_evidence_is_not_changed BEFORE UPDATE ON signature_evidence
BEGIN SELECT RAISE(ABORT, 'evidence is not changed'); END;
CREATE TRIGGER signature_evidence_stays BEFORE DELETE ON signature_evidence
WHEN EXISTS (SELECT 1 FROM submission WHERE id = OLD.submission AND state = 1)
BEGIN SELECT RAISE(ABORT, 'evidence of a message is not removed'); END;
