//! The revocation list: signed anew when a certificate is revoked, and in time when nothing changes.
//!
//! Each node that has the authority's key does it. Lists are numbered, and of two nodes that make one number one wins. A number is at
//! least the time in seconds, so that lists of a restored store are newer than those that were published before.

use std::sync::Arc;

use jiff::Timestamp;
use pki::{Reason, Revoked};
use store::{RevocationList, RevokedCertificate, RightsVersion};
use tokio::time::Instant;

use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{REVOCATION_LIST_RENEWED_AFTER_PART, REVOCATIONS_LOOKED_AT_EVERY};
use crate::settings::Issuing;
use crate::{Exchange, Failure};

/// What the node remembers of its last look.
#[derive(Default)]
pub(crate) struct RenewRevocationList {
    version: Option<RightsVersion>,
    looked: Option<Instant>,
    renewed_from: Option<Timestamp>,
}

impl Chore for RenewRevocationList {
    fn name(&self) -> &'static str {
        "renew revocation list"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let Some(issuing) = exchange.inner.settings.issuing.clone() else { return Ok(false) };
            let version = exchange.inner.store.rights().map(|rights| rights.version);
            let is_over = self.renewed_from.is_none_or(|from| exchange.now() >= from);
            let has_changed = version.is_none() || version != self.version;
            if !is_over && !has_changed && !round.looks_again(self.looked, REVOCATIONS_LOOKED_AT_EVERY) {
                return Ok(false);
            }
            let list = exchange.renew_revocation_list(&issuing).await?;
            (self.version, self.looked) = (version, Some(Instant::now()));
            self.renewed_from = Some(renewed_from(&list));
            exchange.publish_revocation_list(list);
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

impl Exchange {
    /// The newest revocation list (DER); `None` before there is one, or when this node issues no certificates.
    #[must_use]
    pub fn revocation_list(&self) -> Option<Arc<RevocationList>> {
        self.inner.revocation_list.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn publish_revocation_list(&self, list: RevocationList) {
        let mut known = self.inner.revocation_list.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *known = Some(Arc::new(list));
    }

    /// The newest list, made now if there is something new or the last one has grown old.
    async fn renew_revocation_list(&self, issuing: &Issuing) -> Result<RevocationList, Failure> {
        let (authority, now) = (issuing.authority.key_identifier().to_vec(), self.now());
        let (known, revoked) = self
            .inner
            .store
            .read(move |reading| {
                let revoked = reading.revoked_certificates(&authority, now)?;
                Ok::<_, Failure>((reading.revocation_list(&authority)?, revoked))
            })
            .await?;
        let content = content(&revoked);
        let number = match known {
            Some(list) if list.content == content && now < renewed_from(&list) => return Ok(list),
            Some(list) => list.number.saturating_add(1),
            None => 1,
        };
        let number = number.max(u64::try_from(now.as_second()).unwrap_or_default());
        let list = signed(issuing, number, now, &revoked, content)?;
        let (kept, line) = (list.clone(), self.audit_line("service", "revocation-list.signed", ""));
        let detail = format!("number {number} with {} certificates until {}", revoked.len(), list.next_update);
        let is_ours = self.inner.store.write_with_reserve(move |writing| {
            let is_ours = writing.insert_revocation_list(&kept)?;
            if is_ours {
                writing.append_audit(&store::AuditLine { detail: detail.clone(), ..line.clone() })?;
            }
            Ok::<_, Failure>(is_ours)
        });
        if is_ours.await? {
            tracing::info!(number, certificates = revoked.len(), "a revocation list is signed");
            return Ok(list);
        }
        let authority = issuing.authority.key_identifier().to_vec();
        let known = self.inner.store.read(move |reading| reading.revocation_list(&authority).map_err(Failure::from));
        Ok(known.await?.unwrap_or(list))
    }
}

fn signed(
    issuing: &Issuing,
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
    let der = issuing.authority.revocation_list(number, now, next_update, &entries);
    let der = der.map_err(|error| Failure::unexpected(error))?;
    let authority = issuing.authority.key_identifier().to_vec();
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
