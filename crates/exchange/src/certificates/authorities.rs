//! The authorities of the house that this node signs with: the one in use, and the next one, published ahead of its use.
//!
//! The next authority is published from the moment on at which a node first signs a revocation list with it. Clients then have
//! [`Issuing::published_days`] to take up the new trust bundle: so long the server shows no certificate of the next authority. From a
//! configured moment on certificates are signed by the next one. The first one goes on signing its own list until the last certificate
//! that it has signed is over, and an operator retires it.
//!
//! All of it can be exchanged while the node serves.

use std::sync::{Arc, PoisonError};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use onboarding::Ending;
use pki::CertificateAuthority;
use rulebook::catalogue::Code;

use super::authority_state::AuthorityState;
use crate::clock::local::local_time;
use crate::health::Alarm;
use crate::notices::end::End;
use crate::settings::Issuing;
use crate::{Exchange, Failure, Operator, bounds};

const HOURS_A_DAY: i64 = 24;

/// What the store knows of an authority of the house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownAuthority {
    /// Since when it is published; `None`: it is not yet.
    pub published_at: Option<Timestamp>,
    /// When the last certificate ends that it has signed for an online user or a person; `None` without any.
    pub last_certificate_ends: Option<Timestamp>,
}

impl Issuing {
    /// The authority that signs certificates at this moment.
    #[must_use]
    pub fn in_use(&self, now: Timestamp) -> &Arc<CertificateAuthority> {
        match &self.next {
            Some(next) if now >= next.issues_from => &next.authority,
            _ => &self.authority,
        }
    }

    /// All that sign revocation lists, the first one first.
    pub fn authorities(&self) -> impl Iterator<Item = &Arc<CertificateAuthority>> {
        std::iter::once(&self.authority).chain(self.next.iter().map(|next| &next.authority))
    }

    /// That with this key.
    pub(crate) fn of_key(&self, key_identifier: &[u8]) -> Option<&Arc<CertificateAuthority>> {
        self.authorities().find(|authority| authority.key_identifier() == key_identifier)
    }

    /// Of certificates of which nobody noted who signed them the first authority is.
    pub(crate) fn lists_unknown(&self, authority: &CertificateAuthority) -> bool {
        authority.key_identifier() == self.authority.key_identifier()
    }

    /// The first day on which the server may show a certificate of the next authority that was published at this moment.
    #[must_use]
    pub fn server_may_change_on(&self, published_at: Timestamp) -> Date {
        server_may_change_on(published_at, self.published_days)
    }
}

/// The first day on which the server may show a certificate of an authority that was published at this moment, and for so many days.
#[must_use]
pub fn server_may_change_on(published_at: Timestamp, days: u32) -> Date {
    let days = SignedDuration::from_hours(i64::from(days) * HOURS_A_DAY);
    local_time(published_at.saturating_add(days).unwrap_or(Timestamp::MAX)).date()
}

impl Exchange {
    /// What this node signs with now.
    pub(crate) fn known_issuing(&self) -> Option<Arc<Issuing>> {
        self.inner.issuing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same for who cannot go on without.
    pub(crate) fn issuing(&self) -> Result<Arc<Issuing>, Failure> {
        self.known_issuing().ok_or_else(|| Failure::new(Code::CertificatesNotIssued))
    }

    /// Signs with these authorities from now on. The background work makes their lists at once.
    pub fn take_up_authorities(&self, issuing: Option<Issuing>) {
        *self.inner.issuing.write().unwrap_or_else(PoisonError::into_inner) = issuing.map(Arc::new);
        let known = |key: &[u8]| self.known_issuing().is_some_and(|issuing| issuing.of_key(key).is_some());
        self.inner.revocation_lists.send_modify(|lists| lists.retain(|list| known(&list.authority)));
        self.inner.work.notify_one();
    }

    /// The server shows a certificate that the key with this identifier signed.
    pub fn note_server_authority(&self, key_identifier: Vec<u8>) {
        self.authority_state(|state| state.server_authority = Some(key_identifier));
    }

    pub(crate) fn authority_state<T>(&self, with: impl FnOnce(&mut AuthorityState) -> T) -> T {
        with(&mut self.inner.authority_state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The change of the server's authority that clients have to be ready for; `None` when there is none, or it is made.
    pub(crate) fn authority_change(&self) -> Option<End> {
        let issuing = self.known_issuing()?;
        let next = issuing.next.as_ref()?;
        let (published_at, is_made) = self.authority_state(|state| {
            let is_made = state.server_authority.as_deref() == Some(next.authority.key_identifier());
            (state.next_published_at, is_made)
        });
        let last_day = issuing.server_may_change_on(published_at.filter(|_| !is_made)?).yesterday().ok()?;
        let end = End::of(Ending::Authority, last_day, self.now());
        // It stays true until the server changes, whenever the operator does it.
        Some(End { days_left: end.days_left.max(0), ..end })
    }

    /// Refuses a server's certificate of the next authority before clients had their time to take up its trust bundle. `upcoming` are the
    /// authorities that are about to be taken up, where there are others.
    ///
    /// # Errors
    /// With the first day on which it may be shown; `None`: the authority is not published at all.
    pub async fn may_show_certificate_of(
        &self,
        key_identifier: &[u8],
        upcoming: Option<&Issuing>,
    ) -> Result<Result<(), Option<Date>>, Failure> {
        let known = self.known_issuing();
        let Some(issuing) = upcoming.or(known.as_deref()) else { return Ok(Ok(())) };
        let Some(next) = issuing.next.as_ref().filter(|next| next.authority.key_identifier() == key_identifier) else {
            return Ok(Ok(()));
        };
        let key = next.authority.key_identifier().to_vec();
        let first = self.inner.store.read(move |reading| reading.first_list_at(&key).map_err(Failure::from)).await?;
        let Some(published_at) = first else { return Ok(Err(None)) };
        let day = issuing.server_may_change_on(published_at);
        Ok(if local_time(self.now()).date() >= day { Ok(()) } else { Err(Some(day)) })
    }

    /// Shows for how long the authority that issues is valid, and raises an alarm while certificates end with it and not by their own
    /// time, or will soon.
    pub(crate) fn watch_authorities(&self, issuing: &Issuing) {
        let now = self.now();
        let until = issuing.in_use(now).info().not_after;
        self.inner.measures.node.show_end("issuing_authority", until, now);
        let ahead = i64::from(issuing.certificate_days.saturating_add(bounds::AUTHORITY_REPLACED_DAYS)) * HOURS_A_DAY;
        // A next authority that is there already is the remedy.
        let latest = issuing.authorities().map(|authority| authority.info().not_after).max().unwrap_or(until);
        let ends_soon = latest.duration_since(now) < SignedDuration::from_hours(ahead);
        let text = format!("the issuing authority ends {latest:.0}: make the next one (tdam authority next)");
        self.inner.health.set(Alarm::AuthorityEndsSoon, ends_soon.then_some(text));
    }
}

impl Operator {
    /// What the store knows of an authority, by the identifier of its key. Certificates of which nobody noted who signed them are the
    /// `first` one's.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn known_authority(&self, key_identifier: Vec<u8>, is_first: bool) -> Result<KnownAuthority, Failure> {
        let read = self.exchange().inner.store.read(move |reading| {
            let published_at = reading.first_list_at(&key_identifier)?;
            let last_certificate_ends = reading.last_end_of_certificates(&key_identifier, is_first)?;
            Ok::<_, Failure>(KnownAuthority { published_at, last_certificate_ends })
        });
        read.await
    }
}
