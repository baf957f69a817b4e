//! Prints account reports.

use money::Decimal;
use serde_json::{Value, json};

use super::grouped;
use super::statement::{ListedEntry, StatedBalance, Statement};
use crate::terminal::{Cell, Column, Style, Table, Terminal, words};

/// How much of a report is listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listing {
    /// Entries listed of all reports together.
    pub(crate) entries_max: usize,
}

/// Prints a report: what it is, its entries, and whether its balances fit them.
pub(crate) fn print(statement: &Statement, terminal: &Terminal) {
    let head = [
        (words::REPORT, format!("{} ({})", statement.id, statement.message_type)),
        (words::ACCOUNT, format!("{} {}", statement.iban, statement.currency)),
        (words::PERIOD, period(statement)),
    ];
    let mut facts = Table::new([Column::new(""), Column::wrapped("")]);
    for (name, value) in head {
        facts.row([Cell::styled(Style::Faint, terminal.say(name)), value.trim().into()]);
    }
    terminal.table(&facts);
    terminal.line("");
    entries(statement, terminal);
    terminal.line("");
    totals(statement, terminal);
}

fn period(statement: &Statement) -> String {
    if statement.from == statement.to {
        statement.from.clone()
    } else {
        format!("{} – {}", statement.from, statement.to)
    }
}

fn entries(statement: &Statement, terminal: &Terminal) {
    if statement.entries_total == 0 {
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
    for entry in &statement.entries {
        table.row([
            (&entry.date).into(),
            (&entry.reference).into(),
            counterparty(entry, terminal).into(),
            (&entry.remittance).into(),
            entry.amount.map_or_else(|| "".into(), signed),
        ]);
    }
    if !table.is_empty() {
        terminal.table(&table);
    }
    let left = statement.entries_total.saturating_sub(statement.entries.len() as u64);
    if left > 0 {
        terminal.line(format_args!("… {left} {}", terminal.say(words::MORE_ENTRIES)));
    }
}

fn counterparty(entry: &ListedEntry, terminal: &Terminal) -> String {
    if entry.transactions > 1 {
        return format!("{} {}", entry.transactions, terminal.say(words::PAYMENTS));
    }
    if entry.counterparty.is_empty() { entry.counterparty_account.clone() } else { entry.counterparty.clone() }
}

fn totals(statement: &Statement, terminal: &Terminal) {
    let mut table = Table::new([Column::new(""), Column::right(""), Column::new("")]);
    let balance = |table: &mut Table, name, balance: Option<&StatedBalance>| {
        if let Some(StatedBalance { kind, amount, date, interim }) = balance {
            let name = if *interim || kind == "ITBD" { words::INTERIM } else { name };
            let remark = Cell::styled(Style::Faint, format_args!("{kind} {date}"));
            table.row([terminal.say(name).into(), grouped(&amount.to_string()).into(), remark]);
        }
    };
    balance(&mut table, words::OPENING, statement.opening());
    table.row([terminal.say(words::CREDITS).into(), signed(statement.credits), "".into()]);
    let sign = if statement.debits.is_zero() { "" } else { "-" };
    let debits = Cell::styled(Style::Plain, grouped(&format!("{sign}{}", statement.debits)));
    table.row([terminal.say(words::DEBITS).into(), debits, "".into()]);
    balance(&mut table, words::CLOSING, statement.closing());
    terminal.table(&table);
    if let Some(difference) = statement.difference() {
        let verdict = if difference.is_zero() {
            terminal.paint(Style::Good, format_args!("✓ {}", terminal.say(words::ADDS_UP)))
        } else {
            let difference = grouped(&difference.to_string());
            terminal.paint(Style::Bad, format_args!("✗ {} {difference}", terminal.say(words::DIFFERS)))
        };
        terminal.line(format_args!("{}: {verdict}", terminal.say(words::CHECK)));
    }
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
pub(crate) fn as_json(statement: &Statement) -> Value {
    let balances: Vec<Value> = statement
        .balances
        .iter()
        .map(|balance| {
            json!({
                "type": balance.kind,
                "interim": balance.interim,
                "amount": balance.amount.to_string(),
                "date": balance.date.to_string(),
            })
        })
        .collect();
    let entries: Vec<Value> = statement
        .entries
        .iter()
        .map(|entry| {
            json!({
                "booking_date": entry.date,
                "reference": entry.reference,
                "amount": entry.amount.map(|amount| amount.to_string()),
                "counterparty": entry.counterparty,
                "counterparty_account": entry.counterparty_account,
                "remittance": entry.remittance,
                "end_to_end_id": entry.end_to_end_id,
                "transactions": entry.transactions,
                "return_reason": entry.return_reason,
            })
        })
        .collect();
    let difference = statement.difference();
    json!({
        "id": statement.id,
        "message_type": statement.message_type,
        "account": statement.iban,
        "currency": statement.currency,
        "from": statement.from,
        "to": statement.to,
        "balances": balances,
        "credits": statement.credits.to_string(),
        "debits": statement.debits.to_string(),
        "entries_total": statement.entries_total,
        "entries": entries,
        "adds_up": difference.map(Decimal::is_zero),
        "difference": difference.map(|difference| difference.to_string()),
    })
}
