//! Makes the payments of a batch and writes them, a payment at a time.

use std::fmt::Write as _;
use std::io::Write;

use iso20022::WriteError;
use iso20022::common::{Account, Agent, Amount, Party, PaymentType, PostalAddress, RegulatoryDetail, Remittance};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount, Writer};
use money::{Currency, Decimal};
use rulebook::{Bic, Iban, Route};

use super::flaw::{self, Flaw, Flawed};
use super::people::{self, ABROAD, LATVIA, Payee};
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// The Treasury.
const TREASURY_BIC: &str = "TRELLV22";
/// Codes of expenditure that a payment from a budget is classified by (EKK).
const EXPENDITURE: [&str; 14] =
    ["2221", "2222", "2223", "2224", "2231", "2243", "2251", "2311", "2312", "2321", "2350", "2363", "2370", "5238"];
/// Names of institutions that internal payments go to.
const INSTITUTIONS: [&str; 6] = [
    "Vidzemes skolu pārvalde",
    "Ķemeru dabas centrs",
    "Zemgales ūdeņu aģentūra",
    "Latgales mākslu skola",
    "Kurzemes tiesu izpildītāja birojs",
    "Nacionālais mērījumu dienests",
];
/// Of a hundred SEPA payments, how many stay in the country.
const DOMESTIC_PERCENT: u64 = 60;
/// A character that payments cannot carry.
const FORBIDDEN: char = '№';

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

