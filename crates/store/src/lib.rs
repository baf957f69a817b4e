//! Persistence: one contract, two stores. SQLite inside by default, PostgreSQL where one machine is not enough.
//!
//! Callers hand a closure to [`Store::write`]; it sees a transaction through [`Writing`], may run more than once,
//! and its effects are durable when the future is ready. Operations are set-based, so the number of round trips
//! does not grow with the number of payments. Only this crate knows SQL.
//!
//! The store keeps times to the microsecond, days as days; amounts are minor units.

mod application_check;
mod audit_chain;
mod blocking;
mod body;
mod booking;
pub mod bounds;
mod check;
mod check_report;
mod codec;
mod consistency_checks;
mod contract;
mod counters;
mod cross_check;
mod digest;
mod earlier_messages;
mod error;
mod figures;
mod job;
mod lines;
mod lock;
mod modes;
mod news;
mod packed_keys;
mod plain;
mod postgres;
mod reconciliation;
mod rights;
mod room;
mod row_columns;
mod row_mapping;
mod rows;
mod seal;
mod sqlite;
mod statement;
mod store;
mod together;
mod unit_of_work;

pub use audit::{AUDIT_CHAIN_START, AuditLine, ChainedAuditLine, Checkpoint, audit_hash};
pub use body::BodySink;
pub use check_report::{Bodies, CheckReport};
pub use consistency_checks::checks;
pub use contract::*;
pub use counters::Counters;
pub use digest::{Content, ContentDigest, DirectoryRow, HouseAccount, PaymentsDigest};
pub use error::StoreError;
pub use lock::{BodiesLock, ServingLock};
pub use modes::{PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE};
pub use news::{News, Reach};
pub use postgres::PostgresOptions;
pub use rights::{Rights, RightsVersion};
pub use room::RoomState;
pub use rows::*;
pub use sqlite::{Access, AtRest, LastMessage, SqliteOptions, Summary, mark_restored};
pub use store::Store;
