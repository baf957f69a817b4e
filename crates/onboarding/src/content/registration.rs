//! The registration of an online user: one information system of one institution.

use ipnet::IpNet;
use jiff::civil::Date;
use ledger::AccountId;

use super::network::too_wide;
use super::rules::{ContentError, all_differ, email, name, text, years_from};
use crate::bounds::{GRANTS_MAX, NETWORKS_MAX, REGISTRATION_YEARS_MAX, TELEPHONE_CHARACTERS_MAX};
use crate::canonical::canonical_fields;
use crate::field::Field;
use crate::{AccessMode, ClientId};

/// Who looks after an online user at the institution, and gets its identification means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The person's name.
    pub name: String,
    /// The e-mail address, which is required.
    pub email: String,
    /// The telephone number.
    pub telephone: Option<String>,
}

/// An online user, as an application asks for it and as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Whose it is.
    pub client: ClientId,
    /// The information system's name.
    pub name: String,
    /// View or manage.
    pub mode: AccessMode,
    /// The contact person.
    pub contact: Contact,
    /// Where requests may come from; at least one.
    pub networks: Vec<IpNet>,
    /// The accounts granted, each one by itself, by id.
    pub accounts: Vec<AccountId>,
    /// The last day.
    pub valid_until: Date,
}

canonical_fields!(Contact { name, email, telephone });
canonical_fields!(Registration { client, name, mode, contact, networks, accounts, valid_until });

impl Registration {
    /// The last day that a registration applied for on this day can have.
    #[must_use]
    pub fn last_day_from(day: Date) -> Date {
        years_from(day, REGISTRATION_YEARS_MAX)
    }

    pub(super) fn check(&self, today: Date) -> Result<(), ContentError> {
        if self.valid_until < today {
            return Err(ContentError::Over(Field::ValidUntil));
        }
        let last = Registration::last_day_from(today);
        if self.valid_until > last {
            return Err(ContentError::TooFarAhead(Field::ValidUntil, last));
        }
        self.check_parts()
    }

    /// All but its days: a change keeps them.
    pub(super) fn check_parts(&self) -> Result<(), ContentError> {
        name(Field::Name, &self.name)?;
        name(Field::ContactName, &self.contact.name)?;
        email(&self.contact.email)?;
        if let Some(telephone) = &self.contact.telephone {
            text(Field::Telephone, telephone, TELEPHONE_CHARACTERS_MAX)?;
        }
        if self.networks.is_empty() {
            return Err(ContentError::Missing(Field::Networks));
        }
        if self.networks.len() > NETWORKS_MAX {
            return Err(ContentError::TooLong(Field::Networks, NETWORKS_MAX));
        }
        if let Some((network, least)) = self.networks.iter().find_map(|one| Some((*one, too_wide(*one)?))) {
            return Err(ContentError::TooWide(network, least));
        }
        if self.accounts.len() > GRANTS_MAX {
            return Err(ContentError::TooLong(Field::Accounts, GRANTS_MAX));
        }
        all_differ(Field::Networks, self.networks.iter())?;
        all_differ(Field::Accounts, self.accounts.iter())
    }
}
