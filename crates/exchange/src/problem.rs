//! A failure as the store keeps it beside a submission, for a client that comes back with its receipt.

use serde::{Deserialize, Serialize};

use crate::{Failure, ReportedFinding, stored};

/// The stored form. Fields are only ever added, with defaults.
#[derive(Serialize, Deserialize)]
struct Problem {
    code: String,
    detail: String,
    #[serde(default)]
    expected: String,
    #[serde(default)]
    given: String,
    findings_total: u64,
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
struct Finding {
    code: String,
    line: u64,
    column: u64,
    path: String,
    rule: String,
    value: String,
    expected: String,
    sentence_lv: String,
    sentence_en: String,
}

pub(crate) fn write(failure: &Failure) -> Result<Vec<u8>, Failure> {
    let finding = |finding: &ReportedFinding| {
        let ReportedFinding { code, line, column, path, rule, value, expected, sentence_lv, sentence_en } =
            finding.clone();
        let code = code.id().to_owned();
        Finding { code, line, column, path, rule, value, expected, sentence_lv, sentence_en }
    };
    let problem = Problem {
        code: failure.code.id().to_owned(),
        detail: failure.detail.clone(),
        expected: failure.expected.clone(),
        given: failure.given.to_string(),
        findings_total: failure.findings_total,
        findings: failure.findings.iter().map(finding).collect(),
    };
    serde_json::to_vec(&problem)
        .map_err(|error| Failure::unexpected(format_args!("a problem cannot be written: {error}")))
}

/// The failure that was kept; one that cannot be read is an unexpected failure itself.
pub(crate) fn read(problem: &[u8]) -> Failure {
    read_whole(problem).unwrap_or_else(|damaged| damaged)
}

fn read_whole(problem: &[u8]) -> Result<Failure, Failure> {
    // The parser's error could quote a message.
    let problem: Problem = serde_json::from_slice(problem).map_err(|error| {
        let (what, column) = (error.classify(), error.column());
        Failure::unexpected(format_args!("a stored problem cannot be read: {what:?} at column {column}"))
    })?;
    let code = |id: &str| stored::code(id, "a stored problem");
    let finding = |finding: Finding| {
        let Finding { code: id, line, column, path, rule, value, expected, sentence_lv, sentence_en } = finding;
        let code = code(&id)?;
        Ok(ReportedFinding { code, line, column, path, rule, value, expected, sentence_lv, sentence_en })
    };
    Ok(Failure {
        findings_total: problem.findings_total,
        findings: problem.findings.into_iter().map(finding).collect::<Result<_, Failure>>()?,
        ..Failure::new(code(&problem.code)?)
            .with_detail(problem.detail)
            .with_expected(problem.expected)
            .with_given(problem.given)
    })
}
