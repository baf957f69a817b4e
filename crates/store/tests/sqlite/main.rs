//! Promises of the SQLite store alone: group commit, migrations, a second process beside the first, and survival of a
//! kill.

#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod bodies;
mod copy;
mod crash;
mod damage;
mod group_commit;
mod identity;
mod log_size;
mod migrations;
mod news;
mod second_process;
mod statements;
mod writing;
