//! Identifiers; the store gives them.

use std::fmt;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub i64);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.fmt(f)
                }
            }
        )+
    };
}

ids! {
    /// Identifies a client (institution).
    ClientId,
    /// Identifies an online user (a client's information system).
    OnlineUserId,
    /// Identifies a person: of a client, or an operator.
    PersonId,
    /// Identifies an application.
    ApplicationId,
}
