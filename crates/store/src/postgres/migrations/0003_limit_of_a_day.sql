-- Version 3: what the use of a date's limit last grew to, and the limit in force that allowed it. NULL: there was none, or
-- it is not known any more. A node of an earlier version that lets a use grow leaves both as they are: the use is larger
-- then than what it grew to here, and under which limit is not known.

ALTER TABLE daily_use
    ADD COLUMN grown_to BIGINT,
    ADD COLUMN limit_per_day BIGINT,
    -- What is there has NULL, so that no row needs to be read.
    ADD CONSTRAINT daily_use_within_limit CHECK (grown_to <= limit_per_day) NOT VALID;
