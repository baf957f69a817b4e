//! Room for the data: who may still bring something new when it becomes scarce.
//!
//! | free | what is refused |
//! |---|---|
//! | above the first watermark | nothing |
//! | below the first | new bodies of clients whose kept bodies take more than a client's share |
//! | below the second | everything new |
//!
//! Answers that there are, status, reports, settlement as far as it fits, and all that operators do go on. A body that is
//! refused is hashed to its end, so that its answer is found when it has one. The part of the disk that is held back for
//! operators is the store's ([`store::Store::write_with_reserve`]).

mod view;
mod watch;

pub(crate) use view::{FullBudget, RoomView, free_and_total, hundredths};
pub use view::{RefusedBelow, RoomSettings, Watermark};
