//! The business identifier code of a bank (ISO 9362).

use std::fmt;
use std::str::FromStr;

use crate::country::Country;

/// A BIC with the right form: four letters or digits, a country, two of location, and, or not, three of branch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bic([u8; 11]);

/// Why a text is no BIC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BicError {
    /// Not 8 or 11 characters.
    Length,
    /// A character that is neither a capital letter nor a digit.
    Characters,
    /// Places 5 and 6 are no country of ISO 3166.
    Country,
}

impl fmt::Display for BicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BicError::Length => "a BIC has 8 or 11 characters",
            BicError::Characters => "a BIC has only capital letters and digits",
            BicError::Country => "places 5 and 6 of a BIC are a country code",
        })
    }
}

impl std::error::Error for BicError {}

/// The branch that a BIC of eight characters means.
const HEAD_OFFICE: &[u8; 3] = b"XXX";

impl Bic {
    /// Reads a BIC of 8 or 11 characters. `TRELLV22` and `TRELLV22XXX` are the same one.
    ///
    /// # Errors
    /// When the form is not that of ISO 9362:2014. Whether such a bank exists is not known here.
    pub fn parse(text: &str) -> Result<Bic, BicError> {
        let bytes = text.as_bytes();
        let mut bic = [0; 11];
        match bytes.len() {
            8 => bic[8..].copy_from_slice(HEAD_OFFICE),
            11 => {}
            _ => return Err(BicError::Length),
        }
        bic[..bytes.len()].copy_from_slice(bytes);
        if !bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Err(BicError::Characters);
        }
        Country::from_letters([bic[4], bic[5]]).map(|_| Bic(bic)).ok_or(BicError::Country)
    }

    /// The country of the bank.
    #[must_use]
    pub fn country(&self) -> Country {
        // Checked when the BIC was made.
        Country::from_letters([self.0[4], self.0[5]]).unwrap_or(Country::LV)
    }

    /// The first eight characters: the bank without its branch.
    #[must_use]
    pub fn bank(&self) -> &str {
        self.characters(8)
    }

    /// The shortest way to write it: eight characters for the head office, else eleven.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.characters(if self.0.ends_with(HEAD_OFFICE) { 8 } else { 11 })
    }

    fn characters(&self, length: usize) -> &str {
        // Only ASCII gets in.
        std::str::from_utf8(&self.0[..length]).unwrap_or_default()
    }
}

impl FromStr for Bic {
    type Err = BicError;

    fn from_str(text: &str) -> Result<Bic, BicError> {
        Bic::parse(text)
    }
}

impl fmt::Display for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
