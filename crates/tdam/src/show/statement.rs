//! Reads account reports and checks that they add up: opening balance + entries = closing balance, page by page.

use std::io::Read;

use iso20022::MessageType;
use iso20022::camt::{Balance, Entry, Item, Reader, Report, TransactionDetails};
use iso20022::common::{CodeOrProprietary, CreditDebit};
use jiff::civil::Date;
use money::Decimal;
use xsd::{Bounds, ReadError};

/// A report, statement or notification: a camt message may hold several, and a long one comes in several messages.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) id: String,
    /// Which page of its report, from 1.
    pub(crate) page: u32,
    pub(crate) message_type: String,
    pub(crate) iban: String,
    pub(crate) currency: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) balances: Vec<StatedBalance>,
    pub(crate) entries: Vec<ListedEntry>,
    pub(crate) credits: Decimal,
    /// How many; with the debits more than are listed when there were too many to keep.
    pub(crate) credits_count: u64,
    pub(crate) debits: Decimal,
    pub(crate) debits_count: u64,
    /// A sum that no longer fits: nothing can be said about the balances.
    pub(crate) overflow: bool,
}

/// A balance as it is stated, negative when the account owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatedBalance {
    pub(crate) kind: String,
    pub(crate) interim: bool,
    pub(crate) amount: Decimal,
    pub(crate) date: Date,
}

/// An entry in a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListedEntry {
    pub(crate) date: String,
    pub(crate) reference: String,
    pub(crate) counterparty: String,
    pub(crate) counterparty_account: String,
    pub(crate) remittance: String,
    /// References that the payee gave.
    pub(crate) creditor_references: Vec<String>,
    /// Documents that are paid.
    pub(crate) document_numbers: Vec<String>,
    /// Further lines of the payer.
    pub(crate) additional_remittance: Vec<String>,
    pub(crate) end_to_end_id: String,
    /// Negative for a debit.
    pub(crate) amount: Option<Decimal>,
    pub(crate) transactions: u64,
    /// ISO code of the reason why a payment came back; empty where none did.
    pub(crate) return_reason: String,
    /// Whether a payment of it was read already.
    pub(super) has_details: bool,
}

/// Reads a camt message and adds its reports to `statements`; at most `entries_max` entries are kept for all of them.
///
/// # Errors
/// When it is not well-formed.
pub(crate) fn read(
    message_type: MessageType,
    xml: impl Read,
    entries_max: usize,
    statements: &mut Vec<Statement>,
) -> Result<(), ReadError> {
    let mut reader = Reader::new(message_type, xml, Bounds::default());
    let mut kept: usize = statements.iter().map(|statement| statement.entries.len()).sum();
    let mut direction = CreditDebit::Credit;
    let mut page = 1;
    while let Some(item) = reader.next()? {
        match item {
            Item::GroupHeader(header) => page = header.pagination.map_or(1, |pagination| pagination.page_number),
            Item::Report(report) => statements.push(statement(message_type, page, &report)),
            Item::Entry(entry) => {
                direction = entry.credit_debit;
                let Some(statement) = statements.last_mut() else { continue };
                statement.add(&entry);
                if kept < entries_max {
                    kept += 1;
                    statement.entries.push(listed(&entry));
                }
            }
            Item::Transaction(details) => {
                let Some(statement) = statements.last_mut() else { continue };
                // The details belong to an entry that was not kept.
                let is_last = statement.entries.len() as u64 == statement.entries_total();
                if let Some(entry) = statement.entries.last_mut().filter(|_| is_last) {
                    entry.complete(&details, direction);
                }
            }
            Item::EndOfEntry { .. } | Item::EndOfReport => {}
        }
    }
    Ok(())
}

fn statement(message_type: MessageType, page: u32, report: &Report<'_>) -> Statement {
    let period = |time: fn(&iso20022::camt::Period) -> iso20022::DateTime| {
        report.period.as_ref().map(|period| time(period).local.date().to_string()).unwrap_or_default()
    };
    Statement {
        id: report.id.to_owned(),
        page,
        message_type: message_type.name().to_owned(),
        iban: report.account.account.iban.unwrap_or_default().to_owned(),
        currency: report.account.account.currency.unwrap_or_default().to_owned(),
        from: period(|period| period.from),
        to: period(|period| period.to),
        balances: report.balances.iter().map(stated).collect(),
        entries: Vec::new(),
        // With two decimals, so that nothing is shown as `0.00` like any other sum.
        credits: Decimal::new(0, 2),
        credits_count: 0,
        debits: Decimal::new(0, 2),
        debits_count: 0,
        overflow: false,
    }
}

