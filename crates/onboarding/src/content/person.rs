//! A person with roles: of a client, or an operator.

use jiff::civil::Date;

use super::rules::{ContentError, email, name, validity};
use crate::bounds::PERSON_YEARS_MAX;
use crate::canonical::canonical_fields;
use crate::field::Field;
use crate::{ClientId, PersonId, Roles};

/// A person as registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// Whose person; `None`: an operator.
    pub client: Option<ClientId>,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The roles.
    pub roles: Roles,
    /// The first day.
    pub valid_from: Date,
    /// The last day.
    pub valid_until: Date,
}

/// A new person, a change of one, or the end of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonChange {
    /// Which person; `None`: a new one.
    pub person: Option<PersonId>,
    /// The client of a person whose registration ends; `None`: an operator.
    pub of: Option<ClientId>,
    /// What the person shall be; `None`: the registration ends.
    pub record: Option<PersonRecord>,
}

canonical_fields!(PersonRecord { client, name, email, roles, valid_from, valid_until });
canonical_fields!(PersonChange { person, of, record });

impl PersonChange {
    /// The client whose person it is.
    #[must_use]
    pub fn client(&self) -> Option<ClientId> {
        self.of
    }

    pub(super) fn check(&self, today: Date) -> Result<(), ContentError> {
        let Some(record) = &self.record else {
            // Nobody ends who is not there.
            return if self.person.is_some() { Ok(()) } else { Err(ContentError::Missing(Field::Person)) };
        };
        name(Field::Name, &record.name)?;
        email(&record.email)?;
        if record.roles.is_empty() {
            return Err(ContentError::Missing(Field::Roles));
        }
        if record.client != self.of || record.roles.iter().any(|role| role.is_operators() == self.of.is_some()) {
            return Err(ContentError::RolesMixed);
        }
        validity(record.valid_from, record.valid_until, today, PERSON_YEARS_MAX)
    }
}
