//! Writes refused requests into the log, and their lines into the audit.

use rulebook::catalogue::Code;
use store::AuditLine;

use super::refusals::{Refusal, Refused};
use crate::{Exchange, Failure};

impl Exchange {
    /// Notes a refusal in log and audit chain. If the store cannot write it now, the exchange writes it later; the
    /// refusal stands.
    pub(crate) async fn note_refusal(&self, refusal: Refusal) {
        let (code, action, trace) = (refusal.code.map_or("", Code::id), refusal.action, refusal.trace.clone());
        let online_user = match refusal.who {
            Refused::User(user) => Some(user.0),
            Refused::Certificate(_) | Refused::Others => None,
        };
        let Some(line) = self.inner.refusals.count(refusal, self.now()) else {
            return tracing::debug!(code, action, online_user, trace, "request refused, as before in this minute");
        };
        tracing::info!(code, action, online_user, trace, "request refused");
        self.write_lines(vec![line]).await;
    }

    /// Writes the due lines about refusals of earlier minutes; with `all`, also of the open minute.
    pub(crate) async fn write_refusals(&self, all: bool) {
        let due = self.inner.refusals.take_due(self.now(), all);
        if !due.is_empty() {
            self.write_lines(due).await;
        }
    }

    async fn write_lines(&self, lines: Vec<AuditLine>) {
        let kept = lines.clone();
        let written = self
            .inner
            .store
            .write(move |writing| lines.iter().try_for_each(|line| writing.append_audit(line)).map_err(Failure::from));
        if let Err(failure) = written.await {
            // Without room each try would be a line, and health has said why.
            if failure.code == Code::NoRoom {
                tracing::debug!(code = failure.code.id(), "the audit chain lacks refusals for now");
            } else {
                tracing::warn!(code = failure.code.id(), "the audit chain lacks refusals for now");
            }
            self.inner.refusals.put_back(kept);
        }
    }
}
