-- Version 13: what else is known of a credit from outside, an encoded payment record (NULL: nothing, as of credits that nodes of an
-- earlier version insert), and whether a report has balances of each day, as its client wanted when it asked.

ALTER TABLE incoming_credit ADD COLUMN IF NOT EXISTS record BYTEA;

-- Next table.
ALTER TABLE report ADD COLUMN daily_balances SMALLINT NOT NULL DEFAULT 0;
