//! `/v1/schemas`: the schemas of the messages as this treasury uses them.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::Response;
use iso20022::MessageType;
use protocol::{SchemaLink, SchemaList, media, routes};
use rulebook::Code;

use super::path::Name;
use crate::answer::{self, Answer};

/// What changes with the program only: an hour is soon enough to notice.
pub(super) const CACHED: &str = "public, max-age=3600";

/// `GET`: which there are.
pub(crate) async fn list() -> Answer {
    let schemas = MessageType::ALL.map(|message_type| SchemaLink {
        message: message_type.name().to_owned(),
        namespace: message_type.namespace(),
        href: routes::schema(message_type.name()),
    });
    answer::json(&SchemaList { schemas: schemas.into() })
}

/// `GET`: one schema, by its message.
pub(crate) async fn schema(Name(message): Name) -> Answer {
    let message_type: MessageType = message.parse().map_err(|_| Code::NotFound)?;
    let mut response = Response::new(Body::from(publication::xsd(message_type)));
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(media::XML_UTF8));
    fields.insert(CACHE_CONTROL, HeaderValue::from_static(CACHED));
    Ok(response)
}
