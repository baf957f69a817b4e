//! Which certificates the node has kept for evidence: so it asks the store once for each.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use store::Fingerprint;

use crate::bounds::CALLERS_KNOWN_MAX;

/// Certificates that the store keeps for evidence.
#[derive(Debug, Default)]
pub(crate) struct KeptCertificates(Mutex<HashSet<Fingerprint>>);

impl KeptCertificates {
    pub(super) fn has(&self, fingerprint: &Fingerprint) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(fingerprint)
    }

    pub(super) fn add(&self, fingerprints: impl Iterator<Item = Fingerprint>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CALLERS_KNOWN_MAX {
            // Each that comes again costs one transaction.
            kept.clear();
        }
        kept.extend(fingerprints);
    }
}
