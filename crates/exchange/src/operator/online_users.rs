//! Changes the rights of online users.

use store::OnlineUserId;

use super::acts::Operator;
use super::grants::change_online_user;
use super::user_change::UserChange;
use crate::Failure;

impl Operator {
    /// Changes the rights of an online user. When it returns, no node relies on the earlier ones. `false`: they were so.
    ///
    /// # Errors
    /// When there is no such online user or account of its client, too many accounts would be granted, or a node of an older
    /// version serves; outside sandboxes, when it would end a suspension or grant an account: two operators decide about that, by
    /// an application. What older versions granted stays granted.
    pub async fn change_online_user(&self, user: OnlineUserId, change: UserChange) -> Result<bool, Failure> {
        self.lays_on_only(change == UserChange::Resume)?;
        self.grants_nothing(matches!(change, UserChange::Grant(_)))?;
        let line = self.line(change.action(), "");
        self.write(move |writing| change_online_user(writing, &line, user, &change)).await
    }
}
