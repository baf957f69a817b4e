//! The document in writing: its output buffer, and the order of its parts.

use std::io::Write;

use super::WriteError;
use super::elements::Elements;
use crate::MessageType;
use crate::dialect::Dialect;

/// Bytes kept before they are handed to the output.
const FLUSH_BYTES: usize = 64 << 10;

/// Before the first part.
pub(crate) const NOTHING: &str = "the beginning";

/// A document being written.
#[derive(Debug)]
pub(crate) struct Xml<W: Write> {
    /// Bytes not yet handed on.
    buffer: Vec<u8>,
    output: W,
    dialect: Dialect,
    /// The part that was written last.
    last: &'static str,
}

impl<W: Write> Xml<W> {
    /// Begins a document: its root element is the message's `Document`, and in it the element that the message is.
    pub(crate) fn begin(message_type: MessageType, message: &str, output: W) -> Xml<W> {
        let mut buffer = Vec::with_capacity(FLUSH_BYTES + FLUSH_BYTES / 4);
        for text in
            ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"", &message_type.namespace(), "\"><"]
        {
            buffer.extend_from_slice(text.as_bytes());
        }
        buffer.extend_from_slice(message.as_bytes());
        buffer.push(b'>');
        Xml { buffer, output, dialect: Dialect::of(message_type), last: NOTHING }
    }

    /// The part that was written last.
    pub(crate) fn last(&self) -> &'static str {
        self.last
    }

    /// Writes a part as a whole or, when it fails or its place is elsewhere, not at all.
    pub(crate) fn part(
        &mut self,
        part: &'static str,
        after: &[&str],
        write: impl FnOnce(&mut Elements<'_>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.expect(part, after)?;
        let before = self.buffer.len();
        if let Err(error) = write(&mut Elements::new(&mut self.buffer, self.dialect)) {
            self.buffer.truncate(before);
            return Err(error);
        }
        self.last = part;
        if self.buffer.len() >= FLUSH_BYTES {
            self.output.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Ends the document, which may end after these parts only, and gives the output back, flushed.
    pub(crate) fn finish(mut self, after: &[&str], closing: &[&str]) -> Result<W, WriteError> {
        self.expect("the end", after)?;
        for text in closing {
            self.buffer.extend_from_slice(text.as_bytes());
        }
        self.buffer.extend_from_slice(b"</Document>\n");
        self.output.write_all(&self.buffer)?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn expect(&self, part: &'static str, after: &[&str]) -> Result<(), WriteError> {
        if after.contains(&self.last) {
            return Ok(());
        }
        Err(WriteError::OutOfOrder { part, after: self.last })
    }
}
