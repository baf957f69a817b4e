//! The audit lines that concern the client: those caused by its online users, and those that name it or its objects.

use std::collections::BTreeSet;
use std::io::Write as _;

use audit::line_to_json;
use store::{AuditLine, Reading, TreasuryAccount};

use super::accounts::IncomingIds;
use super::job::{Export, ExportError, ROWS_AT_A_TIME};
use crate::access::actor::actor;

/// By what an audit line is known to concern the client.
struct Names {
    /// `client 3`, `online user 7`, `account 12`, `incoming credit 5`.
    numbered: BTreeSet<String>,
    /// Fingerprints of certificates.
    fingerprints: BTreeSet<String>,
}

impl Names {
    fn concern(&self, line: &AuditLine) -> bool {
        if self.numbered.contains(&line.actor) {
            return true;
        }
        let words: Vec<&str> = line.detail.split(' ').collect();
        let pairs = words.windows(2).map(|pair| pair.join(" "));
        let triples = words.windows(3).map(|triple| triple.join(" "));
        pairs.chain(triples).any(|name| self.numbered.contains(&name))
            || words.iter().any(|word| self.fingerprints.contains(*word))
    }
}

impl Export<'_> {
    pub(super) fn audit(
        &mut self,
        reading: &mut dyn Reading,
        accounts: &[TreasuryAccount],
        incoming: &IncomingIds,
    ) -> Result<(), ExportError> {
        let names = self.names(reading, accounts, incoming)?;
        let mut file = self.files.begin("audit.jsonl")?;
        let mut from = 1;
        loop {
            let page = reading.audit(from, ROWS_AT_A_TIME)?;
            for chained in page.iter().filter(|chained| names.concern(&chained.line)) {
                writeln!(file, "{}", line_to_json(chained))?;
                self.summary.audit_lines += 1;
            }
            match page.last() {
                Some(last) => from = last.sequence + 1,
                None => return Ok(file.flush()?),
            }
        }
    }

    fn names(
        &self,
        reading: &mut dyn Reading,
        accounts: &[TreasuryAccount],
        incoming: &IncomingIds,
    ) -> Result<Names, ExportError> {
        let mut numbered = BTreeSet::from([format!("client {}", self.client.id.0)]);
        numbered.extend(self.users.iter().map(|user| actor(user.id)));
        numbered.extend(accounts.iter().map(|account| format!("account {}", account.ledger.id.0)));
        numbered.extend(incoming.iter().map(|id| format!("incoming credit {id}")));
        let mut fingerprints = BTreeSet::new();
        for user in &self.users {
            let certificates = reading.certificates(user.id)?;
            fingerprints.extend(certificates.iter().map(|certificate| certificate.fingerprint.to_string()));
        }
        Ok(Names { numbered, fingerprints })
    }
}
