-- Version 2: the bodies of answered messages may be removed after a while; when that was done stays known.

ALTER TABLE submission ADD COLUMN body_removed_at INTEGER;

-- What may be removed, oldest first.
CREATE INDEX submission_removable ON submission (received_at) WHERE state = 1 AND body_file IS NOT NULL;
