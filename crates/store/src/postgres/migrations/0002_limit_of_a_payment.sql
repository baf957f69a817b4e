-- Version 2: the limit of one payment in force when the payments of a lot were accepted. NULL: there was none, or it is not
-- known any more, as of lots that nodes of an earlier version insert.

ALTER TABLE lot ADD COLUMN limit_per_payment BIGINT;
