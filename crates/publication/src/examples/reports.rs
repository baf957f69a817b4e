//! camt.052, camt.053, camt.054: the day's entries.

use iso20022::camt::{
    Balance, BankTransactionCode, DomainCode, Entry, EntryTotal, GroupHeader, Pagination, Period, ProprietaryAmount,
    References, Report, ReportAccount, ReturnInformation, TransactionDetails, TransactionsSummary, Writer,
};
use iso20022::common::{Account, Agent, CodeOrProprietary, CreditDebit, Remittance};
use iso20022::{DateTime, MessageType, WriteError};
use jiff::civil::time;

use super::scenario::{self, CONTRIBUTION, ExamplePayment, HEATING, account, bank, euros, named, some};

/// Balance before the day.
const OPENING_CENTS: i64 = 1_250_000;
/// What a bank sent, and what one gave back of the day before.
const INCOMING_CENTS: i64 = 30_000;
const RETURNED_CENTS: i64 = 4_500;
const CREDITS: i64 = INCOMING_CENTS + RETURNED_CENTS;

const REPORT_ID: &str = "TDAM7-64a3c1e2f0a80-1";

pub(super) fn write(message_type: MessageType) -> Result<Vec<u8>, WriteError> {
    let is_statement = matches!(message_type, MessageType::Camt053V02 | MessageType::Camt053V08);
    let is_notification = matches!(message_type, MessageType::Camt054V02 | MessageType::Camt054V08);
    let debits = HEATING.cents + CONTRIBUTION.cents;
    let closing = OPENING_CENTS + CREDITS - debits;
    // A statement is of a closed day and made the next morning.
    let created = if is_statement { tomorrow() } else { scenario::moment(16, 1) };
    let until = if is_statement { time(23, 59, 59, 0) } else { time(16, 1, 0, 0) };
    let balances = [balance("OPBD", OPENING_CENTS), balance(if is_statement { "CLBD" } else { "ITBD" }, closing)];

    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(&GroupHeader {
        message_id: REPORT_ID,
        creation_date_time: Some(created),
        pagination: Some(Pagination { page_number: 1, last_page: true }),
        original_query_message_id: Some(scenario::REQUEST_ID),
        ..GroupHeader::default()
    })?;
    writer.report(&Report {
        id: REPORT_ID,
        electronic_sequence_number: Some(118),
        creation_date_time: Some(created),
        period: Some(Period {
            from: DateTime::local(scenario::DAY.to_datetime(jiff::civil::Time::midnight())),
            to: DateTime::local(scenario::DAY.to_datetime(until)),
        }),
        account: ReportAccount {
            account: Account { currency: Some("EUR"), ..account(scenario::MUNICIPALITY_IBAN) },
            owner: Some(named(scenario::MUNICIPALITY)),
            servicer: Some(Agent { name: Some(scenario::TREASURY), ..bank(scenario::TREASURY_BIC) }),
            ..ReportAccount::default()
        },
        balances: if is_notification { &[] } else { &balances },
        transactions_summary: Some(summary(debits)),
        ..Report::default()
    })?;
    heating(&mut writer)?;
    contribution(&mut writer)?;
    incoming(&mut writer)?;
    returned(&mut writer)?;
    writer.finish()
}

fn tomorrow() -> DateTime {
    let next = scenario::DAY.tomorrow().unwrap_or(scenario::DAY);
    DateTime { local: next.at(6, 0, 0, 0), offset_minutes: Some(120) }
}

