-- Version 6: how long a node's sign of life holds stands with the node, so that no other node judges it by its own setting.
-- NULL: a node of an older version, which is judged by the one that looks.
ALTER TABLE node ADD COLUMN lease_seconds DOUBLE PRECISION;
