-- Version 23: notices to persons whose certificates end (`what` is 3, and `online_user` is the number of the person). Nodes of an earlier
-- version cannot read such a notice: before the first one they are kept out.

CREATE INDEX IF NOT EXISTS person_certificate_in_force ON person_certificate (not_after) WHERE revoked_at IS NULL;
