//! The output buffer and the few things that stand in an XML message.

use std::io::Write;

use super::WriteError;
use super::escape::push_text;
use crate::MessageType;

/// Bytes kept before they are handed to the output.
const FLUSH_BYTES: usize = 64 << 10;

/// A document being written.
#[derive(Debug)]
pub(crate) struct Xml<W: Write> {
    /// What is not yet handed on.
    pub(crate) buffer: Vec<u8>,
    output: W,
}

/// An element with a text: both tags are glued at compile time.
macro_rules! leaf {
    ($out:expr, $name:literal, $text:expr) => {
        $crate::write::xml::element($out, concat!("<", $name, ">"), $text, concat!("</", $name, ">"))
    };
}
pub(crate) use leaf;

/// Appends what is no markup of a text: a tag, a number.
#[inline]
pub(crate) fn push(out: &mut Vec<u8>, markup: &str) {
    out.extend_from_slice(markup.as_bytes());
}

#[inline]
pub(crate) fn element(out: &mut Vec<u8>, open: &str, text: &str, close: &str) {
    push(out, open);
    push_text(out, text);
    push(out, close);
}

impl<W: Write> Xml<W> {
    /// Begins a document whose root element is the message's `Document`.
    pub(crate) fn begin(message_type: MessageType, output: W) -> Xml<W> {
        let mut buffer = Vec::with_capacity(FLUSH_BYTES + FLUSH_BYTES / 4);
        push(&mut buffer, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"");
        push(&mut buffer, &message_type.namespace());
        push(&mut buffer, "\">");
        Xml { buffer, output }
    }

    /// Writes a part of the document as a whole or, when it fails, not at all.
    pub(crate) fn part(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let before = self.buffer.len();
        if let Err(error) = write(&mut self.buffer) {
            self.buffer.truncate(before);
            return Err(error);
        }
        if self.buffer.len() >= FLUSH_BYTES {
            self.output.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Ends the document and gives the output back, flushed.
    pub(crate) fn finish(mut self) -> Result<W, WriteError> {
        push(&mut self.buffer, "</Document>\n");
        self.output.write_all(&self.buffer)?;
        self.output.flush()?;
        Ok(self.output)
    }
}
