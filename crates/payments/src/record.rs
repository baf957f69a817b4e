//! The stored details of a payment beside the searchable columns: one compact record.
//!
//! Statements, status reports and settlement read it back; the store writes it once and never changes it. With one blob
//! per payment, the store writes 100 000 payments in a fraction of a second.
//!
//! The form: a version byte; which texts are present (bits of a number); each of them with its length; the number of
//! shares and the shares; the line. Numbers are variable-length (7 bits a byte, lowest first). A reader skips what a
//! later writer adds: texts under higher bits, and anything after the line. A change that today's reader could not skip
//! needs a new version.

use std::fmt;

/// Which side's classification code a share belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The payer's (`DEBT`).
    Payer,
    /// The payee's (`CRED`).
    Payee,
}

/// A share of the payment under a classification code of budget operations (EKK).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share<'a> {
    /// Payer's or payee's.
    pub side: Side,
    /// The code.
    pub code: &'a str,
    /// Minor units; `None` when the single code covers the whole amount.
    pub minor: Option<i64>,
}

/// Name and identification of an ultimate party. Empty texts stand for absent ones.
///
/// A private person's identification is kept apart from an organisation's, since the two stand in different elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartyRecord<'a> {
    /// `Nm`.
    pub name: &'a str,
    /// `Id/OrgId/AnyBIC` or `BICOrBEI`.
    pub organisation_bic: &'a str,
    /// `Id/OrgId/LEI`.
    pub lei: &'a str,
    /// `Id/OrgId/Othr/Id`.
    pub organisation_id: &'a str,
    /// `Id/PrvtId/Othr/Id`.
    pub private_id: &'a str,
    /// `SchmeNm/Cd` of the identification.
    pub scheme_code: &'a str,
    /// `SchmeNm/Prtry` of the identification.
    pub scheme_proprietary: &'a str,
    /// `Issr` of the identification.
    pub issuer: &'a str,
}

impl PartyRecord<'_> {
    /// Whether nothing is known. Lengths alone decide: comparing empty texts costs hundreds of cycles where the library's
    /// comparison touches the place to which an empty text points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let PartyRecord {
            name,
            organisation_bic,
            lei,
            organisation_id,
            private_id,
            scheme_code,
            scheme_proprietary,
            issuer,
        } = self;
        let texts = [name, organisation_bic, lei, organisation_id, private_id, scheme_code, scheme_proprietary, issuer];
        texts.iter().all(|text| text.is_empty())
    }
}

/// The details of a payment. Empty texts stand for absent ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentRecord<'a> {
    /// `InstrId`.
    pub instruction_id: &'a str,
    /// `EndToEndId`.
    pub end_to_end_id: &'a str,
    /// `UETR`.
    pub uetr: &'a str,
    /// Payee's name.
    pub creditor_name: &'a str,
    /// Payee's IBAN, compact.
    pub creditor_iban: &'a str,
    /// BIC of the payee's bank.
    pub creditor_bic: &'a str,
    /// The third person paid for, from the one level that counts (guideline 2.23, 2.70).
    pub ultimate_debtor: PartyRecord<'a>,
    /// The ultimate payee.
    pub ultimate_creditor: PartyRecord<'a>,
    /// `Purp/Cd`.
    pub purpose: &'a str,
    /// `Ustrd`.
    pub remittance: &'a str,
    /// `Strd/CdtrRefInf/Ref`.
    pub creditor_reference: &'a str,
    /// `Strd/CdtrRefInf/Tp/CdOrPrtry/Cd`.
    pub reference_code: &'a str,
    /// `Strd/CdtrRefInf/Tp/CdOrPrtry/Prtry`.
    pub reference_proprietary: &'a str,
    /// `Strd/CdtrRefInf/Tp/Issr`.
    pub reference_issuer: &'a str,
    /// `Strd/RfrdDocInf/Nb`, one a line.
    pub document_numbers: &'a str,
    /// `Strd/AddtlRmtInf`, one a line.
    pub additional_remittance: &'a str,
    /// ISO code of the reason why the money came back, as it was received. Only credits have it.
    pub return_reason: &'a str,
    /// EKK shares.
    pub shares: Vec<Share<'a>>,
    /// Line of the file the payment begins at.
    pub line: u32,
}

