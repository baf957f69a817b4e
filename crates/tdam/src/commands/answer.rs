//! Answers of the exchange: which message they are, what they say, and keeping them in a file.

use std::path::Path;

use client::MessageOverview;
use iso20022::MessageType;
use tokio::io::AsyncWriteExt as _;

use crate::show;
use crate::terminal::{Failure, Terminal};

/// Bytes of a message that the command reads to find its type.
pub(super) const PEEK_BYTES: u64 = 64 << 10;

/// Which of the twelve messages begins like this.
pub(super) fn message_type_of(start: &[u8]) -> Option<MessageType> {
    let start = start.get(..start.len().min(PEEK_BYTES as usize))?;
    match xsd::peek_root(start) {
        xsd::Peek::Root { namespace, .. } => MessageType::from_namespace(&namespace),
        _ => None,
    }
}

/// Reads a pain.002; the exchange or the message itself names its type.
pub(super) fn read_answer(
    stated: Option<MessageType>,
    xml: &[u8],
    terminal: &Terminal,
) -> Result<MessageOverview, Failure> {
    let message_type = stated.or_else(|| message_type_of(xml));
    let not_understood =
        |why: String| Failure::Other(format!("the answer is no pain.002 that this version reads: {why}"));
    match message_type {
        Some(message @ (MessageType::Pain002V03 | MessageType::Pain002V10)) => {
            show::status::read(message, xml, terminal.language).map_err(|error| not_understood(error.to_string()))
        }
        other => Err(not_understood(other.map_or("unknown namespace".to_owned(), |message| message.to_string()))),
    }
}

/// Writes a document to a file as it comes.
pub(super) async fn save(mut document: client::Document, path: &Path) -> Result<(), Failure> {
    let mut file = tokio::fs::File::create(path).await.map_err(Failure::output(path))?;
    while let Some(chunk) = document.chunk().await? {
        file.write_all(&chunk).await.map_err(Failure::output(path))?;
    }
    file.flush().await.map_err(Failure::output(path))
}
