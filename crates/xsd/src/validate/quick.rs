//! The short cut through plain tags; see the head of the module for what it rests on.

use std::ops::ControlFlow;

use super::path::{Tail, next_count, shown};
use super::{Found, Frame, FrameName, Handover, Mode, NO_SLOT, Validator, ValuePlace};
use crate::automaton::TypeContent;
use crate::error::ReadError;
use crate::model::WhiteSpace;
use crate::schema::{Schema, Type};
use crate::tokenizer::attributes::{AttributeSlot, ValueSlot};
use crate::tokenizer::name::{KEY_BYTES, load};
use crate::tokenizer::namespaces::NamespaceId;
use crate::tokenizer::scan::{run_end, space_end};

/// Bytes that must be left in the window for a tag to be examined without asking for each.
const MARGIN: usize = 2 * KEY_BYTES;

impl Validator<'_> {
    /// Continues as long as tags are plain and the receiver wants more events.
    #[inline]
    pub(super) fn quick<H: Handover>(&mut self, to: &mut H) -> Result<ControlFlow<()>, ReadError> {
        if !self.tokens.is_plain() {
            return Ok(ControlFlow::Continue(()));
        }
        match self.tokens.plain_prefix.length {
            0 => self.quick_tags::<false, H>(to),
            _ => self.quick_tags::<true, H>(to),
        }
    }

    /// With or without the root's prefix before every name: two ways, so that neither pays for the other.
    fn quick_tags<const PREFIXED: bool, H: Handover>(&mut self, to: &mut H) -> Result<ControlFlow<()>, ReadError> {
        let schema = self.schema;
        let prefix = self.tokens.plain_prefix;
        let prefix_length = if PREFIXED { prefix.length } else { 0 };
        loop {
            let Some(frame) = self.frames.last_mut() else {
                return Ok(ControlFlow::Continue(()));
            };
            if frame.mode != Mode::Elements {
                return Ok(ControlFlow::Continue(()));
            }
            let bytes = self.tokens.input.bytes();
            let at = space_end(bytes, self.tokens.input.pos);
            if at + prefix_length + MARGIN > bytes.len() || bytes[at] != b'<' {
                return Ok(ControlFlow::Continue(()));
            }
            if bytes[at + 1] == b'/' {
                let Some(behind) = self.tokens.plain_end(at) else {
                    return Ok(ControlFlow::Continue(()));
                };
                self.tokens.leave_plain(at, behind);
                if let Some(found) = self.close()
                    && to.found(self, found).is_break()
                {
                    return Ok(ControlFlow::Break(()));
                }
                if !self.tokens.is_plain() {
                    return Ok(ControlFlow::Continue(()));
                }
                continue;
            }
            if PREFIXED && load(bytes, at + 1) & prefix.mask != prefix.key {
                return Ok(ControlFlow::Continue(()));
            }
            let name = at + 1 + prefix_length;
            let word = load(bytes, name);
            let state = &schema.states[frame.state as usize];
            let hint = self.hints[frame.state as usize] as usize;
            let first = state.first as usize;
            let transitions = &schema.transitions[first..first + state.count as usize];
            let index = match transitions.get(hint - first) {
                Some(likely) if word & likely.mask == likely.key => hint - first,
                _ => {
                    let found = transitions
                        .iter()
                        .position(|t| word & t.mask == t.key && matches!(bytes[name + t.length as usize], b'>' | b' '));
                    match found {
                        Some(index) => index,
                        None => return Ok(ControlFlow::Continue(())),
                    }
                }
            };
            let transition = &transitions[index];
            let length = transition.length as usize;
            if self.tokens.open.len() >= self.tokens.bounds.depth_max {
                return Ok(ControlFlow::Continue(()));
            }
            let mut attribute = None;
            let start = match bytes[name + length] {
                b'>' if transition.is_plain => name + length + 1,
                b' ' => {
                    let type_ = &schema.types[transition.type_id as usize];
                    let Some(found) = single_attribute(schema, type_, self.tokens.input.text(), name + length + 1)
                    else {
                        return Ok(ControlFlow::Continue(()));
                    };
                    attribute = Some(found);
                    found.value_end + 2
                }
                // A longer name, an empty tag: `general` finds out.
                _ => return Ok(ControlFlow::Continue(())),
            };
            match transition.content {
                TypeContent::Elements(_) if attribute.is_some() => return Ok(ControlFlow::Continue(())),
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
                    self.tokens.enter_plain(prefix_length + length, at, start)?;
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
                            if to.found(self, Found::Open(tag)).is_break() {
                                return Ok(ControlFlow::Break(()));
                            }
                        }
                    }
                }
                TypeContent::Value(value) => {
                    let end = run_end(bytes, start);
                    let behind = end + 3 + prefix_length + length;
                    if behind + KEY_BYTES > bytes.len()
                        || bytes[end] != b'<'
                        || bytes[end + 1] != b'/'
                        || (PREFIXED && load(bytes, end + 2) & prefix.mask != prefix.key)
                        || load(bytes, end + 2 + prefix_length) & transition.mask != transition.key
                        || bytes[behind - 1] != b'>'
                        || behind - at > self.tokens.bounds.token_bytes_max
                    {
                        return Ok(ControlFlow::Continue(()));
                    }
                    let value_type = &schema.values[value as usize];
                    let text = &self.tokens.input.text()[start..end];
                    if value_type.white_space != WhiteSpace::Preserve && has_space(text) {
                        return Ok(ControlFlow::Continue(()));
                    }
                    let valid = value_type.accepts(text);
                    if !valid && self.composes && !text.is_ascii() {
                        // The way of all elements composes it.
                        return Ok(ControlFlow::Continue(()));
                    }
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
                    if let Some(attribute) = attribute {
                        let input = &self.tokens.input;
                        self.tokens.slots.slots.push(attribute.slot(|at| input.offset(at)));
                    }
                    self.tokens.input.pos = behind;
                    if !valid {
                        let tail = Tail::child(schema.name_of(transition), ordinal);
                        self.explain(value, self.event_at, tail, place);
                    }
                    if node != 0 {
                        let tag = self.selection.tag(node);
                        if tag != 0 && to.found(self, Found::Leaf(tag, place, valid)).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
            }
        }
    }
}

