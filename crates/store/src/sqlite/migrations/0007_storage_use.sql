-- Version 7: what the kept bodies of each client take, and what is known of the time.

-- Bytes of the bodies that submissions of a client have, in their rows or beside them. Counted where bodies come and go.
CREATE TABLE client_storage (
    client INTEGER PRIMARY KEY REFERENCES client (id),
    bytes  INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;
INSERT INTO client_storage (client, bytes)
SELECT client, sum(size) FROM submission WHERE body IS NOT NULL OR body_file IS NOT NULL GROUP BY client;

CREATE TRIGGER submission_body_kept AFTER INSERT ON submission
WHEN NEW.body IS NOT NULL OR NEW.body_file IS NOT NULL
BEGIN
    INSERT INTO client_storage (client, bytes) VALUES (NEW.client, NEW.size)
    ON CONFLICT (client) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER submission_body_removed AFTER UPDATE OF body, body_file ON submission
WHEN (OLD.body IS NOT NULL OR OLD.body_file IS NOT NULL) AND NEW.body IS NULL AND NEW.body_file IS NULL
BEGIN
    UPDATE client_storage SET bytes = bytes - OLD.size WHERE client = OLD.client;
END;
CREATE TRIGGER submission_body_discarded AFTER DELETE ON submission
WHEN OLD.body IS NOT NULL OR OLD.body_file IS NOT NULL
BEGIN
    UPDATE client_storage SET bytes = bytes - OLD.size WHERE client = OLD.client;
END;

-- The newest time that was not doubted; what a clock that jumped should have shown, and what it showed; whether this is
-- a sandbox, whose time may be simulated (unknown until it is served).
CREATE TABLE clock (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    trusted_at  INTEGER,
    expected_at INTEGER,
    shown_at    INTEGER,
    is_sandbox  INTEGER
) STRICT;
INSERT INTO clock (id, trusted_at) VALUES (1, (SELECT at FROM audit ORDER BY sequence DESC LIMIT 1));
