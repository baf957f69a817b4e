//! Room for the data: which new messages the exchange still takes when it becomes scarce.
//!
//! | free | the exchange refuses |
//! |---|---|
//! | above the first watermark | nothing |
//! | below the first | new bodies of clients whose kept bodies take more than a client's share |
//! | below the second | everything new |
//!
//! Stored answers, status, reports, settlement as far as it fits, and all acts of operators still work. The exchange
//! hashes a refused body to its end, so that it finds a stored answer. The store holds back the operators' part of the
//! disk ([`store::Store::write_with_reserve`]).

mod view;
mod watch;

pub(crate) use view::{FullBudget, RoomView, free_and_total, hundredths};
pub use view::{RefusedBelow, RoomSettings, Watermark};
