//! Entering and leaving elements whose content model is followed.

use super::leaf::Leaf;
use super::path::Tail;
use super::{Found, Frame, FrameName, Mode, NO_SLOT, Validator};
use crate::automaton::{StateId, Transition, TypeContent};
use crate::error::ReadError;
use crate::finding::Rule;
use crate::tokenizer::NameSlot;

impl Validator<'_> {
    /// Enters the element that a transition stands for; without `in_place` it stands where it should not, and the
    /// parent's state stays.
    pub(super) fn take(
        &mut self,
        name: NameSlot,
        transition: &Transition,
        in_place: bool,
    ) -> Result<Option<Found>, ReadError> {
        let mut node = 0;
        let ordinal = if in_place {
            if let Some(parent) = self.frames.last_mut() {
                parent.state = transition.target;
                if parent.node != 0 {
                    node = self.selection.child(parent.node, transition.slot);
                }
            }
            self.count_child(transition)
        } else {
            self.count_unexpected(Some(transition.slot))
        };
        let tag = self.selection.tag(node);
        match transition.content {
            TypeContent::Value(value) => {
                let schema = self.schema;
                let leaf = Leaf { type_id: transition.type_id, value, name: schema.name_of(transition), ordinal, tag };
                self.leaf(name, &leaf)
            }
            TypeContent::Elements(state) => {
                let at = name.start - 1;
                self.push(state, transition.type_id, node, FrameName::Known(transition.name), ordinal);
                self.check_attributes(transition.type_id, at, Tail::NONE);
                self.event_at = at;
                Ok((tag != 0).then_some(Found::Open(tag)))
            }
        }
    }

    pub(super) fn push(&mut self, state: u32, type_id: u32, node: u32, name: FrameName, ordinal: u32) {
        let is_empty = self.schema.types[type_id as usize].is_empty;
        self.frames.push(Frame {
            state,
            type_id,
            node,
            name,
            ordinal,
            last_slot: NO_SLOT,
            last_count: 0,
            mode: if is_empty { Mode::Empty } else { Mode::Elements },
            text_reported: false,
        });
    }

    /// The innermost element's end tag was read.
    #[inline(always)]
    pub(super) fn close(&mut self) -> Option<Found> {
        let frame = *self.frames.last()?;
        if frame.mode != Mode::Lax && !self.schema.states[frame.state as usize].accepts {
            self.report_missing(frame.state);
        }
        if self.schema.types[frame.type_id as usize].scattered {
            let depth = self.frames.len();
            self.scattered.retain(|entry| entry.0 < depth);
        }
        if let FrameName::Foreign(start) = frame.name {
            self.foreign_names.truncate(start as usize);
        }
        self.frames.pop();
        if frame.node == 0 {
            return None;
        }
        self.event_at = self.tokens.token_at;
        match self.selection.tag(frame.node) {
            0 => None,
            tag => Some(Found::Close(tag)),
        }
    }

    #[cold]
    fn report_missing(&mut self, state: StateId) {
        let expected = self.missing(state);
        self.report(self.tokens.token_at, Tail::NONE, Rule::MissingElement, "", expected);
    }
}