fn balance(code: &'static str, cents: i64) -> Balance<'static> {
    Balance {
        balance_type: CodeOrProprietary::Code(code),
        sub_type: None,
        amount: euros(cents),
        credit_debit: CreditDebit::Credit,
        date: scenario::DAY,
    }
}

fn summary(debits: i64) -> TransactionsSummary {
    let total = |number, cents| EntryTotal { number, sum: euros(cents).value };
    TransactionsSummary {
        entries: Some(total(4, debits + CREDITS)),
        net: Some((euros(debits - CREDITS).value, CreditDebit::Debit)),
        credits: Some(total(2, CREDITS)),
        debits: Some(total(2, debits)),
    }
}

fn entry<'a>(reference: &'a str, cents: i64, credit_debit: CreditDebit, code: [&'a str; 2]) -> Entry<'a> {
    let [family, sub_family] = code;
    Entry {
        reference: None,
        amount: euros(cents),
        credit_debit,
        reversal: false,
        status: "BOOK",
        booking_date: Some(scenario::DAY),
        value_date: Some(scenario::DAY),
        account_servicer_reference: Some(reference),
        transaction_code: BankTransactionCode {
            domain: Some(DomainCode { domain: "PMNT", family, sub_family }),
            ..BankTransactionCode::default()
        },
        batch: None,
    }
}

/// What a payment of the municipality's is in its own report.
fn paid<'a>(payment: &ExamplePayment, block: &'a str, reference: &'a str) -> TransactionDetails<'a> {
    TransactionDetails {
        references: References {
            message_id: Some(scenario::PAYMENTS_ID),
            account_servicer_reference: Some(reference),
            payment_information_id: Some(block),
            instruction_id: Some(payment.instruction_id),
            end_to_end_id: Some(payment.end_to_end_id),
            uetr: Some(payment.uetr),
            transaction_id: None,
        },
        amount: Some(payment.amount()),
        debtor: Some(named(scenario::MUNICIPALITY)),
        debtor_account: Some(account(scenario::MUNICIPALITY_IBAN)),
        creditor: Some(named(payment.creditor)),
        creditor_account: Some(account(payment.creditor_iban)),
        debtor_agent: Some(bank(scenario::TREASURY_BIC)),
        creditor_agent: Some(bank(payment.creditor_bic)),
        purpose: some(payment.purpose),
        ..TransactionDetails::default()
    }
}

fn heating(writer: &mut Writer<Vec<u8>>) -> Result<(), WriteError> {
    let reference = "P1042-1-D";
    writer.entry(&entry(reference, HEATING.cents, CreditDebit::Debit, ["ICDT", "ESCT"]))?;
    writer.transaction(&TransactionDetails {
        remittance: Remittance {
            unstructured: &[HEATING.remittance],
            creditor_references: &[],
            ..Remittance::default()
        },
        ..paid(&HEATING, "DNP-2026-11-24-01-A", reference)
    })
}

fn contribution(writer: &mut Writer<Vec<u8>>) -> Result<(), WriteError> {
    let reference = "P1042-3-D";
    writer.entry(&entry(reference, CONTRIBUTION.cents, CreditDebit::Debit, ["ICDT", "BOOK"]))?;
    let kinds = scenario::CONTRIBUTION_SHARES.map(|(code, cents)| (format!("EKK/{code}"), cents));
    let shares = [&kinds[0], &kinds[1]].map(|(kind, cents)| ProprietaryAmount { kind, amount: euros(*cents) });
    writer.transaction(&TransactionDetails {
        proprietary_amounts: &shares,
        ultimate_debtor: Some(named(scenario::LIBRARY)),
        remittance: Remittance {
            unstructured: &[CONTRIBUTION.remittance],
            creditor_references: &[],
            ..Remittance::default()
        },
        ..paid(&CONTRIBUTION, "DNP-2026-11-24-01-B", reference)
    })
}

fn incoming(writer: &mut Writer<Vec<u8>>) -> Result<(), WriteError> {
    let reference = "I5512-C";
    writer.entry(&entry(reference, INCOMING_CENTS, CreditDebit::Credit, ["RCDT", "ESCT"]))?;
    writer.transaction(&TransactionDetails {
        references: References {
            account_servicer_reference: Some(reference),
            end_to_end_id: Some("NOTPROVIDED"),
            ..References::default()
        },
        amount: Some(euros(INCOMING_CENTS)),
        debtor: Some(named("Ilze Kalniņa")),
        debtor_account: Some(account("LV17UNLA0050005550012")),
        creditor: Some(named(scenario::MUNICIPALITY)),
        creditor_account: Some(account(scenario::MUNICIPALITY_IBAN)),
        creditor_agent: Some(bank(scenario::TREASURY_BIC)),
        remittance: Remittance {
            unstructured: &["Nekustamā īpašuma nodoklis"],
            creditor_references: &[],
            ..Remittance::default()
        },
        ..TransactionDetails::default()
    })
}

/// A payment of the day before whose account was closed: its references, so that it is found again.
fn returned(writer: &mut Writer<Vec<u8>>) -> Result<(), WriteError> {
    writer.entry(&entry("I5513-C", RETURNED_CENTS, CreditDebit::Credit, ["RCDT", "RRTN"]))?;
    writer.transaction(&TransactionDetails {
        references: References {
            message_id: Some("DNP-2026-11-23-01"),
            account_servicer_reference: Some("P1031-2-D"),
            payment_information_id: Some("DNP-2026-11-23-01-A"),
            instruction_id: Some("DNP-2026-11-23-01-2"),
            end_to_end_id: Some("STP-2026-117"),
            ..References::default()
        },
        amount: Some(euros(RETURNED_CENTS)),
        debtor: Some(named("Andris Ozols")),
        debtor_account: Some(account("LV43UNLA0050005550029")),
        creditor: Some(named(scenario::MUNICIPALITY)),
        creditor_account: Some(account(scenario::MUNICIPALITY_IBAN)),
        debtor_agent: Some(bank("UNLALV2X")),
        creditor_agent: Some(bank(scenario::TREASURY_BIC)),
        remittance: Remittance {
            unstructured: &["Stipendija par novembri"],
            creditor_references: &[],
            ..Remittance::default()
        },
        return_information: Some(ReturnInformation {
            reason: Some(CodeOrProprietary::Code("AC04")),
            additional_information: &[],
        }),
        additional_information: Some("Return of P1031-2-D"),
        ..TransactionDetails::default()
    })
}
