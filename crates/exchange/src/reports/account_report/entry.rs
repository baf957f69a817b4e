//! An entry in a report: amount and dates, the bank transaction code, and the payment's own details.

use std::io::Write;

use iso20022::WriteError;
use iso20022::camt::{
    BankTransactionCode, DomainCode, Entry, ProprietaryAmount, References, ReturnInformation, TransactionDetails,
    Writer,
};
use iso20022::common::{Account, Agent, Amount, CodeOrProprietary, CreditDebit, CreditorReference, Party, Remittance};
use jiff::civil::Date;
use ledger::{AccountId, EntryKind, EntrySource};
use money::{Currency, Money};
use payments::{PartyRecord, PaymentRecord, Side};

use super::{ReportedAccount, magnitude, some};
use crate::status::pain002::amount;

/// An entry, as far as a report shows it.
#[derive(Clone, Debug)]
pub struct ReportedEntry<'a> {
    /// Minor units; below 0 it is a debit.
    pub minor: i64,
    /// What it stands for.
    pub kind: EntryKind,
    /// When it was booked.
    pub booking_date: Date,
    /// When its money counts.
    pub value_date: Date,
    /// `AcctSvcrRef`: no other entry has it.
    pub reference: &'a str,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// Where an entry comes from.
#[derive(Clone, Debug)]
pub enum Origin<'a> {
    /// A payment of a client of ours.
    Payment(OrderedPayment<'a>),
    /// A credit from outside.
    Outside(OutsideCredit<'a>),
    /// Nothing but the entry itself, as with an opening balance.
    Nothing,
}

/// A payment of a client of ours.
#[derive(Clone, Debug)]
pub struct OrderedPayment<'a> {
    /// `MsgId` of its message.
    pub message_id: &'a str,
    /// `PmtInfId` of its block.
    pub payment_information_id: &'a str,
    /// Payer's name.
    pub debtor_name: &'a str,
    /// Payer's account.
    pub debtor_iban: &'a str,
    /// The rest.
    pub record: PaymentRecord<'a>,
}

/// A credit from outside.
#[derive(Clone, Debug)]
pub struct OutsideCredit<'a> {
    /// Payer's name.
    pub debtor_name: &'a str,
    /// Payer's account.
    pub debtor_iban: &'a str,
    /// End-to-end identification.
    pub end_to_end_id: &'a str,
    /// Remittance text.
    pub remittance: &'a str,
    /// What else is known of it.
    pub known: PaymentRecord<'a>,
    /// The payment of ours that it gives back.
    pub returned: Option<Box<Returned<'a>>>,
}

/// A payment that came back.
#[derive(Clone, Debug)]
pub struct Returned<'a> {
    /// `AcctSvcrRef` of its own entry.
    pub reference: &'a str,
    /// `MsgId` of its message.
    pub message_id: &'a str,
    /// `PmtInfId` of its block.
    pub payment_information_id: &'a str,
    /// The rest.
    pub record: PaymentRecord<'a>,
}

/// The reference of an entry (at most 35 characters), the same for ever and unlike that of any other entry of any account: what
/// caused it, and on which side it is. Only an opening balance has no cause of its own, but a client's account has one at
/// most.
#[must_use]
pub fn entry_reference(source: &EntrySource, credit_debit: CreditDebit, account: AccountId) -> String {
    let side = if credit_debit == CreditDebit::Credit { 'C' } else { 'D' };
    match source {
        EntrySource::Payment { message, ordinal } => format!("P{message}-{}-{side}", u64::from(*ordinal) + 1),
        EntrySource::Lot { message, lot, first } => format!("L{message}-{lot}-{}-{side}", u64::from(*first) + 1),
        EntrySource::Incoming { id } => format!("I{id}-{side}"),
        EntrySource::Opening => format!("OPENING-{}", account.0),
    }
}

