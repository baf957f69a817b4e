//! The specimen-signature card: who of a client signs payments, at which level, up to which amount.

use jiff::civil::Date;
use money::Currency;

use super::rules::{ContentError, all_differ, validity};
use crate::bounds::{PERSON_YEARS_MAX, SIGNATORIES_MAX, SIGNATURE_LEVEL_MAX};
use crate::canonical::canonical_fields;
use crate::field::Field;
use crate::{ClientId, PersonId};

/// A signatory on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// The person.
    pub person: PersonId,
    /// 1 to 3: an order that needs several signatures needs them of these levels.
    pub level: i64,
    /// The smallest amount that the person signs, in minor units.
    pub from_minor: i64,
    /// The largest one; `None`: any.
    pub to_minor: Option<i64>,
}

/// A client's card. It takes the place of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureCard {
    /// Whose.
    pub client: ClientId,
    /// The currency of the bands of amounts.
    pub currency: Currency,
    /// The signatories.
    pub signatories: Vec<Signatory>,
    /// The first day.
    pub valid_from: Date,
    /// The last day.
    pub valid_until: Date,
}

canonical_fields!(Signatory { person, level, from_minor, to_minor });
canonical_fields!(SignatureCard { client, currency, signatories, valid_from, valid_until });

impl SignatureCard {
    pub(super) fn check(&self, today: Date) -> Result<(), ContentError> {
        validity(self.valid_from, self.valid_until, today, PERSON_YEARS_MAX)?;
        if self.signatories.is_empty() {
            return Err(ContentError::Missing(Field::Signatories));
        }
        if self.signatories.len() > SIGNATORIES_MAX {
            return Err(ContentError::TooLong(Field::Signatories, SIGNATORIES_MAX));
        }
        all_differ(Field::Signatories, self.signatories.iter().map(|signatory| signatory.person))?;
        for Signatory { level, from_minor, to_minor, .. } in &self.signatories {
            if !(1..=SIGNATURE_LEVEL_MAX).contains(level) {
                return Err(ContentError::Malformed(Field::Signatories));
            }
            if *from_minor < 0 || to_minor.is_some_and(|to| to < *from_minor) {
                return Err(ContentError::Amount(Field::Signatories));
            }
        }
        Ok(())
    }
}
