-- Version 12: settings of a client: whether a pain.002 lists each payment, whether a report of several days has balances of each
-- day, and for how many days an EndToEndId stays the payment's own (NULL: for ever; 0: within its message). Nodes of an earlier
-- version do as they did before.

ALTER TABLE client
    ADD COLUMN lists_every_payment SMALLINT NOT NULL DEFAULT 0,
    ADD COLUMN daily_balances      SMALLINT NOT NULL DEFAULT 0,
    ADD COLUMN end_to_end_id_days  INTEGER CHECK (end_to_end_id_days >= 0);
