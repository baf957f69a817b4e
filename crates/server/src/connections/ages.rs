//! Closes connections that have been open, idle, or unread for too long; checks all of a listener once a second.

use std::sync::Arc;
use std::time::Duration;

use super::open_connection::OpenConnection;
use super::process_time::now;
use super::{Bounds, CloseOrder, Connections, Incidents};
use crate::bounds;

impl Connections {
    /// Looks at every connection once.
    pub(crate) fn look_at_ages(&self, read_window: Duration, slow: &Incidents) {
        let open: Vec<Arc<OpenConnection>> = self.lock().values().cloned().collect();
        let now = now();
        for one in open {
            if is_unread(&one, now, read_window) {
                slow.happened(one.address, "answers are read too slowly");
                one.tell(CloseOrder::Cut);
                continue;
            }
            let order = order_of_age(&one, &self.bounds, now);
            if order > CloseOrder::Stay {
                one.tell(order);
            }
        }
    }
}

fn is_unread(one: &OpenConnection, now: Duration, window: Duration) -> bool {
    // Check all of them: the check begins the next window.
    one.answers().iter().filter(|answer| answer.is_too_slow(now, window)).count() > 0
}

fn order_of_age(one: &OpenConnection, bounds: &Bounds, now: Duration) -> CloseOrder {
    let age = now.saturating_sub(one.opened);
    if one.certificate.is_none() && age > bounds.anonymous_age_max {
        return CloseOrder::Cut;
    }
    // A client that does not take the hint is not waited for, unless it is being served.
    let was_told = one.order() == CloseOrder::Close && now.saturating_sub(one.told_at()) > bounds::CLOSING_TIME_MAX;
    if was_told && one.is_idle() {
        return CloseOrder::Cut;
    }
    let is_too_idle = one.is_idle() && now.saturating_sub(one.last_active()) > bounds.idle_max;
    if is_too_idle || age > bounds.age_max { CloseOrder::Close } else { CloseOrder::Stay }
}
