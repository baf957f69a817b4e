//! Submissions on their way to an answer.
//!
//! [`submit`] leads a pain.001 from the received bytes ([`intake`]) to its answer. The request reads a few
//! kilobytes itself, a thread any other message ([`reading`]). One transaction decides [`small`] messages that wait at the
//! same time; a [`large`] one gets a row and a [`stage`] first.
//! [`in_flight`] does the work once, and [`continuing`] to its end, for callers that send the same bytes at once, [`other_node`] waits for a node that
//! works on them, [`resume`] resumes submissions that a restart left, [`outcome`] answers a client that comes back.
//! [`ahead`] reads a large body while the rest of it arrives ([`arrival`]).
//! [`memory`] counts a message's memory, [`attempts`] the attempts at a large one, and [`closing`] ends submissions
//! that become no message.

pub(crate) mod ahead;
pub(crate) mod arrival;
pub(crate) mod attempts;
pub(crate) mod closing;
pub(crate) mod continuing;
pub(crate) mod given_up;
pub(crate) mod in_flight;
pub(crate) mod intake;
pub(crate) mod job;
pub(crate) mod large;
pub(crate) mod memory;
pub(crate) mod other_node;
pub(crate) mod outcome;
pub(crate) mod own_attempts;
pub(crate) mod read_aheads;
pub(crate) mod reading;
mod reading_priority;
pub(crate) mod resume;
pub(crate) mod small;
pub(crate) mod stage;
pub(crate) mod submit;
