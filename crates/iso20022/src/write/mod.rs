//! Code that all writers share: hand-written XML into a buffer, escaping, and the parts that several messages have.
//!
//! A writer writes a report of a million entries at the speed of memory copies: tags are constants concatenated at
//! compile time, and it scans texts once. A failed call leaves nothing in the output.
//!
//! Each message defines its elements in the order of the schema, the value of each, and after which parts a part may
//! come.

mod elements;
mod error;
mod escape;
mod lines;
mod parts;
pub(crate) mod values;
mod xml;

pub(crate) use elements::{Elements, Tag, tag};
pub use error::WriteError;
pub(crate) use escape::cut;
use lines::Lines;
pub(crate) use values::Limits;
pub(crate) use xml::{NOTHING, Xml};
