//! What the exchange measures of itself.
//!
//! `metrics` is the one table: each metric has its name, type, labels, meaning, and what to alert on. The store, the use
//! cases and the server record through handles ([`Counter`], [`Gauge`], [`Histogram`]) that they take from [`Telemetry`] once,
//! when they are made; `docs/operators/metrics.md`, the scrape and the checks of `deploy/` read the same table.
//!
//! Architecture invariants:
//! - Recording allocates nothing and looks nothing up: a handle is an atomic number, or a short lock for a histogram.
//! - A label's value is a `&'static str`: nothing that a client sends can become one, so the number of series is bounded.
//! - Nothing here reads a clock or a file, or waits.

mod by_code;
mod definition;
pub mod metrics;
mod page;
mod telemetry;

pub use by_code::ByCode;
pub use definition::{Definition, Group, Kind, Metric};
pub use page::to_markdown;
pub use telemetry::{CONTENT_TYPE, Telemetry};

pub use prometheus_client::metrics::counter::Counter;
pub use prometheus_client::metrics::histogram::Histogram;

/// A value that goes up and down.
pub type Gauge = prometheus_client::metrics::gauge::Gauge<f64, std::sync::atomic::AtomicU64>;
