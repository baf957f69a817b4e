//! Reading and judging a pain.001: [`message`] makes [`pieces`] of it.

pub(crate) mod key_kind;
pub(crate) mod message;
pub(crate) mod pieces;
mod ultimate_party;
