//! Writes the pain.002 that tells what became of a batch: every payment with its status, a payment at a time.

use std::io::Write;

use iso20022::DateTime;
use iso20022::common::{CodeOrProprietary, Party};
use iso20022::pain002::{
    GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus, Writer,
};
use jiff::civil::time;
use money::Decimal;
use rulebook::catalogue::{Arguments, Language};

use super::account_entry::debit_reference;
use super::batch::{self, GenerateError, flaw_at};
use super::fate::{self, Fate};
use super::flaw::Flaw;
use super::payment::{Payment, TREASURY_BIC, TREASURY_NAME, account, agent, amount, in_euro};
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// Statuses of payments, the least advanced first.
const STATUSES: [Status; 4] = [Status::PDNG, Status::ACSP, Status::ACSC, Status::RJCT];

/// How many payments have each of the [`STATUSES`], and what they add up to.
#[derive(Clone, Copy, Debug)]
struct Tally([(u64, Decimal); STATUSES.len()]);

/// What a status report says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusSummary {
    /// `OrgnlMsgId`: the message that is reported on.
    pub message_id: String,
    /// The message's status.
    pub status: Status,
    /// Payments by status; statuses that no payment has are left out.
    pub per_status: Vec<(Status, u64)>,
}

impl PaymentBatch {
    /// Writes the pain.002, of the batch's generation, that reports on this batch in the afternoon of its date.
    ///
    /// Every payment is named, also those that are in order: a report as large as the message.
    ///
    /// # Errors
    /// When the settings cannot be followed, or the output fails.
    pub fn write_status_report<W: Write>(&self, output: W) -> Result<StatusSummary, GenerateError> {
        let (blocks, flaws) = self.planned()?;
        let Some(message_type) = self.message_type.status_report() else {
            return Err(GenerateError::Settings(format!("{} is not answered by a status report", self.message_type)));
        };
        // The totals stand before the payments: fates are drawn twice rather than kept.
        let tallies: Vec<Tally> = blocks.iter().map(|block| self.tally(block, &flaws)).collect();
        let group = tallies.iter().fold(Tally::NOTHING, |sum, tally| sum.with(tally));
        let accepted = DateTime::local(self.date.to_datetime(time(9, 0, 5, 0)));
        let mut writer = Writer::new(message_type, output);
        self.write_head(&group, &mut writer)?;
        let mut payment = Payment::default();
        for (block, tally) in blocks.iter().zip(&tallies) {
            let (number, sum) = tally.total();
            writer.payment_information(&OriginalPaymentInformation {
                payment_information_id: &self.block_id(block),
                number_of_transactions: Some(number),
                control_sum: Some(sum),
                status: Some(tally.status()),
                reasons: &[],
                transactions_per_status: &tally.told(),
            })?;
            for ordinal in block.ordinals() {
                let flaw = flaw_at(&flaws, ordinal);
                payment.fill(self, block, ordinal, flaw);
                self.write_payment(
                    block,
                    ordinal,
                    &payment,
                    fate::of(self, block, ordinal, flaw),
                    accepted,
                    &mut writer,
                )?;
            }
        }
        writer.finish()?;
        let per_status = group.told().iter().map(|told| (told.status, told.number_of_transactions)).collect();
        Ok(StatusSummary { message_id: self.message_id.clone(), status: group.status(), per_status })
    }

    fn write_head<W: Write>(&self, group: &Tally, writer: &mut Writer<W>) -> Result<(), GenerateError> {
        writer.group_header(&GroupHeader {
            message_id: &format!("{}-STS", self.message_id),
            creation_date_time: Some(DateTime::local(self.date.to_datetime(time(16, 0, 0, 0)))),
            initiating_party: Some(Party { name: Some(TREASURY_NAME), ..Party::default() }),
            debtor_agent: Some(agent(TREASURY_BIC)),
            ..GroupHeader::default()
        })?;
        let (number, sum) = group.total();
        writer.original_group(&OriginalGroup {
            message_id: &self.message_id,
            message_name: self.message_type.name(),
            creation_date_time: Some(&self.created()),
            number_of_transactions: Some(number),
            control_sum: Some(sum),
            status: Some(group.status()),
            reasons: &[],
            transactions_per_status: &group.told(),
        })?;
        Ok(())
    }

