//! The use cases of the exchange, on real messages and real SQLite, through its public face; with
//! `TDAM_TEST_STORE=postgresql` on real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping, missing_docs, unreachable_pub)]

#[path = "../../../../tests/postgres/cluster.rs"]
mod cluster;
mod support;
mod take_up;

mod acceptance;
mod alone;
mod applications;
mod at_rest;
mod authorisation;
mod budgets;
mod cancellation;
mod certificates;
mod checkpoints;
mod client_settings;
mod clocks;
mod damaged_rows;
mod duplicates;
mod execution;
mod four_years;
mod grants;
mod idempotency;
mod large_messages;
mod limits_and_funds;
mod lots_together;
mod metrics;
mod nodes;
mod notices;
mod office_histories;
mod operator;
mod outside;
mod random_histories;
mod reading_ahead;
mod reasons;
mod recovery;
mod refused_together;
mod regular_check;
mod report_details;
mod reports;
mod restart;
mod restores;
mod retention;
mod room;
mod set_aside;
mod settlement;
mod signing_policy;
mod submissions;
mod together;
mod trial;
mod values;

/// The pause between two looks at something that another thread or process does. A look without a pause takes the
/// processor from whom it waits for, and each look over a new connection leaves a port that cannot be used for a minute.
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);