/// What was made.
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
        if let Some(objection) = self.objection() {
            return Err(GenerateError::Settings(objection));
        }
        let blocks = self.blocks();
        let flaws = flaw::place(&self.flaws, &blocks, self.transactions);
        // The header states the sum of what follows it: amounts are drawn twice rather than kept.
        let sums: Vec<Decimal> = blocks.iter().map(|block| self.sum(block, &flaws)).collect();
        let control_sum = sums.iter().fold(Decimal::ZERO, |sum, block| add(sum, *block));
        let created = format!("{}T09:00:00", self.date);
        let mut writer = Writer::new(self.message_type, output);
        writer.group_header(&GroupHeader {
            message_id: &self.message_id,
            creation_date_time: &created,
            number_of_transactions: u64::from(self.transactions),
            control_sum: Some(control_sum),
            initiating_party: Party { name: Some(&self.initiating_party), ..Party::default() },
            ..GroupHeader::default()
        })?;
        let mut draft = Draft::default();
        let mut flawed = Vec::new();
        for (block, sum) in blocks.iter().zip(&sums) {
            self.write_block(block, *sum, &mut writer)?;
            for ordinal in block.first..block.first + block.transactions {
                let flaw = flaw_at(&flaws, ordinal);
                draft.fill(self, block, ordinal, flaw);
                draft.write(block, &mut writer)?;
                flawed.extend(flaw.map(|flaw| Flawed { ordinal, flaw, end_to_end_id: draft.reference.clone() }));
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

    fn sum(&self, block: &Block, flaws: &[(u32, Flaw)]) -> Decimal {
        (block.first..block.first + block.transactions).fold(Decimal::ZERO, |sum, ordinal| {
            add(sum, amount(&mut Random::of(self.seed, u64::from(ordinal)), flaw_at(flaws, ordinal)))
        })
    }

    fn write_block<W: Write>(&self, block: &Block, sum: Decimal, writer: &mut Writer<W>) -> Result<(), WriteError> {
        let id = format!("{}-P{}", self.message_id, block.number + 1);
        let sepa = block.route == Route::Sepa;
        writer.payment_information(&PaymentInformation {
            payment_information_id: &id,
            payment_method: "TRF",
            batch_booking: Some(false),
            number_of_transactions: Some(u64::from(block.transactions)),
            control_sum: Some(sum),
            payment_type: PaymentType { service_level: sepa.then_some("SEPA"), ..PaymentType::default() },
            requested_execution_date: Some(self.date),
            debtor: Party { name: Some(&self.initiating_party), ..Party::default() },
            debtor_account: account(block.debtor_account.as_str()),
            debtor_agent: agent(TREASURY_BIC),
            charge_bearer: sepa.then_some("SLEV"),
            ..PaymentInformation::default()
        })
    }
}

/// The buffers of one payment, used for all.
#[derive(Debug, Default)]
struct Draft {
    reference: String,
    instruction: String,
    uetr: String,
    payee: Payee,
    remittance: String,
    amount: Option<Decimal>,
    iban: String,
    bic: Option<Bic>,
    payer_side: Vec<(&'static str, Decimal)>,
    payee_side: String,
    free_lines: Vec<String>,
}

impl Draft {
    fn fill(&mut self, batch: &PaymentBatch, block: &Block, ordinal: u32, flaw: Option<Flaw>) {
        let mut random = Random::of(batch.seed, u64::from(ordinal));
        let amount = amount(&mut random, flaw);
        self.amount = Some(amount);
        self.payer_side.clear();
        self.payee_side.clear();
        self.free_lines.clear();
        let country = match block.route {
            Route::Sepa if !random.chance(DOMESTIC_PERCENT) => random.one_of(ABROAD),
            Route::Sepa | Route::Internal => &LATVIA,
        };
        self.payee.fill(country, &mut random);
        let iban = match block.route {
            Route::Sepa => {
                let (bic, iban) = people::account(country, &mut random);
                self.bic = Some(bic);
                iban
            }
            Route::Internal => self.internal(batch, block, amount, &mut random),
        };
        self.iban.clear();
        self.iban.push_str(iban.as_str());
        self.reference.clear();
        self.remittance.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.reference, "{}-{}", batch.message_id, ordinal + 1);
        self.instruction.clear();
        let _ = write!(self.instruction, "{}-I{}", batch.message_id, ordinal + 1);
        self.uetr.clear();
        let _ = write_uetr(&mut self.uetr, &mut random);
        let purpose = random.one_of(country.purposes);
        let _ = write!(self.remittance, "{purpose} {}-{:06}", batch.date.year(), 1 + random.below(999_999));
        let _ = write!(self.remittance, ", {}", ordinal + 1);
        self.spoil(flaw);
    }

    /// An internal payment: an institution, and who pays and gets under which code. Most have one code of the payer's
    /// side, some are split over two.
    fn internal(&mut self, batch: &PaymentBatch, block: &Block, amount: Decimal, random: &mut Random) -> Iban {
        let payees: Vec<_> = batch.payees_of(block.debtor_account).collect();
        let payee = random.one_of(&payees);
        self.bic = None;
        self.payee.name.clear();
        self.payee.name.push_str(random.one_of(&INSTITUTIONS));
        self.payee.is_private = false;
        self.payee.register(random);
        self.payee_side.push_str(payee.classification.as_str());
        let first = random.one_of(&EXPENDITURE);
        let second = random.one_of(&EXPENDITURE);
        let share = random.chance(30) && first != second;
        // The first code takes whole euros, the second the rest, so that both are above 0.
        match amount.units_at_scale(2).filter(|cents| share && *cents > 200) {
            Some(cents) => {
                let part = cents / 200 * 100;
                self.payer_side.push((first, Decimal::new(part, 2)));
                self.payer_side.push((second, Decimal::new(cents - part, 2)));
            }
            None => self.payer_side.push((first, amount)),
        }
        payee.iban
    }

    fn spoil(&mut self, flaw: Option<Flaw>) {
        match flaw {
            None | Some(Flaw::Decimals) => {}
            Some(Flaw::CheckDigits) => {
                // The check digits find every single wrong digit (ISO 7064, MOD 97-10).
                let last = if self.iban.ends_with('0') { "1" } else { "0" };
                let kept = self.iban.len() - 1;
                self.iban.replace_range(kept.., last);
            }
            Some(Flaw::Character) => self.remittance.insert(0, FORBIDDEN),
            Some(Flaw::Classification) => self.payer_side.clear(),
            Some(Flaw::Address) => {
                let Payee { street, building, post_code, town, .. } = &self.payee;
                self.free_lines.push(format!("{street} {building}"));
                self.free_lines.push(format!("{post_code} {town}"));
            }
        }
    }

    fn write<W: Write>(&self, block: &Block, writer: &mut Writer<W>) -> Result<(), WriteError> {
        let currency = Currency::EUR;
        let in_euro = |value| Amount { value, currency };
        let lines: Vec<&str> = self.free_lines.iter().map(String::as_str).collect();
        let detail = |indicator, code, amount| RegulatoryDetail {
            indicator: Some(indicator),
            kind: Some(rulebook::classification::EKK_TYPE),
            code: Some(code),
            country: None,
            amount,
        };
        let mut details: Vec<RegulatoryDetail<'_>> = Vec::new();
        for (code, share) in &self.payer_side {
            // One code without an amount means the whole amount.
            details.push(detail("DEBT", code, (self.payer_side.len() > 1).then(|| in_euro(*share))));
        }
        if !self.payee_side.is_empty() {
            details.push(detail("CRED", &self.payee_side, None));
        }
        let unstructured = [self.remittance.as_str()];
        writer.credit_transfer(&CreditTransfer {
            position: Default::default(),
            block: 0,
            ordinal: 0,
            instruction_id: Some(&self.instruction),
            end_to_end_id: &self.reference,
            uetr: Some(&self.uetr),
            payment_type: PaymentType::default(),
            amount: self.amount.map(|value| RequestedAmount::Instructed(in_euro(value))),
            charge_bearer: None,
            ultimate_debtor: None,
            creditor_agent: match block.route {
                Route::Internal => Some(agent(TREASURY_BIC)),
                Route::Sepa => self.bic.as_ref().map(|bic| agent(bic.as_str())),
            },
            creditor: Some(Party {
                name: Some(&self.payee.name),
                postal_address: self.address(&lines),
                identification: Some(&self.payee.registration).filter(|id| !id.is_empty()).map(String::as_str),
                ..Party::default()
            }),
            creditor_account: Some(account(&self.iban)),
            ultimate_creditor: None,
            purpose: None,
            regulatory_reporting: &details,
            remittance: Remittance { unstructured: &unstructured, creditor_reference: None },
        })
    }

    fn address<'a>(&'a self, lines: &'a [&'a str]) -> PostalAddress<'a> {
        if !lines.is_empty() {
            return PostalAddress { present: true, address_lines: lines, ..PostalAddress::default() };
        }
        PostalAddress {
            present: true,
            street_name: Some(self.payee.street),
            building_number: Some(&self.payee.building),
            post_code: Some(self.payee.post_code),
            town_name: Some(self.payee.town),
            country: Some(self.payee.country),
            ..PostalAddress::default()
        }
    }
}

