//! ISO 20022 messages: typed values, streaming readers and writers.

pub mod camt;
pub mod camt060;
pub mod common;
mod date_time;
mod dialect;
pub mod message_type;
pub mod pain001;
pub mod pain002;
mod write;

pub use date_time::{DateTime, DateTimeError};
pub use message_type::MessageType;
pub use write::WriteError;
