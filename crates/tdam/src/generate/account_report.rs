//! Writes a camt.052, camt.053 or camt.054 of an account, an entry at a time.
//!
//! Each day is the day of a batch: each settled payment is a debit in its own place, and incoming money takes the
//! places of the others. So the report of a day agrees with the payments and the status report made from the same
//! settings.

use std::io::Write;

use exchange::account_report::{
    self, AccountHead, PageHeader, ReportedAccount, balance, is_notification, write_account_head, write_page_header,
};
use iso20022::camt::Writer;
use iso20022::common::CreditDebit;
use iso20022::{DateTime, MessageType};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time, time};
use money::Currency;
use rulebook::{Calendar, Iban};

use super::account_entry::{Day, EntryBuilder};
use super::payment::{TREASURY_BIC, TREASURY_NAME};
use super::plan::{DEBTOR_NAME, PaymentBatch, message_id};
use super::random::Random;
use super::{DEBTOR_ACCOUNT, GenerateError, TRANSACTIONS_MAX};

/// A camt.053 has a statement a day, of at most so many days; a day more for every few entries.
const DAYS_MAX: u32 = 5;
const ENTRIES_PER_DAY_MIN: u32 = 4;
/// Beside `MsgId` stands a suffix for the day.
const MESSAGE_ID_CHARACTERS_MAX: usize = 32;
/// Sets the draws of the opening balance apart from those of the entries.
const STREAM: u64 = 0x4F70_656E_696E_6742;

/// A report of an account to be made. All that is not set is decided by the seed.
///
/// ```
/// use iso20022::MessageType;
/// use tdam::generate::AccountReport;
///
/// let report = AccountReport::new(MessageType::Camt053V08, 1_000, 42, "2026-11-24".parse().unwrap());
/// let mut xml = Vec::new();
/// let summary = report.write(&mut xml).unwrap();
/// assert_eq!(summary.entries, 1_000);
/// assert_eq!(summary.opening + summary.credits - summary.debits, summary.closing);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountReport {
    /// camt.052, camt.053 or camt.054 of either generation.
    pub message_type: MessageType,
    /// How many entries, 1 to [`TRANSACTIONS_MAX`].
    pub entries: u32,
    /// Decides names, amounts, accounts, texts.
    pub seed: u64,
    /// The day reported on; of several days (camt.053) the last.
    pub date: Date,
    /// `MsgId`.
    pub message_id: String,
    /// The account.
    pub account: Iban,
    /// Its owner.
    pub owner: String,
}

/// A summary of the report. All amounts are euro cents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportSummary {
    /// Days reported on.
    pub days: u32,
    /// Entries.
    pub entries: u32,
    /// The balance before the first entry.
    pub opening: i64,
    /// What came in.
    pub credits: i64,
    /// What went out.
    pub debits: i64,
    /// The balance after the last entry.
    pub closing: i64,
}

/// The sums of a day's entries, in cents.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    credits: (u64, i64),
    debits: (u64, i64),
    /// The lowest point below where the day began; 0 or less.
    lowest: i64,
}

impl AccountReport {
    /// A report of the sandbox's budget account.
    ///
    /// # Panics
    /// Never: the accounts of the sandbox are valid (tested).
    #[must_use]
    pub fn new(message_type: MessageType, entries: u32, seed: u64, date: Date) -> AccountReport {
        AccountReport {
            message_type,
            entries,
            seed,
            date,
            message_id: format!("{}-REP", message_id(entries, seed, date)),
            account: Iban::parse(DEBTOR_ACCOUNT).expect("the sandbox's accounts are valid"),
            owner: DEBTOR_NAME.to_owned(),
        }
    }

    /// Writes the report. The output should be buffered only if it is slow for blocks of some 64 KiB.
    ///
    /// # Errors
    /// When the settings cannot be followed, or the output fails.
    pub fn write<W: Write>(&self, output: W) -> Result<ReportSummary, GenerateError> {
        if let Some(objection) = self.objection() {
            return Err(GenerateError::Settings(objection));
        }
        let days = self.days();
        let sums: Vec<Sums> = days.iter().map(Sums::of).collect();
        let mut balance = self.opening(&sums);
        let mut summary = ReportSummary { opening: balance, ..ReportSummary::default() };
        let mut writer = Writer::new(self.message_type, output);
        let request = if self.is_statement() { String::new() } else { format!("{}-RQ", self.message_id) };
        write_page_header(
            &mut writer,
            &PageHeader {
                message_id: &self.message_id,
                created: self.created(),
                request_message_id: &request,
                number: 1,
                is_last: true,
            },
        )?;
        let mut builder = EntryBuilder::default();
        for (day, sums) in days.iter().zip(&sums) {
            let closing = balance + sums.net();
            self.write_head(summary.days, day, sums, balance, closing, &mut writer)?;
            for ordinal in 0..day.batch.transactions {
                builder.fill(day, ordinal);
                builder.write(day, &self.reported(), &mut writer)?;
            }
            balance = closing;
            summary.days += 1;
            summary.entries += day.batch.transactions;
            summary.credits += sums.credits.1;
            summary.debits += sums.debits.1;
        }
        writer.finish()?;
        summary.closing = balance;
        Ok(summary)
    }

