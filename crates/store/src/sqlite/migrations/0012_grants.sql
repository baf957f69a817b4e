-- Version 12: an online user is granted accounts one by one, may be suspended, and may have to sign what it submits. A change of any
-- of them is a change of rights, which the trigger of version 11 counts.

-- Ids of accounts, ascending, with a blank between. A new account is nobody's until somebody grants it.
ALTER TABLE online_user ADD COLUMN granted_accounts TEXT NOT NULL DEFAULT '';
-- Since when requests of the user are refused. NULL: they are not.
ALTER TABLE online_user ADD COLUMN suspended_at INTEGER;
ALTER TABLE online_user ADD COLUMN signature_required INTEGER NOT NULL DEFAULT 0;

-- Who was here before goes on with all accounts of its client.
UPDATE online_user SET granted_accounts = coalesce((
    SELECT group_concat(id, ' ') FROM (SELECT id FROM account WHERE account.client = online_user.client ORDER BY id)), '');

-- Programs of an older version than this do not serve. 0: grants are not in effect yet, all accounts are granted as before.
ALTER TABLE state ADD COLUMN minimum_node_version INTEGER NOT NULL DEFAULT 0;

-- On PostgreSQL nodes of the version before look for a row in `rights` (migration 16 there); both engines have one name for it.
ALTER TABLE rights RENAME TO rights_count;
