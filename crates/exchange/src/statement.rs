//! One page of a camt.052 or camt.054: balances, and one `Ntry` for each booked entry.
//!
//! What importers of statements rely on: the opening balance always, a closing or interim balance that is the opening
//! one plus the entries, and an `AcctSvcrRef` that names an entry for ever.

use iso20022::MessageType;
use iso20022::camt::{
    Balance, BankTransactionCode, DomainCode, Entry, EntryTotal, GroupHeader, Pagination, Period, ProprietaryAmount,
    References, Report as Head, ReportAccount, TransactionDetails, TransactionsSummary, Writer,
};
use iso20022::common::{Account, Agent, Amount, CodeOrProprietary, CreditDebit, Party, Remittance};
use iso20022::{DateTime, WriteError};
use jiff::civil::{Date, time};
use ledger::{AccountId, EntryKind, EntrySource};
use money::{Currency, Money};
use payments::{PaymentRecord, Side};
use store::{EntryCause, EntryRange, EntryView, Reading, Report, StoreError, TreasuryAccount};

use crate::Failure;
use crate::answer::{amount, created};
use crate::failure::damaged;
use crate::reports::Cursor;
use crate::settings::Identification;

/// A page to be written.
pub(crate) struct Page<'a> {
    pub(crate) report: &'a Report,
    pub(crate) account: &'a TreasuryAccount,
    pub(crate) message_type: MessageType,
    pub(crate) number: u32,
    pub(crate) last: bool,
    pub(crate) begin: Cursor,
}

/// What the entries of a page add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    credit: i64,
    credit_count: u64,
    debit: i64,
    debit_count: u64,
}

