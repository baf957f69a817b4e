-- Version 8: hashes of rows, verified whenever the rows are read. NULL: the row was written before there were any.

ALTER TABLE message ADD COLUMN seal BLOB;
ALTER TABLE submission ADD COLUMN seal BLOB;
ALTER TABLE submission ADD COLUMN problem_seal BLOB;
