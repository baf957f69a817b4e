//! Pick-up of a key store by those who cannot make a request: the node makes the key when the code comes, and keeps nothing of it.
//!
//! So there is no copy to destroy, and none in a backup. The price: an answer that gets lost is lost, and the operator makes another
//! code. The certificate without a holder stays listed until somebody revokes it or it ends.

use pki::{EnrolmentSecret, KeyStoreEncryption};
use rulebook::catalogue::Code;
use store::EnrolmentKind;

use super::enrolment_code::{Stranger, actor_of, opened_again, use_up};
use super::issue::let_in;
use crate::access::refusals::trace;
use crate::{Exchange, Failure};

/// How the entry in the key store is called.
const ALIAS: &str = "tdam";

impl Exchange {
    /// Makes the key store for a code: certificate, chain and a new key, encrypted with the code's letters and digits.
    ///
    /// # Errors
    /// When the code is wrong, used, for a request, or out of time, or this node issues no certificates.
    pub async fn pick_up_key_store(&self, code: &str, stranger: &Stranger) -> Result<Vec<u8>, Failure> {
        self.issuing()?;
        let opened = self.open_code(code, stranger).await?;
        let selector = opened.code.selector.clone();
        let encryption = match opened.code.kind {
            EnrolmentKind::Request => {
                return Err(self.refuse_code(Code::PickUpCodeOfOtherKind, &selector, stranger).await);
            }
            EnrolmentKind::KeyStore => KeyStoreEncryption::Aes256,
            EnrolmentKind::KeyStoreTripleDes => KeyStoreEncryption::TripleDes,
        };
        if opened.code.certificate.is_some() {
            return Err(self.refuse_code(Code::PickUpCodeUsed, &selector, stranger).await);
        }
        let Ok(secret) = code.parse::<EnrolmentSecret>() else {
            return Err(Failure::unexpected("a code that was opened cannot be read"));
        };
        let issued = self.issue_with_key(&opened.registration)?;
        let file = issued.key_store_encrypted(ALIAS, secret.password(), encryption);
        let file = file.map_err(|error| Failure::unexpected(error))?;
        let detail = format!("with its key {}", trace(stranger.address, &stranger.request_id));
        let line = self.audit_line(&actor_of(&opened), "certificate.issued", detail);
        let used = self.inner.store.write_with_reserve(move |writing| {
            let now = opened_again(writing, &opened, line.at)?;
            if now.code.certificate.is_some() {
                return Ok(false);
            }
            let row = let_in(writing, &now.registration, &issued, None, &line)?;
            use_up(writing, &now, &row.fingerprint)?;
            Ok::<_, Failure>(true)
        });
        if used.await? { Ok(file) } else { Err(self.refuse_code(Code::PickUpCodeUsed, &selector, stranger).await) }
    }
}
