-- Version 3: the limits in force when something was accepted. NULL: there was none, or it is not known any more.

-- What the use of a date's limit last grew to, and the limit that allowed it.
ALTER TABLE daily_use ADD COLUMN grown_to INTEGER;
ALTER TABLE daily_use ADD COLUMN limit_per_day INTEGER CHECK (grown_to <= limit_per_day);

-- The limit of one payment under which the payments of the lot were accepted.
ALTER TABLE lot ADD COLUMN limit_per_payment INTEGER;
