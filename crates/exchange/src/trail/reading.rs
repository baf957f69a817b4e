//! What staff read of the audit chain. Reading it is an act of its own, with a line that says who read what.

use jiff::Timestamp;
use store::{AuditLine, ChainedAuditLine, Reading};

use crate::bounds::AUDIT_LINES_AT_A_TIME;
use crate::{Failure, Operator};

/// Which lines are meant. Empty: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Written then or later.
    pub since: Option<Timestamp>,
    /// Written before.
    pub until: Option<Timestamp>,
    /// The actor has this text.
    pub actor: Option<String>,
    /// The action is this one, or begins with it and a point: `certificate` means `certificate.revoked` too.
    pub action: Option<String>,
    /// The detail has this text.
    pub about: Option<String>,
}

impl AuditFilter {
    /// Whether a line is meant.
    #[must_use]
    pub fn matches(&self, line: &AuditLine) -> bool {
        let has =
            |wanted: &Option<String>, text: &str| wanted.as_ref().is_none_or(|wanted| text.contains(wanted.as_str()));
        let is_action = |wanted: &String| {
            line.action.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.since.is_none_or(|since| line.at >= since)
            && self.until.is_none_or(|until| line.at < until)
            && has(&self.actor, &line.actor)
            && self.action.as_ref().is_none_or(is_action)
            && has(&self.about, &line.detail)
    }

    /// In words, for the line about the reading.
    fn described(&self) -> String {
        let AuditFilter { since, until, actor, action, about } = self;
        let parts = [
            since.map(|at| format!("since {at}")),
            until.map(|at| format!("until {at}")),
            actor.as_ref().map(|text| format!("actor {text:?}")),
            action.as_ref().map(|text| format!("action {text:?}")),
            about.as_ref().map(|text| format!("about {text:?}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "all lines".to_owned() } else { parts.join(" ") }
    }
}

/// How the chain is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditReading {
    /// Some lines are shown.
    Listed,
    /// The whole chain is written out.
    Exported,
}

impl AuditReading {
    const fn action(self) -> &'static str {
        match self {
            AuditReading::Listed => "audit.listed",
            AuditReading::Exported => "audit.exported",
        }
    }
}

impl Operator {
    /// Notes that the staff read lines of the audit chain: they say what clients did, and when.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn note_audit_reading(&self, reading: AuditReading, filter: &AuditFilter) -> Result<(), Failure> {
        let line = self.line(reading.action(), filter.described());
        self.write(move |writing| writing.append_audit(&line).map_err(Failure::from)).await
    }

    /// Notes that the staff read the directory with the balances of all accounts.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn note_directory_reading(&self) -> Result<(), Failure> {
        let line = self.line("directory.listed", "");
        self.write(move |writing| writing.append_audit(&line).map_err(Failure::from)).await
    }

    /// The next lines from a position on (the first is 1), oldest first; none behind the last one.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn audit_page(&self, from: i64) -> Result<Vec<ChainedAuditLine>, Failure> {
        let read = move |reading: &mut dyn Reading| reading.audit(from, AUDIT_LINES_AT_A_TIME).map_err(Failure::from);
        self.exchange().inner.store.read(read).await
    }
}
