//! Content models as automata: a state for each possible element, found by the positions of the model (Glushkov). XML
//! Schema demands that the next element's name decides where one is, so no choice remains.

mod compile;

pub(crate) use compile::{Numbers, compile};

use crate::model::{AnyNamespace, Process};

/// Number of a state, over all types.
pub(crate) type StateId = u32;

/// What an element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeContent {
    /// Index in `values`.
    Value(u32),
    /// State before the first element.
    Elements(StateId),
}

/// Where one is in a content model.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Transitions are `transitions[first..first + count]`.
    pub(crate) first: u32,
    pub(crate) count: u32,
    /// Whether the parent may end here.
    pub(crate) accepts: bool,
    /// How many elements are missing at least until it may.
    pub(crate) distance: u32,
    pub(crate) any: Option<AnyTransition>,
}

/// An element that may stand.
#[derive(Debug, Clone)]
pub(crate) struct Transition {
    /// First 16 bytes of the name.
    pub(crate) key: u128,
    /// Length of the name in bytes.
    pub(crate) length: u32,
    /// The bits of `key` that the name uses; nothing matches by key alone if the name is longer than a key.
    pub(crate) mask: u128,
    /// The element's content.
    pub(crate) content: TypeContent,
    /// Without attributes its start tag is complete, and white space inside means nothing.
    pub(crate) is_plain: bool,
    /// State after the element.
    pub(crate) target: StateId,
    /// Index in the schema's types.
    pub(crate) type_id: u32,
    /// Index in the schema's names.
    pub(crate) name: u32,
    /// Number of the element among the elements of its parent's type.
    pub(crate) slot: u16,
    /// Whether it may stand more than once.
    pub(crate) repeats: bool,
}

/// Any element that may stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnyTransition {
    pub(crate) namespace: AnyNamespace,
    pub(crate) process: Process,
    pub(crate) target: StateId,
}
