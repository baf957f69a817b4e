//! The health of this node: whether it can work, and facts for its operator.
//!
//! A use case that finds a fault raises an [`Alarm`] with a reason, and clears it when the fault is gone. The prober
//! (`probe`) raises those that no use case would notice. Monitoring reads the state kept here and never waits for the
//! store, so a store that stands still cannot stop health.
//!
//! Everyone can read reasons without a certificate. They hold no paths, names, ids of clients or texts of the database:
//! those go to the log, which has a line when an alarm begins and one when it ends.

mod alarm;
mod books;
mod probe;
mod progress;
mod state;

pub use alarm::{Alarm, Severity};
pub use books::CheckSettings;
pub(crate) use progress::Progress;
pub use state::{Condition, Health, HealthChanges, Readiness};
