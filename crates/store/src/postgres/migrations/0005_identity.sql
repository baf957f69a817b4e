-- Version 5: the database knows who it is, and what all who serve from it must have in common.

-- Random; the configuration of a node may name it.
ALTER TABLE state ADD COLUMN identity UUID NOT NULL DEFAULT gen_random_uuid();
-- The settings that nodes share, as a JSON object of texts; NULL before anybody served.
ALTER TABLE state ADD COLUMN settings TEXT;
