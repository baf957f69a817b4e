//! Codes that say what public money is spent on: EKK (classification of budget operations) and AMK (external payment
//! code of Latvijas Banka), and where a pain.001 carries them.
//!
//! The Treasury has not published where the XML carries them; this is the only mapping: `RgltryRptg/DbtCdtRptgInd` is
//! the side (`DEBT` payer, `CRED` payee, `BOTH`), `Dtls/Tp` is `EKK` or `AMK`, `Dtls/Cd` the code, `Dtls/Amt` its share
//! of the payment.

use std::fmt;
use std::str::FromStr;

use iso20022::common::RegulatoryDetail;

use crate::Country;

/// `Tp` of a detail that carries an EKK.
pub const EKK_TYPE: &str = "EKK";

/// `Tp` of a detail that carries an AMK.
pub const AMK_TYPE: &str = "AMK";

/// A code of the classification of budget operations (*ekonomiskās klasifikācijas kods*).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ekk {
    characters: [u8; 9],
    length: u8,
}

/// What an EKK classifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EkkKind {
    /// Four digits: expenditure.
    Expenditure,
    /// Five digits: revenue.
    Revenue,
    /// `F` and eight digits: financing.
    Financing,
}

/// The text is no EKK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EkkError;

impl fmt::Display for EkkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an EKK is 4 digits, 5 digits, or F and 8 digits")
    }
}

impl std::error::Error for EkkError {}

impl Ekk {
    /// Reads a code by its form: `2221`, `21391`, `F22010010`. Whether the classification lists it is not known here.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn parse(text: &str) -> Result<Ekk, EkkError> {
        let bytes = text.as_bytes();
        let digits = match bytes {
            [b'F', digits @ ..] if digits.len() == 8 => digits,
            digits if matches!(digits.len(), 4 | 5) => digits,
            _ => return Err(EkkError),
        };
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(EkkError);
        }
        let mut characters = [0; 9];
        characters[..bytes.len()].copy_from_slice(bytes);
        Ok(Ekk { characters, length: bytes.len() as u8 })
    }

    /// What it classifies.
    #[must_use]
    pub const fn kind(&self) -> EkkKind {
        match self.length {
            4 => EkkKind::Expenditure,
            5 => EkkKind::Revenue,
            _ => EkkKind::Financing,
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in.
        std::str::from_utf8(&self.characters[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl FromStr for Ekk {
    type Err = EkkError;

    fn from_str(text: &str) -> Result<Ekk, EkkError> {
        Ekk::parse(text)
    }
}

impl fmt::Display for Ekk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Ekk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An external payment code (*ārējā maksājuma kods*): three digits, and the payee's country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amk {
    code: u16,
    country: Country,
}

/// Why two texts are no AMK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmkError {
    /// The code has not exactly three digits.
    Code,
    /// The country is missing or not in ISO 3166-1.
    Country,
}

impl fmt::Display for AmkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AmkError::Code => "an AMK has three digits",
            AmkError::Country => "an AMK goes with the payee's country (ISO 3166)",
        })
    }
}

impl std::error::Error for AmkError {}

impl Amk {
    /// Reads a code and its country by their form.
    ///
    /// # Errors
    /// When the code has not three digits or the country is unknown.
    pub fn parse(code: &str, country: &str) -> Result<Amk, AmkError> {
        let three_digits = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        let code = code.parse().ok().filter(|_| three_digits).ok_or(AmkError::Code)?;
        let country = Country::new(country).ok_or(AmkError::Country)?;
        Ok(Amk { code, country })
    }

    /// The code as a number; written with three digits.
    #[must_use]
    pub const fn code(&self) -> u16 {
        self.code
    }

    /// The payee's country.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }
}

impl fmt::Display for Amk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03} {}", self.code, self.country)
    }
}

/// The side of a payment that a code classifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// `DEBT`.
    Payer,
    /// `CRED`.
    Payee,
}

impl Side {
    /// Both sides.
    pub const ALL: [Side; 2] = [Side::Payer, Side::Payee];

    /// Its `DbtCdtRptgInd`: `DEBT`, `CRED`.
    #[must_use]
    pub const fn indicator(self) -> &'static str {
        match self {
            Side::Payer => "DEBT",
            Side::Payee => "CRED",
        }
    }

    /// Whether a detail with this `DbtCdtRptgInd` speaks of the side.
    #[must_use]
    pub fn is_meant_by(self, indicator: Option<&str>) -> bool {
        match indicator {
            Some("BOTH") => true,
            Some("DEBT") => self == Side::Payer,
            Some("CRED") => self == Side::Payee,
            _ => false,
        }
    }
}

/// The details that carry an EKK of a side, in order.
pub fn ekk_details<'d, 'a>(
    details: &'d [RegulatoryDetail<'a>],
    side: Side,
) -> impl Iterator<Item = &'d RegulatoryDetail<'a>> {
    details.iter().filter(move |detail| detail.kind == Some(EKK_TYPE) && side.is_meant_by(detail.indicator))
}

/// Whether a payment to a bailiff's account carries the one code of the payee's side that such an account takes
/// (`Guideline::bailiff_code`). What kind of account it is, only the keeper of accounts knows: the exchange asks this
/// once it does, and refuses with [`Code::BailiffCodeRequired`](crate::Code::BailiffCodeRequired).
#[must_use]
pub fn is_classified_for_bailiff(details: &[RegulatoryDetail<'_>], bailiff_code: &str) -> bool {
    let mut codes = ekk_details(details, Side::Payee).peekable();
    codes.peek().is_some() && codes.all(|detail| detail.code == Some(bailiff_code))
}
