//! Elements that real clients leave out of a camt.060.001.03 although its schema requires them, and that a service
//! tolerates.
//!
//! These are exactly three: `AcctOwnr` of a request, and `FrToTm` and `Tp` of its period. Newer generations made
//! `FrToTm` optional. The findings stay findings: a check by the schema alone still refuses.

use xsd::{Finding, Findings, Rule};

use crate::MessageType;

/// Where an element may be missing, and which.
const TOLERATED: [(&str, &str); 3] = [
    ("/Document/AcctRptgReq/RptgReq", "AcctOwnr"),
    ("/Document/AcctRptgReq/RptgReq/RptgPrd", "FrToTm"),
    ("/Document/AcctRptgReq/RptgReq/RptgPrd", "Tp"),
];

/// The findings of a camt.060, sorted by the tolerance.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'f> {
    message_type: MessageType,
    findings: &'f Findings,
}

impl<'f> Verdict<'f> {
    pub(super) fn new(message_type: MessageType, findings: &'f Findings) -> Verdict<'f> {
        Verdict { message_type, findings }
    }

    /// Whether all findings are tolerated. Findings beyond those kept in detail are not, since they are unknown.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        self.findings.total() == self.findings.as_slice().len() as u64 && self.refused().next().is_none()
    }

    /// Findings that stand against the message.
    pub fn refused(&self) -> impl Iterator<Item = &'f Finding> + use<'f> {
        let message_type = self.message_type;
        self.findings.iter().filter(move |finding| !is_tolerated(message_type, finding))
    }

    /// Findings that the tolerance forgives.
    pub fn tolerated(&self) -> impl Iterator<Item = &'f Finding> + use<'f> {
        let message_type = self.message_type;
        self.findings.iter().filter(move |finding| is_tolerated(message_type, finding))
    }
}

fn is_tolerated(message_type: MessageType, finding: &Finding) -> bool {
    if message_type != MessageType::Camt060V03 || finding.rule != Rule::MissingElement {
        return false;
    }
    // Of several in a row the schema layer names the first; after `AcctOwnr`, and after `FrToTm`, nothing is mandatory that
    // is not tolerated too.
    TOLERATED.contains(&(without_ordinals(&finding.path).as_str(), finding.expected.as_str()))
}

/// `/Document/AcctRptgReq/RptgReq[2]` without `[2]`.
fn without_ordinals(path: &str) -> String {
    path.split('/').map(|step| step.split('[').next().unwrap_or_default()).collect::<Vec<_>>().join("/")
}
