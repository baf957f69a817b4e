-- Version 10: a hash of each message's row, verified whenever the row is read. NULL: the row was written before there were
-- any, or by a node of an earlier version.

ALTER TABLE message ADD COLUMN seal BYTEA;
