//! XML tokenizer and streaming XML Schema validation over compiled tables.

mod automaton;
pub mod bounds;
mod error;
mod finding;
pub mod model;
mod pattern;
mod peek;
mod schema;
mod selection;
pub mod token;
mod tokenizer;
mod validate;
mod values;

pub use bounds::{Bound, Bounds};
pub use error::{Malformed, Position, ReadError, SchemaError};
pub use finding::{Finding, Findings, Rule};
pub use model::Model;
pub use peek::{Peek, peek_root};
pub use schema::Schema;
pub use selection::Selection;
pub use token::{Attribute, Attributes, Tokenizer};
pub use validate::{Event, Validator};
