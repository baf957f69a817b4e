//! Evidence of signed submissions. Certificates are kept once, by their hash; revocation lists are there already, by their number.

use payments::MessageId;

use crate::{Fingerprint, KeptEvidence, RequestEvidence, StoreError};

/// Keeps what a submission was signed with, in the transaction that takes the submission in.
pub trait AddEvidence {
    /// Keeps the evidence of a submission. It goes with a submission that becomes no message, and never after that.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the submission has evidence.
    fn insert_evidence(&mut self, submission: MessageId, evidence: &RequestEvidence) -> Result<(), StoreError>;

    /// Whether a submission has evidence.
    fn is_signed(&mut self, submission: MessageId) -> Result<bool, StoreError>;
}

/// Reads evidence.
pub trait ReadEvidence {
    /// The evidence of a submission, with what it names.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when something that it names is not there, or is not what its hash says.
    fn evidence(&mut self, submission: MessageId) -> Result<Option<KeptEvidence>, StoreError>;
}

/// Keeps what evidence names.
pub trait WriteEvidence: ReadEvidence + AddEvidence {
    /// Keeps a certificate (DER), once.
    fn insert_evidence_certificate(&mut self, sha256: &Fingerprint, der: &[u8]) -> Result<(), StoreError>;
}
