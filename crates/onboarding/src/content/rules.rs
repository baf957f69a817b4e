//! Rules that several kinds share, and how a content breaks them.

use ipnet::IpNet;
use jiff::Span;
use jiff::civil::Date;
use rulebook::characters::is_invisible;

use crate::bounds::{EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX};
use crate::field::Field;

/// A rule that a content breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// It must be there.
    #[error("{0} is missing")]
    Missing(Field),
    /// It has more characters or items than its bound.
    #[error("{0} is longer than {1}")]
    TooLong(Field, usize),
    /// It has characters or a form that it must not have.
    #[error("{0} is not well-formed")]
    Malformed(Field),
    /// The same twice.
    #[error("{0} says the same twice")]
    Repeated(Field),
    /// An amount below zero, or a band whose end is before its beginning.
    #[error("{0} is no amount that can hold")]
    Amount(Field),
    /// A day before today, or a validity that ends before it begins.
    #[error("{0} is over")]
    Over(Field),
    /// A day too far ahead; the last one possible.
    #[error("{0} is after {1}")]
    TooFarAhead(Field, Date),
    /// A network that lets in too much; the shortest prefix possible.
    #[error("the network {0} is wider than /{1}")]
    TooWide(IpNet, u8),
    /// Roles of an operator for a client's person, or the other way round.
    #[error("roles of operators and of clients' persons do not go together")]
    RolesMixed,
    /// Nothing changes.
    #[error("nothing changes")]
    NothingChanges,
}

/// What a reader does not see, or what moves the letters beside it: a name with it looks like another one.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control() || is_invisible(character)
}

/// A text that must be there.
pub(super) fn text(field: Field, text: &str, characters_max: usize) -> Result<(), ContentError> {
    if text.trim().is_empty() {
        return Err(ContentError::Missing(field));
    }
    if text.chars().any(is_unseen) || text.trim() != text {
        return Err(ContentError::Malformed(field));
    }
    if text.chars().count() > characters_max { Err(ContentError::TooLong(field, characters_max)) } else { Ok(()) }
}

pub(super) fn name(field: Field, name: &str) -> Result<(), ContentError> {
    text(field, name, NAME_CHARACTERS_MAX)
}

/// `local@domain` in the characters that mail servers take without SMTPUTF8 (RFC 5321), without quotes and comments.
pub(super) fn email(email: &str) -> Result<(), ContentError> {
    text(Field::Email, email, EMAIL_CHARACTERS_MAX)?;
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let dotted =
        |part: &str, of: &dyn Fn(char) -> bool| part.split('.').all(|piece| !piece.is_empty() && piece.chars().all(of));
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match email.rsplit_once('@') {
        Some((local, domain)) if dotted(local, &atom) && domain.contains('.') && dotted(domain, &label) => Ok(()),
        _ => Err(ContentError::Malformed(Field::Email)),
    }
}

/// The last day of so many years that begin on a day.
pub(super) fn years_from(day: Date, years: i16) -> Date {
    day.saturating_add(Span::new().years(years))
}

/// A validity from one day to another.
pub(super) fn validity(from: Date, until: Date, today: Date, years_max: i16) -> Result<(), ContentError> {
    if until < from || until < today {
        return Err(ContentError::Over(Field::ValidUntil));
    }
    let last = years_from(from, years_max);
    if until > last { Err(ContentError::TooFarAhead(Field::ValidUntil, last)) } else { Ok(()) }
}

/// Whether all differ.
pub(super) fn all_differ<T: Ord>(field: Field, items: impl Iterator<Item = T>) -> Result<(), ContentError> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    if items.windows(2).any(|pair| pair[0] == pair[1]) { Err(ContentError::Repeated(field)) } else { Ok(()) }
}
