//! Compares stored data with the audit chain, and trusts neither alone.
//!
//! Every message, report, credit from outside, ended return and removed body must have its line, and every line of that kind its row.
//! A message must equal its state at the decision; clients, online users, certificates and accounts must equal the last
//! line about them. So nobody can change rows, or remove lines from the end or rewrite them, without the other side
//! showing it. An attacker who can write both can still make them agree: `docs/operators/data.md` says what that
//! leaves.
//!
//! The check reads the lines once, a page at a time; its memory grows with the directory, and not with the messages.

use std::collections::BTreeMap;

use jiff::civil::Date;
use payments::MessageId;
use sha2::{Digest, Sha256};

use crate::bounds::{PAYMENTS_LOOKED_AT, PROBLEMS_MAX};
use crate::codec::{Columns, packed};
use crate::digest::{CONTENT, Content, DirectoryRow, HouseAccount, PaymentsDigest, ROW, hexadecimal};
use crate::plain::persons::{person_certificate_columns, person_columns, read_person, read_person_certificate};
use crate::reconciliation::{Everything, readable_rows};
use crate::row_mapping::*;
use crate::statement::{Statement, statements};
use crate::{ChainedAuditLine, CheckReport, Reading, StoreError};

statements! {
    const SUBMISSIONS: Statement = ("SELECT ", submission_columns!(), " FROM submission");
    const CLIENTS: Statement = ("SELECT ", client_columns!(), " FROM client");
    const USERS: Statement = ("SELECT ", online_user_columns!(), " FROM online_user");
    const CERTIFICATES: Statement = ("SELECT ", certificate_columns!(), " FROM certificate");
    const ACCOUNTS: Statement = ("SELECT ", treasury_account_columns!(), " FROM account");
    const PERSONS: Statement = ("SELECT ", person_columns!(), " FROM person");
    const PERSON_CERTIFICATES: Statement = ("SELECT ", person_certificate_columns!(), " FROM person_certificate");
    const HOUSE: Statement = ("SELECT purpose, account FROM house_account");
    const MESSAGE_IDS: Statement = ("SELECT id FROM message");
    const REPORT_IDS: Statement = ("SELECT id FROM report");
    const CREDIT_IDS: Statement = ("SELECT id FROM incoming_credit WHERE returned IS NULL");
    const BOOKED_RETURN_IDS: Statement = ("SELECT payment FROM waiting_return WHERE state = 1");
    const PAID_RETURN_IDS: Statement = ("SELECT payment FROM waiting_return WHERE state = 2");
    const REMOVED_BODY_IDS: Statement = ("SELECT id FROM submission WHERE body_removed_at IS NOT NULL");
}

const LINES_AT_A_TIME: u32 = 1_000;

/// The rules of a check, in plain words; each finding begins with them.
pub(crate) const CHECKED: [&str; 7] = [
    MISSING_MARK,
    OTHER_ROWS,
    OTHER_CONTENT,
    OTHER_DIRECTORY,
    OTHER_GRANTS,
    OTHER_DAY,
    "bodies that do not say what is stored of their message (when they are read)",
];
const MISSING_MARK: &str = "j: the mark from which on the audit tells of everything";
const OTHER_ROWS: &str = "j: messages, reports, credits, ended returns or removed bodies that the audit does not tell of, or tells of otherwise";
const OTHER_CONTENT: &str = "j: messages that are not what was decided";
const OTHER_DIRECTORY: &str =
    "j: clients, online users, persons, certificates or accounts that are not what the audit says";
const OTHER_GRANTS: &str = "o: online users that are granted an account which is not their client's";
const OTHER_DAY: &str = "j: a business day that is not what the audit says";

/// A set of ids in bounded memory: how many, and the sum of their hashes. Two sets that differ have different ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ids {
    count: u64,
    sum: u128,
}

impl Ids {
    fn add(&mut self, id: i64) {
        let digest: [u8; 32] = Sha256::digest(id.to_be_bytes()).into();
        let half = digest.iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte));
        self.sum = self.sum.wrapping_add(half);
        self.count += 1;
    }
}

/// Kinds of lines and rows: the action of the lines, the words before their ids, and the rows.
const KINDS: [(&str, &[&str], Statement); 6] = [
    ("messages", &["payments.accepted", "payments.refused"], MESSAGE_IDS),
    ("reports", &["reports.ordered"], REPORT_IDS),
    ("credits", &["credit.arrived"], CREDIT_IDS),
    ("removed bodies", &["body.removed"], REMOVED_BODY_IDS),
    ("returns that waited and are booked back", &["return.booked"], BOOKED_RETURN_IDS),
    ("returns that were paid by hand", &["return.paid-by-hand"], PAID_RETURN_IDS),
];

/// The content of the audit chain, as far as it has been read.
#[derive(Default)]
struct Stated {
    kinds: [Ids; KINDS.len()],
    /// The digest of each row of the directory; `None` when the line is of a version that stated none.
    directory: BTreeMap<String, Option<String>>,
    day: Option<Date>,
}

