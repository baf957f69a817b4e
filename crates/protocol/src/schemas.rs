//! The list of published schemas as JSON, the answer of `/v1/schemas`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A schema that can be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SchemaLink {
    /// The message: `pain.001.001.09`.
    pub message: String,
    /// Its namespace.
    pub namespace: String,
    /// Where the schema is.
    pub href: String,
}

/// All published schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SchemaList {
    /// One for each message.
    pub schemas: Vec<SchemaLink>,
}
