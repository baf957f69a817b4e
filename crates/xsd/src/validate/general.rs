//! The way through a document token by token: exact in everything, and the only one that decides what is wrong.

use super::path::Tail;
use super::{Found, Frame, FrameName, Mode, NO_SLOT, Validator};
use crate::automaton::{AnyTransition, Transition, TypeContent};
use crate::bounds::VALUE_SHOWN_CHARS_MAX;
use crate::error::ReadError;
use crate::finding::Rule;
use crate::model::{AnyNamespace, Process};
use crate::selection::Selection;
use crate::tokenizer::name::key;
use crate::tokenizer::namespaces::NamespaceId;
use crate::tokenizer::{NameSlot, Piece, Step};

impl<'s> Validator<'s> {
    /// One token, or a run of text and the token after it.
    pub(super) fn general(&mut self) -> Result<Option<Found>, ReadError> {
        let mut step = self.tokens.step()?;
        if let Step::Text(piece) = step {
            match self.stray_text(piece) {
                Some(at) => step = self.text_to_its_end(piece, at)?,
                None => return Ok(None),
            }
        }
        match step {
            Step::Start(name) => self.start(name),
            Step::End(_) => Ok(self.close()),
            Step::Text(_) | Step::Comment(..) | Step::Instruction(..) => Ok(None),
            Step::EndOfDocument => {
                self.event_at = self.tokens.token_at;
                Ok(Some(Found::End))
            }
        }
    }

    /// A start tag was read.
    fn start(&mut self, name: NameSlot) -> Result<Option<Found>, ReadError> {
        let Some(&parent) = self.frames.last() else {
            return self.root(name);
        };
        if parent.mode == Mode::Lax {
            return self.lax(name);
        }
        if name.namespace == NamespaceId::TARGET
            && let Some(transition) = self.transition(parent.state, name)
        {
            return self.take(name, transition, true);
        }
        let any = self.schema.states[parent.state as usize].any;
        if let Some(any) = any.filter(|any| admits(any, name.namespace)) {
            if let Some(frame) = self.frames.last_mut() {
                frame.state = any.target;
            }
            return match any.process {
                Process::Skip => self.tokens.skip_element().map(|()| None),
                Process::Lax => self.lax(name),
            };
        }
        self.unexpected(name)
    }

    /// The transition for an element of the target namespace.
    fn transition(&self, state: u32, name: NameSlot) -> Option<&'s Transition> {
        let local = self.tokens.input.slice(name.local, name.end);
        let key = key(local.as_bytes());
        let schema = self.schema;
        schema.transitions_of(state).iter().find(|transition| {
            transition.key == key
                && transition.length as usize == local.len()
                && (local.len() <= 16 || schema.name_of(transition) == local)
        })
    }

    fn is_root(&self, name: NameSlot) -> bool {
        name.namespace == NamespaceId::TARGET && self.tokens.input.slice(name.local, name.end) == self.schema.root()
    }

    /// The root element.
    fn root(&mut self, name: NameSlot) -> Result<Option<Found>, ReadError> {
        let at = name.start - 1;
        if !self.is_root(name) {
            let local = self.tokens.input.slice(name.local, name.end).to_owned();
            let found = format!("{{{}}}{local}", self.tokens.namespaces.uri(name.namespace));
            let expected = format!("{{{}}}{}", self.schema.target_namespace(), self.schema.root());
            self.report(at, Tail::child(&local, 0), Rule::UnknownRoot, &found, expected);
            self.tokens.skip_element()?;
            return Ok(None);
        }
        Ok(self.enter_root(at, Selection::ROOT))
    }

    /// Enters an element with the root's name: the root itself, or one in a wildcard.
    fn enter_root(&mut self, at: u64, node: u32) -> Option<Found> {
        let type_id = self.schema.root_type;
        let TypeContent::Elements(state) = self.schema.types[type_id as usize].content else {
            return None;
        };
        self.push(state, type_id, node, FrameName::Root, 0);
        self.check_attributes(type_id, at, Tail::NONE);
        self.event_at = at;
        let tag = self.selection.tag(node);
        (tag != 0).then_some(Found::Open(tag))
    }

    /// An element in a lax wildcard: validated if the schema declares it.
    fn lax(&mut self, name: NameSlot) -> Result<Option<Found>, ReadError> {
        let at = name.start - 1;
        if self.is_root(name) {
            return Ok(self.enter_root(at, 0));
        }
        let start = self.foreign_names.len() as u32;
        let local = self.tokens.input.slice(name.local, name.end);
        self.foreign_names.push_str(local);
        self.frames.push(Frame {
            state: 0,
            type_id: 0,
            node: 0,
            name: FrameName::Foreign(start),
            ordinal: 0,
            last_slot: NO_SLOT,
            last_count: 0,
            mode: Mode::Lax,
            text_reported: false,
        });
        self.check_lax_attributes(at, Tail::NONE);
        Ok(None)
    }

    /// Where the first character is that may not stand between elements, if that was not said before.
    fn stray_text(&self, piece: Piece) -> Option<u64> {
        let frame = self.frames.last()?;
        let text = self.tokens.piece(piece).as_bytes();
        let index = match frame.mode {
            Mode::Lax => return None,
            _ if frame.text_reported => return None,
            Mode::Elements => text.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r'))?,
            Mode::Empty if text.is_empty() => return None,
            Mode::Empty => 0,
        };
        Some(match piece {
            Piece::Window(start, _) => start + index as u64,
            Piece::Reference => self.tokens.token_at,
        })
    }

    /// Notes misplaced text, in all its pieces; returns the token after it.
    fn text_to_its_end(&mut self, piece: Piece, at: u64) -> Result<Step, ReadError> {
        let position = self.tokens.locate(at);
        if let Some(frame) = self.frames.last_mut() {
            frame.text_reported = true;
        }
        let mut value = String::new();
        let mut piece = piece;
        let step = loop {
            let text = self.tokens.piece(piece);
            let text = if value.is_empty() { text.trim_start() } else { text };
            // One more than can be shown, so that the pieces do not change the shown characters.
            let room = (VALUE_SHOWN_CHARS_MAX + 1).saturating_sub(value.chars().count());
            value.extend(text.chars().take(room));
            match self.tokens.step()? {
                Step::Text(next) => piece = next,
                step => break step,
            }
        };
        let expected = "elements only".to_owned();
        self.report_at(position, Tail::NONE, Rule::UnexpectedText, value.trim(), expected);
        Ok(step)
    }
}

fn admits(any: &AnyTransition, namespace: NamespaceId) -> bool {
    match any.namespace {
        AnyNamespace::Any => true,
        AnyNamespace::Other => namespace != NamespaceId::TARGET && namespace != NamespaceId::NONE,
    }
}
