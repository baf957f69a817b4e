//! Memory for the texts and lists of one item, reused for the next.
//!
//! A bump arena lends slices of borrowed texts from the reader itself, which a `Vec` beside its own strings cannot do
//! without `unsafe`.

use std::cell::Cell;

use bumpalo::Bump;

use crate::bounds::{ITEM_BYTES_MAX, TEXT_BYTES_MAX};

/// Bytes that an ordinary payment needs, so that the first one does not grow the arena piece by piece.
const FIRST_BYTES: usize = 8 << 10;

/// The part of a text that is kept.
#[inline]
pub(crate) fn within_bounds(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A repeated element that was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Omitted {
    /// Its name.
    pub element: &'static str,
    /// How many are read at most.
    pub max: usize,
}

/// The arena of one reader.
#[derive(Debug)]
pub(crate) struct Arena {
    bump: Bump,
    /// Bytes given to the item that is being read.
    given: Cell<usize>,
    omitted: Cell<u64>,
    first_omitted: Cell<Option<Omitted>>,
}

impl Arena {
    pub(crate) fn new() -> Arena {
        Arena {
            bump: Bump::with_capacity(FIRST_BYTES),
            given: Cell::new(0),
            omitted: Cell::new(0),
            first_omitted: Cell::new(None),
        }
    }

    /// Forgets all texts; keeps the memory.
    pub(crate) fn reset(&mut self) {
        self.bump.reset();
        self.given.set(0);
    }

    /// A copy of the text; empty, and counted as left out, where the item has no room for it.
    #[inline]
    pub(crate) fn text<'a>(&'a self, text: &str) -> &'a str {
        let text = within_bounds(text);
        if self.has_room(text.len()) { self.bump.alloc_str(text) } else { "" }
    }

    /// Counts bytes that the item is about to keep. Elements that a schema has once can stand a million times in an
    /// invalid document, and each may leave something behind until the item ends.
    #[inline]
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let given = self.given.get() + bytes;
        if given > ITEM_BYTES_MAX {
            self.omit(None);
            return false;
        }
        self.given.set(given);
        true
    }

    /// A list that grows in the arena.
    #[inline]
    pub(crate) fn list<T>(&self) -> bumpalo::collections::Vec<'_, T> {
        bumpalo::collections::Vec::new_in(&self.bump)
    }

    /// The list with one item more, for what may repeat and hardly ever does; left out where there are `max`.
    #[inline]
    pub(crate) fn appended<'a, T: Copy>(
        &'a self,
        items: &'a [T],
        item: impl FnOnce() -> T,
        element: &'static str,
        max: usize,
    ) -> &'a [T] {
        if items.len() >= max {
            self.omit(Some(Omitted { element, max }));
            return items;
        }
        let mut longer = bumpalo::collections::Vec::with_capacity_in(items.len() + 1, &self.bump);
        longer.extend_from_slice(items);
        longer.push(item());
        longer.into_bump_slice()
    }

    /// Counts a repeated element that the reader leaves out. An element left out for lack of room has no name.
    #[inline]
    pub(crate) fn omit(&self, omitted: Option<Omitted>) {
        self.omitted.set(self.omitted.get() + 1);
        if self.first_omitted.get().is_none() {
            self.first_omitted.set(omitted);
        }
    }

    /// The first of them that has a name.
    pub(crate) fn first_omitted(&self) -> Option<Omitted> {
        self.first_omitted.get()
    }

    /// How many repeated elements were left out since the beginning of the document.
    pub(crate) fn omitted(&self) -> u64 {
        self.omitted.get()
    }
}

/// A list of bounded length.
#[derive(Debug)]
pub(crate) struct Kept<'a, T> {
    items: bumpalo::collections::Vec<'a, T>,
    arena: &'a Arena,
    element: &'static str,
    max: usize,
}

impl<'a, T: Copy> Kept<'a, T> {
    #[inline]
    pub(crate) fn new(arena: &'a Arena, element: &'static str, max: usize) -> Kept<'a, T> {
        Kept { items: arena.list(), arena, element, max }
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        if !self.is_full() {
            self.items.push(item);
        } else {
            self.arena.omit(Some(Omitted { element: self.element, max: self.max }));
        }
    }

    /// Whether the reader will leave out further elements.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.items.len() >= self.max
    }

    #[inline]
    pub(crate) fn finish(self) -> &'a [T] {
        self.items.into_bump_slice()
    }
}
