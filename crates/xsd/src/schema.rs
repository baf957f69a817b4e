//! A schema compiled into tables, once; shared by reference by any number of readers.

use crate::{Model, SchemaError};

/// Compiled tables of one schema.
#[derive(Debug)]
pub struct Schema {
    target_namespace: String,
    root: String,
}

impl Schema {
    /// From the readable table text ([`Model::to_table`]).
    pub fn from_table(text: &str) -> Result<Schema, SchemaError> {
        Schema::from_model(&Model::from_table(text)?)
    }

    /// From an uncompiled schema.
    pub fn from_model(model: &Model) -> Result<Schema, SchemaError> {
        Ok(Schema { target_namespace: model.target_namespace.clone(), root: model.root.clone() })
    }

    /// Namespace of all elements.
    pub fn target_namespace(&self) -> &str {
        &self.target_namespace
    }

    /// Name of the root element, for ISO 20022 `Document`.
    pub fn root(&self) -> &str {
        &self.root
    }
}
