//! The revocation list: signed anew when a certificate is revoked, and in time when nothing changes.
//!
//! Each node that has the authority's key does it, for the authority in use and for the next one. Lists are numbered, and of two nodes that make one number one wins. A number is at
//! least the time in seconds, so that lists of a restored store are newer than those that were published before.
//!
//! A serial number that is none keeps its certificate out of the list, and no other one; the exchange refuses all of them in any case.
//! A condition of health stands while a certificate is missing from the list, and while the list is late: when a node cannot sign, it
//! says so long before the list ends.

use std::sync::Arc;

use jiff::Timestamp;
use pki::{CertificateAuthority, Reason, Revoked};
use store::{RevocationList, RevokedCertificate, RightsVersion};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{REVOCATION_LIST_RENEWED_AFTER_PART, REVOCATIONS_LOOKED_AT_EVERY};
use crate::health::Alarm;
use crate::settings::Issuing;
use crate::{Exchange, Failure};

/// What the node remembers of its last look.
#[derive(Default)]
pub(crate) struct RenewRevocationList {
    version: Option<RightsVersion>,
    looked: Option<Instant>,
    /// The authorities whose lists were made, by the identifiers of their keys.
    made: Vec<Vec<u8>>,
    renewed_from: Option<Timestamp>,
}

impl Chore for RenewRevocationList {
    fn name(&self) -> &'static str {
        "renew revocation list"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let Some(issuing) = exchange.known_issuing() else { return Ok(false) };
            exchange.watch_authorities(&issuing);
            exchange.watch_revocation_lists();
            let version = exchange.inner.store.rights().map(|rights| rights.version);
            let is_over = self.renewed_from.is_none_or(|from| exchange.now() >= from);
            let has_changed = version.is_none()
                || version != self.version
                || !issuing.authorities().map(|authority| authority.key_identifier()).eq(self.made.iter());
            if !is_over && !has_changed && !round.looks_again(self.looked, REVOCATIONS_LOOKED_AT_EVERY) {
                return Ok(false);
            }
            let lists = exchange.renew_revocation_lists(&issuing).await?;
            (self.version, self.looked) = (version, Some(Instant::now()));
            self.made = issuing.authorities().map(|authority| authority.key_identifier().to_vec()).collect();
            self.renewed_from = lists.iter().map(renewed_from).min();
            exchange.watch_revocation_lists();
            Ok(false)
        })
    }
}

/// From when on the next list is made although nothing has changed.
fn renewed_from(list: &RevocationList) -> Timestamp {
    let valid = list.next_update.duration_since(list.this_update);
    let part = valid.checked_div(REVOCATION_LIST_RENEWED_AFTER_PART.cast_signed()).unwrap_or_default();
    list.this_update.saturating_add(part).unwrap_or(list.next_update)
}

/// From when on a list is late: half of its time is over, and so far many attempts to renew it have failed.
fn late_from(list: &RevocationList) -> Timestamp {
    let valid = list.next_update.duration_since(list.this_update);
    list.this_update.saturating_add(valid / 2).unwrap_or(list.next_update)
}