/// Writes an entry with its transaction.
///
/// # Errors
/// When the output fails, or a text is none that the message can carry.
pub fn write_entry<W: Write>(
    writer: &mut Writer<W>,
    account: &ReportedAccount<'_>,
    entry: &ReportedEntry<'_>,
) -> Result<(), WriteError> {
    let (amount, credit_debit) = magnitude(entry.minor, account.currency);
    writer.entry(&Entry {
        reference: None,
        amount,
        credit_debit,
        reversal: false,
        status: "BOOK",
        booking_date: Some(entry.booking_date),
        value_date: Some(entry.value_date),
        account_servicer_reference: Some(entry.reference),
        transaction_code: transaction_code(entry.shown_kind(), credit_debit),
        batch: None,
    })?;
    match &entry.origin {
        Origin::Payment(payment) => payment.write(writer, account, entry),
        Origin::Outside(credit) => credit.write(writer, account, entry),
        Origin::Nothing => Ok(()),
    }
}

impl ReportedEntry<'_> {
    /// A payment that was made elsewhere may come back here too: then it has a reason.
    fn shown_kind(&self) -> EntryKind {
        match &self.origin {
            Origin::Outside(credit) if !credit.known.return_reason.is_empty() => EntryKind::Return,
            _ => self.kind,
        }
    }
}

impl OrderedPayment<'_> {
    fn write<W: Write>(
        &self,
        writer: &mut Writer<W>,
        own: &ReportedAccount<'_>,
        entry: &ReportedEntry<'_>,
    ) -> Result<(), WriteError> {
        let (amount, credit_debit) = magnitude(entry.minor, own.currency);
        let record = &self.record;
        // Only the payer sees its own numbering; the end-to-end id is for both.
        let is_payer = credit_debit == CreditDebit::Debit;
        let payers = |text| Some(text).filter(|_| is_payer).and_then(some);
        let shares = shares(record, if is_payer { Side::Payer } else { Side::Payee }, amount, own.currency);
        let kinds: Vec<String> = shares.iter().map(|(code, _)| format!("EKK/{code}")).collect();
        let proprietary: Vec<ProprietaryAmount<'_>> =
            kinds.iter().zip(&shares).map(|(kind, (_, amount))| ProprietaryAmount { kind, amount: *amount }).collect();
        let remittance = RemittanceParts::of(record.remittance, record);
        let own_bank = agent(own.servicer_bic);
        writer.transaction(&TransactionDetails {
            references: References {
                message_id: payers(self.message_id),
                account_servicer_reference: Some(entry.reference),
                payment_information_id: payers(self.payment_information_id),
                instruction_id: payers(record.instruction_id),
                end_to_end_id: some(record.end_to_end_id),
                uetr: some(record.uetr),
                transaction_id: None,
            },
            amount: Some(amount),
            proprietary_amounts: &proprietary,
            debtor: named(self.debtor_name),
            debtor_account: iban(self.debtor_iban),
            ultimate_debtor: party(&record.ultimate_debtor),
            creditor: named(record.creditor_name),
            creditor_account: iban(record.creditor_iban),
            ultimate_creditor: party(&record.ultimate_creditor),
            debtor_agent: own_bank,
            creditor_agent: match entry.kind {
                EntryKind::InternalTransfer => own_bank,
                _ => agent(record.creditor_bic),
            },
            purpose: some(record.purpose),
            remittance: remittance.borrowed(),
            ..TransactionDetails::default()
        })
    }
}