pub(crate) fn cross_check(
    report: &mut CheckReport,
    reading: &mut dyn Reading,
    everything: &dyn Everything,
) -> Result<(), StoreError> {
    readable_rows(report, everything, ("a submission", SUBMISSIONS), read_submission, drop)?;
    let is_complete = reading.audit_is_complete()?;
    let mut stated = Stated::default();
    let mut from = 0;
    loop {
        let page = reading.audit(from, LINES_AT_A_TIME);
        // Without all lines nothing can be compared with them.
        let Some(page) = report.readable(&format!("the audit chain from line {from} on"), page)? else { return Ok(()) };
        let Some(last) = page.last() else { break };
        from = last.sequence + 1;
        for chained in &page {
            stated.line(chained);
            let looked = message(report, reading, chained);
            report.readable("a message that the audit tells of", looked)?;
        }
    }
    if !is_complete {
        report.is_not_cross_checked = true;
        if stated.directory.values().any(Option::is_some) {
            report.add(format!("{MISSING_MARK} is missing"));
        }
        return Ok(());
    }
    for ((what, _, ids), lines) in KINDS.iter().zip(stated.kinds) {
        let mut stored = Ids::default();
        readable_rows(report, everything, (what, *ids), |row| row.integer(), |id| stored.add(id))?;
        if stored != lines {
            let (count, lines) = (stored.count, lines.count);
            report.add(format!("{OTHER_ROWS}: there are {count} {what}, and {lines} in the audit"));
        }
    }
    directory(report, everything, stated.directory)?;
    match (reading.business_day(), stated.day) {
        (Ok(day), Some(noted)) if day != noted => report.add(format!("{OTHER_DAY}: {day}, and there {noted}")),
        (Ok(day), None) => report.add(format!("{OTHER_DAY}: {day}, and there none")),
        (Ok(_), Some(_)) | (Err(StoreError::Missing(_)), None) => {}
        (Err(StoreError::Missing(_)), Some(noted)) => report.add(format!("{OTHER_DAY}: none, and there {noted}")),
        (Err(error), _) => report.readable("the business day", Err(error))?.unwrap_or_default(),
    }
    Ok(())
}

impl Stated {
    fn line(&mut self, chained: &ChainedAuditLine) {
        let (action, detail) = (chained.line.action.as_str(), chained.line.detail.as_str());
        for ((_, actions, _), ids) in KINDS.iter().zip(&mut self.kinds) {
            if !actions.contains(&action) {
                continue;
            }
            let mut numbers = detail.split(' ').filter_map(|word| word.parse::<i64>().ok());
            match action {
                // `3 4 5 address …`.
                "reports.ordered" => {
                    detail.split(' ').map_while(|word| word.parse().ok()).for_each(|id| ids.add(id));
                }
                // `payment 3 of message 7 …`.
                "return.booked" | "return.paid-by-hand" => {
                    let (ordinal, message) = (numbers.next(), numbers.next());
                    let ordinal = ordinal.and_then(|ordinal| u32::try_from(ordinal).ok());
                    let id = message.zip(ordinal).and_then(|(message, ordinal)| packed(message, ordinal).ok());
                    id.into_iter().for_each(|id| ids.add(id));
                }
                // `message 5 …`, `incoming credit 7`.
                _ => numbers.take(1).for_each(|id| ids.add(id)),
            }
        }
        if is_about_the_day(action) {
            self.day = detail.split([' ', ';']).find_map(|word| word.parse().ok()).or(self.day);
        }
        if is_about_the_directory(action) {
            self.rows(action, detail);
        }
    }

    fn rows(&mut self, action: &str, detail: &str) {
        let words: Vec<&str> = detail.split(' ').collect();
        let mut place = 0;
        let mut stated = false;
        while let Some(found) = words[place..].iter().position(|word| *word == ROW) {
            let start = place + found + 1;
            let Some(length) = words[start..].iter().position(|word| *word == "sha256") else { break };
            let name = words[start..start + length].join(" ");
            place = start + length + 1;
            self.directory.insert(name, words.get(place).map(|digest| (*digest).to_owned()));
            stated = true;
        }
        if !stated {
            // As versions wrote it that stated no digests: the row is known, and what it is is not.
            let name = match words.as_slice() {
                [kind @ ("client" | "account"), id, ..] => format!("{kind} {id}"),
                ["online", "user", id, ..] => format!("online user {id}"),
                [fingerprint, ..] if action.starts_with("certificate.") => format!("certificate {fingerprint}"),
                _ => return,
            };
            self.directory.insert(name, None);
        }
    }
}

fn is_about_the_day(action: &str) -> bool {
    action.starts_with("business-day.") || ["house.prepared", "directory.adopted"].contains(&action)
}

fn is_about_the_directory(action: &str) -> bool {
    const ABOUT: [&str; 6] =
        ["client.added", "client.preferences", "account.", "online-user.", "certificate.", "person."];
    ABOUT.iter().any(|about| action.starts_with(about))
        || ["house.prepared", "directory.adopted", "grants.adopted", "application.in-force"].contains(&action)
}

