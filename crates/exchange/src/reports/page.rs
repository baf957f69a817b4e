//! One page of a camt.052 or camt.054: balances, and one `Ntry` for each booked entry.
//!
//! Importers of statements rely on: an opening balance always, a closing or interim balance equal to the opening one
//! plus the entries, and an `AcctSvcrRef` that names an entry for ever.

use iso20022::MessageType;
use iso20022::camt::{Balance, Period, Writer};
use iso20022::common::CreditDebit;
use iso20022::{DateTime, WriteError};
use jiff::civil::{Date, time};
use ledger::EntrySource;
use money::Currency;
use payments::PaymentRecord;
use store::{EntryCause, EntryRange, EntryView, Original, Reading, Report, StoreError, TreasuryAccount};

use crate::Failure;
use crate::failure::damaged;
use crate::reports::account_report::{
    AccountHead, OrderedPayment, Origin, OutsideCredit, PageHeader, ReportedAccount, ReportedEntry, Returned, Sums,
    balance, entry_reference, is_notification, write_account_head, write_entry, write_page_header,
};
use crate::reports::cursor::Cursor;
use crate::reports::daily_balances::DayEnd;
use crate::settings::Identification;
use crate::status::report::created;

/// Most entries take less in XML, and so does the head of a page.
const ENTRY_BYTES: usize = 1_536;
const HEAD_BYTES: usize = 4_096;

/// A page to be written.
pub(crate) struct Page<'a> {
    pub(crate) report: &'a Report,
    pub(crate) account: &'a TreasuryAccount,
    pub(crate) message_type: MessageType,
    pub(crate) number: u32,
    pub(crate) last: bool,
    pub(crate) begin: Cursor,
    pub(crate) identification: &'a Identification,
    /// Empty where no balances of each day are wanted.
    pub(crate) ends_of_days: &'a [DayEnd],
}

/// Writes a page.
pub(crate) fn write_page(
    reading: &mut dyn Reading,
    page: &Page<'_>,
    range: &EntryRange,
    (sums, end): (Sums, Cursor),
) -> Result<Vec<u8>, Failure> {
    // A page that grows is copied again and again; room that is not written to costs nothing.
    let room = Vec::with_capacity(sums.entries().saturating_mul(ENTRY_BYTES).saturating_add(HEAD_BYTES));
    let mut writer = Writer::new(page.message_type, room);
    page.head(&mut writer, sums, end)?;
    let mut failed = None;
    let written = reading.entries(range, &mut |entry| {
        page.entry(&mut writer, &entry).map_err(|error| match error {
            EntryError::Store(error) => error,
            EntryError::Write(error) => {
                let stopped = StoreError::Refused(error.to_string());
                failed = Some(error);
                stopped
            }
        })
    });
    match failed {
        Some(error) => Err(error.into()),
        None => {
            written?;
            Ok(writer.finish()?)
        }
    }
}

/// Why an entry could not be written.
#[derive(Debug)]
enum EntryError {
    Write(WriteError),
    Store(StoreError),
}

impl From<WriteError> for EntryError {
    fn from(error: WriteError) -> EntryError {
        EntryError::Write(error)
    }
}

/// Adds up the entries of a page; returns the sums with the place where the next page begins.
pub(crate) fn add_up(
    reading: &mut dyn Reading,
    page: &Page<'_>,
    range: &EntryRange,
) -> Result<(Sums, Cursor), Failure> {
    let (mut sums, mut end, mut failed) = (Sums::default(), page.begin, None);
    reading.entry_amounts(range, &mut |date, sequence, minor| {
        sums.add(minor);
        match end.after(date, sequence, minor) {
            Ok(next) => end = next,
            Err(failure) => failed = Some(failure),
        }
        Ok(())
    })?;
    failed.map_or(Ok((sums, end)), Err)
}