impl OutsideCredit<'_> {
    fn write<W: Write>(
        &self,
        writer: &mut Writer<W>,
        own: &ReportedAccount<'_>,
        entry: &ReportedEntry<'_>,
    ) -> Result<(), WriteError> {
        let (amount, _) = magnitude(entry.minor, own.currency);
        let OutsideCredit { known, returned, .. } = self;
        let original = returned.as_ref().map(|returned| &returned.record);
        let remittance = RemittanceParts::of(self.remittance, original.unwrap_or(known));
        let information = returned.as_ref().map(|returned| format!("Return of {}", returned.reference));
        // What comes back goes the other way: whom the payment was for in the end is whom it comes from.
        let (ultimate_debtor, ultimate_creditor) = match original {
            Some(payment) => (&payment.ultimate_creditor, &payment.ultimate_debtor),
            None => (&known.ultimate_debtor, &known.ultimate_creditor),
        };
        let reason = some(known.return_reason).map(CodeOrProprietary::Code);
        let is_return = reason.is_some() || returned.is_some();
        writer.transaction(&TransactionDetails {
            references: References {
                message_id: returned.as_ref().and_then(|returned| some(returned.message_id)),
                // By it the payer finds the entry that is given back.
                account_servicer_reference: Some(returned.as_ref().map_or(entry.reference, |found| found.reference)),
                payment_information_id: returned.as_ref().and_then(|returned| some(returned.payment_information_id)),
                instruction_id: original.and_then(|payment| some(payment.instruction_id)),
                end_to_end_id: some(self.end_to_end_id),
                uetr: original.and_then(|payment| some(payment.uetr)),
                transaction_id: None,
            },
            amount: Some(amount),
            debtor: named(self.debtor_name),
            debtor_account: iban(self.debtor_iban),
            ultimate_debtor: party(ultimate_debtor),
            creditor: named(own.owner_name),
            creditor_account: iban(own.iban),
            ultimate_creditor: party(ultimate_creditor),
            debtor_agent: original.and_then(|payment| agent(payment.creditor_bic)),
            creditor_agent: agent(own.servicer_bic),
            purpose: original.and_then(|payment| some(payment.purpose)),
            remittance: remittance.borrowed(),
            return_information: is_return.then_some(ReturnInformation { reason, additional_information: &[] }),
            additional_information: information.as_deref(),
            ..TransactionDetails::default()
        })
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

/// The remittance of an entry: one text and one reference at most, the documents paid and further lines.
struct RemittanceParts<'r> {
    unstructured: [&'r str; 1],
    references: [CreditorReference<'r>; 1],
    document_numbers: Vec<&'r str>,
    additional: Vec<&'r str>,
}

impl<'r> RemittanceParts<'r> {
    /// The reference with its type, as the payer stated them.
    fn of(text: &'r str, record: &PaymentRecord<'r>) -> RemittanceParts<'r> {
        let code = some(record.reference_code).map(CodeOrProprietary::Code);
        let kind = code.or(some(record.reference_proprietary).map(CodeOrProprietary::Proprietary));
        let issuer = some(record.reference_issuer);
        let references = [CreditorReference { reference: record.creditor_reference, kind, issuer }];
        RemittanceParts {
            unstructured: [text],
            references,
            document_numbers: record.document_numbers.lines().collect(),
            additional: record.additional_remittance.lines().collect(),
        }
    }

    fn borrowed(&self) -> Remittance<'_> {
        Remittance {
            unstructured: if self.unstructured[0].is_empty() { &[] } else { &self.unstructured },
            creditor_references: if self.references[0].reference.is_empty() { &[] } else { &self.references },
            document_numbers: &self.document_numbers,
            additional: &self.additional,
        }
    }
}

/// An ultimate party with its identification.
fn party<'r>(record: &PartyRecord<'r>) -> Option<Party<'r>> {
    let PartyRecord {
        name,
        organisation_bic,
        lei,
        organisation_id,
        private_id,
        scheme_code,
        scheme_proprietary,
        issuer,
    } = *record;
    let code = some(scheme_code).map(CodeOrProprietary::Code);
    (!record.is_empty()).then(|| Party {
        name: some(name),
        organisation_bic: some(organisation_bic),
        lei: some(lei),
        identification: some(private_id).or(some(organisation_id)),
        identification_scheme: code.or(some(scheme_proprietary).map(CodeOrProprietary::Proprietary)),
        identification_issuer: some(issuer),
        is_private: !private_id.is_empty(),
        ..Party::default()
    })
}

fn named(name: &str) -> Option<Party<'_>> {
    some(name).map(|name| Party { name: Some(name), ..Party::default() })
}

fn iban(iban: &str) -> Option<Account<'_>> {
    some(iban).map(|iban| Account { iban: Some(iban), ..Account::default() })
}

fn agent(bic: &str) -> Option<Agent<'_>> {
    some(bic).map(|bic| Agent { bic: Some(bic), ..Agent::default() })
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
