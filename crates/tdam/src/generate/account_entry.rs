//! One entry of an account report: a payment of the day's batch, or money that came in.

use std::fmt::Write as _;
use std::io::Write;

use iso20022::camt::{
    BankTransactionCode, DomainCode, Entry, ProprietaryAmount, References, ReturnInformation, TransactionDetails,
    Writer,
};
use iso20022::common::{CodeOrProprietary, CreditDebit, Party, Remittance};
use money::Decimal;
use rulebook::{Bic, Iban, Route};

use super::GenerateError;
use super::account_report::decimal;
use super::fate::{self, Fate};
use super::payment::{INSTITUTIONS, Payment, TREASURY_BIC, account, agent, amount, in_euro};
use super::people::{self, ABROAD, LATVIA, Payee};
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// Sets the draws of what comes in apart from those of the payments.
const STREAM: u64 = 0x436F_6D69_6E67_496E;
/// Of a hundred incoming entries: returned payments, transfers of other institutions. The rest comes from banks.
const RETURNED_PERCENT: u64 = 12;
const INTERNAL_PERCENT: u64 = 25;
/// Of a hundred payments from banks, how many come from abroad, and how many without the payer's reference.
const ABROAD_PERCENT: u64 = 10;
const UNREFERENCED_PERCENT: u64 = 40;
/// How far back the payment that is returned is looked for.
const RETURN_LOOKBACK: u32 = 40;
/// Why payments are returned (external code set, return reasons).
const RETURN_REASONS: [&str; 4] = ["AC04", "AC01", "MS03", "MD07"];
/// Codes of revenue that another institution's transfer is classified by on the payee's side (EKK).
const REVENUE: [&str; 4] = ["21381", "21399", "21490", "18620"];
/// What people and firms pay a municipality for.
const INCOME: [&str; 6] = [
    "Nekustamā īpašuma nodoklis",
    "Maksa par bērnudārzu",
    "Zemes noma",
    "Telpu īre",
    "Nodeva par reklāmas izvietošanu",
    "Mūzikas skolas līdzfinansējums",
];

/// A day of an account, and the payments that were to be made on it.
#[derive(Debug)]
pub(super) struct Day {
    pub(super) batch: PaymentBatch,
    blocks: Vec<Block>,
}

/// Why an entry is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// A payment of the batch.
    Ordered,
    /// A payment of the batch that its bank sent back.
    Returned(u32),
    /// Another institution's transfer.
    Transfer,
    /// A payment from a bank.
    Incoming,
}

impl Day {
    pub(super) fn of(batch: PaymentBatch) -> Day {
        let blocks = batch.blocks();
        Day { batch, blocks }
    }

    /// Direction and cents of an entry.
    pub(super) fn booked(&self, ordinal: u32) -> (CreditDebit, i64) {
        match self.cause(ordinal) {
            Cause::Ordered => (CreditDebit::Debit, self.cents(ordinal)),
            Cause::Returned(original) => (CreditDebit::Credit, self.cents(original)),
            Cause::Transfer | Cause::Incoming => (CreditDebit::Credit, cents(amount(&mut self.coming(ordinal), None))),
        }
    }

    fn cause(&self, ordinal: u32) -> Cause {
        if self.fate(ordinal) == Fate::Settled {
            return Cause::Ordered;
        }
        match Random::of(self.batch.seed ^ STREAM, u64::from(ordinal)).below(100) {
            drawn if drawn < RETURNED_PERCENT => self.returned(ordinal).map_or(Cause::Incoming, Cause::Returned),
            drawn if drawn < RETURNED_PERCENT + INTERNAL_PERCENT => Cause::Transfer,
            _ => Cause::Incoming,
        }
    }

    /// The payment that comes back in this place: the last settled one to a bank, which the return before this did not name.
    fn returned(&self, ordinal: u32) -> Option<u32> {
        let back = (ordinal.saturating_sub(RETURN_LOOKBACK)..ordinal).rev();
        let mut settled = back.take_while(|earlier| self.fate(*earlier) == Fate::Settled);
        settled.find(|earlier| self.block(*earlier).route == Route::Sepa)
    }

    fn fate(&self, ordinal: u32) -> Fate {
        fate::of(&self.batch, self.block(ordinal), ordinal, None)
    }

    /// # Panics
    /// Never for a payment of the batch: its blocks cover it.
    fn block(&self, ordinal: u32) -> &Block {
        let after = self.blocks.partition_point(|block| block.first <= ordinal);
        &self.blocks[after - 1]
    }

    fn cents(&self, ordinal: u32) -> i64 {
        cents(amount(&mut Random::of(self.batch.seed, u64::from(ordinal)), None))
    }

