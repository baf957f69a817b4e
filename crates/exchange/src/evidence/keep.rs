//! Keeps the certificates that evidence names, before the first submission that names them.
//!
//! They have no effect and are found by their hash, so they need no transaction with the submission; the evidence itself is written in the
//! submission's. A node remembers what it has kept, so that a signed submission writes one row more than an unsigned one.

use crate::access::signed_body::SignedBody;
use crate::{Exchange, Failure};

impl Exchange {
    /// Sees to it that the store has the certificates that the evidence of a submission names.
    pub(crate) async fn keep_certificates(&self, signed: &SignedBody) -> Result<(), Failure> {
        let known = &self.inner.kept_certificates;
        let signer = &signed.signer;
        let named = || std::iter::once(&signer.certificate).chain(&signer.issuers);
        if named().all(|(fingerprint, _)| known.has(fingerprint)) {
            return Ok(());
        }
        let signer = signer.clone();
        let keeping = self.inner.store.write(move |writing| {
            for (fingerprint, der) in std::iter::once(&signer.certificate).chain(&signer.issuers) {
                writing.insert_evidence_certificate(fingerprint, der)?;
            }
            Ok::<_, Failure>(())
        });
        keeping.await?;
        known.add(named().map(|(fingerprint, _)| *fingerprint));
        Ok(())
    }
}
