//! Paths of findings: `/Document/CstmrCdtTrfInitn/PmtInf[2]/CdtTrfTxInf[17]`.

use std::fmt::Write as _;

use super::{Frame, FrameName, NO_SLOT, Validator};
use crate::automaton::Transition;
use crate::bounds::PATH_SHOWN_BYTES_MAX;

impl Validator<'_> {
    /// Path of the innermost open element, in full.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for (depth, frame) in self.frames.iter().enumerate() {
            let _ = write!(path, "{}", Tail::child(self.frame_name(depth), frame.ordinal));
        }
        path
    }

    fn frame_name(&self, depth: usize) -> &str {
        match self.frames[depth].name {
            FrameName::Root => self.schema.root(),
            FrameName::Known(name) => &self.schema.names[name as usize],
            FrameName::Foreign(start) => {
                let end = self.frames[depth + 1..].iter().find_map(|frame| match frame.name {
                    FrameName::Foreign(end) => Some(end),
                    _ => None,
                });
                let end = end.map_or(self.foreign_names.len(), |end| end as usize);
                &self.foreign_names[start as usize..end]
            }
        }
    }

    /// Counts a child that stands by this transition; returns which of its name it is, or 0 if it is the only one.
    #[inline]
    pub(super) fn count_child(&mut self, transition: &Transition) -> u32 {
        let depth = self.frames.len();
        let Some(parent) = self.frames.last_mut() else {
            return 0;
        };
        let count = next_count(parent, transition.slot);
        if !self.schema.types[parent.type_id as usize].scattered {
            return shown(count, transition.repeats);
        }
        let known = self.scattered.iter_mut().find(|entry| entry.0 == depth && entry.1 == transition.slot);
        let count = match known {
            Some(entry) => {
                entry.2 += 1;
                entry.2
            }
            None => {
                self.scattered.push((depth, transition.slot, 1));
                1
            }
        };
        shown(count, transition.repeats)
    }

    /// Counts a child that should not stand there.
    pub(super) fn count_unexpected(&mut self, slot: Option<u16>) -> u32 {
        match (self.frames.last_mut(), slot) {
            (Some(parent), Some(slot)) if parent.last_slot == slot => next_count(parent, slot),
            _ => 0,
        }
    }
}

/// Which of its name a child with this slot is, if those of one name stand together.
#[inline]
pub(super) fn next_count(parent: &mut Frame, slot: u16) -> u32 {
    if parent.last_slot == slot && slot != NO_SLOT {
        parent.last_count += 1;
    } else {
        parent.last_slot = slot;
        parent.last_count = 1;
    }
    parent.last_count
}

/// A number is shown where an element may repeat or did.
#[inline]
pub(super) fn shown(count: u32, repeats: bool) -> u32 {
    if repeats || count > 1 { count } else { 0 }
}

/// A path as a finding shows it. Names come from the document, so a path may be as long as all that is open; what says
/// most, its beginning and its end, stays.
pub(super) fn shown_path(path: String) -> String {
    if path.len() <= PATH_SHOWN_BYTES_MAX {
        return path;
    }
    let half = PATH_SHOWN_BYTES_MAX / 2;
    let (mut head, mut tail) = (half, path.len() - half);
    while !path.is_char_boundary(head) {
        head -= 1;
    }
    while !path.is_char_boundary(tail) {
        tail += 1;
    }
    format!("{}…{}", &path[..head], &path[tail..])
}

/// What stands behind the path of the open elements: nothing, a child, an attribute. Written only for a finding.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail<'n> {
    child: &'n str,
    ordinal: u32,
    below: &'n str,
    attribute: &'n str,
}

impl<'n> Tail<'n> {
    /// The open element itself.
    pub(super) const NONE: Tail<'static> = Tail { child: "", ordinal: 0, below: "", attribute: "" };

    /// `/Name` or `/Name[2]`.
    pub(super) fn child(child: &'n str, ordinal: u32) -> Self {
        Tail { child, ordinal, ..Tail::NONE }
    }

    /// `/Name/Below`.
    pub(super) fn with_below(self, below: &'n str) -> Self {
        Tail { below, ..self }
    }

    /// `/Name/@attribute`.
    pub(super) fn with_attribute(self, attribute: &'n str) -> Self {
        Tail { attribute, ..self }
    }
}

impl std::fmt::Display for Tail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.child.is_empty() {
            write!(f, "/{}", self.child)?;
        }
        if self.ordinal > 0 {
            write!(f, "[{}]", self.ordinal)?;
        }
        if !self.below.is_empty() {
            write!(f, "/{}", self.below)?;
        }
        if !self.attribute.is_empty() {
            write!(f, "/@{}", self.attribute)?;
        }
        Ok(())
    }
}
