//! Code that all readers share: the walk through a message, an arena for the values of one item, and the parts that
//! several messages have.
//!
//! A reader asks the validator for the parts it wants, copies their texts into an arena, lends the item out, and clears the
//! arena before the next one: no allocation for each element, and memory independent of the file.
//!
//! A tag of the selection is a *group* (the element whose parts these are) in its high byte and a *field* in its low
//! byte; field [`SELF`] is the element itself. Each message defines its groups and fields with their paths, which
//! groups are items or shared parts, and where its own fields go.

mod account;
mod arena;
mod leaf;
mod lines;
mod part;
mod party;
mod paths;
mod payment;
mod walk;

pub use arena::Omitted;
pub(crate) use arena::{Arena, Kept, within_bounds};
pub(crate) use leaf::Leaf;
pub(crate) use part::{Part, ReasonPart};
pub(crate) use paths::{Paths, SELF, elements, item, selection};
pub(crate) use walk::{Builder, Step, Walk};
