-- Version 11: hashes of what was received, and of the problem that it ended with, verified whenever they are read. NULL: as in
-- version 10.

ALTER TABLE submission ADD COLUMN seal BYTEA, ADD COLUMN problem_seal BYTEA;
