//! pain.002: two payments are in execution, one is refused.

use iso20022::common::{Amount, CodeOrProprietary};
use iso20022::pain002::{
    GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus, Writer,
};
use iso20022::{MessageType, WriteError};
use rulebook::Code;
use rulebook::catalogue::{Arguments, Language};

use super::scenario::{self, BOOKS, CONTRIBUTION, HEATING, account, bank, euros, named};
use super::{layout, payments};

/// Why the payment abroad is refused.
const REFUSED: Code = Code::PaymentLimitExceeded;

pub(super) fn write(message_type: MessageType) -> Result<Vec<u8>, WriteError> {
    let all = HEATING.cents + BOOKS.cents + CONTRIBUTION.cents;
    let arguments = Arguments { value: "186.00 EUR", expected: "150.00 EUR", ..Arguments::default() };
    let text = format!("{REFUSED}: {}", REFUSED.entry().text(Language::English, &arguments));
    let original = if message_type.is_newer_generation() { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
    let line = format!("line {}", line_of_books(original)?);
    let lines = [text.as_str(), line.as_str()];
    let reasons = [StatusReason {
        originator_name: Some(scenario::TREASURY),
        reason: REFUSED.iso_reason().map(CodeOrProprietary::Code),
        additional_information: &lines,
    }];
    let mut writer = Writer::new(message_type, Vec::new());
    writer.group_header(&GroupHeader {
        message_id: "TDAM1042-1",
        creation_date_time: Some(scenario::moment(9, 13)),
        initiating_party: Some(named(scenario::TREASURY)),
        debtor_agent: Some(bank(scenario::TREASURY_BIC)),
        ..GroupHeader::default()
    })?;
    writer.original_group(&OriginalGroup {
        message_id: scenario::PAYMENTS_ID,
        message_name: original.name(),
        creation_date_time: Some("2026-11-24T09:12:40+02:00"),
        number_of_transactions: Some(3),
        control_sum: Some(euros(all).value),
        status: Some(Status::PART),
        transactions_per_status: &[
            total(2, Status::ACSP, euros(all - BOOKS.cents)),
            total(1, Status::RJCT, BOOKS.amount()),
        ],
        ..OriginalGroup::default()
    })?;
    writer.payment_information(&OriginalPaymentInformation {
        payment_information_id: "DNP-2026-11-24-01-A",
        number_of_transactions: Some(2),
        control_sum: Some(euros(HEATING.cents + BOOKS.cents).value),
        status: Some(Status::PART),
        transactions_per_status: &[total(1, Status::ACSP, HEATING.amount()), total(1, Status::RJCT, BOOKS.amount())],
        ..OriginalPaymentInformation::default()
    })?;
    writer.transaction(&TransactionStatus {
        status_id: Some("TDAM1042-2"),
        instruction_id: Some(BOOKS.instruction_id),
        end_to_end_id: Some(BOOKS.end_to_end_id),
        uetr: Some(BOOKS.uetr),
        status: Some(Status::RJCT),
        reasons: &reasons,
        original: Some(OriginalTransaction {
            instructed_amount: Some(BOOKS.amount()),
            requested_execution_date: Some(scenario::DAY),
            creditor_name: Some(BOOKS.creditor),
            creditor_account: Some(account(BOOKS.creditor_iban)),
            ..OriginalTransaction::default()
        }),
        ..TransactionStatus::default()
    })?;
    writer.payment_information(&OriginalPaymentInformation {
        payment_information_id: "DNP-2026-11-24-01-B",
        number_of_transactions: Some(1),
        control_sum: Some(CONTRIBUTION.amount().value),
        status: Some(Status::ACSP),
        transactions_per_status: &[total(1, Status::ACSP, CONTRIBUTION.amount())],
        ..OriginalPaymentInformation::default()
    })?;
    writer.finish()
}

/// Where the example of the payments has the second of them.
fn line_of_books(original: MessageType) -> Result<usize, WriteError> {
    let xml = payments::write(original)?;
    let shown = layout::indented(&String::from_utf8_lossy(&xml));
    let mut payments = (1..).zip(shown.lines()).filter(|(_, line)| line.trim() == "<CdtTrfTxInf>");
    Ok(payments.nth(1).map_or(0, |(line, _)| line))
}

fn total(number: u64, status: Status, sum: Amount) -> TransactionsPerStatus {
    TransactionsPerStatus { number_of_transactions: number, status, control_sum: Some(sum.value) }
}