/// The one attribute of a tag, right as its declaration wants it; indices of the window.
#[derive(Clone, Copy)]
struct SingleAttribute {
    name: usize,
    name_end: usize,
    value_end: usize,
}

impl SingleAttribute {
    fn slot(self, offset: impl Fn(usize) -> u64) -> AttributeSlot {
        AttributeSlot {
            start: offset(self.name),
            local: offset(self.name),
            end: offset(self.name_end),
            value: ValueSlot::Window(offset(self.name_end + 2), offset(self.value_end)),
            namespace: NamespaceId::NONE,
        }
    }
}

/// Recognises `Ccy="EUR">` or `Ccy='EUR'>` at `at`, if it is all that the type may have and nothing is unusual about it.
fn single_attribute(schema: &Schema, type_: &Type, text: &str, at: usize) -> Option<SingleAttribute> {
    let [declaration] = schema.attributes_of(type_) else {
        return None;
    };
    let name_end = at + declaration.name.len();
    let value = name_end + 2;
    let bytes = text.as_bytes();
    let &[b'=', quote @ (b'"' | b'\'')] = bytes.get(name_end..value)? else {
        return None;
    };
    if bytes.get(at..name_end)? != declaration.name.as_bytes() {
        return None;
    }
    let rest = bytes.get(value..)?;
    let length = rest.iter().position(|&b| b <= b' ' || b == quote || matches!(b, b'&' | b'<'))?;
    let value_end = value + length;
    let value_type = &schema.values[declaration.value as usize];
    let is_right =
        bytes.get(value_end..value_end + 2)? == [quote, b'>'] && value_type.accepts(text.get(value..value_end)?);
    is_right.then_some(SingleAttribute { name: at, name_end, value_end })
}

/// Whether white space treatment could change the text.
#[inline]
fn has_space(text: &str) -> bool {
    text.bytes().any(|b| b <= b' ')
}
