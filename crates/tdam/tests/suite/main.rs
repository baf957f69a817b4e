//! Tests of the program: what it prints, the service it runs, and what its pages say.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod applications;
mod audit;
mod authorities;
mod backup;
mod budgets;
mod cli;
#[path = "../../../../tests/postgres/cluster.rs"]
mod cluster;
mod database;
#[path = "../../../../tests/docs.rs"]
mod docs;
mod documented_limits;
mod ends;
mod evidence;
mod export;
mod file_handles;
#[path = "../../../../tests/guide.rs"]
mod guide;
mod key_stores;
mod libraries;
mod outside;
mod printed_lines;
mod proxy;
mod quotas;
mod reached_by;
mod regular_check;
mod restored;
mod returns;
mod rust_examples;
mod send_status_report;
mod service;
mod set_aside;
mod signed;
mod starting;
mod support;
mod upgrade;

/// The pause between two looks at something that another thread or process does. A look without a pause takes the
/// processor from whom it waits for, and each look over a new connection leaves a port that cannot be used for a minute.
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);
