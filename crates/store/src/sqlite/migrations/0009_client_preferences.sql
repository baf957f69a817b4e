-- Version 9: settings of a client, and what reports tell besides.

-- Whether a pain.002 lists each payment, and whether a report of several days has balances of each day.
ALTER TABLE client ADD COLUMN lists_every_payment INTEGER NOT NULL DEFAULT 0;
ALTER TABLE client ADD COLUMN daily_balances INTEGER NOT NULL DEFAULT 0;
-- For how many days an EndToEndId stays the payment's own. NULL: for ever. 0: within its message.
ALTER TABLE client ADD COLUMN end_to_end_id_days INTEGER CHECK (end_to_end_id_days >= 0);

-- An encoded payment record: what else is known of a credit from outside. NULL: nothing.
ALTER TABLE incoming_credit ADD COLUMN record BLOB;
-- Whether the report has balances of each day, as its client wanted when it asked.
ALTER TABLE report ADD COLUMN daily_balances INTEGER NOT NULL DEFAULT 0;
