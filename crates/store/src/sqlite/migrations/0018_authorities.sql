-- Version 18: more than one authority. Persons' certificates name the authority that issued them, online users may have certificates of
-- other houses' authorities, and a revoked certificate of a person is a change of rights, so that each node lists it at once.

-- The identifier of the key that signed it. NULL: an older program let it in, so the first authority of the house signed it.
ALTER TABLE person_certificate ADD COLUMN authority BLOB;
CREATE TRIGGER person_certificate_changes_rights AFTER UPDATE ON person_certificate
    BEGIN UPDATE rights_count SET version = version + 1; END;

CREATE TABLE outside_certificate (
    fingerprint BLOB    PRIMARY KEY REFERENCES certificate (fingerprint),
    -- The identifier of the key that signed it: that of an authority which the configuration names.
    authority   BLOB    NOT NULL,
    serial      TEXT    NOT NULL,
    -- The application that let it in.
    application INTEGER NOT NULL REFERENCES application (id),
    UNIQUE (authority, serial)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outside_certificate_is_not_changed BEFORE UPDATE ON outside_certificate
BEGIN SELECT RAISE(ABORT, 'a certificate of another authority is not changed'); END;
CREATE TRIGGER outside_certificate_is_not_removed BEFORE DELETE ON outside_certificate
BEGIN SELECT RAISE(ABORT, 'a certificate of another authority is not removed'); END;
