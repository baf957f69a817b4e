//! What the verified signature of a request says of its body.

/// Proof that a request is signed by its caller, once its body has the digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBody {
    pub(crate) sha256: [u8; 32],
}
