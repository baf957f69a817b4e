//! Submissions on their way to an answer.
//!
//! [`submit`] leads a pain.001 from the received bytes ([`intake`]) to its answer: a [`small`] message in one transaction, a
//! [`large`] one through its stage. [`in_flight`] does the work once for callers that send the same bytes at once,
//! [`other_node`] waits for a node that works on them, [`resume`] takes up what a restart left. [`memory`] counts what a
//! message keeps, [`attempts`] how often a large one was tried.

pub(crate) mod attempts;
pub(crate) mod given_up;
pub(crate) mod in_flight;
pub(crate) mod intake;
pub(crate) mod large;
pub(crate) mod memory;
pub(crate) mod other_node;
pub(crate) mod resume;
pub(crate) mod small;
pub(crate) mod submit;
