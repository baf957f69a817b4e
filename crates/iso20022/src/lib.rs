//! ISO 20022 messages: typed values, streaming readers and writers.

pub mod bounds;
pub mod camt;
pub mod camt060;
pub mod common;
mod date_time;
mod dialect;
pub mod message_type;
pub mod pain001;
pub mod pain002;
mod read;
mod schemas;
mod write;

pub use date_time::{DateTime, DateTimeError};
pub use message_type::MessageType;
pub use schemas::{schema, table};
pub use write::WriteError;
