//! What all writers share: XML by hand into a buffer, escaping, and the shapes that several messages have.
//!
//! A report of a million entries is written at the speed of memory copies: tags are constants glued at compile time, and
//! texts are looked through once. A call that fails leaves nothing behind in the output.

mod error;
mod escape;
mod parts;
pub(crate) mod values;
pub(crate) mod xml;

pub use error::WriteError;
pub(crate) use escape::cut;
pub(crate) use parts::{account, agent, amount_element, party, payment_type, remittance};
pub(crate) use values::Limits;
pub(crate) use xml::{Xml, leaf};