/// Whether a message agrees with its line.
fn message(report: &mut CheckReport, reading: &mut dyn Reading, chained: &ChainedAuditLine) -> Result<(), StoreError> {
    let (sequence, detail) = (chained.sequence, chained.line.detail.as_str());
    if !KINDS[0].1.contains(&chained.line.action.as_str()) {
        return Ok(());
    }
    let words: Vec<&str> = detail.split(' ').collect();
    let after = |name: &str| words.iter().position(|word| *word == name).and_then(|place| words.get(place + 1));
    let Some(id) = after("message").and_then(|id| id.parse().ok()).map(MessageId) else { return Ok(()) };
    let Some(message) = reading.message(id)? else {
        report.add(format!("{OTHER_ROWS}: line {sequence} tells of message {}, which is not there", id.0));
        return Ok(());
    };
    let is_same_body = after("sha256").is_none_or(|hash| *hash == message.hash.to_string());
    let is_same_user = after("user").is_none_or(|user| *user == message.user.0.to_string());
    if !is_same_body || !is_same_user {
        report.add(format!("{OTHER_CONTENT}: message {} is another one than line {sequence} tells of", id.0));
        return Ok(());
    }
    // Versions before stated no digest.
    let Some(stated) = after(CONTENT) else { return Ok(()) };
    let (blocks, lots, refusals) = (reading.blocks(id)?, reading.lots_of(id)?, reading.refusals_of(id)?);
    let payments = payments(reading, id, message.payments)?;
    let content = Content { message: &message, payments, blocks: &blocks, lots: &lots, refusals: &refusals };
    if content.stated() != format!("{CONTENT} {stated}") {
        report.add(format!("{OTHER_CONTENT}: message {} (line {sequence})", id.0));
    }
    Ok(())
}

fn payments(reading: &mut dyn Reading, id: MessageId, count: u32) -> Result<[u8; 32], StoreError> {
    let (mut digest, mut from) = (PaymentsDigest::default(), 0);
    if count == 0 {
        return Ok(digest.end());
    }
    loop {
        let mut next = from;
        let given = reading.payments(id, None, from, PAYMENTS_LOOKED_AT, &mut |payment| {
            digest.add_stored(&payment);
            next = payment.ordinal.saturating_add(1);
            Ok(())
        })?;
        from = next;
        if given < PAYMENTS_LOOKED_AT {
            return Ok(digest.end());
        }
    }
}

/// Whether each row of the directory agrees with the last line about it, and none is missing.
fn directory(
    report: &mut CheckReport,
    everything: &dyn Everything,
    mut noted: BTreeMap<String, Option<String>>,
) -> Result<(), StoreError> {
    let (mut others, mut owners, mut grants) = (Vec::new(), BTreeMap::new(), Vec::new());
    let mut compare = |row: &dyn DirectoryRow| {
        let name = row.name();
        let other = match noted.remove(&name) {
            None => format!("{OTHER_DIRECTORY}: {name} stands in no line"),
            Some(Some(stated)) if !is_stated(row, &stated) => format!("{OTHER_DIRECTORY}: {name}"),
            Some(_) => return,
        };
        if others.len() < PROBLEMS_MAX {
            others.push(other);
        }
    };
    readable_rows(report, everything, ("a client", CLIENTS), read_client, |row| compare(&row))?;
    readable_rows(report, everything, ("an online user", USERS), read_user, |row| {
        compare(&row);
        grants.push((row.id, row.client, row.granted_accounts));
    })?;
    readable_rows(report, everything, ("a person", PERSONS), read_person, |row| compare(&row))?;
    let of_persons = ("a certificate of a person", PERSON_CERTIFICATES);
    readable_rows(report, everything, of_persons, read_person_certificate, |row| compare(&row))?;
    readable_rows(report, everything, ("a certificate", CERTIFICATES), read_certificate, |row| compare(&row))?;
    readable_rows(report, everything, ("an account with its owner", ACCOUNTS), read_account, |row| {
        compare(&row);
        owners.insert(row.ledger.id, row.client);
    })?;
    readable_rows(report, everything, ("an account of the house", HOUSE), read_house_account, |row| compare(&row))?;
    others.into_iter().for_each(|other| report.add(other));
    for (user, client, accounts) in grants {
        if let Some(other) = accounts.iter().find(|account| owners.get(account) != Some(&Some(client))) {
            report.add(format!("{OTHER_GRANTS}: online user {}, account {}", user.0, other.0));
        }
    }
    for name in noted.into_keys() {
        report.add(format!("{OTHER_DIRECTORY}: {name} is not there"));
    }
    Ok(())
}

fn is_stated(row: &dyn DirectoryRow, stated: &str) -> bool {
    let is = |digest: [u8; 32]| hexadecimal(&digest) == stated;
    is(row.digest()) || row.earlier_digest().is_some_and(is)
}

fn read_house_account(row: &mut Columns<'_>) -> Result<HouseAccount, StoreError> {
    Ok(HouseAccount { purpose: row.code()?, account: ledger::AccountId(row.integer()?) })
}
