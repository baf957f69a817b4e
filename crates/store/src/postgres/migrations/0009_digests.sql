-- Version 9: there as soon as the audit tells of all that is in the directory.
CREATE TABLE IF NOT EXISTS audit_mark (
    id SMALLINT PRIMARY KEY CHECK (id = 1)
);
