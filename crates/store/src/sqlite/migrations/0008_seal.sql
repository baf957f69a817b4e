-- Version 8: a hash of each message's row, verified whenever the row is read. NULL: the row was written before there were any.

ALTER TABLE message ADD COLUMN seal BLOB;
