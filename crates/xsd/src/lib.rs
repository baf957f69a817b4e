//! Streaming validation of XML against compiled XML Schema tables. It rejects exactly what the schema rejects, explains
//! every departure with its place, and costs next to nothing.
//!
//! - **One pass, one window of memory.** The validator reads a document of any size through a buffer of some hundred
//!   kilobytes, and allocates nothing per element.
//! - **Exact.** Well-formedness by XML 1.0 (5th edition), namespaces, content models, attributes, wildcards, facets.
//!   The schema reader refuses by name what is outside the supported subset of XML Schema, so the validator never
//!   wrongly accepts it later. The validator refuses a DOCTYPE and encodings other than UTF-8 by name too.
//! - **`xsi:` attributes as the standard says**: `xsi:schemaLocation` is never followed, `xsi:nil` is refused (nothing is
//!   nillable), `xsi:type` may name the declared type or a type of values that narrows it. Of other types it is refused by
//!   name, also of a complex one that extends a type of values: ISO 20022 has no element that could use it.
//! - **All findings** up to a bound, each with line, column, path, rule, value and what was expected ([`Finding`]); the
//!   validator follows a broken document sensibly and does not abandon it.
//! - **Only what you ask for.** A [`Selection`] of paths turns the same pass into a typed reader's source of events.
//! - Safe Rust only; patterns are automata without backtracking; every size has a bound ([`Bounds`]).
//!
//! ```
//! use xsd::{Bounds, Event, Rule, Schema, Selection, Validator};
//!
//! // The readable table text; `xsd::model::read_xsd` makes it from a schema document.
//! let schema = Schema::from_table(
//!     "xsd-table 1
//! namespace urn:example:order
//! root Order Order
//!
//! type Order
//!   Line 1..n Line
//!
//! type Line
//!   Item 1..1 xs:string
//!   Price 1..1 Price
//!
//! type Price
//!   @Ccy required Currency
//!   value Amount
//!
//! value Currency xs:string
//!   pattern [A-Z]{3}
//!
//! value Amount xs:decimal
//!   fractionDigits 2
//!   minInclusive 0
//! ",
//! )?;
//! let wanted = Selection::new(&schema, &[("Line", 1), ("Line/Price", 2)])?;
//!
//! let document = r#"<Order xmlns="urn:example:order">
//!   <Line><Item>Paper</Item><Price Ccy="EUR">4.50</Price></Line>
//!   <Line><Item>Ink</Item><Price Ccy="EUR">1.234</Price></Line>
//! </Order>"#;
//!
//! let mut validator = Validator::new(&schema, &wanted, document.as_bytes(), Bounds::default());
//! let mut prices = Vec::new();
//! loop {
//!     match validator.next()? {
//!         Event::Leaf { tag: 2, text, attributes, valid } => {
//!             prices.push((text.to_owned(), attributes.get("Ccy") == Some("EUR"), valid));
//!         }
//!         Event::End => break,
//!         _ => {}
//!     }
//! }
//! assert_eq!(prices, [("4.50".into(), true, true), ("1.234".into(), true, false)]);
//!
//! let finding = &validator.findings().as_slice()[0];
//! assert_eq!(finding.path, "/Order/Line[2]/Price");
//! assert_eq!((finding.position.line, finding.position.column), (3, 25));
//! assert_eq!(finding.rule, Rule::FractionDigits);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it is made [`model`] reads a schema document or a table text. [`Schema`] compiles it: content models become
//! automata with one state per possible element, patterns become tables, and derived types fold into one. [`token`]
//! turns bytes into well-formed tokens, and is usable alone. [`Validator`] follows the automata token by token, with a
//! short cut for the plain tags of which messages mostly consist. The crate does not know the messages' meaning.

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
pub use error::{Malformed, NOT_UTF_8, Position, ReadError, SchemaError};
pub use finding::{Finding, Findings, Rule};
pub use model::Model;
pub use peek::{Peek, peek_root};
pub use schema::Schema;
pub use selection::Selection;
pub use token::{Attribute, Attributes, Tokenizer};
pub use validate::{Event, Validator};
