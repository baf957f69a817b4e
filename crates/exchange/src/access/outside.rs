//! Authorities of other houses whose certificates online users may have, and until when the newest list of each holds.
//!
//! A certificate of such an authority opens something only while a list of that authority is in force: nobody else can say whether it
//! is revoked. What a list names is revoked in the store when the node takes the list up, as if an operator had done it, so all that
//! follows a revocation follows. Here is only the time: who calls with a certificate of the house pays nothing for it.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use rulebook::catalogue::Code;
use store::Identity;

/// An authority of another house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideAuthority {
    /// What the operator calls it.
    pub name: String,
    /// The certificate of the key that signs certificates and lists (DER).
    pub certificate: Vec<u8>,
    /// Those above it (DER), which evidence keeps.
    pub above: Vec<Vec<u8>>,
    /// The identifier of its key.
    pub key_identifier: Vec<u8>,
}

/// The newest list of an authority, as far as requests ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListInForce {
    pub(crate) this_update: Timestamp,
    pub(crate) next_update: Timestamp,
}

/// An authority with its newest list.
type WithList = (OutsideAuthority, Option<ListInForce>);

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct OutsideAuthorities(RwLock<Arc<Vec<WithList>>>);

impl OutsideAuthorities {
    pub(crate) fn of(authorities: Vec<OutsideAuthority>) -> OutsideAuthorities {
        let all = OutsideAuthorities::default();
        all.replace(authorities);
        all
    }

    /// These are accepted from now on. What is known of lists stays known.
    pub(crate) fn replace(&self, authorities: Vec<OutsideAuthority>) {
        let known = self.all();
        let list = |key: &[u8]| known.iter().find(|(of, _)| of.key_identifier == key).and_then(|(_, list)| *list);
        let all = authorities.into_iter().map(|authority| {
            let list = list(&authority.key_identifier);
            (authority, list)
        });
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(all.collect());
    }

    pub(crate) fn all(&self) -> Arc<Vec<WithList>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn of_key(&self, key_identifier: &[u8]) -> Option<OutsideAuthority> {
        self.all().iter().find(|(of, _)| of.key_identifier == key_identifier).map(|(of, _)| of.clone())
    }

    /// Notes the newest list of an authority.
    pub(crate) fn note(&self, key_identifier: &[u8], list: ListInForce) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let noted = all.iter().cloned().map(|(of, known)| {
            let is_newer =
                of.key_identifier == key_identifier && known.is_none_or(|known| known.this_update <= list.this_update);
            (of, if is_newer { Some(list) } else { known })
        });
        *all = Arc::new(noted.collect());
    }

    /// Whether the authority of an identity's certificate lets it be used at this moment.
    pub(crate) fn check(&self, identity: &Identity, now: Timestamp) -> Result<(), Code> {
        let Some(key) = &identity.outside_authority else { return Ok(()) };
        let all = self.all();
        let list = all.iter().find(|(of, _)| of.key_identifier == *key).and_then(|(_, list)| *list);
        if list.is_some_and(|list| now <= list.next_update) { Ok(()) } else { Err(Code::OutsideListMissing) }
    }
}