    fn objection(&self) -> Option<String> {
        if !is_account_report(self.message_type) {
            return Some(format!("{} is no report of an account", self.message_type));
        }
        if !(1..=TRANSACTIONS_MAX).contains(&self.entries) {
            return Some(format!("{} entries: 1 to {TRANSACTIONS_MAX} can be made", self.entries));
        }
        (!(1..=MESSAGE_ID_CHARACTERS_MAX).contains(&self.message_id.chars().count())).then(|| {
            format!("the message id `{}` must have 1 to {MESSAGE_ID_CHARACTERS_MAX} characters", self.message_id)
        })
    }

    fn is_statement(&self) -> bool {
        matches!(self.message_type, MessageType::Camt053V02 | MessageType::Camt053V08)
    }

    /// The days reported on, each with its share of the entries.
    fn days(&self) -> Vec<Day> {
        let count = if self.is_statement() { (self.entries / ENTRIES_PER_DAY_MIN).clamp(1, DAYS_MAX) } else { 1 };
        let mut date = self.date;
        let mut dates = vec![date];
        for _ in 1..count {
            date = Calendar::LatviaAndTarget.previous_business_day(date);
            dates.push(date);
        }
        let (each, more) = (self.entries / count, self.entries % count);
        let days = dates.into_iter().rev().zip(0..).map(|(date, number): (Date, u32)| {
            let mut batch = PaymentBatch::new(each + u32::from(number < more), self.seed, date);
            if !self.message_type.is_newer_generation() {
                batch.message_type = MessageType::Pain001V03;
            }
            batch.debtor_accounts = vec![self.account];
            batch.initiating_party.clone_from(&self.owner);
            batch.message_id = batch.own_message_id();
            Day::of(batch)
        });
        days.collect()
    }

    /// The opening balance: enough that the account never runs out of funds.
    fn opening(&self, sums: &[Sums]) -> i64 {
        let (mut balance, mut lowest) = (0_i64, 0_i64);
        for day in sums {
            lowest = lowest.min(balance + day.lowest);
            balance += day.net();
        }
        let drawn = 1_000_000 + Random::of(self.seed ^ STREAM, u64::from(self.entries)).below(100_000_000);
        i64::try_from(drawn).unwrap_or(0) - lowest
    }

    /// A statement is made when its last day is over, the others in the evening.
    fn created(&self) -> DateTime {
        if !self.is_statement() {
            return DateTime::local(self.date.to_datetime(time(18, 0, 0, 0)));
        }
        let after = self.date.checked_add(1.day()).unwrap_or(self.date);
        DateTime::local(after.to_datetime(time(1, 0, 0, 0)))
    }

    fn write_head<W: Write>(
        &self,
        number: u32,
        day: &Day,
        sums: &Sums,
        opening: i64,
        closing: i64,
        writer: &mut Writer<W>,
    ) -> Result<(), GenerateError> {
        let date = day.batch.date;
        let closing_type = if self.is_statement() { "CLBD" } else { "ITBD" };
        let currency = Currency::EUR;
        let balances =
            [balance("OPBD", None, opening, currency, date), balance(closing_type, None, closing, currency, date)];
        let to = if self.is_statement() { time(23, 59, 59, 0) } else { time(18, 0, 0, 0) };
        let head = AccountHead {
            id: &format!("{}-{}", self.message_id, number + 1),
            // Statements of a year are numbered by its days: those of neighbouring days follow each other.
            number: u64::try_from(date.day_of_year()).ok(),
            created: self.created(),
            from: DateTime::local(date.to_datetime(Time::midnight())),
            to: DateTime::local(date.to_datetime(to)),
            account: self.reported(),
            balances: if is_notification(self.message_type) { &[] } else { &balances },
            sums: sums.shown(),
        };
        write_account_head(writer, &head)?;
        Ok(())
    }

    fn reported(&self) -> ReportedAccount<'_> {
        ReportedAccount {
            iban: self.account.as_str(),
            currency: Currency::EUR,
            owner_name: &self.owner,
            servicer_bic: TREASURY_BIC,
            servicer_name: TREASURY_NAME,
        }
    }
}

impl Sums {
    fn of(day: &Day) -> Sums {
        let mut sums = Sums::default();
        for ordinal in 0..day.batch.transactions {
            let (direction, cents) = day.booked(ordinal);
            let (number, sum) = match direction {
                CreditDebit::Credit => &mut sums.credits,
                CreditDebit::Debit => &mut sums.debits,
            };
            *number += 1;
            *sum += cents;
            sums.lowest = sums.lowest.min(sums.net());
        }
        sums
    }

    fn net(&self) -> i64 {
        self.credits.1 - self.debits.1
    }

    fn shown(&self) -> account_report::Sums {
        let ((credit_count, credit), (debit_count, debit)) = (self.credits, self.debits);
        account_report::Sums { credit, credit_count, debit, debit_count }
    }
}

/// Whether the message reports on an account.
pub(super) const fn is_account_report(message_type: MessageType) -> bool {
    matches!(
        message_type,
        MessageType::Camt052V02
            | MessageType::Camt052V08
            | MessageType::Camt053V02
            | MessageType::Camt053V08
            | MessageType::Camt054V02
            | MessageType::Camt054V08
    )
}
