//! Elements with a value, token by token.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::path::Tail;
use super::{Found, Validator, ValuePlace};
use crate::bounds::Bound;
use crate::error::ReadError;
use crate::finding::Rule;
use crate::tokenizer::{NameSlot, Piece, Step};
use crate::values::normalise;

/// A leaf whose start tag was just read.
pub(super) struct Leaf<'n> {
    pub(super) type_id: u32,
    pub(super) value: u32,
    pub(super) name: &'n str,
    pub(super) ordinal: u32,
    pub(super) tag: u16,
}

impl Validator<'_> {
    /// Reads the rest of a leaf element and examines it.
    pub(super) fn leaf(&mut self, start: NameSlot, leaf: &Leaf<'_>) -> Result<Option<Found>, ReadError> {
        let at = start.start - 1;
        let tail = Tail::child(leaf.name, leaf.ordinal);
        let mut valid = self.check_attributes(leaf.type_id, at, tail);
        // Its prefix is known inside the tag only.
        let value = self.narrowed_value(leaf.type_id).unwrap_or(leaf.value);
        // The validator checks attributes and value together at the end: the window must keep both.
        self.tokens.kept_from = Some(at);
        let outcome = self.leaf_content(at, tail);
        self.tokens.kept_from = None;
        let (mut place, has_children) = outcome?;
        self.event_at = at;
        if has_children {
            valid = false;
        } else {
            let value_type = &self.schema.values[value as usize];
            let text = match place {
                ValuePlace::Window(from, to) => self.tokens.input.slice(from, to),
                ValuePlace::Own => &self.value,
            };
            match normalise(text, value_type.white_space) {
                Cow::Borrowed(same) if same.len() == text.len() => {}
                changed => {
                    let changed = changed.into_owned();
                    self.value = changed;
                    place = ValuePlace::Own;
                }
            }
            let text = match place {
                ValuePlace::Window(from, to) => self.tokens.input.slice(from, to),
                ValuePlace::Own => &self.value,
            };
            if !value_type.accepts(text) {
                let composed = self.composes.then(|| composed(text)).flatten();
                match composed.filter(|composed| value_type.accepts(composed)) {
                    Some(composed) => {
                        self.value = composed;
                        place = ValuePlace::Own;
                    }
                    None => {
                        valid = false;
                        self.explain(value, at, tail, place);
                    }
                }
            }
        }
        Ok((leaf.tag != 0).then_some(Found::Leaf(leaf.tag, place, valid)))
    }

    /// Collects the value up to the end tag; says whether elements stood in it.
    fn leaf_content(&mut self, at: u64, tail: Tail<'_>) -> Result<(ValuePlace, bool), ReadError> {
        let mut place: Option<ValuePlace> = None;
        let mut has_children = false;
        loop {
            match self.tokens.step()? {
                Step::End(_) => break,
                Step::Text(piece) => match (place, piece) {
                    (None, Piece::Window(from, to)) => place = Some(ValuePlace::Window(from, to)),
                    (Some(ValuePlace::Window(from, to)), Piece::Window(next, end)) if to == next && !has_children => {
                        place = Some(ValuePlace::Window(from, end));
                    }
                    _ => {
                        self.append(place, piece)?;
                        place = Some(ValuePlace::Own);
                    }
                },
                Step::Start(child) => {
                    if !has_children {
                        self.check_kept(at)?;
                    }
                    has_children = true;
                    let child_at = child.start - 1;
                    let child = self.tokens.input.slice(child.local, child.end).to_owned();
                    let tail = tail.with_below(&child);
                    let expected = "a value without elements".to_owned();
                    self.report(child_at, tail, Rule::UnexpectedElement, &child, expected);
                    // Nothing of the leaf is needed any more.
                    self.tokens.kept_from = None;
                    place = Some(ValuePlace::Own);
                    self.value.clear();
                    self.tokens.skip_element()?;
                    self.tokens.slots.clear();
                }
                Step::Comment(..) | Step::Instruction(..) | Step::EndOfDocument => {}
            }
        }
        if !has_children {
            self.check_kept(at)?;
        }
        if place.is_none() {
            self.value.clear();
        }
        Ok((place.unwrap_or(ValuePlace::Own), has_children))
    }

    /// Refuses a leaf that is too long by what was read of it, whether the window had to move meanwhile or not: the bound
    /// must not depend on the pieces in which a document arrives.
    fn check_kept(&self, at: u64) -> Result<(), ReadError> {
        self.tokens.check_token(self.tokens.input.index(at), self.tokens.input.pos)
    }

    /// Adds a piece to a value that is not in one piece.
    fn append(&mut self, place: Option<ValuePlace>, piece: Piece) -> Result<(), ReadError> {
        match place {
            None => self.value.clear(),
            Some(ValuePlace::Window(from, to)) => {
                self.value.clear();
                let known = self.tokens.input.slice(from, to);
                self.value.push_str(known);
            }
            Some(ValuePlace::Own) => {}
        }
        let piece = self.tokens.piece(piece);
        let limit = self.tokens.bounds.token_bytes_max;
        if self.value.len() + piece.len() > limit {
            let at = self.tokens.token_at;
            return Err(self.tokens.passed(Bound::TokenBytes, limit as u64, at));
        }
        self.value.push_str(piece);
        Ok(())
    }

    /// Notes everything that is wrong with a value.
    pub(super) fn explain(&mut self, value: u32, at: u64, tail: Tail<'_>, place: ValuePlace) {
        let text = match place {
            ValuePlace::Window(from, to) => self.tokens.input.slice(from, to),
            ValuePlace::Own => &self.value,
        };
        let shown = crate::values::shown(text);
        let mut problems = Vec::new();
        self.schema.values[value as usize].explain(text, |rule, expected| {
            problems.push((rule, expected));
        });
        for (rule, expected) in problems {
            self.report(at, tail, rule, &shown, expected);
        }
    }
}

/// A text in NFC, where that is another one.
fn composed(text: &str) -> Option<String> {
    (!text.is_ascii() && !is_nfc(text)).then(|| text.nfc().collect())
}
