//! One entry of an account report: a payment of the day's batch, or money that came in.

use std::fmt::Write as _;
use std::io::Write;

use exchange::AccountId;
use exchange::account_report::{
    OrderedPayment, Origin, OutsideCredit, ReportedAccount, ReportedEntry, Returned, entry_reference, write_entry,
};
use iso20022::camt::Writer;
use iso20022::common::CreditDebit;
use ledger::{CreditId, EntryKind, EntrySource};
use money::Decimal;
use payments::{PaymentRecord, Share, Side};
use rulebook::{Bic, Iban, Route};

use super::GenerateError;
use super::outcome::{self, PaymentOutcome};
use super::payment::{INSTITUTIONS, Payment, amount};
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
/// How far back to search a payment to return.
const RETURN_LOOKBACK: u32 = 40;
/// Why payments are returned (external code set, return reasons).
const RETURN_REASONS: [&str; 4] = ["AC04", "AC01", "MS03", "MD07"];
/// Codes of revenue that another institution's transfer is classified by on the payee's side (EKK).
const REVENUE: [&str; 4] = ["21381", "21399", "21490", "18620"];
/// Credits from outside are numbered within their day; more than there can be of one.
const INCOMING_A_DAY: i64 = 100_000_000;
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
        if self.outcome(ordinal) == PaymentOutcome::Settled {
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
        let mut settled = back.take_while(|earlier| self.outcome(*earlier) == PaymentOutcome::Settled);
        settled.find(|earlier| self.block(*earlier).route == Route::Sepa)
    }

    fn outcome(&self, ordinal: u32) -> PaymentOutcome {
        outcome::of(&self.batch, self.block(ordinal), ordinal, None)
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

    /// The random numbers of an incoming payment.
    fn coming(&self, ordinal: u32) -> Random {
        Random::of(self.batch.seed ^ STREAM.rotate_left(1), u64::from(ordinal))
    }
}

/// An entry of the report. Its buffers are used for one after the other.
#[derive(Debug, Default)]
pub(super) struct EntryBuilder {
    ordinal: u32,
    cause: Option<Cause>,
    direction: CreditDebit,
    cents: i64,
    servicer_reference: String,
    /// Of the payment that is returned.
    original_reference: String,
    /// The ordered or returned payment.
    payment: Payment,
    payment_information_id: String,
    /// Who paid in.
    payer: Payee,
    payer_account: Option<Iban>,
    end_to_end_id: String,
    remittance: String,
    /// Codes of the side whose account it is, with their cents.
    shares: Vec<(&'static str, i64)>,
    return_reason: &'static str,
}

impl EntryBuilder {
    /// Makes another entry in the same buffers.
    pub(super) fn fill(&mut self, day: &Day, ordinal: u32) {
        let cause = day.cause(ordinal);
        (self.direction, self.cents) = day.booked(ordinal);
        (self.ordinal, self.cause) = (ordinal, Some(cause));
        for text in [&mut self.end_to_end_id, &mut self.remittance, &mut self.payment_information_id] {
            text.clear();
        }
        self.shares.clear();
        let message = number_of(&day.batch);
        let source = match cause {
            Cause::Ordered | Cause::Transfer => EntrySource::Payment { message, ordinal },
            Cause::Returned(_) | Cause::Incoming => {
                EntrySource::Incoming { id: CreditId(message * INCOMING_A_DAY + i64::from(ordinal) + 1) }
            }
        };
        self.servicer_reference = entry_reference(&source, self.direction, AccountId(0));
        match cause {
            Cause::Ordered => {
                self.take(day, ordinal);
                let payer_side = &self.payment.payer_side;
                self.shares.extend(payer_side.iter().map(|(code, share)| (*code, cents(*share))));
            }
            Cause::Returned(original) => {
                self.take(day, original);
                self.return_reason = day.coming(ordinal).one_of(&RETURN_REASONS);
                self.original_reference = debit_reference(&day.batch, original);
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
        self.payer.name.clear();
        self.payer.name.push_str(random.one_of(&INSTITUTIONS));
        self.payer.registration.clear();
        self.shares.push((random.one_of(&REVENUE), self.cents));
        self.referenced(day, "Transferts", &mut random);
    }

    fn incoming(&mut self, day: &Day) {
        let mut random = self.after_amount(day);
        let country = if random.chance(ABROAD_PERCENT) { random.one_of(ABROAD) } else { &LATVIA };
        self.payer.fill(country, &mut random);
        let (_, account) = people::account(country, &mut random);
        self.payer_account = Some(account);
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

    /// Writes the entry as the exchange would.
    pub(super) fn write<W: Write>(
        &self,
        day: &Day,
        account: &ReportedAccount<'_>,
        writer: &mut Writer<W>,
    ) -> Result<(), GenerateError> {
        let (kind, origin) = match self.cause {
            Some(Cause::Ordered) => {
                let kind = match day.block(self.ordinal).route {
                    Route::Internal => EntryKind::InternalTransfer,
                    Route::Sepa => EntryKind::SepaTransfer,
                };
                (kind, Origin::Payment(self.ordered(day, account)))
            }
            Some(Cause::Returned(_)) => (EntryKind::Return, Origin::Outside(self.given_back(day))),
            Some(Cause::Transfer) => (EntryKind::InternalTransfer, Origin::Payment(self.transferred(account))),
            Some(Cause::Incoming) => (EntryKind::SepaTransfer, Origin::Outside(self.paid_in())),
            None => (EntryKind::Opening, Origin::Nothing),
        };
        let minor = if self.direction == CreditDebit::Debit { -self.cents } else { self.cents };
        let (booking_date, value_date) = (day.batch.date, day.batch.date);
        let reference = self.servicer_reference.as_str();
        write_entry(writer, account, &ReportedEntry { minor, kind, booking_date, value_date, reference, origin })?;
        Ok(())
    }

    /// The payment of the batch, as its payer sees it.
    fn ordered<'a>(&'a self, day: &'a Day, account: &ReportedAccount<'a>) -> OrderedPayment<'a> {
        OrderedPayment {
            message_id: &day.batch.message_id,
            payment_information_id: &self.payment_information_id,
            debtor_name: account.owner_name,
            debtor_iban: account.iban,
            record: self.record(),
        }
    }

    fn record(&self) -> PaymentRecord<'_> {
        let Payment { reference, instruction, uetr, payee, iban, bic, remittance, .. } = &self.payment;
        PaymentRecord {
            instruction_id: instruction,
            end_to_end_id: reference,
            uetr,
            creditor_name: &payee.name,
            creditor_iban: iban,
            creditor_bic: bic.as_ref().map_or("", Bic::as_str),
            remittance,
            shares: self.shares(Side::Payer),
            ..PaymentRecord::default()
        }
    }

