//! The case that the examples share: who pays whom, when, from which account.

use iso20022::DateTime;
use iso20022::common::{Account, Agent, Amount, CodeOrProprietary, CreditorReference, Party, PostalAddress};
use jiff::civil::{Date, date};
use money::{Currency, Decimal};

/// The business day of the scenario.
pub(super) const DAY: Date = date(2026, 11, 24);
/// `MsgId` of the payments.
pub(super) const PAYMENTS_ID: &str = "DNP-2026-11-24-01";
/// `MsgId` of the request for a report.
pub(super) const REQUEST_ID: &str = "DNP-PARSKATS-118";

/// Who pays.
pub(super) const MUNICIPALITY: &str = "Daugavas novada pašvaldība";
/// Its registration number.
pub(super) const MUNICIPALITY_NUMBER: &str = "90000054321";
/// Its account.
pub(super) const MUNICIPALITY_IBAN: &str = "LV07TREL5180453053000";
/// Under whose budget one of the payments is made.
pub(super) const LIBRARY: &str = "Daugavas novada bibliotēka";
/// The Treasury.
pub(super) const TREASURY: &str = "Valsts kase";
/// Its BIC.
pub(super) const TREASURY_BIC: &str = "TRELLV22";

/// A payment of the scenario.
#[derive(Clone, Copy)]
pub(super) struct ExamplePayment {
    pub(super) instruction_id: &'static str,
    pub(super) end_to_end_id: &'static str,
    pub(super) uetr: &'static str,
    pub(super) cents: i64,
    pub(super) creditor: &'static str,
    pub(super) creditor_number: &'static str,
    pub(super) creditor_address: PostalAddress<'static>,
    pub(super) creditor_iban: &'static str,
    pub(super) creditor_bic: &'static str,
    pub(super) purpose: &'static str,
    pub(super) remittance: &'static str,
}

/// Heating, to a supplier in Latvia.
pub(super) const HEATING: ExamplePayment = ExamplePayment {
    instruction_id: "DNP-2026-11-24-01-1",
    end_to_end_id: "SIL-20418",
    uetr: "3f1c7a54-0c6e-4f0b-9a53-6b1d2f7c9e01",
    cents: 125_040,
    creditor: "SIA Daugavas siltums",
    creditor_number: "40003123456",
    creditor_address: PostalAddress {
        street_name: Some("Krasta iela"),
        building_number: Some("12"),
        post_code: Some("LV-5070"),
        town_name: Some("Koknese"),
        country: Some("LV"),
        ..PostalAddress::ABSENT
    },
    creditor_iban: "LV62HABA0551234567890",
    creditor_bic: "HABALV22",
    purpose: "ENRG",
    remittance: "Rēķins SIL-20418 par siltumenerģiju oktobrī",
};

/// Books, to a publisher abroad, by its own reference.
pub(super) const BOOKS: ExamplePayment = ExamplePayment {
    instruction_id: "DNP-2026-11-24-01-2",
    end_to_end_id: "GRM-771",
    uetr: "8b6d2e90-51f4-4c1d-8e27-0a9c4d3b7f02",
    cents: 18_600,
    creditor: "Baltische Bucher GmbH",
    creditor_number: "HRB 104221",
    creditor_address: PostalAddress {
        town_name: Some("Rostock"),
        country: Some("DE"),
        address_lines: &["Lange Strasse 7, 18055"],
        ..PostalAddress::ABSENT
    },
    creditor_iban: "DE89370400440532013000",
    creditor_bic: "COBADEFF",
    purpose: "",
    remittance: "",
};

/// The reference by which the publisher knows its invoice (ISO 11649).
pub(super) const BOOKS_REFERENCE: CreditorReference<'static> =
    CreditorReference { reference: "RF18539007547034", kind: Some(CodeOrProprietary::Code("SCOR")), issuer: None };

/// Contribution, to another account of the Treasury; split over two classification codes.
pub(super) const CONTRIBUTION: ExamplePayment = ExamplePayment {
    instruction_id: "DNP-2026-11-24-01-3",
    end_to_end_id: "VSP-2026-11",
    uetr: "c2a94f17-7d38-4be2-b1c6-5e8f0d6a3c03",
    cents: 10_130,
    creditor: "Vidzemes skolu pārvalde",
    creditor_number: "90000098765",
    creditor_address: PostalAddress::ABSENT,
    creditor_iban: "LV33TREL1060000300000",
    creditor_bic: TREASURY_BIC,
    purpose: "",
    remittance: "Līdzfinansējums par novembri, līgums 2026/14",
};

/// The classification of the payer's side of the contribution: codes and cents.
pub(super) const CONTRIBUTION_SHARES: [(&str, i64); 2] = [("2221", 8_130), ("2222", 2_000)];
/// The classification of the payee's side.
pub(super) const CONTRIBUTION_PAYEE_CODE: &str = "21490";

impl ExamplePayment {
    pub(super) fn amount(&self) -> Amount {
        euros(self.cents)
    }

    /// The payee, as the payer names them.
    pub(super) fn party(&self) -> Party<'static> {
        Party {
            name: Some(self.creditor),
            postal_address: self.creditor_address,
            identification: Some(self.creditor_number),
            ..Party::default()
        }
    }
}

pub(super) fn euros(cents: i64) -> Amount {
    Amount { value: Decimal::new(i128::from(cents), 2), currency: Currency::EUR }
}

pub(super) fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

pub(super) fn named(name: &str) -> Party<'_> {
    Party { name: Some(name), ..Party::default() }
}

pub(super) fn account(iban: &str) -> Account<'_> {
    Account { iban: Some(iban), ..Account::default() }
}

pub(super) fn bank(bic: &str) -> Agent<'_> {
    Agent { bic: Some(bic), ..Agent::default() }
}

/// A moment of the day, as messages of the Treasury state it.
pub(super) fn moment(hour: i8, minute: i8) -> DateTime {
    DateTime { local: DAY.at(hour, minute, 0, 0), offset_minutes: Some(120) }
}
