//! Payments made wrong on purpose, each in a way that the exchange must refuse with another reason.

use std::fmt;
use std::str::FromStr;

use rulebook::{Code, Route};

/// A way to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flaw {
    /// The check digits of the payee's IBAN are wrong.
    CheckDigits,
    /// The remittance information has a character that payments cannot carry.
    Character,
    /// An internal payment without the classification of the payer's side.
    Classification,
    /// The amount has three decimals.
    Decimals,
    /// The payee's address is in free lines only, without town and country of their own.
    Address,
}

impl Flaw {
    /// Every way, in the order in which [`Flaw::first`] hands them out.
    pub const ALL: [Flaw; 5] =
        [Flaw::CheckDigits, Flaw::Character, Flaw::Classification, Flaw::Decimals, Flaw::Address];

    /// `number` flaws, each other than its neighbours.
    pub fn first(number: usize) -> Vec<Flaw> {
        Flaw::ALL.into_iter().cycle().take(number).collect()
    }

    /// The code of the catalogue that the payment is refused with.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Flaw::CheckDigits => Code::CreditorIbanCheckDigits,
            Flaw::Character => Code::CharacterNotAllowed,
            Flaw::Classification => Code::EkkPayerSideMissing,
            Flaw::Decimals => Code::AmountDecimals,
            Flaw::Address => Code::CreditorAddressUnstructured,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Flaw::CheckDigits => "check-digits",
            Flaw::Character => "character",
            Flaw::Classification => "classification",
            Flaw::Decimals => "decimals",
            Flaw::Address => "address",
        }
    }

    /// Whether a payment of this route can be wrong in this way.
    pub(super) fn suits(self, route: Route) -> bool {
        match self {
            Flaw::CheckDigits | Flaw::Character | Flaw::Decimals => true,
            Flaw::Classification => route == Route::Internal,
            Flaw::Address => route == Route::Sepa,
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Flaw {
    type Err = String;

    fn from_str(name: &str) -> Result<Flaw, String> {
        Flaw::ALL.into_iter().find(|flaw| flaw.name() == name).ok_or_else(|| {
            let known: Vec<_> = Flaw::ALL.iter().map(ToString::to_string).collect();
            format!("`{name}` is none of {}", known.join(", "))
        })
    }
}

/// A payment that was made wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flawed {
    /// Which payment of the message, from 0.
    pub ordinal: u32,
    /// How it is wrong.
    pub flaw: Flaw,
    /// Its `EndToEndId`.
    pub end_to_end_id: String,
}