    fn write_payment<W: Write>(
        &self,
        block: &Block,
        ordinal: u32,
        payment: &Payment,
        fate: Fate,
        accepted: DateTime,
        writer: &mut Writer<W>,
    ) -> Result<(), GenerateError> {
        let status_id = format!("{}-S{}", self.message_id, ordinal + 1);
        let reference = debit_reference(self, ordinal);
        let text = match fate {
            Fate::Refused(code) => {
                format!("{}: {}", code.id(), code.entry().text(Language::English, &Arguments::default()))
            }
            _ => String::new(),
        };
        let lines = [text.as_str()];
        let reason = match fate {
            Fate::Refused(code) => Some(StatusReason {
                originator_name: Some(TREASURY_NAME),
                reason: Some(CodeOrProprietary::Code(code.iso_reason().unwrap_or("NARR"))),
                additional_information: &lines,
            }),
            _ => None,
        };
        writer.transaction(&TransactionStatus {
            status_id: Some(&status_id),
            instruction_id: Some(&payment.instruction),
            end_to_end_id: Some(&payment.reference),
            uetr: Some(&payment.uetr),
            status: Some(STATUSES[place(fate)]),
            reasons: reason.as_slice(),
            acceptance_date_time: (!matches!(fate, Fate::Refused(_))).then_some(accepted),
            account_servicer_reference: (fate == Fate::Settled).then_some(&reference),
            original: Some(OriginalTransaction {
                instructed_amount: payment.amount.map(in_euro),
                requested_execution_date: Some(self.date),
                debtor_name: Some(&self.initiating_party),
                debtor_account: Some(account(block.debtor_account.as_str())),
                creditor_agent: payment.payee_bank(block.route),
                creditor_name: Some(&payment.payee.name),
                creditor_account: Some(account(&payment.iban)),
                ..OriginalTransaction::default()
            }),
        })?;
        Ok(())
    }

    fn tally(&self, block: &Block, flaws: &[(u32, Flaw)]) -> Tally {
        let mut tally = Tally::NOTHING;
        for ordinal in block.ordinals() {
            let flaw = flaw_at(flaws, ordinal);
            let (count, sum) = &mut tally.0[place(fate::of(self, block, ordinal, flaw))];
            *count += 1;
            *sum = batch::add(*sum, amount(&mut Random::of(self.seed, u64::from(ordinal)), flaw));
        }
        tally
    }
}

impl Tally {
    const NOTHING: Tally = Tally([(0, Decimal::ZERO); STATUSES.len()]);

    fn with(mut self, other: &Tally) -> Tally {
        for ((count, sum), (more, amount)) in self.0.iter_mut().zip(&other.0) {
            *count += more;
            *sum = batch::add(*sum, *amount);
        }
        self
    }

    fn total(&self) -> (u64, Decimal) {
        self.0
            .iter()
            .fold((0, Decimal::ZERO), |(number, sum), (more, amount)| (number + more, batch::add(sum, *amount)))
    }

    fn told(&self) -> Vec<TransactionsPerStatus> {
        let per_status = STATUSES.iter().zip(&self.0).filter(|(_, (count, _))| *count > 0);
        per_status
            .map(|(status, (count, sum))| TransactionsPerStatus {
                number_of_transactions: *count,
                status: *status,
                control_sum: Some(*sum),
            })
            .collect()
    }

    /// The status of the whole: in part where some are refused and some are not, else the least advanced.
    fn status(&self) -> Status {
        let told = self.told();
        let refused = told.iter().any(|told| told.status == Status::RJCT);
        if refused && told.len() > 1 { Status::PART } else { told.first().map_or(Status::RJCT, |told| told.status) }
    }
}

/// Where the status of a fate stands among the [`STATUSES`].
fn place(fate: Fate) -> usize {
    match fate {
        Fate::Waiting => 0,
        Fate::InProcess => 1,
        Fate::Settled => 2,
        Fate::Refused(_) => 3,
    }
}
