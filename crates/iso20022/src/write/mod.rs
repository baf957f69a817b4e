//! What all writers share: XML by hand into a buffer, escaping, and the parts that several messages have.
//!
//! A report of a million entries is written at the speed of memory copies: tags are constants glued at compile time, and
//! texts are looked through once. A call that fails leaves nothing behind in the output.
//!
//! What a message says of itself is: its elements in the order of the schema, which value goes into each, and after which
//! parts a part may stand.

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
