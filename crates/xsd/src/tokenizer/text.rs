//! Character data: plain runs, CDATA sections, references.

use std::io::Read;

use super::input::is_legal;
use super::name::{is_ncname, name_end};
use super::{Piece, Step, Stop, Tokenizer};
use crate::error::Malformed;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// High bit of each byte of `word` that is zero; exact up to the first such byte.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

/// Index of the first `<`, `&` or `]` from `at`, or the length.
#[inline]
pub(crate) fn run_end(bytes: &[u8], mut at: usize) -> usize {
    const LESS: u64 = LOW * b'<' as u64;
    const AMPERSAND: u64 = LOW * b'&' as u64;
    const BRACKET: u64 = LOW * b']' as u64;
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|s| s.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let found = zero_bytes(word ^ LESS) | zero_bytes(word ^ AMPERSAND) | zero_bytes(word ^ BRACKET);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'<' | b'&' | b']') {
        at += 1;
    }
    at
}

/// Index of the first `wanted` from `at`, or the length. Runs in documents are short: a call of a general search costs
/// more than the search.
#[inline]
pub(crate) fn find_byte(bytes: &[u8], mut at: usize, wanted: u8) -> usize {
    let pattern = LOW * u64::from(wanted);
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|s| s.first_chunk::<8>()) {
        let found = zero_bytes(u64::from_le_bytes(*chunk) ^ pattern);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && bytes[at] != wanted {
        at += 1;
    }
    at
}

/// Index behind the white space that begins at `at`. In a window every byte up to the blank is white space.
#[inline]
pub(crate) fn space_end(bytes: &[u8], mut at: usize) -> usize {
    /// Added to the low seven bits of a byte it carries into the high bit if they are above the blank.
    const ABOVE_BLANK: u128 = u128::from_le_bytes([0x7F - b' '; 16]);
    const LOW_BITS: u128 = u128::from_le_bytes([0x7F; 16]);
    if bytes.get(at).is_none_or(|&b| b > b' ') {
        return at;
    }
    while let Some(chunk) = bytes.get(at..at + 16).and_then(|s| s.first_chunk::<16>()) {
        let word = u128::from_le_bytes(*chunk);
        let above = (((word & LOW_BITS) + ABOVE_BLANK) | word) & !LOW_BITS;
        if above != 0 {
            return at + (above.trailing_zeros() / 8) as usize;
        }
        at += 16;
    }
    while at < bytes.len() && bytes[at] <= b' ' {
        at += 1;
    }
    at
}

impl<R: Read> Tokenizer<R> {
    /// One token inside the root element.
    pub(super) fn content_step(&mut self) -> Result<Step, Stop> {
        if self.end_pending {
            return Ok(self.pending_end());
        }
        loop {
            let at = self.input.pos;
            self.token_at = self.input.offset(at);
            if self.in_cdata {
                match self.cdata_piece()? {
                    Some(piece) => return Ok(piece),
                    None => continue,
                }
            }
            match self.input.bytes().get(at).copied() {
                None => return Err(Stop::Incomplete("")),
                Some(b'<') if self.cdata_start()? => {}
                Some(b'<') => return self.markup_step(),
                Some(b'&') => {
                    let behind = self.text_reference()?;
                    self.check_token(at, behind)?;
                    self.input.pos = behind;
                    return Ok(Step::Text(Piece::Reference));
                }
                Some(_) => return self.text_piece(),
            }
        }
    }

    /// A run of plain text: to the next markup, or as far as the window goes.
    fn text_piece(&mut self) -> Result<Step, Stop> {
        let bytes = self.input.bytes();
        let start = self.input.pos;
        let mut at = start;
        loop {
            at = run_end(bytes, at);
            if bytes.get(at) != Some(&b']') {
                break;
            }
            match bytes.get(at..) {
                Some([b']', b']', b'>', ..]) => {
                    return Err(Stop::Malformed(at, Malformed::CdataEndInText));
                }
                Some([b']'] | [b']', b']']) if at > start => break,
                Some([b']'] | [b']', b']']) => return Err(Stop::Incomplete("an element")),
                _ => at += 1,
            }
        }
        let piece = Piece::Window(self.input.offset(start), self.input.offset(at));
        self.input.pos = at;
        Ok(Step::Text(piece))
    }

    /// Enters a CDATA section if one begins here.
    fn cdata_start(&mut self) -> Result<bool, Stop> {
        const START: &[u8] = b"<![CDATA[";
        let rest = &self.input.bytes()[self.input.pos..];
        if rest.starts_with(START) {
            self.input.pos += START.len();
            self.in_cdata = true;
            return Ok(true);
        }
        if rest.len() >= 3 && START.starts_with(rest) {
            return Err(Stop::Incomplete("a CDATA section"));
        }
        Ok(false)
    }

    /// Text of a CDATA section; `None` when it has ended.
    fn cdata_piece(&mut self) -> Result<Option<Step>, Stop> {
        let bytes = self.input.bytes();
        let start = self.input.pos;
        let mut at = start;
        while at < bytes.len() {
            match bytes[at..] {
                [b']', b']', b'>', ..] if at == start => {
                    self.input.pos += 3;
                    self.in_cdata = false;
                    return Ok(None);
                }
                [b']', b']', b'>', ..] | [b']'] | [b']', b']'] => break,
                _ => at += 1,
            }
        }
        if at == start {
            return Err(Stop::Incomplete("a CDATA section"));
        }
        let piece = Piece::Window(self.input.offset(start), self.input.offset(at));
        self.input.pos = at;
        Ok(Some(Step::Text(piece)))
    }

    /// Reads a reference in text into `self.reference`; returns the index behind it.
    fn text_reference(&mut self) -> Result<usize, Stop> {
        let (c, behind) = reference(self.input.text(), self.input.pos)?;
        self.reference.clear();
        self.reference.push(c);
        Ok(behind)
    }
}

/// The character that the reference at `at` stands for, and the index behind it.
pub(super) fn reference(text: &str, at: usize) -> Result<(char, usize), Stop> {
    const INSIDE: &str = "a reference";
    let bytes = text.as_bytes();
    let bad = || Stop::Malformed(at, Malformed::BadReference);
    match bytes.get(at + 1) {
        None => Err(Stop::Incomplete(INSIDE)),
        Some(b'#') => {
            let (radix, start) = match bytes.get(at + 2) {
                None => return Err(Stop::Incomplete(INSIDE)),
                Some(b'x') => (16, at + 3),
                Some(_) => (10, at + 2),
            };
            let mut code = 0u32;
            let mut index = start;
            loop {
                match bytes.get(index) {
                    None => return Err(Stop::Incomplete(INSIDE)),
                    Some(b';') if index > start => break,
                    Some(&b) => {
                        let digit = char::from(b).to_digit(radix).ok_or_else(bad)?;
                        code = code.saturating_mul(radix).saturating_add(digit);
                        index += 1;
                    }
                }
            }
            let c = char::from_u32(code).filter(|&c| is_legal(c));
            let c = c.ok_or(Stop::Malformed(at, Malformed::IllegalCharacter(code)))?;
            Ok((c, index + 1))
        }
        Some(_) => {
            let end = name_end(text, at + 1).ok_or(Stop::Incomplete(INSIDE))?;
            let name = &text[at + 1..end];
            if bytes[end] != b';' || !is_ncname(name) {
                return Err(bad());
            }
            let c = match name {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                other => {
                    return Err(Stop::Malformed(at, Malformed::UndefinedEntity(other.to_owned())));
                }
            };
            Ok((c, end + 1))
        }
    }
}
