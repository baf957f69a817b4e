//! Persistence: one contract, two stores. SQLite inside by default, PostgreSQL where one machine is not enough.
//!
//! Callers hand a closure to [`Store::write`]; it sees a transaction through [`Writing`], may run more than once,
//! and its effects are durable when the future is ready. Operations are set-based, so the number of round trips
//! does not grow with the number of payments. Only this crate knows SQL.
//!
//! Times are kept to the microsecond, days as days; amounts are minor units.

mod blocking;
mod body;
mod booking;
pub mod bounds;
mod chain;
mod check;
mod codec;
mod contract;
mod cross_check;
mod digest;
mod error;
mod facts;
mod faults;
mod job;
mod keys;
mod lines;
mod loaded;
mod lock;
mod modes;
mod news;
mod postgres;
mod reads;
mod room;
mod rows;
mod seal;
mod sqlite;
mod store;

pub use body::BodySink;
pub use chain::{AUDIT_CHAIN_START, audit_hash};
pub use contract::{Reading, Writing};
pub use digest::{Content, ContentDigest, DirectoryRow, HouseAccount, PaymentsDigest};
pub use error::StoreError;
pub use faults::checks;
pub use lock::{BodiesLock, ServingLock};
pub use modes::{PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE};
pub use news::{News, Reach};
pub use postgres::PostgresOptions;
pub use room::RoomState;
pub use rows::*;
pub use sqlite::{Access, AtRest, LastMessage, SqliteOptions, Summary};
pub(crate) use store::Absent;
pub use store::{Bodies, CheckReport, Counters, Store};
