//! Recovery after a misplaced element: report it once, then continue where the document most likely is.
//!
//! - If the element may come later in the model, the elements in between are missing; continue behind it.
//! - If the parent knows the element but its place is past (out of order, or one too many), the validator still checks
//!   its content and keeps the parent's place.
//! - If it has the right name in the wrong namespace, the validator skips its content, which would be wrong throughout.
//! - If it is unknown, the validator skips it.

use std::collections::VecDeque;

use super::expected::names_list;
use super::path::Tail;
use super::{Found, Mode, Validator};
use crate::automaton::{StateId, Transition, TypeContent};
use crate::error::ReadError;
use crate::finding::Rule;
use crate::tokenizer::NameSlot;
use crate::tokenizer::namespaces::NamespaceId;

impl Validator<'_> {
    /// An element stands that no transition fits.
    pub(super) fn unexpected(&mut self, name: NameSlot) -> Result<Option<Found>, ReadError> {
        let Some(&parent) = self.frames.last() else {
            return Ok(None);
        };
        let at = name.start - 1;
        let local = self.tokens.input.slice(name.local, name.end).to_owned();
        if parent.mode == Mode::Empty {
            let expected = "no element".to_owned();
            self.report(at, Tail::child(&local, 0), Rule::UnexpectedElement, &local, expected);
            self.tokens.skip_element()?;
            return Ok(None);
        }
        let known = self.known(parent.type_id, &local);
        if name.namespace != NamespaceId::TARGET {
            let rule = match known {
                Some(_) => Rule::WrongNamespace,
                None => Rule::UnexpectedElement,
            };
            let value = match known {
                Some(_) => self.tokens.namespaces.uri(name.namespace).to_owned(),
                None => local.clone(),
            };
            let expected = match known {
                Some(_) => self.schema.target_namespace().to_owned(),
                None => self.allowed(parent.state),
            };
            // Counted as if it were right, so that what follows is not reported too.
            let here = known.and_then(|known| {
                let transitions = self.schema.transitions_of(parent.state);
                transitions.iter().find(|t| t.slot == known.slot).cloned()
            });
            let ordinal = match &here {
                Some(transition) => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.state = transition.target;
                    }
                    self.count_child(transition)
                }
                None => 0,
            };
            self.report(at, Tail::child(&local, ordinal), rule, &value, expected);
            self.tokens.skip_element()?;
            return Ok(None);
        }
        let Some(known) = known else {
            let expected = self.allowed(parent.state);
            self.report(at, Tail::child(&local, 0), Rule::UnexpectedElement, &local, expected);
            self.tokens.skip_element()?;
            return Ok(None);
        };
        if let Some((reached, jumped)) = self.ahead(parent.state, known.slot) {
            let expected = names_list(&jumped);
            self.report(at, Tail::NONE, Rule::MissingElement, &local, expected);
            return self.take(name, &reached, true);
        }
        let ordinal = match parent.last_slot == known.slot {
            true => parent.last_count + 1,
            false => 0,
        };
        let expected = self.allowed(parent.state);
        self.report(at, Tail::child(&local, ordinal), Rule::UnexpectedElement, &local, expected);
        self.take(name, &known, false)
    }

    /// A transition for an element of this name anywhere in the type.
    fn known(&self, type_id: u32, local: &str) -> Option<Transition> {
        let type_ = &self.schema.types[type_id as usize];
        let TypeContent::Elements(start) = type_.content else {
            return None;
        };
        (start..start + type_.states)
            .flat_map(|state| self.schema.transitions_of(state))
            .find(|transition| self.schema.name_of(transition) == local)
            .cloned()
    }

    /// The nearest transition for this slot further on, and the names of what may be missing before it.
    fn ahead(&self, state: StateId, slot: u16) -> Option<(Transition, Vec<&str>)> {
        let schema = self.schema;
        let mut seen = vec![state];
        let mut queue = VecDeque::from([(state, None::<&Transition>)]);
        while let Some((at, first)) = queue.pop_front() {
            for transition in schema.transitions_of(at) {
                if transition.slot == slot
                    && let Some(first) = first
                {
                    let alternatives = schema.transitions_of(state).iter().filter(|other| {
                        // alternatives lead to the same place as the one the way goes through
                        other.slot == first.slot || same_ways(schema.transitions_of(other.target), schema, first.target)
                    });
                    let names = alternatives.map(|other| schema.name_of(other)).collect();
                    return Some((transition.clone(), names));
                }
                if !seen.contains(&transition.target) {
                    seen.push(transition.target);
                    queue.push_back((transition.target, first.or(Some(transition))));
                }
            }
        }
        None
    }
}

/// Whether from a state the same transitions lead on.
fn same_ways(ways: &[Transition], schema: &crate::Schema, other: StateId) -> bool {
    let others = schema.transitions_of(other);
    ways.len() == others.len() && ways.iter().zip(others).all(|(a, b)| a.target == b.target)
}
