//! A host name; an empty text means none.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

use crate::reach;

pub(super) fn serialize<S: Serializer>(name: &Option<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(name.as_deref().unwrap_or_default())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    if !reach::is_host(&text) {
        return Err(D::Error::custom(format!("{text:?} is no host name such as exchange.example, and no address")));
    }
    Ok(Some(text))
}
