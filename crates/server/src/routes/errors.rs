//! `/v1/errors`: the catalogue of everything that the service can say.

use std::sync::OnceLock;

use axum::body::Bytes;
use protocol::{CatalogueEntry, ErrorCatalogue};
use rulebook::Code;

use super::path::Name;
use crate::answer::{self, Answer};

/// `GET`: all of it. The program's catalogue never changes, so its text is written once.
pub(crate) async fn list() -> Answer {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = match TEXT.get() {
        Some(text) => text.clone(),
        None => {
            let text = Bytes::from(answer::json_text(&ErrorCatalogue::whole())?);
            TEXT.get_or_init(|| text).clone()
        }
    };
    Ok(answer::written_json(text))
}

/// `GET`: one entry, by its code.
pub(crate) async fn entry(Name(code): Name) -> Answer {
    let code: Code = code.parse().map_err(|_| Code::NotFound)?;
    answer::json(&CatalogueEntry::of(code.entry()))
}
