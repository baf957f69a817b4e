//! Revocation lists of other houses' authorities: brought in as files, verified, kept with a number of ours, and followed.
//!
//! A list counts only when the authority that the configuration names has signed it, when it is newer than the last one, and when its time
//! has begun and is not over. The transaction that keeps it revokes what it names. What was enrolled at the same moment is found by the
//! look that follows each change of rights. A certificate that a list has named stays revoked here, also when a later list does not
//! name it any more: a hold counts as a revocation.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use pki::{OutsideList, Reason};
use store::{AuditLine, RevocationList, RightsVersion, Writing};
use tokio::time::Instant;

use super::revocation::revoke;
use crate::access::outside::{ListInForce, OutsideAuthority};
use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{OUTSIDE_LIST_EARLY_MAX, REVOCATIONS_LOOKED_AT_EVERY};
use crate::health::Alarm;
use crate::{Exchange, Failure};

/// Why a list of another house's authority is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutsideListFault {
    /// The configuration names no authority with this key.
    Authority,
    /// It is none, or another authority's.
    List(String),
    /// Its time has not begun.
    Early(Timestamp),
    /// Its time is over.
    Over(Timestamp),
    /// A newer one is known.
    Older(Timestamp),
}

impl fmt::Display for OutsideListFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutsideListFault::Authority => f.write_str("no authority with this key is configured"),
            OutsideListFault::List(why) => f.write_str(why),
            OutsideListFault::Early(at) => write!(f, "it is of {at:.0}, which has not come"),
            OutsideListFault::Over(at) => write!(f, "it has ended {at:.0}"),
            OutsideListFault::Older(at) => write!(f, "it is older than the list of {at:.0}, which is known already"),
        }
    }
}

impl Exchange {
    /// The authorities of other houses whose certificates online users may have, from now on.
    pub fn take_up_outside_authorities(&self, authorities: Vec<OutsideAuthority>) {
        self.inner.outside.replace(authorities);
        self.inner.work.notify_one();
    }

    /// Those authorities.
    #[must_use]
    pub fn outside_authorities(&self) -> Vec<OutsideAuthority> {
        self.inner.outside.all().iter().map(|(authority, _)| authority.clone()).collect()
    }

    /// Takes up a list of another house's authority. `false`: it is the one that is known.
    ///
    /// # Errors
    /// The outer one when the store is away, the inner one when the list does not count.
    pub async fn take_up_outside_list(
        &self,
        key_identifier: &[u8],
        der: Vec<u8>,
    ) -> Result<Result<bool, OutsideListFault>, Failure> {
        let Some(authority) = self.inner.outside.of_key(key_identifier) else {
            return Ok(Err(OutsideListFault::Authority));
        };
        let (key, now) = (authority.key_identifier.clone(), self.now());
        let read = key.clone();
        let known = self.inner.store.read(move |reading| reading.revocation_list(&read).map_err(Failure::from)).await?;
        if let Some(known) = known.as_ref().filter(|known| known.der == der) {
            self.note_outside_list(known);
            return Ok(Ok(false));
        }
        let list = match pki::read_outside_list(&der, &authority.certificate) {
            Ok(list) => list,
            Err(error) => return Ok(Err(OutsideListFault::List(error.to_string()))),
        };
        if list.this_update.duration_since(now) > OUTSIDE_LIST_EARLY_MAX {
            return Ok(Err(OutsideListFault::Early(list.this_update)));
        }
        if list.next_update < now {
            return Ok(Err(OutsideListFault::Over(list.next_update)));
        }
        if let Some(known) = known.as_ref().filter(|known| known.this_update > list.this_update) {
            return Ok(Err(OutsideListFault::Older(known.this_update)));
        }
        let number = known.as_ref().map_or(0, |known| known.number.saturating_add(1));
        let kept = RevocationList {
            authority: key,
            number: number.max(u64::try_from(list.this_update.as_second()).unwrap_or_default()),
            this_update: list.this_update,
            next_update: list.next_update,
            content: pki::fingerprint(&der),
            der,
        };
        self.keep_outside_list(&authority, kept, list).await?;
        Ok(Ok(true))
    }

