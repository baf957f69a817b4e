//! Publications about the messages, for developers of programs that make or read them: schemas, format descriptions,
//! examples.
//!
//! This crate states nothing that another crate does not enforce. The form of a message is ISO 20022's
//! ([`iso20022::table`]); how it is narrower here is the usage guideline's ([`rulebook::usage`]); texts and codes are
//! the catalogue's; examples are made by our own writers. This crate only brings them together:
//!
//! - [`narrowed`] applies the guideline to the schema: every message valid by the result is valid by ISO 20022's schema
//!   too, because the function only makes elements mandatory or fewer, leaves out optional ones, and derives types;
//! - [`xsd`] is that schema as a document;
//! - [`Description`] is the same for people, in Latvian or English, as Markdown or HTML;
//! - [`example`] is a complete message of each type.
//!
//! ```
//! use iso20022::MessageType;
//!
//! let xsd = publication::xsd(MessageType::Pain001V09);
//! assert!(xsd.contains("<xs:element name=\"CtrlSum\" type=\"DecimalNumber\">"), "mandatory here");
//! ```

mod description;
mod examples;
mod narrow;
mod schemas;

pub use description::{Description, Element, Line};
pub use examples::{EXAMPLE_DAY, example};
pub use narrow::{NarrowError, Narrowed, narrowed};
pub use schemas::{iso_xsd, model, xsd};
