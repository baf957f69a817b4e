//! The bytes that a person's key signs.

use sha2::{Digest as _, Sha256};
use signatures::payments::{Digest, NONCE_BYTES, Statement};

#[test]
fn a_statement_is_label_digest_summary_and_nonce() {
    let statement = Statement { digest: Digest([1; 32]), summary: Digest([2; 32]), nonce: [3; NONCE_BYTES] };
    let wanted = [b"tdam/signed-statement/1\0".as_slice(), &[1; 32], &[2; 32], &[3; 32]].concat();
    assert_eq!(statement.bytes().as_slice(), wanted);
    let challenge: [u8; 32] = Sha256::digest(wanted).into();
    assert_eq!(statement.challenge(), challenge);
}
