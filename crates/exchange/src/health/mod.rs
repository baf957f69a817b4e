//! Whether this node can do its work, and what its operator should know.
//!
//! A use case that finds something wrong raises an [`Alarm`] with a reason, and clears it when all is well again. The
//! prober (`probe`) raises those that no use case would notice. Monitoring reads the state that stands here: it never
//! waits for the store, so a store that stands still cannot make health stand still with it.
//!
//! Reasons are read without a certificate. They hold no paths, names, ids of clients or texts of the database: those go to
//! the log, where the alarm is written once when it is raised and once when it is cleared.

mod alarm;
mod books;
mod probe;
mod progress;
mod state;

pub use alarm::{Alarm, Severity};
pub use books::CheckSettings;
pub(crate) use progress::Progress;
pub use state::{Condition, Health, HealthChanges, Readiness};