fn stated(balance: &Balance<'_>) -> StatedBalance {
    let (CodeOrProprietary::Code(kind) | CodeOrProprietary::Proprietary(kind)) = balance.balance_type;
    StatedBalance {
        kind: kind.to_owned(),
        interim: balance.sub_type == Some("INTM"),
        amount: signed(balance.amount.value, balance.credit_debit),
        date: balance.date,
    }
}

fn listed(entry: &Entry<'_>) -> ListedEntry {
    ListedEntry {
        date: entry.booking_date.map(|date| date.to_string()).unwrap_or_default(),
        reference: entry.account_servicer_reference.or(entry.reference).unwrap_or_default().to_owned(),
        amount: Some(signed(entry.amount.value, entry.credit_debit)),
        transactions: entry.batch.and_then(|batch| batch.number_of_transactions).unwrap_or(0),
        ..ListedEntry::default()
    }
}

impl ListedEntry {
    /// Takes over the details of the entry's first payment; of further ones only that they exist.
    fn complete(&mut self, details: &TransactionDetails<'_>, direction: CreditDebit) {
        self.transactions = self.transactions.max(1);
        if std::mem::replace(&mut self.has_details, true) {
            return;
        }
        let (party, account) = match direction {
            CreditDebit::Credit => (details.debtor, details.debtor_account),
            CreditDebit::Debit => (details.creditor, details.creditor_account),
        };
        self.counterparty = party.and_then(|party| party.name).unwrap_or_default().to_owned();
        self.counterparty_account = account.and_then(|account| account.iban).unwrap_or_default().to_owned();
        self.remittance = details.remittance.unstructured.join(" ");
        let references = details.remittance.creditor_references.iter();
        self.creditor_references = references.map(|reference| reference.reference.to_owned()).collect();
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        self.document_numbers = owned(details.remittance.document_numbers);
        self.additional_remittance = owned(details.remittance.additional);
        let reason = details.return_information.and_then(|information| information.reason);
        if let Some(CodeOrProprietary::Code(reason) | CodeOrProprietary::Proprietary(reason)) = reason {
            reason.clone_into(&mut self.return_reason);
        }
        self.end_to_end_id = details.references.end_to_end_id.unwrap_or_default().to_owned();
    }
}

impl Statement {
    fn add(&mut self, entry: &Entry<'_>) {
        let (sum, count) = match entry.credit_debit {
            CreditDebit::Credit => (&mut self.credits, &mut self.credits_count),
            CreditDebit::Debit => (&mut self.debits, &mut self.debits_count),
        };
        *count += 1;
        match sum.checked_add(entry.amount.value) {
            Some(added) => *sum = added,
            None => self.overflow = true,
        }
    }

    /// Entries in all, listed or not.
    pub(crate) fn entries_total(&self) -> u64 {
        self.credits_count + self.debits_count
    }

    /// Whether another one is the next page of the same report.
    pub(crate) fn is_continued_by(&self, next: &Statement) -> bool {
        let same = |of: fn(&Statement) -> [&String; 4]| of(self) == of(next);
        next.page == self.page + 1 && same(|page| [&page.iban, &page.message_type, &page.from, &page.to])
    }

    /// Where the period (or the page) begins.
    pub(crate) fn opening(&self) -> Option<&StatedBalance> {
        let is = |kind: &[&str]| self.balances.iter().position(|balance| kind.contains(&balance.kind.as_str()));
        // A later page opens with an interim balance, which then stands before another one.
        let interim = || {
            is(&["ITBD"]).filter(|first| {
                self.balances[first + 1..].iter().any(|next| next.kind == "ITBD" || next.kind == "CLBD")
            })
        };
        is(&["OPBD", "PRCD"]).or_else(interim).and_then(|at| self.balances.get(at))
    }

    /// Where it ends.
    pub(crate) fn closing(&self) -> Option<&StatedBalance> {
        let opening = self.opening();
        let last = self.balances.iter().rev().find(|balance| matches!(balance.kind.as_str(), "CLBD" | "ITBD"));
        last.filter(|last| opening.is_none_or(|opening| !std::ptr::eq(opening, *last)))
    }

    /// Closing balance minus what it should be: 0 when the statement adds up. `None` without balances (camt.054).
    pub(crate) fn difference(&self) -> Option<Decimal> {
        if self.overflow {
            return None;
        }
        let expected = self.opening()?.amount.checked_add(self.credits)?.checked_add(negated(self.debits)?)?;
        self.closing()?.amount.checked_add(negated(expected)?)
    }
}

fn signed(value: Decimal, direction: CreditDebit) -> Decimal {
    match direction {
        CreditDebit::Credit => value,
        CreditDebit::Debit => negated(value).unwrap_or(value),
    }
}

fn negated(value: Decimal) -> Option<Decimal> {
    Some(Decimal::new(value.units_at_scale(value.scale())?.checked_neg()?, value.scale()))
}
