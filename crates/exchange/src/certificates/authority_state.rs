//! What a node knows of its authorities beside what it signs with. A value; [`super::authorities`] reads and changes it.

use jiff::Timestamp;

/// What a node knows of its authorities beside what it signs with.
#[derive(Clone, Debug, Default)]
pub(crate) struct AuthorityState {
    /// When the next authority was published.
    pub(crate) next_published_at: Option<Timestamp>,
    /// The identifier of the key that signed the certificate which the server shows.
    pub(crate) server_authority: Option<Vec<u8>>,
}