/// Writes a page; returns it with the place where the next one begins.
pub(crate) fn write_page(
    reading: &mut dyn Reading,
    page: &Page<'_>,
    range: &EntryRange,
    identification: &Identification,
) -> Result<(Vec<u8>, Cursor), Failure> {
    let (sums, end) = add_up(reading, page, range)?;
    let mut writer = Writer::new(page.message_type, Vec::new());
    page.head(&mut writer, &sums, end, identification)?;
    let mut failed = None;
    let written = reading.entries(range, &mut |entry| {
        page.entry(&mut writer, &entry, identification).map_err(|error| match error {
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
            Ok((writer.finish()?, end))
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

fn add_up(reading: &mut dyn Reading, page: &Page<'_>, range: &EntryRange) -> Result<(Sums, Cursor), Failure> {
    let (mut sums, mut end, mut failed) = (Sums::default(), page.begin, None);
    reading.entries(range, &mut |entry| {
        // Sums of a page cannot overflow where the balance does not: both are parts of it.
        if entry.minor >= 0 {
            sums.credit = sums.credit.saturating_add(entry.minor);
            sums.credit_count += 1;
        } else {
            sums.debit = sums.debit.saturating_sub(entry.minor);
            sums.debit_count += 1;
        }
        match end.after(entry.booking_date, entry.sequence, entry.minor) {
            Ok(next) => end = next,
            Err(failure) => failed = Some(failure),
        }
        Ok(())
    })?;
    failed.map_or(Ok((sums, end)), Err)
}

impl Page<'_> {
    fn is_notification(&self) -> bool {
        matches!(self.message_type, MessageType::Camt054V02 | MessageType::Camt054V08)
    }

    fn currency(&self) -> Currency {
        self.account.ledger.currency
    }

    fn head(
        &self,
        writer: &mut Writer<Vec<u8>>,
        sums: &Sums,
        end: Cursor,
        identification: &Identification,
    ) -> Result<(), Failure> {
        let Page { report, account, .. } = *self;
        writer.group_header(&GroupHeader {
            message_id: &report.message_id,
            creation_date_time: Some(created(report.created_at)),
            recipient: None,
            pagination: Some(Pagination { page_number: self.number, last_page: self.last }),
            original_query_message_id: some(&report.request_message_id),
            additional_information: None,
        })?;
        let balances = if self.is_notification() { Vec::new() } else { self.balances(end) };
        writer.report(&Head {
            id: &report.message_id,
            electronic_sequence_number: u64::try_from(report.number).ok(),
            creation_date_time: Some(created(report.created_at)),
            period: Some(self.period()),
            account: ReportAccount {
                account: Account {
                    iban: Some(&account.iban),
                    currency: Some(self.currency().code()),
                    ..Account::default()
                },
                owner: Some(Party { name: some(&account.owner_name), ..Party::default() }),
                servicer: Some(Agent {
                    bic: Some(&identification.bic),
                    name: Some(&identification.name_lv),
                    ..Agent::default()
                }),
                ..ReportAccount::default()
            },
            balances: &balances,
            transactions_summary: Some(self.summary(sums)),
            ..Head::default()
        })?;
        Ok(())
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

    /// The opening balance and what it becomes. Pages chain: each opens as the one before it ended.
    fn balances(&self, end: Cursor) -> Vec<Balance<'static>> {
        let Report { from, to, last_day_closed, .. } = *self.report;
        let closing = if self.last && last_day_closed { "CLBD" } else { "ITBD" };
        let interim = |is_interim: bool| is_interim.then_some("INTM");
        vec![
            self.balance("OPBD", interim(self.number > 1), self.begin.balance, from),
            self.balance(closing, interim(!self.last), end.balance, to),
        ]
    }

    fn balance(&self, code: &'static str, sub_type: Option<&'static str>, minor: i64, date: Date) -> Balance<'static> {
        let (amount, credit_debit) = magnitude(minor, self.currency());
        Balance { balance_type: CodeOrProprietary::Code(code), sub_type, amount, credit_debit, date }
    }

    fn summary(&self, sums: &Sums) -> TransactionsSummary {
        let decimal = |minor| Money::new(minor, self.currency()).to_decimal();
        let total = |number, minor| EntryTotal { number, sum: decimal(minor) };
        let (net, direction) = magnitude(sums.credit - sums.debit, self.currency());
        TransactionsSummary {
            entries: Some(total(sums.credit_count + sums.debit_count, sums.credit.saturating_add(sums.debit))),
            net: Some((net.value, direction)),
            credits: Some(total(sums.credit_count, sums.credit)),
            debits: Some(total(sums.debit_count, sums.debit)),
        }
    }

    fn entry(
        &self,
        writer: &mut Writer<Vec<u8>>,
        entry: &EntryView<'_>,
        identification: &Identification,
    ) -> Result<(), EntryError> {
        let (amount, credit_debit) = magnitude(entry.minor, self.currency());
        let reference = reference(&entry.source, credit_debit, self.account.ledger.id);
        writer.entry(&Entry {
            reference: None,
            amount,
            credit_debit,
            reversal: false,
            status: "BOOK",
            booking_date: Some(entry.booking_date),
            value_date: Some(entry.value_date),
            account_servicer_reference: Some(&reference),
            transaction_code: transaction_code(entry.kind, credit_debit),
            batch: None,
        })?;
        self.details(writer, entry, amount, credit_debit, &reference, identification)
    }

    fn details(
        &self,
        writer: &mut Writer<Vec<u8>>,
        entry: &EntryView<'_>,
        amount: Amount,
        credit_debit: CreditDebit,
        reference: &str,
        identification: &Identification,
    ) -> Result<(), EntryError> {
        let own_bank = Agent { bic: Some(&identification.bic), ..Agent::default() };
        match entry.cause {
            EntryCause::Payment { message_id, payment_information_id, debtor_name, debtor_iban, record } => {
                let record = PaymentRecord::decode(record).map_err(|error| EntryError::Store(damaged(&error)))?;
                // The payer's own numbering is nobody else's business; the end-to-end id is for both.
                let is_payer = credit_debit == CreditDebit::Debit;
                let payers = |text| Some(text).filter(|_| is_payer).and_then(some);
                let shares = shares(&record, if is_payer { Side::Payer } else { Side::Payee }, amount, self.currency());
                let kinds: Vec<String> = shares.iter().map(|(code, _)| format!("EKK/{code}")).collect();
                let proprietary: Vec<ProprietaryAmount<'_>> = kinds
                    .iter()
                    .zip(&shares)
                    .map(|(kind, (_, amount))| ProprietaryAmount { kind, amount: *amount })
                    .collect();
                let remittance = [record.remittance];
                let creditor_reference = [record.creditor_reference];
                let payee_bank = match entry.kind {
                    EntryKind::InternalTransfer => Some(own_bank),
                    _ => some(record.creditor_bic).map(|bic| Agent { bic: Some(bic), ..Agent::default() }),
                };
                writer.transaction(&TransactionDetails {
                    references: References {
                        message_id: payers(message_id),
                        account_servicer_reference: Some(reference),
                        payment_information_id: payers(payment_information_id),
                        instruction_id: payers(record.instruction_id),
                        end_to_end_id: some(record.end_to_end_id),
                        uetr: some(record.uetr),
                        transaction_id: None,
                    },
                    amount: Some(amount),
                    proprietary_amounts: &proprietary,
                    debtor: named(debtor_name),
                    debtor_account: account(debtor_iban),
                    ultimate_debtor: named(record.ultimate_debtor_name),
                    creditor: named(record.creditor_name),
                    creditor_account: account(record.creditor_iban),
                    ultimate_creditor: named(record.ultimate_creditor_name),
                    debtor_agent: Some(own_bank),
                    creditor_agent: payee_bank,
                    purpose: some(record.purpose),
                    remittance: Remittance {
                        unstructured: if record.remittance.is_empty() { &[] } else { &remittance },
                        creditor_references: if record.creditor_reference.is_empty() {
                            &[]
                        } else {
                            &creditor_reference
                        },
                    },
                    ..TransactionDetails::default()
                })?;
            }
            EntryCause::Incoming(credit) => {
                let remittance = [credit.remittance.as_str()];
                let returned = credit.returned.map(|payment| {
                    let source = EntrySource::Payment { message: payment.message.0, ordinal: payment.ordinal };
                    format!("Return of {}", self::reference(&source, CreditDebit::Debit, self.account.ledger.id))
                });
                writer.transaction(&TransactionDetails {
                    references: References {
                        account_servicer_reference: Some(reference),
                        end_to_end_id: some(&credit.end_to_end_id),
                        ..References::default()
                    },
                    amount: Some(amount),
                    debtor: named(&credit.debtor_name),
                    debtor_account: account(&credit.debtor_iban),
                    creditor: named(&self.account.owner_name),
                    creditor_account: account(&self.account.iban),
                    creditor_agent: Some(own_bank),
                    remittance: Remittance {
                        unstructured: if credit.remittance.is_empty() { &[] } else { &remittance },
                        creditor_references: &[],
                    },
                    additional_information: returned.as_deref(),
                    ..TransactionDetails::default()
                })?;
            }
            EntryCause::None => {}
        }
        Ok(())
    }
}

/// The reference of an entry (at most 35 characters), the same for ever and unlike that of any other entry of any
/// account: what caused it, and on which side it is. Only an opening balance has no cause of its own, but a
/// client's account has one at most.
pub(crate) fn reference(source: &EntrySource, credit_debit: CreditDebit, account: AccountId) -> String {
    let side = if credit_debit == CreditDebit::Credit { 'C' } else { 'D' };
    match source {
        EntrySource::Payment { message, ordinal } => format!("P{message}-{}-{side}", u64::from(*ordinal) + 1),
        EntrySource::Lot { message, lot, first } => format!("L{message}-{lot}-{}-{side}", u64::from(*first) + 1),
        EntrySource::Incoming { id } => format!("I{id}-{side}"),
        EntrySource::Opening => format!("OPENING-{}", account.0),
    }
}

/// `PMNT` … of the external code set.
fn transaction_code(kind: EntryKind, credit_debit: CreditDebit) -> BankTransactionCode<'static> {
    let transfer = if credit_debit == CreditDebit::Credit { "RCDT" } else { "ICDT" };
    let (domain, family, sub_family) = match kind {
        EntryKind::InternalTransfer => ("PMNT", transfer, "BOOK"),
        EntryKind::SepaTransfer => ("PMNT", transfer, "ESCT"),
        EntryKind::Return => ("PMNT", transfer, "RRTN"),
        EntryKind::Opening => ("ACMT", "MCOP", "OTHR"),
    };
    BankTransactionCode { domain: Some(DomainCode { domain, family, sub_family }), ..BankTransactionCode::default() }
}

/// The classification of one side, as shares of the amount.
fn shares<'r>(record: &PaymentRecord<'r>, side: Side, whole: Amount, currency: Currency) -> Vec<(&'r str, Amount)> {
    let of_side = record.shares.iter().filter(|share| share.side == side);
    of_side.map(|share| (share.code, share.minor.map_or(whole, |minor| amount(Money::new(minor, currency))))).collect()
}

fn magnitude(minor: i64, currency: Currency) -> (Amount, CreditDebit) {
    let direction = if minor < 0 { CreditDebit::Debit } else { CreditDebit::Credit };
    let value = money::Decimal::new(i128::from(minor.unsigned_abs()), currency.minor_digits());
    (Amount { value, currency }, direction)
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn named(name: &str) -> Option<Party<'_>> {
    some(name).map(|name| Party { name: Some(name), ..Party::default() })
}

fn account(iban: &str) -> Option<Account<'_>> {
    some(iban).map(|iban| Account { iban: Some(iban), ..Account::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_transaction_code_that_exists() {
        for kind in [EntryKind::InternalTransfer, EntryKind::SepaTransfer, EntryKind::Return, EntryKind::Opening] {
            for direction in [CreditDebit::Credit, CreditDebit::Debit] {
                let code = transaction_code(kind, direction).domain.unwrap_or_default();
                let DomainCode { domain, family, sub_family } = code;
                assert!(
                    rulebook::code_sets::is_bank_transaction_code(domain, family, sub_family),
                    "{kind:?}: {code:?}"
                );
            }
        }
    }
}
