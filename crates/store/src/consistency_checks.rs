//! Faults of a database that no constraint can prevent: queries whose answer is 0 in a sound one. Every store gets the
//! same queries, in SQL that both understand.
//!
//! Each query must take time that grows only linearly with the rows, and bounded memory. So they use `NOT EXISTS` where
//! a key finds the other row, `EXCEPT` where none does, and never `NOT IN`, for which PostgreSQL compares every row
//! with every other as soon as they do not fit into its memory.
//!
//! The letters are those of ARCHITECTURE.md. `payments::invariants` has sums over accounts, lots and payments; this
//! file has rules about rows that belong together.

use crate::statement::Statement;

/// A question about the rows.
pub(crate) struct Fault {
    /// The operator's text, with the number found.
    pub(crate) text: &'static str,
    pub(crate) sqlite: Statement,
    pub(crate) postgres: Statement,
}

const fn fault(text: &'static str, sql: &'static str) -> Fault {
    Fault { text, sqlite: Statement::new(sql), postgres: Statement::new(sql) }
}

/// A question about the table that knows the newest sequence, which stands between the two parts.
macro_rules! sequencer_fault {
    ($text:literal, $before:literal, $after:literal) => {
        Fault {
            text: $text,
            sqlite: Statement::new(concat!($before, "state", $after)),
            postgres: Statement::new(concat!($before, "tail", $after)),
        }
    };
}

/// The rules of a check, in plain words.
pub fn checks() -> impl Iterator<Item = &'static str> {
    const BESIDE: [&str; 4] = [
        "the database's own structure and schema (integrity_check of SQLite; PostgreSQL has tools of its own)",
        "rows that refer to rows that do not exist (SQLite; PostgreSQL lets none come about)",
        "j: an audit chain that breaks",
        "bodies that are missing, cut or (when they are read) not what was received",
    ];
    BESIDE
        .into_iter()
        .chain(crate::cross_check::CHECKED)
        .chain(crate::application_check::CHECKED)
        .chain(FAULTS.iter().map(|fault| fault.text))
        .chain(payments::invariants::CHECKED.iter().copied())
}

