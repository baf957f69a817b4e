//! From bytes to legal XML characters, a chunk at a time.
//!
//! The window is a `String`, so that tokens borrow `&str` from it without another check. The input checks each chunk
//! once for UTF-8, for characters that XML forbids and for carriage returns, in passes that the compiler vectorises. It
//! reports a fault only when the tokenizer gets there, so that the caller still sees everything before it. Places are
//! absolute offsets in the stream of normalised characters. The input counts lines lazily, when it leaves a window or a
//! caller asks for a place.

use std::cell::Cell;
use std::fmt;
use std::io::Read;

use super::scan::find_byte;
use crate::bounds::{Bound, FIRST_READ_BYTES, READ_BYTES};
use crate::error::{Malformed, NOT_UTF_8, Position, ReadError};

/// The window on the document.
#[derive(Debug)]
pub(crate) struct Input<'i> {
    source: Source<'i>,
    /// `chunk[..held]` was read but ends inside a character.
    chunk: Vec<u8>,
    held: usize,
    text: String,
    /// Index in `text` of the next character.
    pub(crate) pos: usize,
    /// Absolute offset of `text[0]`.
    base: u64,
    bytes_read: u64,
    bytes_max: u64,
    byte_order_mark: u64,
    started: bool,
    ended: bool,
    /// What follows the text, if it cannot be read on.
    obstacle: Option<Obstacle>,
    after_carriage_return: bool,
    /// Absolute offsets behind a line end that was CR LF, within the window.
    shortened: Vec<u64>,
    shortened_before: u64,
    counter: Cell<Counter>,
}

/// Where the bytes come from. Its type is forgotten: a chunk at a time is asked for, so the call costs nothing, and readers and
/// validators are compiled once and not for each kind of source.
struct Source<'i>(Box<dyn Read + 'i>);

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}

#[derive(Debug, Clone, Copy)]
enum Obstacle {
    Illegal(u32),
    NotUtf8,
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    at: u64,
    line: u64,
    column: u64,
}

impl<'i> Input<'i> {
    pub(crate) fn new(source: Box<dyn Read + 'i>, bytes_max: u64) -> Self {
        Input {
            source: Source(source),
            chunk: Vec::new(),
            held: 0,
            text: String::new(),
            pos: 0,
            base: 0,
            bytes_read: 0,
            bytes_max,
            byte_order_mark: 0,
            started: false,
            ended: false,
            obstacle: None,
            after_carriage_return: false,
            shortened: Vec::new(),
            shortened_before: 0,
            counter: Cell::new(Counter { at: 0, line: 1, column: 1 }),
        }
    }

    #[inline]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Absolute offset of an index in the window.
    #[inline]
    pub(crate) fn offset(&self, index: usize) -> u64 {
        self.base + index as u64
    }

    /// Index in the window of an absolute offset that is still kept.
    #[inline]
    pub(crate) fn index(&self, offset: u64) -> usize {
        offset.saturating_sub(self.base) as usize
    }

    #[inline]
    pub(crate) fn slice(&self, start: u64, end: u64) -> &str {
        // Ranges are made from places between characters of this window and dropped before it moves past them.
        self.text.get(self.index(start)..self.index(end)).unwrap_or_default()
    }

    /// Line and column of a place in the window. Counting goes forward only: a place before the last one asked
    /// for gets that one's line and column.
    pub(crate) fn locate(&self, offset: u64) -> Position {
        let mut counter = self.counter.get();
        if offset > counter.at {
            let from = self.index(counter.at);
            let to = self.index(offset).min(self.text.len());
            counter.pass(&self.bytes()[from..to]);
            counter.at = offset;
            self.counter.set(counter);
        }
        let shortened = self.shortened.partition_point(|&behind| behind <= offset) as u64;
        Position {
            line: counter.line,
            column: counter.column,
            offset: offset + self.byte_order_mark + self.shortened_before + shortened,
        }
    }

    fn discard(&mut self, keep: usize) {
        if keep == 0 {
            return;
        }
        let base = self.base + keep as u64;
        if self.counter.get().at < base {
            self.locate(base);
        }
        let gone = self.shortened.partition_point(|&behind| behind <= base);
        self.shortened.drain(..gone);
        self.shortened_before += gone as u64;
        self.text.drain(..keep);
        self.pos -= keep;
        self.base = base;
    }
}

