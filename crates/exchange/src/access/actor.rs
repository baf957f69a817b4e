//! How those who act are named in audit lines and events.

use store::OnlineUserId;

/// How an online user is named in audit lines and events.
pub(crate) fn actor(user: OnlineUserId) -> String {
    format!("online user {}", user.0)
}