    /// What is drawn for money that comes in.
    fn coming(&self, ordinal: u32) -> Random {
        Random::of(self.batch.seed ^ STREAM.rotate_left(1), u64::from(ordinal))
    }
}

/// An entry of the report. Its buffers are used for one after the other.
#[derive(Debug, Default)]
pub(super) struct EntryDraft {
    ordinal: u32,
    cause: Option<Cause>,
    direction: CreditDebit,
    cents: i64,
    number: String,
    servicer_reference: String,
    /// What was ordered, or is returned.
    payment: Payment,
    payment_information_id: String,
    /// Who paid in.
    payer: Payee,
    payer_account: Option<Iban>,
    payer_bank: Option<Bic>,
    end_to_end_id: String,
    remittance: String,
    information: String,
    /// Kinds of `PrtryAmt`, with their shares.
    shares: Vec<(String, Decimal)>,
    return_reason: &'static str,
}

impl EntryDraft {
    /// Makes another entry in the same buffers.
    pub(super) fn fill(&mut self, day: &Day, ordinal: u32) {
        let cause = day.cause(ordinal);
        (self.direction, self.cents) = day.booked(ordinal);
        (self.ordinal, self.cause) = (ordinal, Some(cause));
        for text in [&mut self.number, &mut self.servicer_reference, &mut self.end_to_end_id, &mut self.remittance] {
            text.clear();
        }
        self.information.clear();
        self.payment_information_id.clear();
        self.shares.clear();
        let side = if self.direction == CreditDebit::Debit { 'D' } else { 'C' };
        // Writing to a String cannot fail.
        let _ = write!(self.number, "{}", ordinal + 1);
        let _ = write!(self.servicer_reference, "{}-{side}{}", day.batch.message_id, ordinal + 1);
        match cause {
            Cause::Ordered => {
                self.take(day, ordinal);
                let payer_side = &self.payment.payer_side;
                self.shares.extend(payer_side.iter().map(|(code, share)| (format!("EKK/{code}"), *share)));
            }
            Cause::Returned(original) => {
                self.take(day, original);
                self.return_reason = day.coming(ordinal).one_of(&RETURN_REASONS);
                let _ = write!(self.information, "Return of {}-D{}", day.batch.message_id, original + 1);
            }
            Cause::Transfer => self.transfer(day),
            Cause::Incoming => self.incoming(day),
        }
    }

    fn take(&mut self, day: &Day, ordinal: u32) {
        let block = day.block(ordinal);
        self.payment.fill(&day.batch, block, ordinal, None);
        self.payment_information_id.push_str(&day.batch.block_id(block));
    }

    fn transfer(&mut self, day: &Day) {
        let mut random = self.after_amount(day);
        let others: Vec<_> = day.batch.payees_of(day.batch.debtor_accounts[0]).collect();
        self.payer_account = Some(random.one_of(&others).iban);
        self.payer_bank = None;
        self.payer.name.clear();
        self.payer.name.push_str(random.one_of(&INSTITUTIONS));
        self.payer.registration.clear();
        self.shares.push((format!("EKK/{}", random.one_of(&REVENUE)), decimal(self.cents)));
        self.referenced(day, "Transferts", &mut random);
    }

    fn incoming(&mut self, day: &Day) {
        let mut random = self.after_amount(day);
        let country = if random.chance(ABROAD_PERCENT) { random.one_of(ABROAD) } else { &LATVIA };
        self.payer.fill(country, &mut random);
        let (bank, account) = people::account(country, &mut random);
        (self.payer_bank, self.payer_account) = (Some(bank), Some(account));
        let what = random.one_of(&INCOME);
        self.referenced(day, what, &mut random);
    }

    /// The generator of what comes in, after the amount was drawn from it.
    fn after_amount(&self, day: &Day) -> Random {
        let mut random = day.coming(self.ordinal);
        amount(&mut random, None);
        random
    }

    fn referenced(&mut self, day: &Day, what: &str, random: &mut Random) {
        let number = 1 + random.below(999_999);
        // Writing to a String cannot fail.
        let _ = if random.chance(UNREFERENCED_PERCENT) {
            write!(self.end_to_end_id, "NOTPROVIDED")
        } else {
            write!(self.end_to_end_id, "R{}-{number:06}", day.batch.date.year())
        };
        let _ = write!(self.remittance, "{what}, rēķins {}-{number:06}", day.batch.date.year());
    }

