//! One payment: to whom, how much, for what, under which references. The seed and its place in the batch decide it.

use std::fmt::Write as _;
use std::io::Write;

use iso20022::WriteError;
use iso20022::common::{Account, Agent, Amount, Party, PaymentType, PostalAddress, RegulatoryDetail, Remittance};
use iso20022::pain001::{CreditTransfer, RequestedAmount, Writer};
use money::{Currency, Decimal};
use rulebook::{Bic, Iban, Route};

use super::flaw::Flaw;
use super::people::{self, ABROAD, LATVIA, Payee};
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// The Treasury.
pub(super) const TREASURY_BIC: &str = "TRELLV22";
pub(super) const TREASURY_NAME: &str = "Valsts kase";
/// Codes of expenditure that a payment from a budget is classified by (EKK).
const EXPENDITURE: [&str; 14] =
    ["2221", "2222", "2223", "2224", "2231", "2243", "2251", "2311", "2312", "2321", "2350", "2363", "2370", "5238"];
/// Names of institutions that internal payments go to.
pub(super) const INSTITUTIONS: [&str; 6] = [
    "Vidzemes skolu pārvalde",
    "Ķemeru dabas centrs",
    "Zemgales ūdeņu aģentūra",
    "Latgales mākslu skola",
    "Kurzemes tiesu izpildītāja birojs",
    "Nacionālais mērījumu dienests",
];
/// Of a hundred SEPA payments, how many stay in the country.
const DOMESTIC_PERCENT: u64 = 60;
/// Documents of a year, by which a payment says what it is for.
const DOCUMENTS: u64 = 999_999;
/// A character that payments cannot carry.
const FORBIDDEN: char = '№';

/// A payment of a batch. Its buffers are used for one after the other.
#[derive(Debug, Default)]
pub(super) struct Payment {
    pub(super) reference: String,
    pub(super) instruction: String,
    pub(super) uetr: String,
    pub(super) payee: Payee,
    pub(super) remittance: String,
    pub(super) amount: Option<Decimal>,
    pub(super) iban: String,
    pub(super) bic: Option<Bic>,
    pub(super) payer_side: Vec<(&'static str, Decimal)>,
    payee_side: String,
    free_lines: Vec<String>,
}

impl Payment {
    /// Makes another payment in the same buffers.
    pub(super) fn fill(&mut self, batch: &PaymentBatch, block: &Block, ordinal: u32, flaw: Option<Flaw>) {
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
        // Writing to a String cannot fail.
        let _ = write_uetr(&mut self.uetr, &mut random);
        let purpose = random.one_of(country.purposes);
        let document = 1 + (random.below(DOCUMENTS) + block.document_offset % DOCUMENTS) % DOCUMENTS;
        let _ = write!(self.remittance, "{purpose} {}-{document:06}", batch.date.year());
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

    /// Writes the payment into its block.
    pub(super) fn write<W: Write>(&self, block: &Block, writer: &mut Writer<W>) -> Result<(), WriteError> {
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
            creditor_agent: self.payee_bank(block.route),
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
            remittance: Remittance { unstructured: &unstructured, creditor_references: &[], ..Remittance::default() },
        })
    }

    /// Where the payee's account is.
    pub(super) fn payee_bank(&self, route: Route) -> Option<Agent<'_>> {
        match route {
            Route::Internal => Some(agent(TREASURY_BIC)),
            Route::Sepa => self.bic.as_ref().map(|bic| agent(bic.as_str())),
        }
    }

    fn address<'a>(&'a self, lines: &'a [&'a str]) -> PostalAddress<'a> {
        if !lines.is_empty() {
            return PostalAddress { address_lines: lines, ..PostalAddress::default() };
        }
        PostalAddress {
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
pub(super) fn amount(random: &mut Random, flaw: Option<Flaw>) -> Decimal {
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

pub(super) fn in_euro(value: Decimal) -> Amount {
    Amount { value, currency: Currency::EUR }
}

pub(super) fn account(iban: &str) -> Account<'_> {
    Account { iban: Some(iban), ..Account::default() }
}

pub(super) fn agent(bic: &str) -> Agent<'_> {
    Agent { bic: Some(bic), ..Agent::default() }
}
