-- Version 8: what the kept bodies of each client take, and what is known of the time.

-- Bytes of the bodies that submissions of a client have, in their rows or beside them. The triggers count, so that nodes
-- of the version before count too. Whoever inserts a submission holds its client's lock already. New submissions wait
-- while the sum is made.
CREATE TABLE client_storage (
    client BIGINT PRIMARY KEY,
    bytes  BIGINT NOT NULL CHECK (bytes >= 0)
) WITH (fillfactor = 50);

CREATE FUNCTION count_body_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO client_storage AS s (client, bytes) VALUES (NEW.client, NEW.size)
    ON CONFLICT (client) DO UPDATE SET bytes = s.bytes + excluded.bytes;
    RETURN NULL;
END $$;
CREATE FUNCTION count_body_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE client_storage SET bytes = bytes - OLD.size WHERE client = OLD.client;
    RETURN NULL;
END $$;

CREATE TRIGGER submission_body_kept AFTER INSERT ON submission FOR EACH ROW
WHEN (NEW.body IS NOT NULL OR NEW.body_file IS NOT NULL) EXECUTE FUNCTION count_body_kept();
CREATE TRIGGER submission_body_removed AFTER UPDATE OF body, body_file ON submission FOR EACH ROW
WHEN ((OLD.body IS NOT NULL OR OLD.body_file IS NOT NULL) AND NEW.body IS NULL AND NEW.body_file IS NULL)
EXECUTE FUNCTION count_body_removed();
CREATE TRIGGER submission_body_discarded AFTER DELETE ON submission FOR EACH ROW
WHEN (OLD.body IS NOT NULL OR OLD.body_file IS NOT NULL) EXECUTE FUNCTION count_body_removed();

INSERT INTO client_storage (client, bytes)
SELECT client, sum(size) FROM submission WHERE body IS NOT NULL OR body_file IS NOT NULL GROUP BY client;

-- The newest time that was not doubted; what a clock that jumped should have shown, and what it showed; whether this is
-- a sandbox, whose time may be simulated (unknown until it is served).
CREATE TABLE clock (
    id          SMALLINT PRIMARY KEY CHECK (id = 1),
    trusted_at  BIGINT,
    expected_at BIGINT,
    shown_at    BIGINT,
    is_sandbox  SMALLINT
);
INSERT INTO clock (id, trusted_at) VALUES (1, (SELECT at FROM audit ORDER BY sequence DESC LIMIT 1));
