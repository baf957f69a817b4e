//! Steps from token to token: finds the kind of token at the window's position, and handles a truncated one.

use super::{Piece, Stage, Step, Stop, Tokenizer};
use crate::error::ReadError;

impl Tokenizer<'_> {
    /// The next token.
    pub(crate) fn step(&mut self) -> Result<Step, ReadError> {
        loop {
            let outcome = match self.stage {
                Stage::Content => self.content_step(),
                Stage::Start | Stage::Prolog | Stage::Epilog => self.outside_step(),
                Stage::End => return Ok(Step::EndOfDocument),
                Stage::Failed => return Err(ReadError::AlreadyFailed),
            };
            let error = match outcome {
                Ok(step) => return Ok(step),
                Err(Stop::Incomplete(inside)) => match self.refill() {
                    Ok(true) => continue,
                    Ok(false) => self.ended_inside(inside),
                    Err(error) => error,
                },
                Err(Stop::Malformed(index, reason)) => self.malformed(index, reason),
                Err(Stop::Read(error)) => error,
            };
            self.stage = Stage::Failed;
            return Err(error);
        }
    }

    /// One token inside the root element.
    fn content_step(&mut self) -> Result<Step, Stop> {
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

    /// Reads to the end of the element whose start tag was just read.
    pub(crate) fn skip_element(&mut self) -> Result<(), ReadError> {
        let outside = self.open.len() - 1;
        loop {
            if let Step::End(_) = self.step()?
                && self.open.len() == outside
            {
                return Ok(());
            }
        }
    }
}
