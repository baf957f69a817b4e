//! ISO 20022 messages of a payment channel: typed values, streaming readers and writers.
//!
//! This crate knows the content of messages and nothing of a treasury's use of it. It builds on [`xsd`], which reads
//! XML and validates it. The crates above need not know an element's name, its generation, or that XML is involved at
//! all. It has:
//!
//! - one set of values for both generations of a message ([`pain001`], [`pain002`], [`camt060`], and [`camt`] for the
//!   three account reports); the readers and writers hide the differences between the generations;
//! - readers that validate and extract in one pass and lend one item at a time: a payment, an entry, a request. Memory
//!   does not grow with the document, and [`bounds`] limits repetition inside an item;
//! - writers that take the same values, check the order of the parts, and write only what the official schema accepts;
//! - [`schema`], the compiled tables of the twelve messages, generated from the official schemas.
//!
//! ```
//! use iso20022::MessageType;
//! use iso20022::pain002::{GroupHeader, Item, OriginalGroup, Reader, Status, Writer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut report = Writer::new(MessageType::Pain002V10, Vec::new());
//! report.group_header(&GroupHeader {
//!     message_id: "TK-1",
//!     creation_date_time: Some("2026-11-23T10:00:00+02:00".parse()?),
//!     ..GroupHeader::default()
//! })?;
//! report.original_group(&OriginalGroup {
//!     message_id: "ALGAS-11",
//!     message_name: "pain.001.001.09",
//!     status: Some(Status::ACSC),
//!     ..OriginalGroup::default()
//! })?;
//! let xml = report.finish()?;
//!
//! let mut reader = Reader::new(MessageType::Pain002V10, xml.as_slice(), xsd::Bounds::default());
//! while let Some(item) = reader.next()? {
//!     if let Item::OriginalGroup(group) = item {
//!         assert_eq!((group.message_id, group.status), ("ALGAS-11", Some(Status::ACSC)));
//!     }
//! }
//! assert!(reader.findings().is_empty());
//! # Ok(())
//! # }
//! ```

pub mod bounds;
pub mod camt;
pub mod camt060;
pub mod common;
mod date_time;
mod dialect;
mod elements;
pub mod message_type;
pub mod pain001;
pub mod pain002;
mod read;
mod schemas;
mod write;

pub use date_time::{DateTime, DateTimeError};
pub use elements::elements_read;
pub use message_type::MessageType;
pub use read::Omitted;
pub use schemas::{schema, table};
pub use write::WriteError;
