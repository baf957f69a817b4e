//! Submissions on their way to an answer.
//!
//! [`submit`] leads a pain.001 from the received bytes ([`intake`]) to its answer. A thread reads the message ([`reading`]);
//! a [`small`] one is decided in one transaction, a [`large`] one gets a row and a [`stage`] first. [`in_flight`] does the
//! work once for callers that send the same bytes at once, [`other_node`] waits for a node that works on them, [`resume`]
//! takes up what a restart left, [`outcome`] tells a client that comes back. [`memory`] counts what a message keeps,
//! [`attempts`] how often a large one was tried, and [`closing`] ends what becomes no message.

pub(crate) mod attempts;
pub(crate) mod closing;
pub(crate) mod given_up;
pub(crate) mod in_flight;
pub(crate) mod intake;
pub(crate) mod job;
pub(crate) mod large;
pub(crate) mod memory;
pub(crate) mod other_node;
pub(crate) mod outcome;
pub(crate) mod own_attempts;
pub(crate) mod reading;
pub(crate) mod resume;
pub(crate) mod small;
pub(crate) mod stage;
pub(crate) mod submit;
