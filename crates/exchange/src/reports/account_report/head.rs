//! The head of a page: the reporting house, account and days, the balances, and the sums of the entries.

use std::io::Write;

use iso20022::camt::{
    Balance, EntryTotal, GroupHeader, Pagination, Period, Report, ReportAccount, TransactionsSummary, Writer,
};
use iso20022::common::{Account, Agent, CodeOrProprietary, Party};
use iso20022::{DateTime, WriteError};
use jiff::civil::Date;
use money::{Currency, Money};

use super::{ReportedAccount, magnitude, some};

/// What identifies a page.
#[derive(Clone, Copy, Debug)]
pub struct PageHeader<'a> {
    /// `MsgId`.
    pub message_id: &'a str,
    /// When it was made.
    pub created: DateTime,
    /// `MsgId` of the request; empty without a request.
    pub request_message_id: &'a str,
    /// From 1.
    pub number: u32,
    /// Whether it is the last one.
    pub is_last: bool,
}

/// One report, statement or notification.
#[derive(Clone, Copy, Debug)]
pub struct AccountHead<'a> {
    /// Its `Id`.
    pub id: &'a str,
    /// `ElctrncSeqNb`.
    pub number: Option<u64>,
    /// When it was made.
    pub created: DateTime,
    /// Its first moment.
    pub from: DateTime,
    /// Its last moment.
    pub to: DateTime,
    /// The account.
    pub account: ReportedAccount<'a>,
    /// None in a notification.
    pub balances: &'a [Balance<'a>],
    /// The sums of the page's entries.
    pub sums: Sums,
}

/// What entries add up to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Credits, in minor units.
    pub credit: i64,
    /// How many.
    pub credit_count: u64,
    /// Debits, in minor units.
    pub debit: i64,
    /// How many.
    pub debit_count: u64,
}

impl Sums {
    /// How many entries.
    #[must_use]
    pub fn entries(&self) -> usize {
        usize::try_from(self.credit_count.saturating_add(self.debit_count)).unwrap_or(usize::MAX)
    }

    /// Takes an entry; below 0 it is a debit. The sums of a page cannot overflow where the balance does not: both are parts
    /// of it.
    pub fn add(&mut self, minor: i64) {
        if minor >= 0 {
            self.credit = self.credit.saturating_add(minor);
            self.credit_count += 1;
        } else {
            self.debit = self.debit.saturating_sub(minor);
            self.debit_count += 1;
        }
    }

    fn summary(&self, currency: Currency) -> TransactionsSummary {
        let Sums { credit, credit_count, debit, debit_count } = *self;
        let total = |number, minor| EntryTotal { number, sum: Money::new(minor, currency).to_decimal() };
        let (net, direction) = magnitude(credit - debit, currency);
        TransactionsSummary {
            entries: Some(total(credit_count + debit_count, credit.saturating_add(debit))),
            net: Some((net.value, direction)),
            credits: Some(total(credit_count, credit)),
            debits: Some(total(debit_count, debit)),
        }
    }
}

/// Begins a page.
///
/// # Errors
/// When the output fails, or a text is none that the message can carry.
pub fn write_page_header<W: Write>(writer: &mut Writer<W>, header: &PageHeader<'_>) -> Result<(), WriteError> {
    writer.group_header(&GroupHeader {
        message_id: header.message_id,
        creation_date_time: Some(header.created),
        recipient: None,
        pagination: Some(Pagination { page_number: header.number, last_page: header.is_last }),
        original_query_message_id: some(header.request_message_id),
        additional_information: None,
    })
}

/// Begins a report, statement or notification on the page.
///
/// # Errors
/// When the output fails, or a text is none that the message can carry.
pub fn write_account_head<W: Write>(writer: &mut Writer<W>, head: &AccountHead<'_>) -> Result<(), WriteError> {
    let ReportedAccount { iban, currency, owner_name, servicer_bic, servicer_name } = head.account;
    writer.report(&Report {
        id: head.id,
        electronic_sequence_number: head.number,
        creation_date_time: Some(head.created),
        period: Some(Period { from: head.from, to: head.to }),
        account: ReportAccount {
            account: Account { iban: Some(iban), currency: Some(currency.code()), ..Account::default() },
            owner: Some(Party { name: some(owner_name), ..Party::default() }),
            servicer: Some(Agent { bic: Some(servicer_bic), name: Some(servicer_name), ..Agent::default() }),
            ..ReportAccount::default()
        },
        balances: head.balances,
        transactions_summary: Some(head.sums.summary(currency)),
        ..Report::default()
    })
}

/// A balance: `OPBD`, `ITBD` or `CLBD`, with `INTM` where pages before or after it belong to the same report.
#[must_use]
pub fn balance(
    code: &'static str,
    sub_type: Option<&'static str>,
    minor: i64,
    currency: Currency,
    date: Date,
) -> Balance<'static> {
    let (amount, credit_debit) = magnitude(minor, currency);
    Balance { balance_type: CodeOrProprietary::Code(code), sub_type, amount, credit_debit, date }
}
