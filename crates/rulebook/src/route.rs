//! The ways a payment can travel.

/// How a payment travels: derived from its data, never chosen by the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// To another account of the Treasury.
    Internal,
    /// By SEPA Credit Transfer.
    Sepa,
}

impl Route {
    /// All of them.
    pub const ALL: [Route; 2] = [Route::Internal, Route::Sepa];
}
