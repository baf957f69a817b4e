//! Prints account reports.

use money::Decimal;
use serde_json::{Value, json};

use super::report::{Report, Verdict};
use super::statement::{ListedEntry, StatedBalance, Statement};
use super::{Rest, grouped};
use crate::terminal::{Cell, Column, Style, Table, Terminal, words};

/// What an `EndToEndId` says when the payer gave none.
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// How much of a report is listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listing {
    /// Entries listed of all reports together.
    pub(crate) entries_max: usize,
}

/// Prints a report: what it is, its entries, and whether its balances fit them.
pub(crate) fn print(report: &Report<'_>, rest: Rest<'_>, terminal: &Terminal) {
    let first = report.first();
    let head = [
        (words::REPORT, format!("{} ({})", first.id, first.message_type)),
        (words::ACCOUNT, format!("{} {}", first.iban, first.currency)),
        (words::PERIOD, period(first)),
        (words::PAGES, report.pages().len().to_string()),
        (words::ENTRIES_HEAD, grouped(&report.entries_total().to_string())),
    ];
    let mut facts = Table::new([Column::new(""), Column::wrapped("")]);
    for (name, value) in head {
        facts.row([Cell::styled(Style::Faint, terminal.say(name)), value.trim().into()]);
    }
    terminal.table(&facts);
    terminal.line("");
    entries(report, rest, terminal);
    terminal.line("");
    totals(report, terminal);
}

fn period(statement: &Statement) -> String {
    if statement.from == statement.to {
        statement.from.clone()
    } else {
        format!("{} – {}", statement.from, statement.to)
    }
}

fn entries(report: &Report<'_>, rest: Rest<'_>, terminal: &Terminal) {
    if report.entries_total() == 0 {
        terminal.line(terminal.paint(Style::Faint, terminal.say(words::NO_ENTRIES)));
        return;
    }
    let mut table = Table::new([
        Column::new(terminal.say(words::DATE)),
        Column::new(terminal.say(words::REFERENCE)),
        Column::wrapped(terminal.say(words::COUNTERPARTY)),
        Column::wrapped(terminal.say(words::PURPOSE)),
        Column::right(terminal.say(words::AMOUNT)),
    ]);
    for entry in report.entries() {
        table.row([
            (&entry.date).into(),
            (&entry.reference).into(),
            counterparty(entry, terminal).into(),
            purpose(entry, terminal).into(),
            entry.amount.map_or_else(|| "".into(), signed),
        ]);
    }
    if !table.is_empty() {
        terminal.table(&table);
    }
    let left = report.entries_total().saturating_sub(report.entries().count() as u64);
    if left > 0 {
        let left = grouped(&left.to_string());
        let (more, all_of_them) = (terminal.say(words::MORE_ENTRIES), terminal.say(words::ALL_OF_THEM));
        terminal.line(format_args!("… {left} {more} ({all_of_them}: {rest})"));
    }
}

/// The purpose of a payment: its text, the payee's references, and the paid documents; without any, the payer's own
/// identification.
fn purpose(entry: &ListedEntry, terminal: &Terminal) -> String {
    let purpose = said(entry);
    match entry.return_reason.as_str() {
        "" => purpose,
        reason => format!("{} {reason}: {purpose}", terminal.say(words::RETURNED)),
    }
}

fn said(entry: &ListedEntry) -> String {
    let ListedEntry { creditor_references, document_numbers, additional_remittance, .. } = entry;
    let structured = creditor_references.iter().chain(document_numbers).chain(additional_remittance);
    let mut parts: Vec<&str> = std::iter::once(&entry.remittance).chain(structured).map(String::as_str).collect();
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() && entry.end_to_end_id != NOT_PROVIDED {
        parts.push(&entry.end_to_end_id);
    }
    parts.join(" ")
}

fn counterparty(entry: &ListedEntry, terminal: &Terminal) -> String {
    if entry.transactions > 1 {
        return format!("{} {}", entry.transactions, terminal.say(words::PAYMENTS));
    }
    if entry.counterparty.is_empty() { entry.counterparty_account.clone() } else { entry.counterparty.clone() }
}