    /// Writes the entry with its transaction.
    pub(super) fn write<W: Write>(&self, day: &Day, writer: &mut Writer<W>) -> Result<(), GenerateError> {
        writer.entry(&Entry {
            reference: Some(&self.number),
            amount: in_euro(decimal(self.cents)),
            credit_debit: self.direction,
            reversal: false,
            status: "BOOK",
            booking_date: Some(day.batch.date),
            value_date: Some(day.batch.date),
            account_servicer_reference: Some(&self.servicer_reference),
            transaction_code: self.transaction_code(day),
            batch: None,
        })?;
        let shares: Vec<ProprietaryAmount<'_>> =
            self.shares.iter().map(|(kind, share)| ProprietaryAmount { kind, amount: in_euro(*share) }).collect();
        let details = TransactionDetails {
            amount: Some(in_euro(decimal(self.cents))),
            proprietary_amounts: &shares,
            ..TransactionDetails::default()
        };
        let owner = day.batch.initiating_party.as_str();
        let owners_account = day.batch.debtor_accounts[0];
        match self.cause {
            Some(Cause::Ordered | Cause::Returned(_)) => self.write_payment(day, owners_account, details, writer)?,
            _ => writer.transaction(&TransactionDetails {
                references: References {
                    account_servicer_reference: Some(&self.servicer_reference),
                    end_to_end_id: Some(&self.end_to_end_id),
                    ..References::default()
                },
                debtor: Some(party(&self.payer)),
                debtor_account: self.payer_account.as_ref().map(|iban| account(iban.as_str())),
                creditor: Some(Party { name: Some(owner), ..Party::default() }),
                creditor_account: Some(account(owners_account.as_str())),
                debtor_agent: Some(agent(self.payer_bank.as_ref().map_or(TREASURY_BIC, Bic::as_str))),
                creditor_agent: Some(agent(TREASURY_BIC)),
                remittance: Remittance { unstructured: &[&self.remittance], creditor_references: &[] },
                ..details
            })?,
        }
        Ok(())
    }

    fn write_payment<W: Write>(
        &self,
        day: &Day,
        owners_account: Iban,
        details: TransactionDetails<'_>,
        writer: &mut Writer<W>,
    ) -> Result<(), GenerateError> {
        let Payment { reference, instruction, uetr, payee, iban, remittance, .. } = &self.payment;
        let is_return = matches!(self.cause, Some(Cause::Returned(_)));
        writer.transaction(&TransactionDetails {
            references: References {
                message_id: Some(&day.batch.message_id),
                account_servicer_reference: Some(&self.servicer_reference),
                payment_information_id: Some(&self.payment_information_id),
                instruction_id: Some(instruction),
                end_to_end_id: Some(reference),
                uetr: Some(uetr),
                transaction_id: None,
            },
            debtor: Some(Party { name: Some(&day.batch.initiating_party), ..Party::default() }),
            debtor_account: Some(account(owners_account.as_str())),
            creditor: Some(party(payee)),
            creditor_account: Some(account(iban)),
            debtor_agent: Some(agent(TREASURY_BIC)),
            creditor_agent: self.payment.payee_bank(self.route(day)),
            remittance: Remittance { unstructured: &[remittance], creditor_references: &[] },
            return_information: is_return.then_some(ReturnInformation {
                reason: Some(CodeOrProprietary::Code(self.return_reason)),
                additional_information: &[],
            }),
            additional_information: Some(self.information.as_str()).filter(|text| !text.is_empty()),
            ..details
        })?;
        Ok(())
    }

    fn route(&self, day: &Day) -> Route {
        match self.cause {
            Some(Cause::Ordered) => day.block(self.ordinal).route,
            Some(Cause::Transfer) => Route::Internal,
            // Only payments to banks come back.
            Some(Cause::Returned(_) | Cause::Incoming) | None => Route::Sepa,
        }
    }

    /// Internal or SEPA, in or out, or sent back (external code set, bank transaction codes).
    fn transaction_code(&self, day: &Day) -> BankTransactionCode<'static> {
        let family = if self.direction == CreditDebit::Debit { "ICDT" } else { "RCDT" };
        let sub_family = match (self.cause, self.route(day)) {
            (Some(Cause::Returned(_)), _) => "RRTN",
            (_, Route::Internal) => "BOOK",
            (_, Route::Sepa) => "ESCT",
        };
        let domain = DomainCode { domain: "PMNT", family, sub_family };
        BankTransactionCode { domain: Some(domain), ..BankTransactionCode::default() }
    }
}

fn party(payee: &Payee) -> Party<'_> {
    Party {
        name: Some(&payee.name),
        identification: Some(payee.registration.as_str()).filter(|id| !id.is_empty()),
        ..Party::default()
    }
}

/// The cents of an amount.
fn cents(amount: Decimal) -> i64 {
    // Invariant: without a flaw an amount has two decimals and less than 5 000.00.
    amount.units_at_scale(2).and_then(|cents| i64::try_from(cents).ok()).expect("an amount of euro and cents")
}
