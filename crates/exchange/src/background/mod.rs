//! The work that no request waits for: a loop ([`work`]) that takes the chores ([`chores`]) in turn, each a value in a file of
//! its own ([`chore`]).

mod adopt_directory;
mod adopt_grants;
pub(crate) mod chore;
mod chores;
mod resume_submissions;
pub(crate) mod retention;
pub(crate) mod suspects;
mod watch_set_aside;
mod work;
mod write_refusals;