    async fn keep_outside_list(
        &self,
        authority: &OutsideAuthority,
        kept: RevocationList,
        list: OutsideList,
    ) -> Result<(), Failure> {
        let detail = format!(
            "of {:?} number {} with {} certificates until {}",
            authority.name,
            kept.number,
            list.revoked.len(),
            kept.next_update
        );
        let line = self.audit_line("service", "outside-list.taken", detail);
        let row = kept.clone();
        let job = move |writing: &mut dyn Writing| {
            // Of two nodes that bring in one list one wins.
            if writing.insert_revocation_list(&row)? {
                writing.append_audit(&line)?;
            }
            revoke_listed(writing, &row.authority, &list, &line)
        };
        let revoked = self.inner.store.write_with_reserve::<_, Failure, _>(job).await?;
        tracing::info!(
            authority = authority.name,
            number = kept.number,
            revoked,
            "a list of another house's authority is taken up"
        );
        self.note_outside_list(&kept);
        Ok(())
    }

    fn note_outside_list(&self, list: &RevocationList) {
        let times = ListInForce { this_update: list.this_update, next_update: list.next_update };
        self.inner.outside.note(&list.authority, times);
    }

    /// Reads the newest lists that any node has brought in, and revokes what they name.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn follow_outside_lists(&self) -> Result<(), Failure> {
        for (authority, _) in self.inner.outside.all().iter() {
            let (key, now) = (authority.key_identifier.clone(), self.now());
            let read = self.inner.store.read(move |reading| {
                Ok::<_, Failure>((reading.revocation_list(&key)?, reading.outside_certificates(&key, now)?))
            });
            let (Some(newest), enrolled) = read.await? else { continue };
            let list = pki::read_outside_list(&newest.der, &authority.certificate);
            // Another key has this identifier: then no list counts.
            let Ok(list) = list else { continue };
            let is_listed = |serial: &String| list.revoked.iter().any(|one| one.serial == *serial);
            if enrolled.iter().any(|one| is_listed(&one.serial)) {
                let line = self.audit_line("service", "outside-list.followed", "");
                let key = newest.authority.clone();
                let job = move |writing: &mut dyn Writing| revoke_listed(writing, &key, &list, &line);
                self.inner.store.write_with_reserve::<_, Failure, _>(job).await?;
            }
            self.note_outside_list(&newest);
        }
        Ok(())
    }

    /// Shows how long the lists hold, the first to end of them, and raises an alarm when one is missing or in the last third of its time.
    fn watch_outside_lists(&self) {
        let (all, now) = (self.inner.outside.all(), self.now());
        if let Some(first) = all.iter().filter_map(|(_, list)| list.map(|list| list.next_update)).min() {
            self.inner.measures.node.show_end("outside_revocation_list", first, now);
        }
        let late = all.iter().find_map(|(authority, list)| match list {
            None => Some(format!("{:?} has no list", authority.name)),
            Some(list) if now >= late_from(*list) => {
                Some(format!("the list of {:?} holds until {:.0}", authority.name, list.next_update))
            }
            Some(_) => None,
        });
        self.inner.health.set(Alarm::OutsideListLate, late);
    }
}

fn late_from(list: ListInForce) -> Timestamp {
    let valid: SignedDuration = list.next_update.duration_since(list.this_update);
    list.next_update.saturating_sub(valid / 3).unwrap_or(list.this_update)
}

/// Revokes the certificates of an authority that a list names; how many.
fn revoke_listed(
    writing: &mut dyn Writing,
    authority: &[u8],
    list: &OutsideList,
    line: &AuditLine,
) -> Result<usize, Failure> {
    let mut revoked = 0;
    for enrolled in writing.outside_certificates(authority, line.at)? {
        let Some(listed) = list.revoked.iter().find(|one| one.serial == enrolled.serial) else { continue };
        let line = AuditLine { action: "certificate.revoked".to_owned(), ..line.clone() };
        let reason: Reason = listed.reason;
        // From now on: what was accepted before the list came was accepted in good faith.
        revoked += usize::from(revoke(writing, &enrolled.fingerprint, line.at, reason, &line)?);
    }
    Ok(revoked)
}

/// What the node remembers of its last look.
#[derive(Default)]
pub(crate) struct FollowOutsideLists {
    version: Option<RightsVersion>,
    looked: Option<Instant>,
}

impl Chore for FollowOutsideLists {
    fn name(&self) -> &'static str {
        "follow lists of other authorities"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            if exchange.inner.outside.all().is_empty() {
                exchange.inner.health.set(Alarm::OutsideListLate, None::<String>);
                return Ok(false);
            }
            let version = exchange.inner.store.rights().map(|rights| rights.version);
            let has_changed = version.is_none() || version != self.version;
            if has_changed || round.looks_again(self.looked, REVOCATIONS_LOOKED_AT_EVERY) {
                exchange.follow_outside_lists().await?;
                (self.version, self.looked) = (version, Some(Instant::now()));
            }
            exchange.watch_outside_lists();
            Ok(false)
        })
    }
}
