-- Version 11: the serving process keeps who calls in memory, and the business day. A row counts the changes of both; the process
-- looks at the count, so that it also notices what another process changes.

CREATE TABLE rights (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO rights (id, version) VALUES (1, 1);

-- Nobody knows what is inserted.
CREATE TRIGGER certificate_changes_rights AFTER UPDATE ON certificate BEGIN UPDATE rights SET version = version + 1; END;
CREATE TRIGGER certificate_goes AFTER DELETE ON certificate BEGIN UPDATE rights SET version = version + 1; END;
CREATE TRIGGER online_user_changes_rights AFTER UPDATE ON online_user BEGIN UPDATE rights SET version = version + 1; END;
CREATE TRIGGER online_user_goes AFTER DELETE ON online_user BEGIN UPDATE rights SET version = version + 1; END;
-- A transaction that decides about a client's message counts in `flips`.
CREATE TRIGGER client_changes_rights
    AFTER UPDATE OF id, name, registration_number, acceptance, lists_every_payment, daily_balances, end_to_end_id_days ON client
    BEGIN UPDATE rights SET version = version + 1; END;
CREATE TRIGGER client_goes AFTER DELETE ON client BEGIN UPDATE rights SET version = version + 1; END;
CREATE TRIGGER business_day_changes AFTER UPDATE OF business_day ON state BEGIN UPDATE rights SET version = version + 1; END;
