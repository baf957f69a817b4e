//! The short cut through plain tags; see the head of the module for what it rests on.

use std::io::Read;

use super::path::{Tail, next_count, shown};
use super::{Found, Frame, FrameName, Mode, NO_SLOT, Validator, ValuePlace};
use crate::error::ReadError;
use crate::model::WhiteSpace;
use crate::schema::TypeContent;
use crate::tokenizer::name::{KEY_BYTES, MASKS, load};
use crate::tokenizer::text::{run_end, space_end};

/// Bytes that must be left in the window for a tag to be examined without asking for each.
const MARGIN: usize = 2 * KEY_BYTES;

impl<R: Read> Validator<'_, R> {
    /// Goes on as long as tags are plain and nothing selected was found.
    pub(super) fn quick(&mut self) -> Result<Option<Found>, ReadError> {
        if !self.tokens.is_plain() {
            return Ok(None);
        }
        let schema = self.schema;
        loop {
            let Some(frame) = self.frames.last_mut() else {
                return Ok(None);
            };
            if frame.mode != Mode::Elements {
                return Ok(None);
            }
            let bytes = self.tokens.input.bytes();
            let at = space_end(bytes, self.tokens.input.pos);
            if at + MARGIN > bytes.len() || bytes[at] != b'<' {
                return Ok(None);
            }
            if bytes[at + 1] == b'/' {
                let Some(open) = self.tokens.open.last() else {
                    return Ok(None);
                };
                let length = open.length as usize;
                if length > KEY_BYTES
                    || load(bytes, at + 2) & MASKS[length] != open.key
                    || bytes[at + 2 + length] != b'>'
                {
                    return Ok(None);
                }
                self.tokens.leave_plain(at, at + 3 + length);
                if let Some(found) = self.close() {
                    return Ok(Some(found));
                }
                if !self.tokens.is_plain() {
                    return Ok(None);
                }
                continue;
            }

            let word = load(bytes, at + 1);
            let state = &schema.states[frame.state as usize];
            let hint = self.hints[frame.state as usize] as usize;
            let first = state.first as usize;
            let transitions = &schema.transitions[first..first + state.count as usize];
            let index = match transitions.get(hint - first) {
                Some(likely) if word & likely.mask == likely.key => hint - first,
                _ => {
                    let found = transitions
                        .iter()
                        .position(|t| word & t.mask == t.key && bytes[at + 1 + t.length as usize] == b'>');
                    match found {
                        Some(index) => index,
                        None => return Ok(None),
                    }
                }
            };
            let transition = &transitions[index];
            let length = transition.length as usize;
            if bytes[at + 1 + length] != b'>' {
                // A longer name, a blank, an empty tag: `general` finds out.
                return Ok(None);
            }
            if !transition.is_plain || self.tokens.open.len() >= self.tokens.bounds.depth_max {
                return Ok(None);
            }
            let start = at + 2 + length;
            match transition.content {
                TypeContent::Elements(inner) => {
                    let node = match frame.node {
                        0 => 0,
                        node => self.selection.child(node, transition.slot),
                    };
                    self.hints[frame.state as usize] = (first + index) as u32;
                    frame.state = transition.target;
                    let ordinal = if schema.types[frame.type_id as usize].scattered {
                        self.count_child(transition)
                    } else {
                        shown(next_count(frame, transition.slot), transition.repeats)
                    };
                    self.tokens.enter_plain(transition.key, length, at, start)?;
                    self.frames.push(Frame {
                        state: inner,
                        type_id: transition.type_id,
                        node,
                        name: FrameName::Known(transition.name),
                        ordinal,
                        last_slot: NO_SLOT,
                        last_count: 0,
                        mode: Mode::Elements,
                        text_reported: false,
                    });
                    if node != 0 {
                        let tag = self.selection.tag(node);
                        if tag != 0 {
                            self.event_at = self.tokens.token_at;
                            return Ok(Some(Found::Open(tag)));
                        }
                    }
                }
                TypeContent::Value(value) => {
                    let end = run_end(bytes, start);
                    let behind = end + 3 + length;
                    if behind + KEY_BYTES > bytes.len()
                        || bytes[end] != b'<'
                        || bytes[end + 1] != b'/'
                        || load(bytes, end + 2) & transition.mask != transition.key
                        || bytes[behind - 1] != b'>'
                        || behind - at > self.tokens.bounds.token_bytes_max
                    {
                        return Ok(None);
                    }
                    let value_type = &schema.values[value as usize];
                    let text = &self.tokens.input.text()[start..end];
                    if value_type.white_space != WhiteSpace::Preserve && has_space(text) {
                        return Ok(None);
                    }
                    let valid = value_type.accepts(text);
                    self.hints[frame.state as usize] = (first + index) as u32;
                    frame.state = transition.target;
                    let node = match frame.node {
                        0 => 0,
                        node => self.selection.child(node, transition.slot),
                    };
                    let scattered = schema.types[frame.type_id as usize].scattered;
                    let ordinal = if scattered {
                        self.count_child(transition)
                    } else {
                        shown(next_count(frame, transition.slot), transition.repeats)
                    };
                    self.event_at = self.tokens.input.offset(at);
                    let place = ValuePlace::Window(self.tokens.input.offset(start), self.tokens.input.offset(end));
                    self.tokens.slots.clear();
                    self.tokens.input.pos = behind;
                    if !valid {
                        let tail = Tail::child(schema.name_of(transition), ordinal);
                        self.explain(value, self.event_at, tail, place);
                    }
                    if node != 0 {
                        let tag = self.selection.tag(node);
                        if tag != 0 {
                            return Ok(Some(Found::Leaf(tag, place, valid)));
                        }
                    }
                }
            }
        }
    }
}

/// Whether white space treatment could change the text.
#[inline]
fn has_space(text: &str) -> bool {
    text.bytes().any(|b| b <= b' ')
}
