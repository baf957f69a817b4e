//! Faults of data, and how the test causes each.

use std::fs;
use std::path::{Path, PathBuf};

use store::AuditLine;

use crate::support::body_files;

/// A harm to a copy.
pub enum Harm {
    /// The same statements, separated by `; `, in every store: in a copy without constraints, with SQLite's `zeroblob`, and `state_or_tail` for
    /// the table that knows the newest sequence.
    Sql(&'static str),
    /// Something to the folder of a SQLite store.
    InFolder(fn(&Path)),
    /// A statement in PostgreSQL alone.
    InServer(&'static str),
    /// The audit chain written anew, with right hashes.
    Chain(fn(&mut Vec<AuditLine>)),
}

use Harm::{Chain, InFolder, InServer, Sql};

/// A checked fault, its cause, and the expected finding; without one, the check's own words.
#[rustfmt::skip]
pub const CASES: &[(&str, Harm, Option<&str>)] = &[
    ("the database's own structure", InFolder(break_a_page), Some("the structure cannot be read")),
    ("j: an audit chain that breaks", Sql("UPDATE audit SET detail = 'nothing' WHERE sequence = 3"),
        Some("j: the audit chain breaks at line 3")),
    ("j: an audit chain that breaks", Sql("DELETE FROM audit WHERE sequence = 2"), Some("j: the audit chain breaks at line 2")),
    ("j: checkpoints that the audit chain contradicts",
        Sql("INSERT INTO audit_checkpoint VALUES (1, 1, zeroblob(32), 1, 1, '', zeroblob(32), zeroblob(64))"), None),
    ("bodies that are missing", InFolder(remove_a_body), Some("is missing")),
    ("bodies that are missing", InFolder(cut_a_body), Some(" bytes of ")),
    ("bodies that are missing", InFolder(change_a_body), Some("is not what was received")),
    ("bodies that are missing", InServer("DELETE FROM body_chunk"), Some("is missing")),
    ("bodies that are missing", InServer("UPDATE body_chunk SET bytes = substr(bytes, 2)"), Some(" bytes of ")),
    ("bodies that are missing", InServer("UPDATE body_chunk SET bytes = overlay(bytes placing zeroblob(1) from 1000)"),
        Some("is not what was received")),
    ("bodies that are missing", Sql("UPDATE submission SET body = zeroblob(length(body)) WHERE body IS NOT NULL"),
        Some("is not what was received")),

    ("rows that refer to rows that do not exist", InFolder(remove_users), None),
    ("b: accounts whose balance is not the sum of their days", Sql("UPDATE account SET balance = balance + 1"), None),
    ("b: entries of accounts that do not exist", Sql("UPDATE account_day SET account = 4711 WHERE account = 3"), None),
    ("e: messages that do not count and have payments stored", Sql("DELETE FROM flip WHERE message = 1"), None),
    ("e: messages that do not count and have blocks or lots", Sql("DELETE FROM flip WHERE message = 1"), None),
    ("e: stages of submissions that have been answered", Sql("INSERT INTO staged_keys VALUES (1, 1, zeroblob(0))"), None),
    ("f: flipped messages without an answer", Sql("DELETE FROM message WHERE id = 1"), None),
    ("f: consumed submissions without a message", Sql("UPDATE submission SET state = 0 WHERE id = 1"), None),
    ("f: messages whose answer is empty", Sql("UPDATE message SET answer = zeroblob(0) WHERE id = 1"), None),
    ("f: messages that are not what their submission is", Sql("UPDATE message SET sha256 = zeroblob(32) WHERE id = 1"), None),
    (
        "k: submissions that are set aside",
        Sql("INSERT INTO set_aside SELECT id, client, sha256 FROM submission WHERE id = 1"),
        None,
    ),
    ("k: submissions that are set aside", Sql("UPDATE submission SET state = 3, problem = zeroblob(1) WHERE id = 1"), None),
    ("k: submissions without their body", Sql("UPDATE submission SET body_file = NULL WHERE body_file IS NOT NULL"), None),
    ("k: submissions without their body", Sql("UPDATE submission SET body = NULL WHERE id = 1"), None),
    ("k: bodies noted as removed", Sql("UPDATE submission SET body_removed_at = 1"), None),
    ("k: clients whose kept bodies", Sql("UPDATE client_storage SET bytes = bytes + 1"), None),
    ("g: messages whose payments are not all stored", Sql("DELETE FROM payment WHERE id = (SELECT max(id) FROM payment)"), None),
    ("g: payments outside their block or their lot", Sql("UPDATE payment SET block = 9 WHERE id = 4294967296"), None),
    ("g: payments outside their block or their lot", Sql("UPDATE block SET count = count - 1 WHERE message = 1"), None),
    ("g: lots whose stage is not that of their last event", Sql("DELETE FROM event WHERE id = (SELECT max(id) FROM event)"), None),
    ("g: events that go back", Sql("UPDATE event SET stage = 5 WHERE id = 1"), None),
    ("g: refusals of payments that do not exist", Sql("UPDATE refusal SET last = 4711"), None),
    ("g: entries of payments that are not stored", Sql("DELETE FROM payment WHERE id = 4294967296"), None),
    ("g: entries of payments that do not count", Sql("DELETE FROM flip WHERE message = 1"), None),
    ("h: account days that differ from their entries", Sql("UPDATE account_day SET debit_count = debit_count + 1"), None),
    ("h: days with entries and without totals", Sql("DELETE FROM account_day WHERE account = 3"), None),
    ("h: days with totals and without entries", Sql("INSERT INTO account_day VALUES (3, 7, 0, 0, 0, 0)"), None),
    ("h: account days after the business day", Sql("UPDATE state SET business_day = business_day - 3"), None),
    ("i: entries that have the cause of another", Sql("INSERT INTO entry (account, booking_date, sequence, value_date, minor, kind,
        source, source_id, source_lot, counter_account) SELECT account, booking_date, sequence + 4711, value_date, minor, kind,
        source, source_id, source_lot, counter_account FROM entry WHERE source = 0 LIMIT 1"), None),
    ("i: entries that share a sequence", Sql("UPDATE entry SET sequence = 1 WHERE sequence = 2"), None),
    ("i: entries beyond the last sequence", Sql("UPDATE state_or_tail SET last_sequence = last_sequence - 1"), None),
    ("i: sequences without an entry", Sql("DELETE FROM entry WHERE sequence = 5"), None),
    ("i: internal transfers of which one side", Sql("DELETE FROM entry WHERE source = 0 AND kind = 1 AND minor > 0"), None),
    ("i: internal transfers of which one side", Sql("UPDATE entry SET minor = minor + 1 WHERE source = 0 AND kind = 1 AND minor > 0"), None),
    ("i: incoming credits that are not booked", Sql("DELETE FROM entry WHERE source = 2 AND source_id = 1"), None),
    ("i: incoming credits that are not booked", Sql("UPDATE incoming_credit SET minor = minor + 1"), None),
    ("i: returns that were paid by hand and are booked back", Sql("UPDATE waiting_return SET state = 3 - state"), None),
    ("i: returns that wait for another account", Sql("UPDATE waiting_return SET account = account + 1"), None),
    ("i: returns that wait for another account", Sql("UPDATE waiting_return SET payment = payment + 1000"), None),
    ("i: reports that state an opening balance", Sql("UPDATE report SET opening = opening + 1 WHERE id = 1"), None),
    ("i: reports that state other totals", Sql("UPDATE report SET debit = debit + 1 WHERE last_day_closed = 1"), None),
    ("i: reports that state other totals", Sql("UPDATE report SET credit_count = credit_count - 1 WHERE last_day_closed = 0"), None),
    ("i: reports that state other totals", Sql("UPDATE report SET last_sequence = last_sequence - 3 WHERE last_day_closed = 0"), None),
    ("i: reports whose numbers have gaps", Sql("UPDATE report SET number = number + 10"), None),
    ("duplicate keys of payments that do not exist", Sql("INSERT INTO duplicate_key VALUES (1, 20233590931456)"), None),
    ("payments without a duplicate key", Sql("DELETE FROM duplicate_key WHERE payment = 4294967296"), None),

    ("a: balances, or entries", Sql("UPDATE account SET balance = balance + 7 WHERE role = 1"), Some("a: balances in EUR leave 14")),
    ("a: balances, or entries", Sql("UPDATE entry SET minor = minor + 7 WHERE sequence = 5"), Some("a: entries in EUR leave 7")),
    ("b: accounts whose balance is not the sum of their entries", Sql("UPDATE entry SET minor = minor + 7 WHERE account = 3 AND sequence =
        (SELECT min(sequence) FROM entry WHERE account = 3)"), Some("b: account 3 has balance")),
    ("c: customers with less than nothing", Sql("UPDATE account SET held = balance + 1 WHERE role = 0"), Some("c: account 3 has")),
    ("c: customers with less than nothing", Sql("UPDATE daily_use SET limit_per_day = grown_to - 1"), Some("c: account 3 was let use")),
    ("c: customers with less than nothing", Sql("UPDATE lot SET limit_per_payment = 1249 WHERE message = 1"),
        Some("of 1250 was accepted over the limit 1249")),
    ("d: holds that are not", Sql("UPDATE account SET held = held + 1 WHERE id = 3"), Some("d: account 3 has")),
    ("d: holds that are not", Sql("UPDATE daily_use SET minor = minor + 1"), Some("d: account 3 uses")),
    ("d: holds that are not", Sql("UPDATE lot SET refused_count = count + 1 WHERE message = 1"), Some("contradict each other")),
    ("g: payments booked twice", Sql("UPDATE lot SET booked = booked - 1, total = total - 1 WHERE message = 1"), Some("payments of")),
    ("g: payments booked twice", Sql("UPDATE payment SET minor = minor + 1 WHERE id = 4294967296"), Some("is booked with")),
    ("g: payments booked twice", Sql("INSERT INTO refusal (message, first, last, lot, count, stage, line, code, detail)
        VALUES (1, 0, 0, NULL, 1, 1, 1, 'TDAM-4014', '')"), Some("is booked and refused")),
    ("g: payments booked twice", Sql("UPDATE payment SET lot = NULL WHERE id = 4294967296"), Some("g: ")),
    ("h: days whose opening balance", Sql("UPDATE account_day SET credit = credit + 1 WHERE account = 3"), Some("h: account 3 on")),

    // Changes that an attacker with rights to the tables may try, each with the rows as consistent as one statement
    // makes them.
    ("j: the mark from which on", Sql("DELETE FROM audit_mark"), None),
    ("j: messages, reports, credits", Chain(|lines| lines.truncate(lines.len() - 8)), None),
    ("j: messages, reports, credits", Chain(|lines| lines.retain(|line| line.action != "reports.ordered")), Some("reports, and 0 in the audit")),
    ("j: messages, reports, credits", Chain(|lines| lines.retain(|line| line.action != "credit.arrived")), Some("credits, and 0 in the audit")),
    ("j: messages, reports, credits", Chain(|lines| lines.retain(|line| line.action != "payments.refused")), None),
    ("j: messages, reports, credits", Sql("UPDATE waiting_return SET state = 0 WHERE state = 2"), Some("0 returns that were paid by hand, and 1")),
    ("j: messages, reports, credits", Chain(|lines| lines.retain(|line| line.action != "return.booked")), Some("booked back, and 0 in the audit")),
    ("j: messages, reports, credits", Chain(|lines| {
        let twice = lines.iter().find(|line| line.action == "payments.accepted").unwrap().clone();
        lines.push(twice);
    }), None),
    ("j: messages that are not what was decided", Chain(|lines| {
        let line = lines.iter_mut().find(|line| line.action == "payments.accepted").unwrap();
        line.detail = line.detail.replace("online user 1", "online user 2");
    }), None),
    ("j: messages that are not what was decided", Sql("UPDATE payment SET record = zeroblob(length(record)) WHERE id = 4294967297"), None),
    ("j: messages that are not what was decided", Sql("UPDATE payment SET creditor = 1 WHERE id = 4294967296"), None),
    ("j: messages that are not what was decided", Sql("UPDATE refusal SET code = 'TDAM-4001' WHERE stage = 0"), None),
    ("j: messages that are not what was decided", Sql("UPDATE refusal SET detail = 'another' WHERE stage = 0"), None),
    ("j: messages that are not what was decided", Sql("UPDATE block SET debtor_name = 'Cits' WHERE message = 1"), None),
    ("j: messages that are not what was decided", Sql("UPDATE block SET requested_execution_date = requested_execution_date + 1 WHERE message = 2"), None),
    ("j: messages that are not what was decided", Sql("UPDATE message SET answer = zeroblob(9), seal = NULL WHERE id = 1"), None),
    ("j: messages that are not what was decided", Sql("UPDATE message SET answer = zeroblob(9) WHERE id = 1"), Some("message 1 is not what was written")),
    ("j: messages that are not what was decided", Sql("UPDATE message SET consumed_at = consumed_at + 1, seal = NULL WHERE id = 1"), None),
    ("j: messages that are not what was decided", Sql("UPDATE lot SET execution_date = execution_date + 1 WHERE message = 1"), None),
    ("j: clients, online users", Sql("INSERT INTO certificate SELECT zeroblob(32), \"user\", serial, not_before, not_after, revoked_at
        FROM certificate LIMIT 1"), Some("stands in no line")),
    ("j: clients, online users", Sql("UPDATE certificate SET revoked_at = NULL WHERE revoked_at IS NOT NULL"), None),
    ("j: clients, online users", Sql("UPDATE certificate SET not_after = not_after + 1"), None),
    ("j: clients, online users", Sql("DELETE FROM certificate WHERE revoked_at IS NOT NULL"), Some("is not there")),
    ("j: clients, online users", Sql("UPDATE online_user SET mode = 1 WHERE mode = 0"), Some("online user 3")),
    ("j: clients, online users", Sql("UPDATE online_user SET allowed_networks = '0.0.0.0/0' WHERE id = 1"), None),
    ("j: clients, online users", Sql("UPDATE online_user SET client = 2 WHERE id = 1"), None),
    ("j: clients, online users", Sql("UPDATE online_user SET registration_valid_until = registration_valid_until + 1 WHERE id = 1"), None),
    ("j: clients, online users", Sql("UPDATE client SET acceptance = 1 - acceptance WHERE id = 1"), None),
    ("j: clients, online users", Sql("UPDATE client SET daily_balances = 1 WHERE id = 1"), Some("client 1")),
    ("j: clients, online users", Sql("UPDATE client SET lists_every_payment = 1 WHERE id = 2"), Some("client 2")),
    ("j: clients, online users", Sql("UPDATE client SET end_to_end_id_days = 0 WHERE id = 2"), Some("client 2")),
    ("j: clients, online users", Sql("UPDATE account SET owner_name = 'Cits' WHERE id = 3"), None),
    ("j: clients, online users", Sql("UPDATE account SET iban = 'LV00TREL0000000000000' WHERE id = 3"), None),
    ("j: clients, online users", Sql("UPDATE account SET client = 2 WHERE id = 3"), None),
    ("j: clients, online users", Sql("UPDATE account SET limit_per_payment = NULL WHERE id = 3"), None),
    ("j: clients, online users", Sql("UPDATE account SET state = 1 WHERE id = 4"), None),
    ("j: clients, online users", Sql("UPDATE house_account SET account = 3 WHERE purpose = 0"), Some("house account 0")),
    ("j: clients, online users", Sql("UPDATE online_user SET granted_accounts = '' WHERE id = 1"), Some("online user 1")),
    ("j: clients, online users", Sql("UPDATE online_user SET suspended_at = 1 WHERE id = 1"), Some("online user 1")),
    ("j: clients, online users", Sql("UPDATE online_user SET signature_required = 1 WHERE id = 1"), Some("online user 1")),
    ("o: online users that are granted", Sql("UPDATE online_user SET granted_accounts = '1' WHERE id = 1"), Some("online user 1, account 1")),
    ("j: clients, online users", Sql("UPDATE person SET email = 'cits@kase.example.lv' WHERE id = 1"), Some("person 1")),
    ("j: clients, online users", Sql("UPDATE person SET roles = 96 WHERE id = 2"), Some("person 2")),
    ("j: clients, online users", Sql("INSERT INTO person SELECT id + 10, client, name, email, roles, valid_from, valid_until, ended_at FROM person"),
        Some("person 11 stands in no line")),
    ("j: clients, online users", Sql("INSERT INTO person_certificate SELECT zeroblob(32), person, serial, not_before, not_after, NULL, NULL
        FROM person_certificate LIMIT 1"), Some("stands in no line")),
    ("j: clients, online users", Sql("UPDATE person_certificate SET revoked_at = NULL WHERE revoked_at IS NOT NULL"), Some("person's certificate")),
    ("j: clients, online users", Sql("DELETE FROM person_certificate WHERE revoked_at IS NOT NULL"), Some("is not there")),

    ("m: applications that were approved by who must not", Sql("UPDATE application SET entered_by = approved_by WHERE id = 1"),
        Some("approved it and entered it")),
    ("m: applications that were approved by who must not", Sql("UPDATE application SET checked_by = approved_by WHERE id = 2"),
        Some("approved it and checked it")),
    ("m: applications that were approved by who must not", Sql("UPDATE application SET approved_by = NULL, approved_at = NULL WHERE id = 1"),
        Some("approved by nobody")),
    ("n: online users whose rights", Sql("UPDATE online_user SET mode = 1 WHERE id = (SELECT max(id) FROM online_user)"), Some("has other rights than application 1")),
    ("n: online users whose rights", Sql("UPDATE contact SET email = 'cits@example.lv'"), None),
    ("n: online users whose rights", Sql("UPDATE application SET online_user = NULL WHERE id = 1"), Some("in force for no online user")),
    ("m: applications that are not what was submitted", Sql("UPDATE application SET digest = zeroblob(32) WHERE id = 1"), None),
    ("m: applications that are not what was submitted", Sql("UPDATE application SET content = (SELECT content FROM application WHERE id = 3),
        base = (SELECT base FROM application WHERE id = 3) WHERE id = 2"), None),
    ("m: applications that are not what was submitted", Sql("DELETE FROM application_attachment WHERE application = 1"), None),
    ("m: applications that are not what was submitted", Sql("UPDATE application SET kind = 8 WHERE id = 1"), Some("is noted as person")),
    ("m: applications in a state", Sql("UPDATE application SET state = 4 WHERE id = 3"), Some("application 3 is in-force without")),
    ("m: applications in a state", Sql("UPDATE application SET state = 0 WHERE id = 3"), Some("is a draft and was submitted")),
    ("m: applications in a state", Sql("UPDATE application SET due_on = due_on + 1 WHERE id = 1"), Some("application 1 is noted for")),
    ("m: files of applications", Sql("UPDATE application_attachment SET bytes = zeroblob(4)"), None),
    ("n: limits of a day", Sql("UPDATE one_day_limit SET per_day = per_day + 1"), Some("application 2")),
    ("n: limits of a day", Sql("DELETE FROM one_day_limit"), Some("application 2")),
    ("n: limits of a day", Sql("INSERT INTO one_day_limit (account, day, application, per_payment, per_day)
        SELECT account, day + 1, application, per_payment, per_day FROM one_day_limit"), None),
    ("m: persons who are of a client", Sql("UPDATE person SET client = 1 WHERE id = 1"), Some("operators, or have no roles or days: person 1")),
    ("o: issued certificates that are not what their", Sql("UPDATE issued_certificate SET der = zeroblob(4)"), None),
    ("o: enrolment codes that were used for", Sql("UPDATE enrolment_code SET online_user = 1 WHERE certificate IS NOT NULL"), None),
    ("o: certificates that were issued for several", Sql("UPDATE enrolment_code SET certificate = (SELECT fingerprint FROM issued_certificate)"), None),
    ("o: online users with several enrolment codes", Sql("UPDATE enrolment_code SET withdrawn_at = NULL"), None),
    ("o: issued certificates that are not known", Sql("UPDATE issued_certificate SET serial = '00'"), None),
    ("o: issued certificates that are not known", Sql("UPDATE certificate SET not_after = not_after + 100000000000000
        WHERE serial IN (SELECT serial FROM issued_certificate)"), None),
    ("j: a business day", Sql("UPDATE state SET business_day = business_day + 1"), None),
    ("bodies that do not say what is stored", Sql("UPDATE payment SET record = zeroblob(length(record)) WHERE id = 4294967297"), Some("message: 1: payment 1")),
    ("bodies that do not say what is stored", Sql("UPDATE payment SET minor = minor + 1 WHERE id = 8589934593"), Some("message: 2: payment 1")),
    ("bodies that do not say what is stored", Sql("UPDATE block SET debtor_name = 'Cits' WHERE message = 1"), Some("message: 1: block 0")),
    ("bodies that do not say what is stored", Sql("UPDATE message SET message_id = 'MSG-7', seal = NULL WHERE id = 1"), Some("message: 1: the group header")),
];

pub fn database(folder: &Path) -> PathBuf {
    folder.join("tdam.sqlite")
}

fn a_body(folder: &Path) -> PathBuf {
    body_files(folder).swap_remove(0)
}

fn remove_a_body(folder: &Path) {
    fs::remove_file(a_body(folder)).unwrap();
}

fn cut_a_body(folder: &Path) {
    let file = a_body(folder);
    let bytes = fs::read(&file).unwrap();
    fs::write(file, &bytes[1..]).unwrap();
}

fn change_a_body(folder: &Path) {
    let file = a_body(folder);
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(file, bytes).unwrap();
}

fn remove_users(folder: &Path) {
    let connection = rusqlite::Connection::open(database(folder)).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM online_user").unwrap();
}

/// The page where the payments begin becomes one of nothing.
fn break_a_page(folder: &Path) {
    let file = database(folder);
    let connection = rusqlite::Connection::open(&file).unwrap();
    let page: u32 = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'payment'", [], |row| row.get(0))
        .unwrap();
    let size: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    drop(connection);
    let (page, size) = (page as usize, size as usize);
    let mut bytes = fs::read(&file).unwrap();
    bytes[(page - 1) * size..page * size].fill(0);
    fs::write(file, bytes).unwrap();
}
