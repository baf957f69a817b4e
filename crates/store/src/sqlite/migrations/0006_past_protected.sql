-- Version 6: what is past is not changed by mistake, and from when on the audit tells of everything.

-- There as soon as the audit tells of all that is in the directory.
CREATE TABLE IF NOT EXISTS audit_mark (
    id INTEGER PRIMARY KEY CHECK (id = 1)
) STRICT;

-- Whoever has the file can take these away. They are there for mistakes of ours; what is changed past them is found by a check.
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'an audit line is not changed'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'an audit line is not removed'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_not_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is not changed'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_not_removed BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is not removed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_not_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'an event is not changed'); END;
CREATE TRIGGER IF NOT EXISTS event_is_not_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'an event is not removed'); END;
CREATE TRIGGER IF NOT EXISTS message_is_not_changed BEFORE UPDATE ON message BEGIN SELECT RAISE(ABORT, 'a message is not changed'); END;
CREATE TRIGGER IF NOT EXISTS message_is_not_removed BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'a message is not removed'); END;
CREATE TRIGGER IF NOT EXISTS refusal_is_not_changed BEFORE UPDATE ON refusal BEGIN SELECT RAISE(ABORT, 'a refusal is not changed'); END;
CREATE TRIGGER IF NOT EXISTS refusal_is_not_removed BEFORE DELETE ON refusal BEGIN SELECT RAISE(ABORT, 'a refusal is not removed'); END;
CREATE TRIGGER IF NOT EXISTS report_is_not_changed BEFORE UPDATE ON report BEGIN SELECT RAISE(ABORT, 'a report is not changed'); END;
CREATE TRIGGER IF NOT EXISTS report_is_not_removed BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'a report is not removed'); END;
CREATE TRIGGER IF NOT EXISTS incoming_credit_is_not_changed BEFORE UPDATE ON incoming_credit BEGIN SELECT RAISE(ABORT, 'a credit is not changed'); END;
CREATE TRIGGER IF NOT EXISTS incoming_credit_is_not_removed BEFORE DELETE ON incoming_credit BEGIN SELECT RAISE(ABORT, 'a credit is not removed'); END;
CREATE TRIGGER IF NOT EXISTS payment_is_not_changed BEFORE UPDATE ON payment BEGIN SELECT RAISE(ABORT, 'a payment is not changed'); END;
CREATE TRIGGER IF NOT EXISTS block_is_not_changed BEFORE UPDATE ON block BEGIN SELECT RAISE(ABORT, 'a block is not changed'); END;
CREATE TRIGGER IF NOT EXISTS certificate_stays_revoked BEFORE UPDATE ON certificate WHEN OLD.revoked_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a certificate stays revoked'); END;