impl Page<'_> {
    fn currency(&self) -> Currency {
        self.account.ledger.currency
    }

    fn reported(&self) -> ReportedAccount<'_> {
        ReportedAccount {
            iban: &self.account.iban,
            currency: self.currency(),
            owner_name: &self.account.owner_name,
            servicer_bic: &self.identification.bic,
            servicer_name: &self.identification.name_lv,
        }
    }

    fn head(&self, writer: &mut Writer<Vec<u8>>, sums: Sums, end: Cursor) -> Result<(), Failure> {
        let report = self.report;
        let created = created(report.created_at);
        write_page_header(
            writer,
            &PageHeader {
                message_id: &report.message_id,
                created,
                request_message_id: &report.request_message_id,
                number: self.number,
                is_last: self.last,
            },
        )?;
        let balances = if is_notification(self.message_type) { Vec::new() } else { self.balances(end) };
        let Period { from, to } = self.period();
        Ok(write_account_head(
            writer,
            &AccountHead {
                id: &report.message_id,
                number: u64::try_from(report.number).ok(),
                created,
                from,
                to,
                account: self.reported(),
                balances: &balances,
                sums,
            },
        )?)
    }

    fn period(&self) -> Period {
        let Report { from, to, last_day_closed, created_at, .. } = *self.report;
        let until = to.to_datetime(time(23, 59, 59, 0));
        // An open day is reported up to now, unless the business day runs ahead of the clock.
        let now = created(created_at);
        let open = !last_day_closed && now.local.date() == to;
        Period {
            from: DateTime::local(from.to_datetime(jiff::civil::Time::midnight())),
            to: DateTime::local(if open { now.local } else { until }),
        }
    }

    /// The balances before and after the entries. Pages chain: each opens as the one before it ended. A balance between
    /// pages has the date of the last entry before it, for any days of the report.
    fn balances(&self, end: Cursor) -> Vec<Balance<'static>> {
        let Report { from, to, last_day_closed, .. } = *self.report;
        let closing = if self.last && last_day_closed { "CLBD" } else { "ITBD" };
        let interim = |is_interim: bool| is_interim.then_some("INTM");
        let day_of = |place: Cursor, otherwise: Date| place.after.map_or(otherwise, |(date, _)| date);
        let (opened, closed) = (day_of(self.begin, from), if self.last { to } else { day_of(end, to) });
        let mut balances = vec![self.balance("OPBD", interim(self.number > 1), self.begin.balance, opened)];
        for day in self.ends_of_days.iter().filter(|day| day.is_between(self.begin, end, self.last)) {
            balances.push(self.balance("CLBD", None, day.balance, day.date));
            balances.push(self.balance("OPBD", None, day.balance, day.next));
        }
        balances.push(self.balance(closing, interim(!self.last), end.balance, closed));
        balances
    }

    fn balance(&self, code: &'static str, sub_type: Option<&'static str>, minor: i64, date: Date) -> Balance<'static> {
        balance(code, sub_type, minor, self.currency(), date)
    }

    fn entry(&self, writer: &mut Writer<Vec<u8>>, entry: &EntryView<'_>) -> Result<(), EntryError> {
        let decoded = |bytes| PaymentRecord::decode(bytes).map_err(|error| EntryError::Store(damaged(&error)));
        let account = self.account.ledger.id;
        let direction = if entry.minor < 0 { CreditDebit::Debit } else { CreditDebit::Credit };
        let reference = entry_reference(&entry.source, direction, account);
        let returned_reference = match entry.cause {
            EntryCause::Incoming { credit, .. } => credit.returned.map(|payment| {
                let source = EntrySource::Payment { message: payment.message.0, ordinal: payment.ordinal };
                entry_reference(&source, CreditDebit::Debit, account)
            }),
            _ => None,
        };
        let origin = match entry.cause {
            EntryCause::Payment { message_id, payment_information_id, debtor_name, debtor_iban, record } => {
                let record = decoded(record)?;
                Origin::Payment(OrderedPayment { message_id, payment_information_id, debtor_name, debtor_iban, record })
            }
            EntryCause::Incoming { credit, original } => {
                let known = credit.record.as_deref().map_or(Ok(PaymentRecord::default()), decoded)?;
                let returned = match (&returned_reference, original) {
                    (Some(reference), Some(Original { message_id, payment_information_id, record })) => {
                        let record = decoded(record)?;
                        Some(Box::new(Returned {
                            reference: reference.as_str(),
                            message_id,
                            payment_information_id,
                            record,
                        }))
                    }
                    _ => None,
                };
                Origin::Outside(OutsideCredit {
                    debtor_name: &credit.debtor_name,
                    debtor_iban: &credit.debtor_iban,
                    end_to_end_id: &credit.end_to_end_id,
                    remittance: &credit.remittance,
                    known,
                    returned,
                })
            }
            EntryCause::None => Origin::Nothing,
        };
        let shown = ReportedEntry {
            minor: entry.minor,
            kind: entry.kind,
            booking_date: entry.booking_date,
            value_date: entry.value_date,
            reference: &reference,
            origin,
        };
        Ok(write_entry(writer, &self.reported(), &shown)?)
    }
}