/// A stored record that cannot be read: the database was damaged or written by a newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordError;

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored payment record cannot be read")
    }
}

impl std::error::Error for RecordError {}

/// The only version so far.
const VERSION: u8 = 1;
/// How many texts this version knows.
const TEXTS: usize = 31;
/// A share takes at least so many bytes: flags and the length of its code.
const SHARE_BYTES_MIN: usize = 2;
/// Bits of a share's flags.
const PAYEE: u64 = 1;
const HAS_AMOUNT: u64 = 2;

impl<'a> PaymentRecord<'a> {
    /// Appends the record's stored form. Allocates only where the buffer must grow.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        let texts = self.texts();
        let present = texts.iter().enumerate().filter(|(_, text)| !text.is_empty());
        put_number(out, present.clone().fold(0, |bits, (place, _)| bits | (1 << place)));
        for (_, text) in present {
            put_text(out, text);
        }
        put_number(out, self.shares.len() as u64);
        for share in &self.shares {
            let payee = if share.side == Side::Payee { PAYEE } else { 0 };
            put_number(out, payee | if share.minor.is_some() { HAS_AMOUNT } else { 0 });
            put_text(out, share.code);
            if let Some(minor) = share.minor {
                put_number(out, zigzag(minor));
            }
        }
        put_number(out, u64::from(self.line));
    }

    /// Reads a stored record. The texts are the stored bytes themselves.
    ///
    /// # Errors
    /// When the bytes are none that this or a compatible later version writes.
    pub fn decode(bytes: &'a [u8]) -> Result<PaymentRecord<'a>, RecordError> {
        let mut reader = Reader { rest: bytes };
        if reader.byte()? != VERSION {
            return Err(RecordError);
        }
        let mut record = PaymentRecord::default();
        let mut present = reader.number()?;
        for slot in record.texts_mut() {
            if present & 1 == 1 {
                *slot = reader.text()?;
            }
            present >>= 1;
        }
        for _ in 0..present.count_ones() {
            reader.text()?;
        }
        let shares = usize::try_from(reader.number()?).map_err(|_| RecordError)?;
        if shares > reader.rest.len() / SHARE_BYTES_MIN {
            return Err(RecordError);
        }
        record.shares.reserve_exact(shares);
        for _ in 0..shares {
            record.shares.push(reader.share()?);
        }
        record.line = u32::try_from(reader.number()?).map_err(|_| RecordError)?;
        Ok(record)
    }

    /// Whether a stored record says what this one says, as far as the version knew that wrote it. Earlier versions kept of
    /// ultimate parties their names, and of a reference neither type nor issuer; they let a payment's empty or blank ultimate
    /// party hide that of its block, kept texts that are blank, and nothing else of structured remittance.
    #[must_use]
    pub fn is_stored_as(&self, stored: &PaymentRecord<'_>) -> bool {
        if stored == self {
            return true;
        }
        let mut without_documents = self.clone();
        without_documents.document_numbers = "";
        without_documents.additional_remittance = "";
        let name_only = |party: PartyRecord<'a>| PartyRecord { name: party.name, ..PartyRecord::default() };
        let first = PaymentRecord {
            ultimate_debtor: name_only(self.ultimate_debtor),
            ultimate_creditor: name_only(self.ultimate_creditor),
            reference_code: "",
            reference_proprietary: "",
            reference_issuer: "",
            ..without_documents.clone()
        };
        let before = stored.without_blanks();
        if before == without_documents || before == first {
            return true;
        }
        let without_debtor = |record| PaymentRecord { ultimate_debtor: PartyRecord::default(), ..record };
        let has_blank_debtor = stored.ultimate_debtor != before.ultimate_debtor;
        before == without_debtor(first) || has_blank_debtor && before == without_debtor(without_documents)
    }

    /// The same without texts that say nothing, of those that earlier versions kept as they were written.
    fn without_blanks(&self) -> PaymentRecord<'a> {
        let filled = |text: &'a str| if text.trim().is_empty() { "" } else { text };
        let party = |party: PartyRecord<'a>| PartyRecord {
            name: filled(party.name),
            organisation_id: filled(party.organisation_id),
            private_id: filled(party.private_id),
            scheme_proprietary: filled(party.scheme_proprietary),
            issuer: filled(party.issuer),
            ..party
        };
        PaymentRecord {
            creditor_name: filled(self.creditor_name),
            remittance: filled(self.remittance),
            creditor_reference: filled(self.creditor_reference),
            ultimate_debtor: party(self.ultimate_debtor),
            ultimate_creditor: party(self.ultimate_creditor),
            ..self.clone()
        }
    }

    /// The texts in the order of their bits. The order is part of the stored form: add at the end only.
    fn texts(&self) -> [&'a str; TEXTS] {
        [
            self.instruction_id,
            self.end_to_end_id,
            self.uetr,
            self.creditor_name,
            self.creditor_iban,
            self.creditor_bic,
            self.ultimate_debtor.name,
            self.ultimate_creditor.name,
            self.purpose,
            self.remittance,
            self.creditor_reference,
            self.reference_code,
            self.reference_proprietary,
            self.reference_issuer,
            self.return_reason,
            self.ultimate_debtor.organisation_bic,
            self.ultimate_debtor.lei,
            self.ultimate_debtor.organisation_id,
            self.ultimate_debtor.private_id,
            self.ultimate_debtor.scheme_code,
            self.ultimate_debtor.scheme_proprietary,
            self.ultimate_debtor.issuer,
            self.ultimate_creditor.organisation_bic,
            self.ultimate_creditor.lei,
            self.ultimate_creditor.organisation_id,
            self.ultimate_creditor.private_id,
            self.ultimate_creditor.scheme_code,
            self.ultimate_creditor.scheme_proprietary,
            self.ultimate_creditor.issuer,
            self.document_numbers,
            self.additional_remittance,
        ]
    }

    fn texts_mut(&mut self) -> [&mut &'a str; TEXTS] {
        [
            &mut self.instruction_id,
            &mut self.end_to_end_id,
            &mut self.uetr,
            &mut self.creditor_name,
            &mut self.creditor_iban,
            &mut self.creditor_bic,
            &mut self.ultimate_debtor.name,
            &mut self.ultimate_creditor.name,
            &mut self.purpose,
            &mut self.remittance,
            &mut self.creditor_reference,
            &mut self.reference_code,
            &mut self.reference_proprietary,
            &mut self.reference_issuer,
            &mut self.return_reason,
            &mut self.ultimate_debtor.organisation_bic,
            &mut self.ultimate_debtor.lei,
            &mut self.ultimate_debtor.organisation_id,
            &mut self.ultimate_debtor.private_id,
            &mut self.ultimate_debtor.scheme_code,
            &mut self.ultimate_debtor.scheme_proprietary,
            &mut self.ultimate_debtor.issuer,
            &mut self.ultimate_creditor.organisation_bic,
            &mut self.ultimate_creditor.lei,
            &mut self.ultimate_creditor.organisation_id,
            &mut self.ultimate_creditor.private_id,
            &mut self.ultimate_creditor.scheme_code,
            &mut self.ultimate_creditor.scheme_proprietary,
            &mut self.ultimate_creditor.issuer,
            &mut self.document_numbers,
            &mut self.additional_remittance,
        ]
    }
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Small numbers of either sign become small numbers.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8, RecordError> {
        let (first, rest) = self.rest.split_first().ok_or(RecordError)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A number in the shortest form, which is the only one written.
    fn number(&mut self) -> Result<u64, RecordError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(RecordError);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return if byte == 0 && shift > 0 { Err(RecordError) } else { Ok(number) };
            }
        }
        Err(RecordError)
    }

    fn text(&mut self) -> Result<&'a str, RecordError> {
        let length = usize::try_from(self.number()?).map_err(|_| RecordError)?;
        let (text, rest) = self.rest.split_at_checked(length).ok_or(RecordError)?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| RecordError)
    }

    fn share(&mut self) -> Result<Share<'a>, RecordError> {
        let flags = self.number()?;
        if flags & !(PAYEE | HAS_AMOUNT) != 0 {
            return Err(RecordError);
        }
        let side = if flags & PAYEE == 0 { Side::Payer } else { Side::Payee };
        let code = self.text()?;
        let minor = if flags & HAS_AMOUNT == 0 { None } else { Some(unzigzag(self.number()?)) };
        Ok(Share { side, code, minor })
    }
}
