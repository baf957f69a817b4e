-- Version 5: the database knows who it is, and what all who serve from it must have in common.

-- Random; its folder has it too, in tdam.id.
ALTER TABLE state ADD COLUMN identity BLOB;
UPDATE state SET identity = randomblob(16);
-- The settings that nodes share, as a JSON object of texts; NULL before anybody served.
ALTER TABLE state ADD COLUMN settings TEXT;
