//! Values that several messages share, borrowed from the reader's buffer.

use money::{Currency, Decimal};

/// Whether a text says nothing: it is empty or has only XML's white space, as programs that indent write an empty element. Readers
/// leave such a text out where it may be absent.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Where an element begins in the document it was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// An amount as a message states it: a decimal and its `Ccy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The number, with as many digits as were written.
    pub value: Decimal,
    /// The currency code.
    pub currency: Currency,
}

/// An account (`Id/IBAN` or `Id/Othr/Id`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account<'a> {
    /// The IBAN as written.
    pub iban: Option<&'a str>,
    /// Another identification of the account.
    pub other: Option<&'a str>,
    /// The account's currency, where it is named.
    pub currency: Option<&'a str>,
}

/// A financial institution (`FinInstnId`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agent<'a> {
    /// BIC (`BIC` in the older generation, `BICFI` in the newer).
    pub bic: Option<&'a str>,
    /// `ClrSysMmbId/MmbId`.
    pub clearing_member: Option<&'a str>,
    /// `LEI` (newer generation; writers of the older one leave it out).
    pub lei: Option<&'a str>,
    /// `Nm`.
    pub name: Option<&'a str>,
    /// `Othr/Id`: `NOTPROVIDED` where the schema wants an agent and there is none to name.
    pub other: Option<&'a str>,
}

/// A postal address (`PstlAdr`). What only the newer generation has, writers of the older one leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostalAddress<'a> {
    /// `Dept`.
    pub department: Option<&'a str>,
    /// `SubDept`.
    pub sub_department: Option<&'a str>,
    /// `StrtNm`.
    pub street_name: Option<&'a str>,
    /// `BldgNb`.
    pub building_number: Option<&'a str>,
    /// `BldgNm` (newer).
    pub building_name: Option<&'a str>,
    /// `Flr` (newer).
    pub floor: Option<&'a str>,
    /// `PstBx` (newer).
    pub post_box: Option<&'a str>,
    /// `Room` (newer).
    pub room: Option<&'a str>,
    /// `PstCd`.
    pub post_code: Option<&'a str>,
    /// `TwnNm`.
    pub town_name: Option<&'a str>,
    /// `TwnLctnNm` (newer).
    pub town_location_name: Option<&'a str>,
    /// `DstrctNm` (newer).
    pub district_name: Option<&'a str>,
    /// `CtrySubDvsn`.
    pub country_sub_division: Option<&'a str>,
    /// `Ctry`.
    pub country: Option<&'a str>,
    /// `AdrLine`, in order.
    pub address_lines: &'a [&'a str],
}

impl PostalAddress<'_> {
    /// No address: what [`Default`] gives, for constants.
    pub const ABSENT: PostalAddress<'static> = PostalAddress {
        department: None,
        sub_department: None,
        street_name: None,
        building_number: None,
        building_name: None,
        floor: None,
        post_box: None,
        room: None,
        post_code: None,
        town_name: None,
        town_location_name: None,
        district_name: None,
        country_sub_division: None,
        country: None,
        address_lines: &[],
    };

    /// Whether nothing is said: programs write `PstlAdr` without elements, or with blanks in them, where they have no address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts().chain(self.country).all(is_blank)
    }

    /// Everything that is written in words: all but the country, which is a code.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.named_parts().map(|(_, part)| part)
    }

    /// The same, each with the name of its element: `StrtNm`.
    pub fn named_parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [
            ("Dept", self.department),
            ("SubDept", self.sub_department),
            ("StrtNm", self.street_name),
            ("BldgNb", self.building_number),
            ("BldgNm", self.building_name),
            ("Flr", self.floor),
            ("PstBx", self.post_box),
            ("Room", self.room),
            ("PstCd", self.post_code),
            ("TwnNm", self.town_name),
            ("TwnLctnNm", self.town_location_name),
            ("DstrctNm", self.district_name),
            ("CtrySubDvsn", self.country_sub_division),
        ];
        let parts = parts.into_iter().filter_map(|(name, part)| Some((name, part?)));
        parts.chain(self.address_lines.iter().map(|line| ("AdrLine", *line)))
    }
}

