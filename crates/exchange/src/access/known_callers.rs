//! Callers that the node has read from the store, so that their next requests ask it nothing.
//!
//! An identity counts only under the version of rights under which it was read. A certificate without identity is never
//! kept: each of its requests asks the store, and no number of unknown certificates takes room.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::{Fingerprint, Identity, RightsVersion};

use crate::bounds::{CALLERS_KNOWN_MAX, GRANTS_KNOWN_MAX};

/// Identities by certificate, each with its version.
#[derive(Debug, Default)]
pub(crate) struct KnownCallers {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    callers: HashMap<Fingerprint, (RightsVersion, Arc<Identity>)>,
    /// The accounts granted to all of them.
    accounts: usize,
}

impl Known {
    fn is_full_with(&self, accounts: usize) -> bool {
        self.callers.len() >= CALLERS_KNOWN_MAX || self.accounts + accounts > GRANTS_KNOWN_MAX
    }

    fn keep_only(&mut self, version: RightsVersion) {
        self.callers.retain(|_, (of, _)| *of == version);
        self.accounts = self.callers.values().map(|(_, identity)| accounts_of(identity)).sum();
    }
}

fn accounts_of(identity: &Identity) -> usize {
    identity.user.granted_accounts.len()
}

impl KnownCallers {
    /// The identity, if it was read under this version.
    pub(super) fn find(&self, certificate: &Fingerprint, version: RightsVersion) -> Option<Arc<Identity>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.callers.get(certificate).filter(|(of, _)| *of == version).map(|(_, identity)| Arc::clone(identity))
    }

    /// Keeps an identity. Where there is no room, those of other versions go, and if that is not enough, all.
    pub(super) fn keep(&self, certificate: Fingerprint, version: RightsVersion, identity: &Arc<Identity>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = accounts_of(identity);
        if known.is_full_with(accounts) {
            known.keep_only(version);
        }
        if known.is_full_with(accounts) {
            *known = Known::default();
        }
        let before = known.callers.insert(certificate, (version, Arc::clone(identity)));
        known.accounts = known.accounts + accounts - before.map_or(0, |(_, identity)| accounts_of(&identity));
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use ledger::AccountId;
    use store::{AcceptancePolicy, AccessMode, Certificate, Client, ClientId, OnlineUser, OnlineUserId, Preferences};

    use super::*;

    fn identity(fingerprint: Fingerprint, accounts: i64) -> Arc<Identity> {
        let (client, user, at) = (ClientId(1), OnlineUserId(1), Timestamp::UNIX_EPOCH);
        let (not_before, not_after, revoked_at) = (at, at, None);
        let certificate = Certificate { fingerprint, user, serial: String::new(), not_before, not_after, revoked_at };
        let registration_valid_until = date(2026, 11, 23);
        let (mode, allowed_networks) = (AccessMode::View, Vec::new());
        let user = OnlineUser {
            id: user,
            client,
            name: String::new(),
            mode,
            registration_valid_until,
            allowed_networks,
            granted_accounts: (1..=accounts).map(AccountId).collect(),
            suspended_at: None,
            signature_required: false,
        };
        let (acceptance, preferences) = (AcceptancePolicy::Partial, Preferences::default());
        let client =
            Client { id: client, name: String::new(), registration_number: String::new(), acceptance, preferences };
        Arc::new(Identity { certificate, outside_authority: None, user, client })
    }

    fn certificate(number: usize) -> Fingerprint {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        Fingerprint(bytes)
    }

    #[test]
    fn callers_take_bounded_room_and_those_of_older_rights_go_first() {
        let (known, old, new) = (KnownCallers::default(), RightsVersion(1), RightsVersion(2));
        let keep = |number, version| known.keep(certificate(number), version, &identity(certificate(number), 1));
        let count = || known.known.lock().unwrap_or_else(PoisonError::into_inner).callers.len();
        (0..CALLERS_KNOWN_MAX - 1).for_each(|number| keep(number, old));
        keep(CALLERS_KNOWN_MAX, new);
        assert!(known.find(&certificate(0), old).is_some() && known.find(&certificate(0), new).is_none());
        keep(CALLERS_KNOWN_MAX + 1, new);
        assert_eq!(count(), 2, "those of older rights went");
        assert!(known.find(&certificate(CALLERS_KNOWN_MAX), new).is_some());
        (0..3 * CALLERS_KNOWN_MAX).for_each(|number| {
            keep(number, new);
            assert!(count() <= CALLERS_KNOWN_MAX);
        });
    }

    #[test]
    fn callers_with_many_accounts_take_bounded_room_too() {
        const ACCOUNTS: usize = GRANTS_KNOWN_MAX / 4;
        let (known, version) = (KnownCallers::default(), RightsVersion(1));
        for number in (0..20).chain(0..3) {
            known.keep(certificate(number), version, &identity(certificate(number), ACCOUNTS as i64));
            let known = known.known.lock().unwrap_or_else(PoisonError::into_inner);
            assert_eq!(known.accounts, known.callers.len() * ACCOUNTS, "each is counted once");
            assert!((1..=4).contains(&known.callers.len()), "{}", known.callers.len());
        }
    }
}
