//! Writes a pain.001, a payment at a time.

use std::io::Write;

use iso20022::WriteError;
use iso20022::common::{CodeOrProprietary, Party, PaymentType};
use iso20022::pain001::{GroupHeader, PaymentInformation, Writer};
use money::Decimal;
use rulebook::Route;

use super::flaw::{Flaw, Flawed};
use super::payment::{Payment, TREASURY_BIC, account, agent, amount};
use super::placement::{self, Placed};
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// Why a message was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The settings contradict each other or pass a bound.
    #[error("{0}")]
    Settings(String),
    /// The message could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A summary of the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// `MsgId`.
    pub message_id: String,
    /// Blocks.
    pub blocks: u32,
    /// Payments.
    pub transactions: u32,
    /// Internal payments among them.
    pub internal: u32,
    /// The sum of all amounts.
    pub control_sum: Decimal,
    /// The payments made wrong, in file order.
    pub flawed: Vec<Flawed>,
}

impl PaymentBatch {
    /// Writes the message. The output should be buffered only if it is slow for blocks of some 64 KiB.
    ///
    /// # Errors
    /// When the settings cannot be followed, or the output fails.
    pub fn write<W: Write>(&self, output: W) -> Result<Summary, GenerateError> {
        let (blocks, flaws) = self.planned()?;
        // The header states the sum of what follows it: amounts are drawn twice rather than kept.
        let sums: Vec<Decimal> = blocks.iter().map(|block| self.sum(block, &flaws)).collect();
        let control_sum = sums.iter().fold(Decimal::ZERO, |sum, block| add(sum, *block));
        let mut writer = Writer::new(self.message_type, output);
        self.write_header(control_sum, &mut writer)?;
        let mut payment = Payment::default();
        let mut flawed = Vec::new();
        for (block, sum) in blocks.iter().zip(&sums) {
            self.write_block(block, *sum, &mut writer)?;
            for ordinal in block.ordinals() {
                let flaw = flaw_at(&flaws, ordinal);
                payment.fill(self, block, ordinal, flaw);
                payment.write(block, &mut writer)?;
                flawed.extend(flaw.map(|flaw| Flawed { ordinal, flaw, end_to_end_id: payment.reference.clone() }));
            }
        }
        writer.finish()?;
        let internal = blocks.iter().filter(|block| block.route == Route::Internal);
        Ok(Summary {
            message_id: self.message_id.clone(),
            // Bounded by the payments.
            blocks: u32::try_from(blocks.len()).unwrap_or(u32::MAX),
            transactions: self.transactions,
            internal: internal.map(|block| block.transactions).sum(),
            control_sum,
            flawed,
        })
    }

    /// The blocks, and which payments are wrong in which way.
    pub(super) fn planned(&self) -> Result<(Vec<Block>, Placed), GenerateError> {
        if let Some(objection) = self.objection() {
            return Err(GenerateError::Settings(objection));
        }
        let blocks = self.blocks();
        let flaws = placement::place(&self.flaws, &blocks, self.transactions);
        Ok((blocks, flaws))
    }

    /// `CreDtTm`.
    pub(super) fn created(&self) -> String {
        format!("{}T09:00:00", self.date)
    }

    pub(super) fn write_header<W: Write>(&self, sum: Decimal, writer: &mut Writer<W>) -> Result<(), WriteError> {
        writer.group_header(&GroupHeader {
            message_id: &self.message_id,
            creation_date_time: &self.created(),
            number_of_transactions: u64::from(self.transactions),
            control_sum: Some(sum),
            initiating_party: Party { name: Some(&self.initiating_party), ..Party::default() },
            ..GroupHeader::default()
        })
    }

    /// The line on which a payment begins. The writer begins each payment and each block on a line of its own, and ends
    /// blocks so too; the head of the message takes three lines.
    pub(super) fn line(block: &Block, ordinal: u32) -> u32 {
        5 + 2 * block.number + ordinal
    }

    fn sum(&self, block: &Block, flaws: &[(u32, Flaw)]) -> Decimal {
        block.ordinals().fold(Decimal::ZERO, |sum, ordinal| {
            add(sum, amount(&mut Random::of(self.seed, u64::from(ordinal)), flaw_at(flaws, ordinal)))
        })
    }

    pub(super) fn write_block<W: Write>(
        &self,
        block: &Block,
        sum: Decimal,
        writer: &mut Writer<W>,
    ) -> Result<(), WriteError> {
        let id = self.block_id(block);
        let sepa = block.route == Route::Sepa;
        writer.payment_information(&PaymentInformation {
            payment_information_id: &id,
            payment_method: "TRF",
            batch_booking: Some(false),
            number_of_transactions: Some(u64::from(block.transactions)),
            control_sum: Some(sum),
            payment_type: PaymentType {
                service_levels: if sepa { &[CodeOrProprietary::Code("SEPA")] } else { &[] },
                ..PaymentType::default()
            },
            requested_execution_date: Some(self.date),
            debtor: Party { name: Some(&self.initiating_party), ..Party::default() },
            debtor_account: account(block.debtor_account.as_str()),
            debtor_agent: agent(TREASURY_BIC),
            charge_bearer: sepa.then_some("SLEV"),
            ..PaymentInformation::default()
        })
    }
}

/// How the payment is wrong, if it is.
pub(super) fn flaw_at(flaws: &[(u32, Flaw)], ordinal: u32) -> Option<Flaw> {
    let at = flaws.binary_search_by_key(&ordinal, |(place, _)| *place).ok()?;
    flaws.get(at).map(|(_, flaw)| *flaw)
}

pub(super) fn add(sum: Decimal, amount: Decimal) -> Decimal {
    // Invariant: ten million amounts of less than 5 000.00 are far from the limit.
    sum.checked_add(amount).expect("the sum of the batch fits")
}