/// The first thing drawn for a payment: from 2.00 to 4 999.99 euro, small ones more often.
fn amount(random: &mut Random, flaw: Option<Flaw>) -> Decimal {
    let cents = match random.below(10) {
        0..=3 => 200 + random.below(9_800),
        4..=7 => 10_000 + random.below(90_000),
        _ => 100_000 + random.below(400_000),
    };
    match flaw {
        Some(Flaw::Decimals) => Decimal::new(i128::from(cents) * 10 + 5, 3),
        _ => Decimal::new(i128::from(cents), 2),
    }
}

/// A random UUID (RFC 9562, version 4), as a UETR is one.
fn write_uetr(uetr: &mut String, random: &mut Random) -> std::fmt::Result {
    let (high, low) = (random.next(), random.next());
    let variant = 0x8000 | (low >> 48 & 0x3FFF);
    write!(uetr, "{:08x}-{:04x}-4{:03x}-", high >> 32, high >> 16 & 0xFFFF, high & 0xFFF)?;
    write!(uetr, "{variant:04x}-{:012x}", low & 0xFFFF_FFFF_FFFF)
}

fn flaw_at(flaws: &[(u32, Flaw)], ordinal: u32) -> Option<Flaw> {
    let at = flaws.binary_search_by_key(&ordinal, |(place, _)| *place).ok()?;
    flaws.get(at).map(|(_, flaw)| *flaw)
}

fn add(sum: Decimal, amount: Decimal) -> Decimal {
    // Invariant: ten million amounts of less than 5 000.00 are far from the limit.
    sum.checked_add(amount).expect("the sum of the batch fits")
}

fn account(iban: &str) -> Account<'_> {
    Account { iban: Some(iban), ..Account::default() }
}

fn agent(bic: &str) -> Agent<'_> {
    Agent { bic: Some(bic), ..Agent::default() }
}
