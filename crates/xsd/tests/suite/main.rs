//! Tests of tokenizer and validation.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod findings;
mod hand_over;
mod official_samples;
mod schema_corners;
mod support;
mod well_formedness;
mod written_schemas;