impl Counter {
    fn pass(&mut self, bytes: &[u8]) {
        let line_ends = count(bytes, |b| b == b'\n');
        let tail = if line_ends == 0 {
            bytes
        } else {
            self.line += line_ends;
            self.column = 1;
            let last = bytes.iter().rposition(|&b| b == b'\n').unwrap_or(0);
            &bytes[last + 1..]
        };
        self.column += count(tail, |b| b & 0xC0 != 0x80);
    }
}

/// How many bytes are so. Wrapping `u8` sums over runs too short to wrap: the inner loop becomes vector instructions.
#[inline]
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
    bytes
        .chunks(240)
        .map(|run| {
            let sum = run.iter().fold(0u8, |sum, &b| sum.wrapping_add(u8::from(is(b))));
            u64::from(sum)
        })
        .sum()
}

impl Input<'_> {
    /// Drops what stands before index `keep` and reads on. False at the end of the document.
    pub(crate) fn fill(&mut self, keep: usize) -> Result<bool, ReadError> {
        self.discard(keep);
        if let Some(obstacle) = self.obstacle {
            return Err(self.obstructed(obstacle));
        }
        // The tokenizer scans an unfinished token again from its start: doubling keeps that linear for any reader.
        let enough = self.text.len().max(1);
        let before = self.text.len();
        while !self.ended && self.obstacle.is_none() && self.text.len() - before < enough {
            self.read_chunk()?;
        }
        if self.text.len() > before {
            return Ok(true);
        }
        match self.obstacle {
            Some(obstacle) => Err(self.obstructed(obstacle)),
            None => Ok(false),
        }
    }

    fn obstructed(&self, obstacle: Obstacle) -> ReadError {
        let position = self.locate(self.offset(self.text.len()));
        match obstacle {
            Obstacle::Illegal(code) => ReadError::NotWellFormed { position, reason: Malformed::IllegalCharacter(code) },
            Obstacle::NotUtf8 => ReadError::Encoding { found: NOT_UTF_8.to_owned(), position },
        }
    }

    fn read_chunk(&mut self) -> Result<(), ReadError> {
        if self.chunk.is_empty() {
            self.chunk.resize(FIRST_READ_BYTES, 0);
        }
        let count = loop {
            match self.source.0.read(&mut self.chunk[self.held..]) {
                Ok(count) => break count.min(self.chunk.len() - self.held),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        };
        self.bytes_read += count as u64;
        if self.bytes_read > self.bytes_max {
            return Err(ReadError::Bound {
                bound: Bound::DocumentBytes,
                limit: self.bytes_max,
                position: self.locate(self.offset(self.text.len())),
            });
        }
        let mut chunk = std::mem::take(&mut self.chunk);
        let total = self.held + count;
        self.ended = count == 0;
        let outcome = self.decode(&chunk[..total]);
        if let Ok(used) = outcome {
            chunk.copy_within(used..total, 0);
            self.held = total - used;
            if total == chunk.len() && total < READ_BYTES {
                // There is more than fits a small message.
                chunk.resize(READ_BYTES, 0);
            }
        }
        self.chunk = chunk;
        outcome.map(|_| ())
    }

    /// Takes over the complete characters; returns their number of bytes.
    fn decode(&mut self, bytes: &[u8]) -> Result<usize, ReadError> {
        let mut bytes = bytes;
        let mut used = 0;
        if !self.started {
            if bytes.len() < 4 && !self.ended {
                return Ok(0);
            }
            self.started = true;
            if let Some(found) = other_encoding(bytes) {
                return Err(ReadError::Encoding { found: found.to_owned(), position: Position::START });
            }
            if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
                bytes = rest;
                used = 3;
                self.byte_order_mark = 3;
            }
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                if error.error_len().is_some() || self.ended {
                    self.obstacle = Some(Obstacle::NotUtf8);
                }
                std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
        };
        used += text.len();
        self.append(text);
        Ok(used)
    }

    fn append(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut text = text;
        let mut has_returns = false;
        if is_unusual(bytes) {
            has_returns = bytes.contains(&b'\r');
            let illegal = if has_illegal(bytes) { text.char_indices().find(|&(_, c)| !is_legal(c)) } else { None };
            if let Some((index, illegal)) = illegal {
                self.obstacle = Some(Obstacle::Illegal(u32::from(illegal)));
                text = &text[..index];
            }
        }
        if !has_returns && !self.after_carriage_return {
            self.text.push_str(text);
            return;
        }
        let bytes = text.as_bytes();
        // The bytes not taken over begin here.
        let mut from = 0;
        if self.after_carriage_return && !bytes.is_empty() {
            self.after_carriage_return = false;
            if bytes[0] == b'\n' {
                from = 1;
                self.shortened.push(self.base + self.text.len() as u64);
            }
        }
        loop {
            let at = find_byte(bytes, from, b'\r');
            self.text.push_str(&text[from..at]);
            if at == bytes.len() {
                return;
            }
            // The line feed of CR LF is taken over with what follows it.
            from = at + 1;
            match bytes.get(from) {
                Some(b'\n') => self.shortened.push(self.base + self.text.len() as u64 + 1),
                Some(_) => self.text.push('\n'),
                None => {
                    self.text.push('\n');
                    self.after_carriage_return = true;
                }
            }
        }
    }
}