/// All of them, in the order in which they are asked.
pub(crate) const FAULTS: &[Fault] = &[
    fault(
        "b: accounts whose balance is not the sum of their days",
        "SELECT count(*) FROM account a WHERE balance <>
            (SELECT coalesce(sum(credit - debit), 0) FROM account_day d WHERE d.account = a.id)",
    ),
    fault(
        "b: entries of accounts that do not exist",
        "SELECT count(*) FROM account_day d WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.id = d.account)",
    ),
    fault(
        "e: messages that do not count and have payments stored",
        // Looks up the first payment of each message, one after another.
        "WITH RECURSIVE stored (message) AS (
            SELECT min(id) >> 32 FROM payment
            UNION ALL
            SELECT (SELECT min(id) >> 32 FROM payment WHERE id >= (message + 1) << 32) FROM stored
            WHERE message IS NOT NULL)
         SELECT count(*) FROM stored p WHERE message IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM flip f WHERE f.message = p.message)
            AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.id = p.message AND s.state = 0)",
    ),
    fault(
        "e: messages that do not count and have blocks or lots",
        "SELECT count(*) FROM (SELECT message FROM block UNION SELECT message FROM lot) AS staged
         WHERE NOT EXISTS (SELECT 1 FROM flip f WHERE f.message = staged.message)
            AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.id = staged.message AND s.state = 0)",
    ),
    fault(
        "e: stages of submissions that have been answered",
        "SELECT count(DISTINCT message) FROM staged_keys k
         WHERE NOT EXISTS (SELECT 1 FROM submission s WHERE s.id = k.message AND s.state = 0)",
    ),
    fault(
        "f: flipped messages without an answer",
        "SELECT count(*) FROM flip f WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = f.message)",
    ),
    fault(
        "f: consumed submissions without a message, or the other way round",
        "SELECT count(*) FROM submission s LEFT JOIN message m ON m.id = s.id WHERE (s.state = 1) <> (m.id IS NOT NULL)",
    ),
    fault("f: messages whose answer is empty", "SELECT count(*) FROM message WHERE length(answer) = 0"),
    fault(
        "f: messages that are not what their submission is",
        "SELECT count(*) FROM message m JOIN submission s ON s.id = m.id
         WHERE (m.client, m.\"user\", m.sha256) <> (s.client, s.\"user\", s.sha256)",
    ),
    fault(
        "k: submissions that are set aside and not listed so, or the other way round",
        "SELECT (SELECT count(*) FROM (SELECT submission FROM set_aside EXCEPT SELECT id FROM submission WHERE state = 3) a)
            + (SELECT count(*) FROM submission s WHERE s.state = 3
                AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.submission = s.id))",
    ),
    fault(
        "k: submissions without their body, and without a note of its removal",
        "SELECT count(*) FROM submission
         WHERE state IN (0, 1, 3) AND body IS NULL AND body_file IS NULL AND body_removed_at IS NULL",
    ),
    fault(
        "k: bodies noted as removed of submissions that are not answered, or have them",
        "SELECT count(*) FROM submission WHERE body_removed_at IS NOT NULL
            AND (state <> 1 OR body IS NOT NULL OR body_file IS NOT NULL)",
    ),
    fault(
        "k: clients whose kept bodies are not what is counted for them",
        "SELECT count(*) FROM (SELECT client, sum(size) AS bytes FROM submission
            WHERE body IS NOT NULL OR body_file IS NOT NULL GROUP BY client) AS kept
            FULL JOIN client_storage counted ON counted.client = kept.client
         WHERE coalesce(kept.bytes, 0) <> coalesce(counted.bytes, 0)",
    ),
    fault(
        "g: messages whose payments are not all stored",
        "SELECT count(*) FROM message m JOIN flip f ON f.message = m.id WHERE m.payments <>
            (SELECT count(*) FROM payment p WHERE p.id BETWEEN m.id << 32 AND (m.id << 32) + 4294967295)",
    ),
    fault(
        "g: payments outside their block or their lot",
        "SELECT count(*) FROM payment p JOIN flip f ON f.message = p.id >> 32
            LEFT JOIN block b ON b.message = f.message AND b.number = p.block
            LEFT JOIN lot l ON l.message = f.message AND l.number = p.lot
         WHERE b.number IS NULL OR p.id & 4294967295 NOT BETWEEN b.first AND b.first + b.count - 1
            OR (l.number IS NOT NULL AND (l.block <> p.block OR l.debtor IS DISTINCT FROM b.debtor_account))",
    ),
    fault(
        "g: lots whose stage is not that of their last event",
        "SELECT count(*) FROM lot l WHERE l.stage IS DISTINCT FROM (SELECT e.stage FROM event e
            WHERE e.message = l.message AND e.lot = l.number ORDER BY e.id DESC LIMIT 1)",
    ),
    fault(
        "g: events that go back",
        "SELECT count(*) FROM (SELECT stage < lag(stage) OVER (PARTITION BY message, lot ORDER BY id) AS back
            FROM event) AS steps WHERE back",
    ),
    fault(
        "g: refusals of payments that do not exist",
        "SELECT count(*) FROM refusal r JOIN flip f ON f.message = r.message JOIN message m ON m.id = r.message
         WHERE r.last >= m.payments",
    ),
    fault(
        "g: entries of payments that are not stored",
        "SELECT count(*) FROM entry e WHERE source = 0
            AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = e.source_id)",
    ),
    fault(
        "g: entries of payments that do not count",
        "SELECT count(*) FROM entry e WHERE source = 0
            AND NOT EXISTS (SELECT 1 FROM flip f WHERE f.message = e.source_id >> 32)",
    ),
    fault(
        "h: account days that differ from their entries",
        "SELECT count(*) FROM account_day d JOIN (
            SELECT account, booking_date,
                sum(CASE WHEN minor >= 0 THEN minor ELSE 0 END) AS credit, sum(CASE WHEN minor >= 0 THEN 1 ELSE 0 END) AS credit_count,
                sum(CASE WHEN minor < 0 THEN -minor ELSE 0 END) AS debit, sum(CASE WHEN minor < 0 THEN 1 ELSE 0 END) AS debit_count
            FROM entry GROUP BY account, booking_date) e ON e.account = d.account AND e.booking_date = d.date
         WHERE (d.credit, d.credit_count, d.debit, d.debit_count)
            <> (e.credit, e.credit_count, e.debit, e.debit_count)",
    ),
    fault(
        "h: days with entries and without totals",
        "SELECT count(*) FROM (SELECT account, booking_date FROM entry EXCEPT SELECT account, date FROM account_day) AS days",
    ),
    fault(
        "h: days with totals and without entries",
        "SELECT count(*) FROM (SELECT account, date FROM account_day EXCEPT SELECT account, booking_date FROM entry) AS days",
    ),
    fault(
        "h: account days after the business day",
        "SELECT count(*) FROM account_day WHERE date > (SELECT business_day FROM state)",
    ),
    fault(
        "i: entries that have the cause of another entry of the same account",
        "SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY account, source, source_id, source_lot, kind,
            counter_account HAVING count(*) > 1) AS twice",
    ),
    fault("i: entries that share a sequence", "SELECT count(*) - count(DISTINCT sequence) FROM entry"),
    sequencer_fault!(
        "i: entries beyond the last sequence",
        "SELECT count(*) FROM entry WHERE sequence > (SELECT last_sequence FROM ",
        ")"
    ),
    sequencer_fault!(
        "i: sequences without an entry",
        "SELECT CASE WHEN last_sequence > booked THEN last_sequence - booked ELSE 0 END FROM ",
        ", (SELECT count(*) AS booked FROM entry) AS entries"
    ),
    fault(
        "i: internal transfers of which one side is missing or differs",
        "SELECT count(*) FROM (SELECT 1 FROM entry WHERE source = 0 AND kind = 1
            GROUP BY source_id HAVING sum(minor) <> 0 OR count(*) <> 2) AS transfers",
    ),
    fault(
        "i: incoming credits that are not booked as they arrived",
        "SELECT count(*) FROM incoming_credit c WHERE NOT EXISTS (SELECT 1 FROM entry e
            JOIN incoming_credit o ON o.id = e.source_id
            WHERE e.source = 2 AND e.source_id = c.id AND e.account = o.account AND e.minor = o.minor)",
    ),
    fault(
        "i: returns that were paid by hand and are booked back as well, or are noted as booked back and are not",
        // One that waits may be booked back: nodes of an earlier version book it without a look at its row.
        "SELECT count(*) FROM waiting_return w WHERE w.state <> 0
            AND (w.state = 1) <> EXISTS (SELECT 1 FROM incoming_credit c WHERE c.returned = w.payment)",
    ),
    fault(
        "i: returns that wait for another account than their payer's",
        "SELECT count(*) FROM waiting_return w LEFT JOIN payment p ON p.id = w.payment
            LEFT JOIN lot l ON l.message = p.id >> 32 AND l.number = p.lot
         WHERE l.debtor IS DISTINCT FROM w.account",
    ),
    fault(
        "i: reports that state an opening balance other than that of the entries",
        "SELECT count(*) FROM report r WHERE opening <>
            (SELECT coalesce(sum(credit - debit), 0) FROM account_day d
             WHERE d.account = r.account AND d.date < r.from_date)",
    ),
    fault("i: reports that state other totals than the entries", REPORTS_WITH_OTHER_TOTALS),
    fault(
        "i: reports whose numbers have gaps",
        "SELECT count(*) FROM (SELECT 1 FROM report GROUP BY account, message_type
            HAVING max(number) <> count(*) OR min(number) <> 1) AS numbered",
    ),
    fault(
        "j: checkpoints that the audit chain contradicts",
        "SELECT count(*) FROM audit_checkpoint c WHERE NOT EXISTS
            (SELECT 1 FROM audit a WHERE a.sequence = c.sequence AND a.hash = c.hash)",
    ),
    fault(
        "o: enrolment codes that were used for a certificate which was not issued to their online user",
        "SELECT count(*) FROM enrolment_code e LEFT JOIN certificate c ON c.fingerprint = e.certificate
            LEFT JOIN issued_certificate i ON i.fingerprint = e.certificate
         WHERE e.certificate IS NOT NULL AND (i.fingerprint IS NULL OR c.\"user\" IS DISTINCT FROM e.online_user)",
    ),
    fault(
        "o: certificates that were issued for several codes",
        "SELECT count(*) FROM (SELECT 1 FROM enrolment_code WHERE certificate IS NOT NULL
            GROUP BY certificate HAVING count(*) > 1) AS twice",
    ),
    fault(
        "o: online users with several enrolment codes that still open something",
        "SELECT count(*) FROM (SELECT 1 FROM enrolment_code WHERE certificate IS NULL AND withdrawn_at IS NULL
            GROUP BY online_user HAVING count(*) > 1) AS several",
    ),
    fault(
        "o: issued certificates that are not known as they were issued, or outlive the registration",
        // A last day ends in Riga before it ends in UTC.
        "SELECT count(*) FROM issued_certificate i LEFT JOIN certificate c ON c.fingerprint = i.fingerprint
            LEFT JOIN online_user u ON u.id = c.\"user\"
         WHERE c.serial IS DISTINCT FROM i.serial OR c.not_after > (u.registration_valid_until + 1) * 86400000000",
    ),
    fault(
        "duplicate keys of payments that do not exist",
        "SELECT count(*) FROM duplicate_key k WHERE NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = k.payment)",
    ),
    fault(
        "payments without a duplicate key",
        "SELECT count(*) FROM (SELECT p.id FROM payment p JOIN flip f ON f.message = p.id >> 32 WHERE p.lot IS NOT NULL
            EXCEPT SELECT payment FROM duplicate_key) AS missing",
    ),
];

