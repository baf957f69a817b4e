-- Version 2: the limits in force when something was accepted. NULL: there was none, or it is not known any more.
--
-- Nodes of the version before may be serving, and go on: they name the columns that they know, and leave these alone. So a
-- use that one of them lets grow is larger than what it grew to here, and its limit is not known.
-- No row is read or rewritten: what is there has NULL, which fulfils the new constraint.

-- What the use of a date's limit last grew to, and the limit that allowed it.
ALTER TABLE daily_use
    ADD COLUMN grown_to BIGINT,
    ADD COLUMN limit_per_day BIGINT,
    ADD CONSTRAINT daily_use_within_limit CHECK (grown_to <= limit_per_day) NOT VALID;

-- The limit of one payment under which the payments of the lot were accepted.
ALTER TABLE lot ADD COLUMN limit_per_payment BIGINT;
