//! `Content-Digest` (RFC 9530): the SHA-256 of the body's bytes as they travel.

use sha2::{Digest as _, Sha256};

use crate::structured::{Bare, Item, Malformed, Member, dictionary, write_item};

/// The only algorithm that a submission needs; others may stand beside it.
pub const ALGORITHM: &str = "sha-256";

/// The SHA-256 that a field states; `None` when it states none.
///
/// # Errors
/// When the field is no dictionary of byte sequences.
pub fn sha256_of(field: &str) -> Result<Option<[u8; 32]>, Malformed> {
    for (name, member) in dictionary(field)? {
        if name != ALGORITHM {
            continue;
        }
        let Member::Item(Item { value: Bare::Bytes(bytes), .. }) = member else { return Err(Malformed { after: 0 }) };
        return bytes.try_into().map(Some).map_err(|_| Malformed { after: 0 });
    }
    Ok(None)
}

/// The field for a digest.
#[must_use]
pub fn field(sha256: &[u8; 32]) -> String {
    let mut field = format!("{ALGORITHM}=");
    write_item(&Item { value: Bare::Bytes(sha256.to_vec()), parameters: Vec::new() }, &mut field);
    field
}

/// The digest of a body that comes in pieces.
#[derive(Clone, Debug, Default)]
pub struct Sha256Sum(Sha256);

impl Sha256Sum {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all.
    #[must_use]
    pub fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The digest of a body.
#[must_use]
pub fn sha256(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}