/// Days that were closed have their totals; of the last day, when it was open, the entries up to the report's last
/// sequence count.
const REPORTS_WITH_OTHER_TOTALS: &str = "
    WITH stated AS (
        SELECT r.id, r.account, r.from_date, r.to_date, r.last_sequence, r.credit, r.credit_count, r.debit, r.debit_count,
            CASE WHEN r.credits_only = 0 THEN 0 ELSE 1 END AS with_credits,
            CASE WHEN r.credits_only = 1 THEN 0 ELSE 1 END AS with_debits
        FROM report r),
    booked AS (
        SELECT s.id, d.credit, d.credit_count, d.debit, d.debit_count
        FROM stated s JOIN account_day d ON d.account = s.account AND d.date >= s.from_date AND d.date < s.to_date
        UNION ALL
        SELECT s.id,
            CASE WHEN e.minor >= 0 THEN e.minor ELSE 0 END, CASE WHEN e.minor >= 0 THEN 1 ELSE 0 END,
            CASE WHEN e.minor < 0 THEN -e.minor ELSE 0 END, CASE WHEN e.minor < 0 THEN 1 ELSE 0 END
        FROM stated s JOIN entry e ON e.account = s.account AND e.booking_date = s.to_date
            AND e.sequence <= s.last_sequence)
    SELECT count(*) FROM stated s LEFT JOIN (
        SELECT id, sum(credit) AS credit, sum(credit_count) AS credit_count, sum(debit) AS debit,
            sum(debit_count) AS debit_count
        FROM booked GROUP BY id) b ON b.id = s.id
    WHERE (s.credit, s.credit_count, s.debit, s.debit_count) <> (
        with_credits * coalesce(b.credit, 0), with_credits * coalesce(b.credit_count, 0),
        with_debits * coalesce(b.debit, 0), with_debits * coalesce(b.debit_count, 0))";
