//! pain.001: two payments by SEPA and one inside the Treasury.

use iso20022::common::{CodeOrProprietary, CreditorReference, PaymentType, RegulatoryDetail, Remittance};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount, Writer};
use iso20022::{MessageType, WriteError};

use super::scenario::{
    self, BOOKS, BOOKS_REFERENCE, CONTRIBUTION, ExamplePayment, HEATING, account, bank, euros, named, some,
};

pub(super) fn write(message_type: MessageType) -> Result<Vec<u8>, WriteError> {
    let mut writer = Writer::new(message_type, Vec::new());
    let (sepa, internal) = (HEATING.cents + BOOKS.cents, CONTRIBUTION.cents);
    writer.group_header(&GroupHeader {
        message_id: scenario::PAYMENTS_ID,
        creation_date_time: "2026-11-24T09:12:40+02:00",
        number_of_transactions: 3,
        control_sum: Some(euros(sepa + internal).value),
        initiating_party: municipality(),
        ..GroupHeader::default()
    })?;
    writer.payment_information(&PaymentInformation {
        payment_information_id: "DNP-2026-11-24-01-A",
        number_of_transactions: Some(2),
        control_sum: Some(euros(sepa).value),
        payment_type: PaymentType { service_levels: &[CodeOrProprietary::Code("SEPA")], ..PaymentType::default() },
        charge_bearer: Some("SLEV"),
        ..block()
    })?;
    writer.credit_transfer(&payment(&HEATING, &[], &[HEATING.remittance], &[]))?;
    writer.credit_transfer(&payment(&BOOKS, &[], &[], &[BOOKS_REFERENCE]))?;
    writer.payment_information(&PaymentInformation {
        payment_information_id: "DNP-2026-11-24-01-B",
        number_of_transactions: Some(1),
        control_sum: Some(euros(internal).value),
        ultimate_debtor: Some(named(scenario::LIBRARY)),
        ..block()
    })?;
    let mut details = scenario::CONTRIBUTION_SHARES
        .map(|(code, cents)| RegulatoryDetail { amount: Some(euros(cents)), ..classification("DEBT", code) })
        .to_vec();
    details.push(classification("CRED", scenario::CONTRIBUTION_PAYEE_CODE));
    writer.credit_transfer(&payment(&CONTRIBUTION, &details, &[CONTRIBUTION.remittance], &[]))?;
    writer.finish()
}

fn municipality() -> iso20022::common::Party<'static> {
    iso20022::common::Party { identification: Some(scenario::MUNICIPALITY_NUMBER), ..named(scenario::MUNICIPALITY) }
}

fn block() -> PaymentInformation<'static> {
    PaymentInformation {
        payment_method: "TRF",
        batch_booking: Some(false),
        requested_execution_date: Some(scenario::DAY),
        debtor: municipality(),
        debtor_account: account(scenario::MUNICIPALITY_IBAN),
        debtor_agent: bank(scenario::TREASURY_BIC),
        ..PaymentInformation::default()
    }
}

fn classification(side: &'static str, code: &'static str) -> RegulatoryDetail<'static> {
    RegulatoryDetail {
        indicator: Some(side),
        kind: Some(rulebook::classification::EKK_TYPE),
        code: Some(code),
        ..RegulatoryDetail::default()
    }
}

fn payment<'a>(
    payment: &ExamplePayment,
    details: &'a [RegulatoryDetail<'a>],
    unstructured: &'a [&'a str],
    creditor_references: &'a [CreditorReference<'a>],
) -> CreditTransfer<'a> {
    CreditTransfer {
        position: Default::default(),
        block: 0,
        ordinal: 0,
        instruction_id: Some(payment.instruction_id),
        end_to_end_id: payment.end_to_end_id,
        uetr: Some(payment.uetr),
        payment_type: PaymentType::default(),
        amount: Some(RequestedAmount::Instructed(payment.amount())),
        charge_bearer: None,
        ultimate_debtor: None,
        creditor_agent: Some(bank(payment.creditor_bic)),
        creditor: Some(payment.party()),
        creditor_account: Some(account(payment.creditor_iban)),
        ultimate_creditor: None,
        purpose: some(payment.purpose),
        regulatory_reporting: details,
        remittance: Remittance { unstructured, creditor_references, ..Remittance::default() },
    }
}
