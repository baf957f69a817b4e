//! The checker: what it remembers between the items of a message, and the order in which rules are applied.

use iso20022::MessageType;
use iso20022::common::Party;
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation};
use jiff::civil::{Date, DateTime};
use money::{Decimal, Money};

use super::finding::Sink;
use crate::{Guideline, Iban};

/// What the rules need to know besides the message.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The Treasury's open business day.
    pub business_day: Date,
    /// When the message was received, local time (Europe/Riga).
    pub received_at: DateTime,
    /// Which pain.001 it is.
    pub message_type: MessageType,
    /// A number that no client can foresee: it keys the hashes of the duplicate check, so that nobody can make a
    /// message whose identifiers collide. The verdict does not depend on it.
    pub hash_key: u64,
}

/// How a payment travels: derived from its data, never chosen by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// To another account of the Treasury.
    Internal,
    /// By SEPA Credit Transfer.
    Sepa,
}

/// On whose behalf a payment is made. The payment's own statement rules over the block's (guideline 2.23, 2.70).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UltimateDebtor<'a> {
    /// On the debtor's own.
    #[default]
    None,
    /// On behalf of the block's ultimate debtor.
    OfBlock,
    /// On behalf of the payment's.
    OfPayment(Party<'a>),
}

/// A payment that no rule refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked<'a> {
    /// How it travels.
    pub route: Route,
    /// What is to be paid; above 0.
    pub amount: Money,
    /// The payee's account.
    pub creditor_iban: Iban,
    /// The day on which it is to be executed, by the date requested, the cut-off and the calendar.
    pub execution_date: Date,
    /// On whose behalf.
    pub ultimate_debtor: UltimateDebtor<'a>,
}

/// A block whose head no rule refuses. Its totals are known only at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedBlock {
    /// The payer's account: an account of the Treasury. Whether the caller may debit it is not known here.
    pub debtor_iban: Iban,
    /// The date requested.
    pub requested_execution_date: Date,
}

/// What a block really holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockTotals {
    /// How many payments.
    pub payments: u64,
    /// The sum of their amounts, whatever the currency.
    pub control_sum: Decimal,
}

/// What a message really holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageTotals {
    /// How many blocks.
    pub blocks: u32,
    /// How many payments.
    pub payments: u64,
    /// The sum of their amounts, whatever the currency.
    pub control_sum: Decimal,
}

/// Checks one message. Feed it in file order: group header, then for each block its head, its payments, its end; then
/// the end of the message.
///
/// It remembers counts, sums and hashes of identifiers: at 1 000 000 payments about 14 MB for each kind of identifier
/// that is used.
#[derive(Debug)]
pub struct Checker<'g> {
    guideline: &'g Guideline,
    setting: Setting,
}

impl<'g> Checker<'g> {
    /// A checker for one message.
    #[must_use]
    pub fn new(guideline: &'g Guideline, setting: Setting) -> Checker<'g> {
        Checker { guideline, setting }
    }

    /// Checks the group header.
    pub fn group_header(&mut self, header: &GroupHeader<'_>, sink: &mut impl Sink) {
        let _ = (header, sink);
    }

    /// Checks the head of a block. `None` when a rule refuses it; its payments can be checked all the same.
    pub fn payment_information(
        &mut self,
        block: &PaymentInformation<'_>,
        sink: &mut impl Sink,
    ) -> Option<CheckedBlock> {
        let _ = (block, sink, self.guideline, self.setting);
        None
    }

    /// Checks a payment of the block whose head was checked last. `None` when a rule refuses the payment.
    pub fn credit_transfer<'a>(&mut self, payment: &CreditTransfer<'a>, sink: &mut impl Sink) -> Option<Checked<'a>> {
        let _ = (payment, sink);
        None
    }

    /// Checks the totals of the block whose head was checked last.
    pub fn end_of_payment_information(&mut self, sink: &mut impl Sink) -> BlockTotals {
        let _ = sink;
        BlockTotals { payments: 0, control_sum: Decimal::ZERO }
    }

    /// Checks the totals of the message.
    pub fn end_of_message(&mut self, sink: &mut impl Sink) -> MessageTotals {
        let _ = sink;
        MessageTotals { blocks: 0, payments: 0, control_sum: Decimal::ZERO }
    }
}
