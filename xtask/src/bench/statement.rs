//! A camt.053 with any number of entries, made by the writer and little else: the benchmark measures its making.

use std::error::Error;
use std::io::Write;

use iso20022::camt::{
    Balance, BankTransactionCode, DomainCode, Entry, GroupHeader, Period, ProprietaryAmount, References, Report,
    ReportAccount, TransactionDetails, Writer,
};
use iso20022::common::{Account, Agent, Amount, CodeOrProprietary, CreditDebit, Party, Remittance};
use iso20022::{DateTime, MessageType};
use jiff::civil::{self, Date};
use money::{Currency, Decimal};

const DAY: Date = civil::date(2026, 11, 23);
const ACCOUNT: Account<'static> = Account { iban: Some("LV07TREL5180453053000"), other: None, currency: Some("EUR") };
const PAYEE_ACCOUNT: Account<'static> = Account { iban: Some("LV80BANK0000435195001"), other: None, currency: None };

/// Writes the statement of a day on which payments of a euro and more were made: each with the references, the payee, the
/// classification code and the text that an accounting system matches by.
pub(super) fn write<W: Write>(output: W, entries: u32) -> Result<(), Box<dyn Error>> {
    let mut writer = Writer::new(MessageType::Camt053V08, output);
    let created: Option<DateTime> = Some("2026-11-23T23:10:00+02:00".parse()?);
    let from: DateTime = "2026-11-23T00:00:00+02:00".parse()?;
    let to: DateTime = "2026-11-23T23:59:59+02:00".parse()?;
    writer.group_header(&GroupHeader {
        message_id: "IZR-2026-11-23",
        creation_date_time: created,
        ..GroupHeader::default()
    })?;
    let spent: i128 = (0..entries).map(|ordinal| i128::from(cents(ordinal))).sum();
    writer.report(&Report {
        id: "IZR-1",
        electronic_sequence_number: Some(227),
        creation_date_time: created,
        period: Some(Period { from, to }),
        account: ReportAccount { account: ACCOUNT, ..ReportAccount::default() },
        balances: &[balance("OPBD", spent), balance("CLBD", 0)],
        ..Report::default()
    })?;
    // Counted up in place: formatting a number would be measured too.
    let (mut booked, mut ordered) = (*b"TK20261123-00000000", *b"ALGAS-2026-00000000");
    for ordinal in 0..entries {
        count_up(&mut booked);
        count_up(&mut ordered);
        write_entry(&mut writer, std::str::from_utf8(&booked)?, std::str::from_utf8(&ordered)?, euro(cents(ordinal)))?;
    }
    writer.finish()?;
    Ok(())
}

fn write_entry<W: Write>(
    writer: &mut Writer<W>,
    booked: &str,
    ordered: &str,
    amount: Amount,
) -> Result<(), Box<dyn Error>> {
    writer.entry(&Entry {
        reference: Some(booked),
        amount,
        credit_debit: CreditDebit::Debit,
        reversal: false,
        status: "BOOK",
        booking_date: Some(DAY),
        value_date: Some(DAY),
        account_servicer_reference: Some(booked),
        transaction_code: BankTransactionCode {
            domain: Some(DomainCode { domain: "PMNT", family: "ICDT", sub_family: "ESCT" }),
            ..BankTransactionCode::default()
        },
        batch: None,
    })?;
    writer.transaction(&TransactionDetails {
        references: References {
            account_servicer_reference: Some(booked),
            end_to_end_id: Some(ordered),
            ..References::default()
        },
        amount: Some(amount),
        proprietary_amounts: &[ProprietaryAmount { kind: "EKK/2221", amount }],
        creditor: Some(Party { name: Some("SIA Piegādātājs"), ..Party::default() }),
        creditor_account: Some(PAYEE_ACCOUNT),
        creditor_agent: Some(Agent { bic: Some("HABALV22"), ..Agent::default() }),
        remittance: Remittance {
            unstructured: &["Rēķins par precēm un pakalpojumiem, līgums 2026/17"],
            ..Remittance::default()
        },
        ..TransactionDetails::default()
    })?;
    Ok(())
}

fn cents(ordinal: u32) -> u32 {
    100 + ordinal % 1_000_000
}

fn euro(cents: impl Into<i128>) -> Amount {
    Amount { value: Decimal::new(cents.into(), 2), currency: Currency::EUR }
}

fn balance(code: &'static str, cents: i128) -> Balance<'static> {
    Balance {
        balance_type: CodeOrProprietary::Code(code),
        sub_type: None,
        amount: euro(cents),
        credit_debit: CreditDebit::Credit,
        date: DAY,
    }
}

/// The next number in the digits at the end.
fn count_up(digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        if *digit != b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
}
