//! The walk of all readers through a message: from one item to the next, and through the parts of each.
//!
//! An item is an element that a reader hands out separately: a header, a payment, an entry. Items may nest (a payment
//! in its block), so the parts of an item end where the next item begins or where an item ends. A reader says which
//! elements are items, and for each of them which value its parts go to ([`Builder`]); the loops are here.

use std::io::Read;
use std::ops::ControlFlow;

use xsd::{Bounds, Event, Findings, ReadError, Selection, Validator};

use super::lines::Lines;
use super::part::Part;
use super::paths::{SELF, field, group};
use super::{Arena, Leaf};
use crate::MessageType;
use crate::common::Position;
use crate::schemas::schema;

/// What a reader meets between items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An item begins; its parts come next.
    Begin(u16),
    /// An item ends.
    End(u16),
    /// The document has ended; further steps return this too.
    Done,
}

/// A value whose parts are being read.
pub(crate) trait Builder<'a> {
    /// The shared part that a group stands for, at its place in the value.
    fn part(&mut self, _group: u8) -> Part<'_, 'a> {
        Part::Own
    }

    /// The start of an element that is no shared part.
    fn open(&mut self, _group: u8, _field: u8) {}

    /// A value that belongs to no shared part.
    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>);

    /// The end of an element that has a start.
    fn close(&mut self, _group: u8, _field: u8) {}
}

/// One pass over one message.
#[derive(Debug)]
pub(crate) struct Walk<'i> {
    validator: Validator<'i>,
    /// Groups up to this one are items.
    items: u8,
    /// What ended the parts of the last item.
    ahead: Option<Step>,
}

impl<'i> Walk<'i> {
    pub(crate) fn new(
        message_type: MessageType,
        selection: &'static Selection,
        items: u8,
        input: impl Read + 'i,
        bounds: Bounds,
    ) -> Walk<'i> {
        let validator = Validator::new(schema(message_type), selection, input, bounds).composing();
        Walk { validator, items, ahead: None }
    }

    /// To where the next item begins or ends. What stands before it is validated in passing.
    pub(crate) fn step(&mut self) -> Result<Step, ReadError> {
        if let Some(step) = self.ahead {
            if step != Step::Done {
                self.ahead = None;
            }
            return Ok(step);
        }
        let items = self.items;
        loop {
            match self.validator.next()? {
                Event::Open { tag, .. } if is_item(tag, items) => return Ok(Step::Begin(tag)),
                Event::Close { tag } if is_item(tag, items) => return Ok(Step::End(tag)),
                Event::End => {
                    self.ahead = Some(Step::Done);
                    return Ok(Step::Done);
                }
                _ => {}
            }
        }
    }

    /// Reads the parts of the item that has just begun.
    #[inline]
    pub(crate) fn fill<'a, D: Builder<'a>>(&mut self, arena: &'a Arena, builder: &mut D) -> Result<(), ReadError> {
        let items = self.items;
        let mut lines = Lines::new(arena);
        let mut step = Step::Done;
        self.validator.each(|event| {
            match event {
                Event::Leaf { tag, text, ref attributes, .. } => {
                    let leaf = Leaf { arena, text, attributes };
                    match builder.part(group(tag)) {
                        Part::Own => builder.leaf(group(tag), field(tag), &leaf),
                        part => part.leaf(field(tag), &leaf, &mut lines),
                    }
                }
                Event::Open { tag, .. } => {
                    if is_item(tag, items) {
                        step = Step::Begin(tag);
                        return ControlFlow::Break(());
                    }
                    match builder.part(group(tag)) {
                        Part::Own => builder.open(group(tag), field(tag)),
                        part => part.open(field(tag), &mut lines),
                    }
                }
                Event::Close { tag } => {
                    if is_item(tag, items) {
                        step = Step::End(tag);
                        return ControlFlow::Break(());
                    }
                    if field(tag) == SELF {
                        builder.part(group(tag)).finish(&mut lines);
                    }
                    builder.close(group(tag), field(tag));
                }
                Event::End => step = Step::Done,
            }
            ControlFlow::Continue(())
        })?;
        self.ahead = Some(step);
        Ok(())
    }

    /// Where the item begins that [`Walk::step`] has just reached.
    pub(crate) fn position(&self) -> Position {
        let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let position = self.validator.position();
        Position { line: narrow(position.line), column: narrow(position.column) }
    }

    pub(crate) fn findings(&self) -> &Findings {
        self.validator.findings()
    }
}

/// Whether a tag is that of an item's own element.
#[inline]
fn is_item(tag: u16, items: u8) -> bool {
    field(tag) == SELF && group(tag) <= items
}