impl Exchange {
    /// Makes the first revocation list, or takes up the newest, so that what is signed from now on has a list to be verified with. A
    /// node calls it before it serves.
    ///
    /// # Errors
    /// When there is no list, and none can be made: the key does not sign, or the store is away.
    pub async fn prepare_revocation_list(&self) -> Result<(), Failure> {
        let Some(issuing) = self.known_issuing() else { return Ok(()) };
        match self.renew_revocation_lists(&issuing).await {
            Ok(_) => Ok(()),
            // A key in a module may be away for a while: the alarm of a late list stands in time.
            Err(failure) if self.revocation_lists().borrow().len() == issuing.authorities().count() => {
                tracing::warn!(%failure, "the revocation list is not renewed; the node goes on with the last one");
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Shows how long the lists that this node gives out hold, the first to end of them, and raises an alarm when one is late.
    fn watch_revocation_lists(&self) {
        let lists = self.revocation_lists().borrow().clone();
        let Some(first) = lists.iter().min_by_key(|list| list.next_update) else { return };
        let now = self.now();
        self.inner.measures.node.show_end("revocation_list", first.next_update, now);
        let late = lists.iter().find(|list| now >= late_from(list));
        let late = late.map(|list| format!("the list with number {} holds until {:.0}", list.number, list.next_update));
        self.inner.health.set(Alarm::RevocationListLate, late);
    }

    /// The newest revocation list of the first authority; `None` before there is one, or when this node issues no certificates.
    #[must_use]
    pub fn revocation_list(&self) -> Option<Arc<RevocationList>> {
        let issuing = self.known_issuing()?;
        let lists = self.inner.revocation_lists.borrow();
        lists.iter().find(|list| list.authority == issuing.authority.key_identifier()).cloned()
    }

    /// The lists that this node gives out, the newest of each authority. Becomes another value with each new list.
    #[must_use]
    pub fn revocation_lists(&self) -> watch::Receiver<Vec<Arc<RevocationList>>> {
        self.inner.revocation_lists.subscribe()
    }

    fn publish_revocation_list(&self, list: RevocationList) {
        self.inner.revocation_lists.send_if_modified(|known| {
            match known.iter_mut().find(|known| known.authority == list.authority) {
                // Work that is done at once may have published a newer one meanwhile.
                Some(known) if known.number >= list.number => return false,
                Some(known) => *known = Arc::new(list),
                None => known.push(Arc::new(list)),
            }
            true
        });
    }

    /// The newest lists, made now if there is something new or the last ones have grown old. An authority that is over has no more.
    async fn renew_revocation_lists(&self, issuing: &Issuing) -> Result<Vec<RevocationList>, Failure> {
        let mut lists = Vec::new();
        for authority in issuing.authorities() {
            if authority.info().not_after < self.now() {
                continue;
            }
            let list = loop {
                // Of two that make one number one wins. Its list may say less than the other one's would.
                if let Some(list) = self.make_revocation_list(issuing, authority).await? {
                    break list;
                }
            };
            self.publish_revocation_list(list.clone());
            lists.push(list);
        }
        if let Some(next) = &issuing.next {
            let key = next.authority.key_identifier().to_vec();
            let first =
                self.inner.store.read(move |reading| reading.first_list_at(&key).map_err(Failure::from)).await?;
            self.authority_state(|state| state.next_published_at = first);
        }
        Ok(lists)
    }

    /// The newest list of an authority; `None` when another node was faster.
    async fn make_revocation_list(
        &self,
        issuing: &Issuing,
        authority: &CertificateAuthority,
    ) -> Result<Option<RevocationList>, Failure> {
        let (key, now, with_unknown) =
            (authority.key_identifier().to_vec(), self.now(), issuing.lists_unknown(authority));
        let (known, revoked) = self
            .inner
            .store
            .read(move |reading| {
                let revoked = reading.revoked_certificates(&key, now, with_unknown)?;
                Ok::<_, Failure>((reading.revocation_list(&key)?, revoked))
            })
            .await?;
        // Also a node that cannot sign gives out what there is.
        if let Some(list) = known.clone() {
            self.publish_revocation_list(list);
        }
        let revoked = self.listed(revoked);
        let content = content(&revoked);
        let number = match known {
            Some(list) if list.content == content && now < renewed_from(&list) => return Ok(Some(list)),
            Some(list) => list.number.saturating_add(1),
            None => 1,
        };
        let number = number.max(u64::try_from(now.as_second()).unwrap_or_default());
        let list = signed(issuing, authority, number, now, &revoked, content)?;
        let (kept, line) = (list.clone(), self.audit_line("service", "revocation-list.signed", ""));
        let detail = format!("number {number} with {} certificates until {}", revoked.len(), list.next_update);
        let is_ours = self.inner.store.write_with_reserve(move |writing| {
            let is_ours = writing.insert_revocation_list(&kept)?;
            if is_ours {
                writing.append_audit(&store::AuditLine { detail: detail.clone(), ..line.clone() })?;
            }
            Ok::<_, Failure>(is_ours)
        });
        if !is_ours.await? {
            return Ok(None);
        }
        tracing::info!(number, certificates = revoked.len(), "a revocation list is signed");
        Ok(Some(list))
    }
}

impl Exchange {
    /// Those that a list can name. The alarm counts the others, the log names them.
    fn listed(&self, revoked: Vec<RevokedCertificate>) -> Vec<RevokedCertificate> {
        let (all, is_known) = (revoked.len(), self.inner.health.stands(Alarm::RevocationUnlisted));
        let is_listed = |one: &RevokedCertificate| {
            let readable = pki::check_serial(&one.serial);
            if let Err(error) = &readable
                && !is_known
            {
                tracing::error!(%error, revoked_at = %one.revoked_at, "a revoked certificate is in no revocation list");
            }
            readable.is_ok()
        };
        let listed: Vec<RevokedCertificate> = revoked.into_iter().filter(is_listed).collect();
        let missing = all - listed.len();
        let reason = format!("certificates that are missing: {missing}");
        self.inner.health.set(Alarm::RevocationUnlisted, (missing > 0).then_some(reason));
        listed
    }
}

fn signed(
    issuing: &Issuing,
    authority: &CertificateAuthority,
    number: u64,
    now: Timestamp,
    revoked: &[RevokedCertificate],
    content: [u8; 32],
) -> Result<RevocationList, Failure> {
    let next_update = now.saturating_add(issuing.revocation_list_valid).unwrap_or(Timestamp::MAX);
    let entries: Vec<Revoked> = revoked
        .iter()
        .map(|one| Revoked {
            serial: one.serial.clone(),
            at: one.revoked_at,
            reason: one.reason.and_then(Reason::of_code).unwrap_or(Reason::Unspecified),
        })
        .collect();
    let der = authority.revocation_list(number, now, next_update, &entries);
    let der = der.map_err(|error| Failure::unexpected(error))?;
    let authority = authority.key_identifier().to_vec();
    Ok(RevocationList { authority, number, this_update: now, next_update, content, der })
}

/// A digest of what a list says of certificates.
fn content(revoked: &[RevokedCertificate]) -> [u8; 32] {
    let lines: String = revoked
        .iter()
        .map(|one| format!("{} {} {:?}\n", one.serial, one.revoked_at.as_microsecond(), one.reason))
        .collect();
    pki::fingerprint(lines.as_bytes())
}
