//! The proxy beside an accounting system that cannot speak to the exchange itself: COBOL, Delphi, ABAP, a spreadsheet, curl.
//!
//! Plain HTTP comes in, on loopback or on a Unix socket; out go mutual TLS, signatures and safe retries of the library [`client`],
//! which also renews the certificate. The proxy decides nothing about a message: what it passes on, it passes on byte for byte, and
//! answers come back as the exchange wrote them.
//!
//! Pure are `choices` and `address` (what is configured), `admission` (whom it serves), `passing` (which requests and header fields
//! pass) and `faults` (its own errors). Files and sockets are in the others.
//!
//! **Memory.** A connection holds [`bounds::READ_BUFFER_BYTES`] for its head, [`bounds::MEMORY_BYTES_MAX`] of a body (a longer one lies
//! in a file), the piece that the client library is sending, and the mebibyte that it reads ahead of an answer; there are at most
//! [`bounds::CONNECTIONS_MAX`] connections unless configured. None of it depends on the length of a message.

mod address;
mod admission;
pub mod bounds;
mod choices;
mod faults;
mod handler;
mod health;
mod listening;
mod outgoing;
mod passing;
mod renewal;
mod running;
mod secrets;
mod setting_error;
mod settings;
mod spool;
mod strangers;
mod unread;

pub use choices::{Choices, Sources};
pub use health::{CertificateHealth, ExchangeHealth, ProxyHealth};
pub use passing::HEALTH;
pub use running::{ProxyError, Running};
pub use setting_error::SettingError;
pub use settings::Settings;
