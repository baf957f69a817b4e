//! `/v1/errors`: the catalogue of everything that the service can say.

use protocol::{CatalogueEntry, ErrorCatalogue};
use rulebook::Code;

use super::path::Name;
use crate::answer::{self, Answer};

/// `GET`: all of it.
pub(crate) async fn list() -> Answer {
    answer::json(&ErrorCatalogue::whole())
}

/// `GET`: one entry, by its code.
pub(crate) async fn entry(Name(code): Name) -> Answer {
    let code: Code = code.parse().map_err(|_| Code::NotFound)?;
    answer::json(&CatalogueEntry::of(code.entry()))
}
