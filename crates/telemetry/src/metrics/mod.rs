//! The one table of metrics, a file a subject. Who adds a metric adds it to the list at the end of its file: tests hold
//! the documentation, the alert rules, the dashboard and the scrape of a running server to these lists.

mod bounds;
pub mod channel;
pub mod execution;
pub mod node;
pub mod notices;
pub mod store;
pub mod submissions;

use crate::{Definition, Group};

/// All metrics, as they are described.
pub static GROUPS: [&Group; 6] =
    [&node::GROUP, &submissions::GROUP, &execution::GROUP, &notices::GROUP, &store::GROUP, &channel::GROUP];

/// Every metric of the table.
pub fn all() -> impl Iterator<Item = &'static Definition> {
    GROUPS.into_iter().flat_map(|group| group.metrics).copied()
}
