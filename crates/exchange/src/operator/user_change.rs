//! Changes of an online user's rights, as values.

/// Accounts of a client, as an operator names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grants {
    /// All that the client has at this moment.
    All,
    /// Those with these IBANs.
    These(Vec<String>),
}

/// A change of an online user's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserChange {
    /// Grants accounts of its client.
    Grant(Grants),
    /// Withdraws accounts.
    Withdraw(Grants),
    /// Refuses all its requests from now on.
    Suspend,
    /// Ends the suspension.
    Resume,
    /// Whether what it submits has to be signed.
    RequireSignature(bool),
}

impl UserChange {
    /// The action of its audit line.
    pub(super) fn action(&self) -> &'static str {
        match self {
            UserChange::Grant(_) => "online-user.granted",
            UserChange::Withdraw(_) => "online-user.withdrawn",
            UserChange::Suspend => "online-user.suspended",
            UserChange::Resume => "online-user.resumed",
            UserChange::RequireSignature(_) => "online-user.signature",
        }
    }
}
