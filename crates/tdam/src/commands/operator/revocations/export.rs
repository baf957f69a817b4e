//! An export of the audit chain as a source: it has to begin as the copy does, go on after it, and verify to its end.

use audit::{AUDIT_CHAIN_START, AuditLine, ChainedAuditLine, audit_hash, line_from_json, line_to_json};
use exchange::{LaterRevocation, LaterRights, Operator, RevocationReason};
use store::RestoreMark;

use super::fingerprint;
use crate::terminal::Failure;

/// What an export brings.
#[derive(Default)]
pub(super) struct Export {
    pub(super) revocations: Vec<LaterRevocation>,
    pub(super) rights: LaterRights,
}

/// Reads an export against the chain of the restored store; or says why it is none of it.
pub(super) async fn read(
    text: &str,
    operator: &Operator,
    mark: RestoreMark,
) -> Result<Result<Export, String>, Failure> {
    let mut own = OwnChain { operator, page: Vec::new() };
    let (mut found, mut previous, mut last) = (Export::default(), AUDIT_CHAIN_START, None);
    let mut is_common = true;
    for (sequence, written) in (1_i64..).zip(text.lines()) {
        let line = match verified(written, sequence, &previous) {
            Ok(line) => line,
            Err(why) => return Ok(Err(format!("line {sequence}: {why}"))),
        };
        if is_common {
            let kept = own.line(sequence).await?;
            is_common = kept.as_ref().is_some_and(|kept| kept.hash == line.hash);
            // What the restored store has written since is no part of the copy.
            if !is_common && kept.is_some_and(|kept| kept.line.at <= mark.as_of) {
                return Ok(Err(format!(
                    "line {sequence} is not that of the copy: it is an export of another exchange"
                )));
            }
        }
        let read = revocation(&line.line).and_then(|revocation| {
            found.revocations.extend(revocation);
            if is_common { Ok(()) } else { found.rights.read(&line).map_err(|error| error.to_string()) }
        });
        if let Err(why) = read {
            return Ok(Err(format!("line {sequence}: {why}")));
        }
        (previous, last) = (line.hash, Some(line.line.at));
    }
    Ok(match last {
        Some(at) if is_common || at < mark.as_of => {
            Err(format!("this export ends with a line of {at:.0}, before the copy: it says nothing of the time since"))
        }
        _ => Ok(found),
    })
}

/// The chain of the restored store, a page at a time.
struct OwnChain<'o> {
    operator: &'o Operator,
    page: Vec<ChainedAuditLine>,
}

impl OwnChain<'_> {
    async fn line(&mut self, sequence: i64) -> Result<Option<ChainedAuditLine>, Failure> {
        if self.page.last().is_none_or(|last| last.sequence < sequence) {
            self.page = self.operator.audit_page(sequence).await.map_err(Failure::service)?;
        }
        let place = self.page.first().and_then(|first| usize::try_from(sequence - first.sequence).ok());
        Ok(place.and_then(|place| self.page.get(place)).cloned())
    }
}

/// A line that follows the one before.
fn verified(written: &str, sequence: i64, previous: &[u8; 32]) -> Result<ChainedAuditLine, String> {
    let line = line_from_json(written).map_err(|error| error.to_string())?;
    if line.sequence != sequence {
        return Err(format!("line {} stands here: bring the whole export, from its first line on", line.sequence));
    }
    if line_to_json(&line) != written || line.hash != audit_hash(previous, sequence, &line.line) {
        return Err("it was changed, or one before it was".to_owned());
    }
    Ok(line)
}

/// The revocation that a line is about, if it is about one.
fn revocation(AuditLine { at, action, detail, .. }: &AuditLine) -> Result<Option<LaterRevocation>, String> {
    if action != "certificate.revoked" && action != "person.certificate-revoked" {
        return Ok(None);
    }
    let mut words = detail.split(' ');
    let mut found = fingerprint::revoked(words.next().unwrap_or_default())?;
    found.at = Some(*at);
    let name = (words.next() == Some("reason")).then(|| words.next()).flatten();
    if let Some(reason) = RevocationReason::ALL.into_iter().find(|reason| Some(reason.name()) == name) {
        found.reason = reason;
    }
    Ok(Some(found))
}
