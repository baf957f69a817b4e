//! Topics written once for both engines: statements with few rows at a time and no lock of several steps.
//!
//! A session of either engine is an [`executor::Executor`]: it runs a statement with values and returns rows. A topic
//! here is a trait of the contract, implemented for every executor. Each engine has its own code for hot topics
//! (staging, booking, duplicates, the sequencer) in its own folder.
//!
//! A statement is the same text for both wherever both understand it: parameters are `$1`, `$2` …, which SQLite takes as
//! names; `CAST(… AS BIGINT)` instead of `::bigint`. Where they differ, [`executor::Plain`] has both texts.

pub(crate) mod applications;
mod attempts;
mod audit;
pub(crate) mod business_day;
mod certificates;
mod checkpoints;
mod clock;
mod credits;
pub(crate) mod directory;
pub(crate) mod evidence;
pub(crate) mod executor;
mod gauges;
mod lots;
mod messages;
mod notices;
pub(crate) mod persons;
mod refusals;
mod reports;
mod restores;
mod retention;
mod rights;
mod settings;
pub(crate) mod statements;
mod submissions;
