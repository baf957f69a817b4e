-- Version 22: more than one authority. Persons' certificates name the authority that issued them, online users may have certificates of
-- other houses' authorities, and a revoked certificate of a person is a change of rights, so that each node lists it at once.
-- Nodes of an earlier version do not know lists of other authorities: before the first such certificate they are kept out.

CREATE TABLE IF NOT EXISTS outside_certificate (
    fingerprint BYTEA  PRIMARY KEY,
    -- The identifier of the key that signed it: that of an authority which the configuration names.
    authority   BYTEA  NOT NULL,
    serial      TEXT   NOT NULL,
    -- The application that let it in.
    application BIGINT NOT NULL,
    UNIQUE (authority, serial)
);
CREATE OR REPLACE TRIGGER outside_certificate_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON outside_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
-- The identifier of the key that signed it. NULL: an older program let it in, so the first authority of the house signed it.
ALTER TABLE person_certificate ADD COLUMN IF NOT EXISTS authority BYTEA;
CREATE OR REPLACE TRIGGER person_certificate_changes_rights AFTER UPDATE ON person_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION count_change_of_rights();
