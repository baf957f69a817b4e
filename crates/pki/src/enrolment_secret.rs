//! The code with which somebody who has no certificate yet asks for one.
//!
//! Its first part finds the code, and is no secret that anything rests on: without it nobody can use up the tries of somebody else's
//! code. The second part has 130 random bits. Only a hash over both is kept.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::{PkiError, random};

/// Letters and digits of the part that finds the code: 40 bits.
const SELECTOR_CHARS: usize = 8;
/// Letters and digits of both parts.
const CODE_CHARS: usize = SELECTOR_CHARS + 26;
/// Letters and digits between two hyphens when people read it.
const GROUP_CHARS: usize = 4;
/// Longest text that is looked at: a code with a separator after each character.
const TEXT_BYTES_MAX: usize = 2 * CODE_CHARS;

/// A code as a contact person has it.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentSecret(String);

/// A text that is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCode;

impl EnrolmentSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`PkiError::NoRandomness`] when the system gives no random numbers.
    pub fn generate() -> Result<EnrolmentSecret, PkiError> {
        random::text::<CODE_CHARS>().map(EnrolmentSecret)
    }

    /// The part that finds it.
    #[must_use]
    pub fn selector(&self) -> &str {
        &self.0[..SELECTOR_CHARS]
    }

    /// SHA-256 over the whole code.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// All letters and digits: the password of a key store that is picked up with the code.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.0
    }
}

/// Takes hyphens, spaces and capital letters too: people copy codes by hand.
impl FromStr for EnrolmentSecret {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<EnrolmentSecret, NoCode> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(NoCode);
        }
        let code: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        if code.len() == CODE_CHARS && random::is_of_alphabet(&code) { Ok(EnrolmentSecret(code)) } else { Err(NoCode) }
    }
}

/// In groups, for people.
impl fmt::Display for EnrolmentSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, group) in self.0.as_bytes().chunks(GROUP_CHARS).enumerate() {
            let separator = if number == 0 { "" } else { "-" };
            // Invariant: letters and digits of ASCII.
            write!(f, "{separator}{}", String::from_utf8_lossy(group))?;
        }
        Ok(())
    }
}

// Codes must not get into logs by way of `{:?}`.
impl fmt::Debug for EnrolmentSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolmentSecret({}…)", self.selector())
    }
}
