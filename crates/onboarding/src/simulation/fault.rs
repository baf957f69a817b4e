//! Bugs planted on purpose, so that a test shows that the simulation finds them.

/// A bug planted on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The approver is taken for somebody else, so four eyes see nothing.
    OwnApproval,
    /// The base of the submission is compared with itself.
    BaseNotCompared,
    /// The content changes between check and approval, and nobody compares digests.
    ContentSwapped,
    /// The registration before stays in force.
    StaysInForce,
    /// Two approvals of one state both take effect.
    UsedTwice,
    /// An approval counts for ever.
    NeverLapses,
    /// A file counts as verified.
    SignatureTaken,
}

impl Fault {
    /// All of them.
    pub const ALL: &[Fault] = &[
        Fault::OwnApproval,
        Fault::BaseNotCompared,
        Fault::ContentSwapped,
        Fault::StaysInForce,
        Fault::UsedTwice,
        Fault::NeverLapses,
        Fault::SignatureTaken,
    ];
}