    fn shares(&self, side: Side) -> Vec<Share<'_>> {
        self.shares.iter().map(|(code, cents)| Share { side, code, minor: Some(*cents) }).collect()
    }

    /// A payment of the batch that its bank sent back.
    fn given_back<'a>(&'a self, day: &'a Day) -> OutsideCredit<'a> {
        let Payment { reference, payee, iban, remittance, .. } = &self.payment;
        OutsideCredit {
            debtor_name: &payee.name,
            debtor_iban: iban,
            end_to_end_id: reference,
            remittance,
            known: PaymentRecord { return_reason: self.return_reason, ..PaymentRecord::default() },
            returned: Some(Box::new(Returned {
                reference: &self.original_reference,
                message_id: &day.batch.message_id,
                payment_information_id: &self.payment_information_id,
                record: self.record(),
            })),
        }
    }

    /// Another institution's transfer, as its payee sees it.
    fn transferred<'a>(&'a self, account: &ReportedAccount<'a>) -> OrderedPayment<'a> {
        OrderedPayment {
            message_id: "",
            payment_information_id: "",
            debtor_name: &self.payer.name,
            debtor_iban: self.payer_account.as_ref().map_or("", Iban::as_str),
            record: PaymentRecord {
                end_to_end_id: &self.end_to_end_id,
                creditor_name: account.owner_name,
                creditor_iban: account.iban,
                remittance: &self.remittance,
                shares: self.shares(Side::Payee),
                ..PaymentRecord::default()
            },
        }
    }

    /// A payment from a bank.
    fn paid_in(&self) -> OutsideCredit<'_> {
        OutsideCredit {
            debtor_name: &self.payer.name,
            debtor_iban: self.payer_account.as_ref().map_or("", Iban::as_str),
            end_to_end_id: &self.end_to_end_id,
            remittance: &self.remittance,
            known: PaymentRecord::default(),
            returned: None,
        }
    }
}

/// The reference by which the bank knows the debit of a payment, in reports and in the status report.
pub(super) fn debit_reference(batch: &PaymentBatch, ordinal: u32) -> String {
    let source = EntrySource::Payment { message: number_of(batch), ordinal };
    entry_reference(&source, CreditDebit::Debit, AccountId(0))
}

/// A batch has the number of its date, as a message of the exchange has one.
fn number_of(batch: &PaymentBatch) -> i64 {
    let date = batch.date;
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The cents of an amount.
fn cents(amount: Decimal) -> i64 {
    // Invariant: without a flaw an amount has two decimals and less than 5 000.00.
    amount.units_at_scale(2).and_then(|cents| i64::try_from(cents).ok()).expect("an amount of euro and cents")
}
