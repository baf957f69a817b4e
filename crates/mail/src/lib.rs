//! Letters to contact persons about what ends, and the mail server that takes them.
//!
//! [`Letter`] says what a letter is about; [`Letter::write`] makes it from the templates in `templates/`, in Latvian and English, as
//! plain text and HTML. [`MailServer`] hands one over by SMTP and says how that ended. Nothing here stores anything: whether and
//! when a letter goes is decided above.

pub mod bounds;
mod letter;
mod server;
mod templates;

pub use letter::{Letter, MailError, Person, WrittenLetter};
pub use server::{Handover, Login, MailServer, MailServerSettings, Security};
