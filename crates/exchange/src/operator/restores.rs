//! After a restore: the store knows nothing of what was revoked after the copy was made. Nothing is served from it until an operator has
//! brought in later revocations, or has stated that there are none.

use jiff::Timestamp;
use pki::Reason;
use store::{AuditLine, Fingerprint, RestoreMark, Writing};

use crate::bounds::REVOCATIONS_AT_A_TIME;
use crate::certificates::revocation::{revoke, revoke_of_person};
use crate::operator::later_rights::{LaterRights, TakenAway};
use crate::{Failure, Operator};

/// How a source names a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevokedCertificateName {
    /// By its serial number, hexadecimal: a revocation list.
    Serial(String),
    /// By its fingerprint: an export of the audit chain.
    Fingerprint(Fingerprint),
}

/// A revocation that the restored store may not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterRevocation {
    /// Of which certificate.
    pub certificate: RevokedCertificateName,
    /// When, if the source says it.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: Reason,
}

/// Who settles a restore, and on what grounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settling {
    /// The name of the person who answers for it.
    pub by: String,
    /// Why the person is sure.
    pub why: String,
    /// Where the revocations come from, in words.
    pub source: String,
}

/// What bringing in revocations changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BroughtRevocations {
    /// Certificates that are revoked now.
    pub revoked: u64,
    /// Certificates that were revoked before.
    pub known: u64,
    /// Certificates that the store does not know: they were issued after the copy, and open nothing.
    pub unknown: u64,
    /// What else was taken away again.
    pub taken_away: TakenAway,
    /// Codes to enrol with that were open in the copy. They are withdrawn: each may have been used since.
    pub codes: u64,
}

impl Operator {
    /// The restore that is not settled; `None` when nothing keeps the store from serving.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn unsettled_restore(&self) -> Result<Option<RestoreMark>, Failure> {
        self.exchange().inner.store.read(|reading| reading.unsettled_restore().map_err(Failure::from)).await
    }

    /// Marks the store as restored from a copy of this moment. `false` when a mark waits already.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn mark_restored(&self, as_of: Timestamp) -> Result<bool, Failure> {
        let line = self.line("restore.marked", format!("copy of {as_of}"));
        self.write(move |writing| {
            let is_new = writing.mark_restored(line.at, as_of)?;
            if is_new {
                writing.append_audit(&line)?;
            }
            Ok(is_new)
        })
        .await
    }

    /// Brings in revocations and what else was taken away, and settles the restore. `None` when there is none to settle; then nothing changes. When it breaks off,
    /// the restore stays unsettled, and the same call again does the rest.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn settle_restore(
        &self,
        revocations: &[LaterRevocation],
        rights: LaterRights,
        settling: Settling,
    ) -> Result<Option<BroughtRevocations>, Failure> {
        let Some(mark) = self.unsettled_restore().await? else { return Ok(None) };
        let mut brought = BroughtRevocations::default();
        for some in revocations.chunks(REVOCATIONS_AT_A_TIME) {
            let (some, line) = (some.to_vec(), self.line("certificate.revoked", ""));
            let done = self.write(move |writing| {
                let mut done = BroughtRevocations::default();
                some.iter().try_for_each(|one| bring(writing, one, &line, &mut done)).map(|()| done)
            });
            let done = done.await?;
            brought.revoked += done.revoked;
            brought.known += done.known;
            brought.unknown += done.unknown;
        }
        let line = self.line("restore.settled", "");
        let Settling { by, why, source } = settling;
        let settle = self.write(move |writing| {
            if !writing.settle_restores(line.at)? {
                return Ok(None);
            }
            let codes = writing.withdraw_enrolment_codes(line.at)?;
            let taken_away = rights.take_away(writing, &line)?;
            let BroughtRevocations { revoked, known, unknown, .. } = brought;
            let TakenAway { suspended, signing, accounts, persons, grants, limits } = taken_away;
            let detail = format!(
                "copy of {}, from {source}: {revoked} certificates revoked, {known} known, {unknown} unknown, {codes} codes \
                 withdrawn, {suspended} online users suspended, {signing} have to sign, {accounts} accounts blocked or closed, \
                 {persons} persons ended or with fewer roles, {grants} online users with fewer accounts, {limits} accounts with \
                 lower limits; by {by:?} because {why:?}",
                mark.as_of
            );
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            Ok(Some((codes, taken_away)))
        });
        Ok(settle.await?.map(|(codes, taken_away)| BroughtRevocations { codes, taken_away, ..brought }))
    }
}

fn bring(
    writing: &mut dyn Writing,
    one: &LaterRevocation,
    line: &AuditLine,
    done: &mut BroughtRevocations,
) -> Result<(), Failure> {
    let fingerprints = match &one.certificate {
        RevokedCertificateName::Serial(serial) => writing.certificates_with_serial(serial)?,
        RevokedCertificateName::Fingerprint(fingerprint) => vec![*fingerprint],
    };
    // A source that is ahead of our clock does not revoke in the future.
    let at = one.at.map_or(line.at, |at| at.min(line.at));
    if fingerprints.is_empty() {
        done.unknown += 1;
    }
    for fingerprint in fingerprints {
        if revoke(writing, &fingerprint, at, one.reason, line)?
            || revoke_of_person(writing, &fingerprint, at, one.reason, line)?
        {
            done.revoked += 1;
        } else if writing.identity(&fingerprint)?.is_some() || writing.person_certificate(&fingerprint)?.is_some() {
            done.known += 1;
        } else {
            done.unknown += 1;
        }
    }
    Ok(())
}
