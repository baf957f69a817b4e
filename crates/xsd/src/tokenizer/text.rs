//! Character data: plain runs, CDATA sections, references.

use super::input::is_legal;
use super::name::{is_ncname, name_end};
use super::scan::run_end;
use super::{Piece, Step, Stop, Tokenizer};
use crate::error::Malformed;

impl Tokenizer<'_> {
    /// A run of plain text: to the next markup, or as far as the window goes.
    pub(super) fn text_piece(&mut self) -> Result<Step, Stop> {
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
    pub(super) fn cdata_start(&mut self) -> Result<bool, Stop> {
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
    pub(super) fn cdata_piece(&mut self) -> Result<Option<Step>, Stop> {
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
    pub(super) fn text_reference(&mut self) -> Result<usize, Stop> {
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