/// Whether a closer look is needed: a control character other than the line feed, or a byte that may begin
/// U+FFFE or U+FFFF. (Folds without branches become vector instructions.)
fn is_unusual(bytes: &[u8]) -> bool {
    let found =
        bytes.iter().fold(0u8, |found, &b| found | (u8::from(b < 0x20) & u8::from(b != b'\n')) | u8::from(b == 0xEF));
    found != 0
}

/// Whether a character may be illegal.
fn has_illegal(bytes: &[u8]) -> bool {
    let found = bytes.iter().fold(0u8, |found, &b| {
        let is_space = u8::from(b == b'\n') | u8::from(b == b'\t') | u8::from(b == b'\r');
        found | (u8::from(b < 0x20) & (is_space ^ 1)) | u8::from(b == 0xEF)
    });
    found != 0
}

/// `Char` of XML 1.0.
pub(crate) fn is_legal(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => c >= ' ',
    }
}

/// Recognises other encodings than UTF-8, as appendix F of XML 1.0 describes.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0, 0, 0xFE, 0xFF, ..] | [0xFF, 0xFE, 0, 0, ..] => "UTF-32",
        [0, 0, 0, b'<', ..] | [b'<', 0, 0, 0, ..] => "UTF-32",
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => "UTF-16",
        [0, b'<', 0, _, ..] | [b'<', 0, _, 0, ..] => "UTF-16",
        [0x4C, 0x6F, 0xA7, 0x94, ..] => "EBCDIC",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the bytes in portions of the given size.
    struct Portions<'a>(&'a [u8], usize);

    impl Read for Portions<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn line_ends_and_places_do_not_depend_on_chunks() {
        let document = "\u{FEFF}a\r\nbā\rc\n\r\nd\r";
        for portion in 1..=document.len() {
            let mut input = Input::new(Box::new(Portions(document.as_bytes(), portion)), u64::MAX);
            while input.fill(0).is_ok_and(|more| more) {}
            assert_eq!(input.text(), "a\nbā\nc\n\nd\n", "portions of {portion}");
            let place = input.locate(input.text().find('d').map_or(0, |at| at as u64));
            assert_eq!((place.line, place.column), (5, 1));
            assert_eq!(place.offset, document.find('d').map_or(0, |at| at as u64));
        }
    }

    #[test]
    fn a_document_is_read_whole_whichever_buffer_it_fits() {
        for length in [FIRST_READ_BYTES, READ_BYTES, FIRST_READ_BYTES + READ_BYTES] {
            for length in length - 3..length + 3 {
                // Characters of two bytes lie across the ends of buffers.
                let document = format!("{}{}", "x".repeat(length % 2 + 2), "ā".repeat(length / 2 - 1));
                assert_eq!(document.len(), length);
                let mut input = Input::new(Box::new(document.as_bytes()), u64::MAX);
                while input.fill(0).is_ok_and(|more| more) {}
                assert!(input.text() == document, "{length} bytes: {} were read", input.text().len());
            }
        }
    }
}
