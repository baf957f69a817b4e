//! ISO 20022 messages: typed values, streaming readers and writers.

pub mod common;
pub mod message_type;
pub mod pain001;

pub use message_type::MessageType;
