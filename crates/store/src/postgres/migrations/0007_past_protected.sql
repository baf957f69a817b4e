-- Version 7: what is past is not changed, whoever tries. The serving role has no right to most of it (rights.rs); where it
-- needs one for what is not past yet, the triggers tell the two apart. They hold for the owner too, as long as he leaves them.
--
-- A piece for each table: each is a transaction of its own, and can be run again.

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is past is not changed: % of %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Next table.
CREATE OR REPLACE TRIGGER audit_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER entry_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER event_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER flip_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON flip
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER incoming_credit_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON incoming_credit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER message_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON message
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER report_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER refusal_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON refusal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER online_user_is_past BEFORE UPDATE OR DELETE OR TRUNCATE ON online_user
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER client_is_past BEFORE UPDATE OF id, name, registration_number, acceptance OR DELETE OR TRUNCATE ON client
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER certificate_is_past
    BEFORE UPDATE OF fingerprint, "user", serial, not_before, not_after OR DELETE OR TRUNCATE ON certificate
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER certificate_stays_revoked BEFORE UPDATE ON certificate
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER account_is_past
    BEFORE UPDATE OF id, client, role, kind, currency, iban, owner_name OR DELETE OR TRUNCATE ON account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER house_account_is_past BEFORE UPDATE ON house_account
    FOR EACH ROW WHEN (NEW.account <> OLD.account OR NEW.purpose <> OLD.purpose) EXECUTE FUNCTION refuse_change();

-- Next table.
-- Days: the day goes forward, and not by decades.
CREATE OR REPLACE TRIGGER state_goes_forward BEFORE UPDATE ON state
    FOR EACH ROW WHEN (OLD.business_day IS NOT NULL
        AND (NEW.business_day IS NULL OR NEW.business_day < OLD.business_day OR NEW.business_day > OLD.business_day + 3660))
    EXECUTE FUNCTION refuse_change();

-- Next table.
CREATE OR REPLACE TRIGGER tail_goes_forward BEFORE UPDATE ON tail
    FOR EACH ROW WHEN (NEW.last_sequence < OLD.last_sequence OR NEW.audit_sequence < OLD.audit_sequence)
    EXECUTE FUNCTION refuse_change();

-- Next table.
-- Whether a commit happened is asked of its trace for half a minute.
CREATE OR REPLACE TRIGGER job_is_kept_for_a_while BEFORE DELETE ON job
    FOR EACH ROW WHEN (OLD.at > now() - interval '5 minutes') EXECUTE FUNCTION refuse_change();

-- Next table.
-- An answered submission (1, 2) loses its body to retention, once, and nothing else.
CREATE OR REPLACE TRIGGER submission_is_past
    BEFORE UPDATE OF id, "user", client, received_at, size, certificate, sha256, request_id OR TRUNCATE ON submission
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER submission_stays_answered BEFORE UPDATE ON submission
    FOR EACH ROW WHEN (OLD.state IN (1, 2) AND (
        NEW.state <> OLD.state OR NEW.problem IS DISTINCT FROM OLD.problem OR NEW.body IS DISTINCT FROM OLD.body
        OR ((NEW.body_file IS DISTINCT FROM OLD.body_file OR NEW.body_removed_at IS DISTINCT FROM OLD.body_removed_at)
            AND NOT (OLD.state = 1 AND OLD.body_file IS NOT NULL AND NEW.body_file IS NULL
                AND OLD.body_removed_at IS NULL AND NEW.body_removed_at IS NOT NULL))))
    EXECUTE FUNCTION refuse_change();
CREATE OR REPLACE TRIGGER submission_stays BEFORE DELETE ON submission
    FOR EACH ROW WHEN (OLD.state IN (1, 2)) EXECUTE FUNCTION refuse_change();

-- Next table.
-- What a lot is stays; how far it has come goes forward. The columns are set to what they are, so each is compared.
CREATE OR REPLACE TRIGGER lot_goes_forward BEFORE UPDATE ON lot
    FOR EACH ROW WHEN (NEW.block <> OLD.block OR NEW.debtor <> OLD.debtor OR NEW.route <> OLD.route
        OR NEW.execution_date <> OLD.execution_date OR NEW.first <> OLD.first OR NEW.last <> OLD.last
        OR NEW.count <> OLD.count OR NEW.total <> OLD.total OR NEW.stage < OLD.stage
        OR NEW.executed_below < OLD.executed_below OR NEW.booked < OLD.booked OR NEW.booked_count < OLD.booked_count
        OR NEW.refused < OLD.refused OR NEW.refused_count < OLD.refused_count)
    EXECUTE FUNCTION refuse_change();

-- Next table.
-- A stage is discarded as a whole; what counts stays.
CREATE OR REPLACE FUNCTION refuse_removal_of_payment() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gone g JOIN flip f ON f.message = g.id >> 32) THEN
        RAISE EXCEPTION 'what is past is not changed: DELETE of payment' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER payment_stays AFTER DELETE ON payment REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal_of_payment();
CREATE OR REPLACE TRIGGER payment_is_past BEFORE UPDATE OR TRUNCATE ON payment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
-- A stage is discarded as a whole; what counts stays.
CREATE OR REPLACE FUNCTION refuse_removal_of_block() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gone g JOIN flip f ON f.message = g.message) THEN
        RAISE EXCEPTION 'what is past is not changed: DELETE of block' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER block_stays AFTER DELETE ON block REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal_of_block();
CREATE OR REPLACE TRIGGER block_is_past BEFORE UPDATE OR TRUNCATE ON block
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Next table.
-- A stage is discarded as a whole; what counts stays.
CREATE OR REPLACE FUNCTION refuse_removal_of_duplicate_key() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gone g JOIN flip f ON f.message = g.payment >> 32) THEN
        RAISE EXCEPTION 'what is past is not changed: DELETE of duplicate_key' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER duplicate_key_stays AFTER DELETE ON duplicate_key REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal_of_duplicate_key();
CREATE OR REPLACE TRIGGER duplicate_key_is_past BEFORE UPDATE OR TRUNCATE ON duplicate_key
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