fn totals(report: &Report<'_>, terminal: &Terminal) {
    let mut table = Table::new([Column::new(""), Column::right(""), Column::new("")]);
    let balance = |table: &mut Table, name, balance: Option<&StatedBalance>| {
        if let Some(StatedBalance { kind, amount, date, interim }) = balance {
            let name = if *interim || kind == "ITBD" { words::INTERIM } else { name };
            let remark = Cell::styled(Style::Faint, format_args!("{kind} {date}"));
            table.row([terminal.say(name).into(), grouped(&amount.to_string()).into(), remark]);
        }
    };
    let count = |count: u64| {
        let count = grouped(&count.to_string());
        Cell::styled(Style::Faint, format_args!("{}: {count}", terminal.say(words::ENTRIES)))
    };
    balance(&mut table, words::OPENING, report.opening());
    let credits = report.credits().map_or_else(|| "?".into(), signed);
    table.row([terminal.say(words::CREDITS).into(), credits, count(report.credits_count())]);
    let debits = report.debits().map_or_else(
        || "?".to_owned(),
        |debits| {
            let sign = if debits.is_zero() { "" } else { "-" };
            grouped(&format!("{sign}{debits}"))
        },
    );
    table.row([terminal.say(words::DEBITS).into(), debits.into(), count(report.debits_count())]);
    for of_day in report.closings_of_days() {
        balance(&mut table, words::CLOSING, Some(of_day));
    }
    balance(&mut table, words::CLOSING, report.closing());
    terminal.table(&table);
    let bad = |what: String| terminal.paint(Style::Bad, format_args!("✗ {what}"));
    let verdict = match report.verdict() {
        Verdict::Unchecked => return,
        Verdict::AddsUp if report.pages().len() > 1 => {
            terminal.paint(Style::Good, format_args!("✓ {}", terminal.say(words::PAGES_ADD_UP)))
        }
        Verdict::AddsUp => terminal.paint(Style::Good, format_args!("✓ {}", terminal.say(words::ADDS_UP))),
        Verdict::Differs { page, by } => {
            let by = grouped(&by.to_string());
            bad(format!("{} {by} ({} {page})", terminal.say(words::DIFFERS), terminal.say(words::PAGE)))
        }
        Verdict::DoesNotContinue { page } => {
            bad(format!("{} ({} {page})", terminal.say(words::DOES_NOT_CONTINUE), terminal.say(words::PAGE)))
        }
    };
    terminal.line(format_args!("{}: {verdict}", terminal.say(words::CHECK)));
}

fn signed(amount: Decimal) -> Cell {
    let text = grouped(&amount.to_string());
    if amount.is_negative() || amount.is_zero() {
        Cell::styled(Style::Plain, text)
    } else {
        Cell::styled(Style::Good, format_args!("+{text}"))
    }
}

/// The report for scripts.
pub(crate) fn as_json(report: &Report<'_>) -> Value {
    let first = report.first();
    let balance = |balance: &StatedBalance| {
        json!({
            "type": balance.kind,
            "interim": balance.interim,
            "amount": balance.amount.to_string(),
            "date": balance.date.to_string(),
        })
    };
    let verdict = report.verdict();
    let (difference, wrong_page) = match verdict {
        Verdict::Unchecked => (None, None),
        Verdict::AddsUp => (Some("0.00".to_owned()), None),
        Verdict::Differs { page, by } => (Some(by.to_string()), Some(page)),
        Verdict::DoesNotContinue { page } => (None, Some(page)),
    };
    json!({
        "id": first.id,
        "message_type": first.message_type,
        "account": first.iban,
        "currency": first.currency,
        "from": first.from,
        "to": first.to,
        "pages": report.pages().len(),
        "opening": report.opening().map(balance),
        "closing": report.closing().map(balance),
        "balances": report.pages().iter().flat_map(|page| &page.balances).map(balance).collect::<Vec<_>>(),
        "credits": report.credits().map(|sum| sum.to_string()),
        "credits_count": report.credits_count(),
        "debits": report.debits().map(|sum| sum.to_string()),
        "debits_count": report.debits_count(),
        "entries_total": report.entries_total(),
        "entries": report.entries().map(entry_as_json).collect::<Vec<_>>(),
        "adds_up": (verdict != Verdict::Unchecked).then_some(!verdict.is_wrong()),
        "difference": difference,
        "wrong_page": wrong_page,
    })
}

fn entry_as_json(entry: &ListedEntry) -> Value {
    json!({
        "booking_date": entry.date,
        "reference": entry.reference,
        "amount": entry.amount.map(|amount| amount.to_string()),
        "counterparty": entry.counterparty,
        "counterparty_account": entry.counterparty_account,
        "remittance": entry.remittance,
        "creditor_references": entry.creditor_references,
        "document_numbers": entry.document_numbers,
        "additional_remittance": entry.additional_remittance,
        "end_to_end_id": entry.end_to_end_id,
        "transactions": entry.transactions,
        "return_reason": entry.return_reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_the_text_and_the_references_or_what_else_names_the_payment() {
        let entry = |remittance: &str, references: &[&str], end_to_end_id: &str| ListedEntry {
            remittance: remittance.to_owned(),
            creditor_references: references.iter().map(|reference| (*reference).to_owned()).collect(),
            end_to_end_id: end_to_end_id.to_owned(),
            ..ListedEntry::default()
        };
        for (entry, shown) in [
            (entry("Noma", &[], "E2E"), "Noma"),
            (entry("", &["RF18539007547034"], "E2E"), "RF18539007547034"),
            (entry("Noma", &["RF18539007547034", "77"], "E2E"), "Noma RF18539007547034 77"),
            (entry("", &[], "E2E"), "E2E"),
            (entry("", &[], NOT_PROVIDED), ""),
            (entry("", &[], ""), ""),
        ] {
            assert_eq!(said(&entry), shown);
        }
        let documents = ListedEntry {
            document_numbers: vec!["Nr. 7".to_owned()],
            additional_remittance: vec!["Noma".to_owned()],
            ..entry("", &[], "E2E")
        };
        assert_eq!(said(&documents), "Nr. 7 Noma");
    }
}