/// A party (`Dbtr`, `Cdtr`, `UltmtDbtr`, `UltmtCdtr`, `InitgPty`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Party<'a> {
    /// `Nm`.
    pub name: Option<&'a str>,
    /// `PstlAdr`.
    pub postal_address: PostalAddress<'a>,
    /// `Id/OrgId/BICOrBEI` or `AnyBIC`.
    pub organisation_bic: Option<&'a str>,
    /// `Id/OrgId/LEI` (newer generation; writers of the older one leave it out).
    pub lei: Option<&'a str>,
    /// The first `Id/OrgId/Othr/Id` or `Id/PrvtId/Othr/Id`: registration number or personal code.
    pub identification: Option<&'a str>,
    /// Its `SchmeNm`: `TXID`, `NIDN`, … Nothing without an identification.
    pub identification_scheme: Option<CodeOrProprietary<'a>>,
    /// Its `Issr`. Nothing without an identification.
    pub identification_issuer: Option<&'a str>,
    /// Whether the identification is a private person's.
    pub is_private: bool,
}

/// One share of a regulatory reporting detail: EKK or AMK (`RgltryRptg/Dtls`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegulatoryDetail<'a> {
    /// `DbtCdtRptgInd` of the block it stands in: `DEBT`, `CRED` or `BOTH`.
    pub indicator: Option<&'a str>,
    /// `Tp`: `EKK`, `AMK`.
    pub kind: Option<&'a str>,
    /// `Cd`.
    pub code: Option<&'a str>,
    /// `Ctry`.
    pub country: Option<&'a str>,
    /// `Amt`: this code's share.
    pub amount: Option<Amount>,
}

/// Remittance information (`RmtInf`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remittance<'a> {
    /// `Ustrd`, in order.
    pub unstructured: &'a [&'a str],
    /// `Strd/CdtrRefInf` of each structured block that has a `Ref`, in order.
    pub creditor_references: &'a [CreditorReference<'a>],
    /// `Strd/RfrdDocInf/Nb` of all structured blocks, in order: the invoices that are paid.
    pub document_numbers: &'a [&'a str],
    /// `Strd/AddtlRmtInf` of all structured blocks, in order.
    pub additional: &'a [&'a str],
}

impl Remittance<'_> {
    /// `AddtlRmtInf` that one structured block may have.
    pub const ADDITIONAL_MAX: usize = 3;

    /// Whether a structured block says anything that is read.
    #[must_use]
    pub const fn is_structured(&self) -> bool {
        !self.creditor_references.is_empty() || !self.document_numbers.is_empty() || !self.additional.is_empty()
    }
}

/// A reference that the payee gave (`CdtrRefInf`), with its type as it was stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditorReference<'a> {
    /// `Ref`.
    pub reference: &'a str,
    /// `Tp/CdOrPrtry`: `SCOR`, `PUOR`, … or a house's own type.
    pub kind: Option<CodeOrProprietary<'a>>,
    /// `Tp/Issr`. Nothing without a type.
    pub issuer: Option<&'a str>,
}

impl<'a> CreditorReference<'a> {
    /// A reference without a type.
    #[must_use]
    pub const fn untyped(reference: &'a str) -> CreditorReference<'a> {
        CreditorReference { reference, kind: None, issuer: None }
    }
}

/// Payment type information (`PmtTpInf`), at either level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentType<'a> {
    /// `InstrPrty`: `NORM` or `HIGH`.
    pub instruction_priority: Option<&'a str>,
    /// `SvcLvl`, in order: `SEPA`, `URGP`, … The older generation has one at most; its writer leaves out the others.
    pub service_levels: &'a [CodeOrProprietary<'a>],
    /// `LclInstrm`: `INST`, …
    pub local_instrument: Option<CodeOrProprietary<'a>>,
    /// `CtgyPurp/Cd`: `SALA`, `TAXS`, …
    pub category_purpose: Option<&'a str>,
}

/// `CdtDbtInd`: the direction of money as the account's owner sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CreditDebit {
    /// `CRDT`: money in.
    #[default]
    Credit,
    /// `DBIT`: money out.
    Debit,
}

impl CreditDebit {
    /// `CRDT` or `DBIT`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            CreditDebit::Credit => "CRDT",
            CreditDebit::Debit => "DBIT",
        }
    }

    /// Reads `CRDT` or `DBIT`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<CreditDebit> {
        match code {
            "CRDT" => Some(CreditDebit::Credit),
            "DBIT" => Some(CreditDebit::Debit),
            _ => None,
        }
    }
}

/// A choice that many elements offer: a code of a published list, or a house's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOrProprietary<'a> {
    /// `Cd`.
    Code(&'a str),
    /// `Prtry`.
    Proprietary(&'a str),
}
