//! How much a report holds: its totals, and the number of its pages.

use iso20022::MessageType;
use iso20022::common::CreditDebit;
use jiff::civil::Date;
use store::{AccountDay, Report};

use crate::{Failure, stored};

/// What the days of a period add up to, in one direction or both.
pub(crate) fn totals(days: &[AccountDay], to: Date, direction: Option<CreditDebit>) -> Result<AccountDay, Failure> {
    let overflow = || Failure::unexpected("the totals of a report are more than can be counted");
    let mut totals = AccountDay { date: to, credit: 0, credit_count: 0, debit: 0, debit_count: 0 };
    for day in days {
        if direction != Some(CreditDebit::Debit) {
            totals.credit = totals.credit.checked_add(day.credit).ok_or_else(overflow)?;
            totals.credit_count += day.credit_count;
        }
        if direction != Some(CreditDebit::Credit) {
            totals.debit = totals.debit.checked_add(day.debit).ok_or_else(overflow)?;
            totals.debit_count += day.debit_count;
        }
    }
    Ok(totals)
}

pub(super) fn type_of(report: &Report) -> Result<MessageType, Failure> {
    stored::message_type(&report.message_type, format_args!("report {}", report.id))
}

pub(super) fn pages(totals: &AccountDay, entries_per_page: u32) -> u32 {
    let entries = totals.credit_count + totals.debit_count;
    u32::try_from(entries.div_ceil(u64::from(entries_per_page)).max(1)).unwrap_or(u32::MAX)
}
