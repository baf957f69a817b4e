//! `/v1/errors`: the catalogue of everything that the service can say.

use axum::extract::Path;
use protocol::{CatalogueEntry, ErrorCatalogue};
use rulebook::Code;

use crate::answer::{self, Answer};

/// `GET`: all of it.
pub(crate) async fn list() -> Answer {
    answer::json(&ErrorCatalogue::whole())
}

/// `GET`: one entry, by its code.
pub(crate) async fn entry(Path(code): Path<String>) -> Answer {
    let code: Code = code.parse().map_err(|_| Code::NotFound)?;
    answer::json(&CatalogueEntry::of(code.entry()))
}
