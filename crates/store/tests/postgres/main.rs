//! Promises of the PostgreSQL store alone: roles, migrations, TLS, and survival of trouble with its database.
//!
//! Each test returns at once where PostgreSQL is not installed.

#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod answers;
#[path = "../../../../tests/postgres/cluster.rs"]
mod cluster;
mod damage;
mod encryption;
mod group_commit;
mod migrations;
mod news;
mod nodes;
mod outages;
mod previous;
#[path = "../../../../tests/postgres/proxy.rs"]
mod proxy;
mod rights;
mod roles;
mod server_log;
mod silence;
#[allow(dead_code, reason = "the contract's tests use the rest")]
#[path = "../contract/support.rs"]
mod support;
#[path = "../sqlite/writing.rs"]
mod writing;

use store::PostgresOptions;

/// The shared cluster, and options for a schema of its own.
fn fresh() -> Option<(&'static cluster::Cluster, PostgresOptions)> {
    let cluster = cluster::shared()?;
    Some((cluster, PostgresOptions { schema: cluster.new_name(), ..PostgresOptions::new(cluster.url()) }))
}

/// The pause between two looks at something that another thread or process does. A look without a pause takes the
/// processor from whom it waits for, and each look over a new connection leaves a port that cannot be used for a minute.
const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);
