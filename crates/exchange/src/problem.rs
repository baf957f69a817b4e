//! A failure as it is kept beside a submission, for somebody who was told to come back.

use rulebook::catalogue::Code;
use serde::{Deserialize, Serialize};

use crate::{Failure, ReportedFinding};

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

pub(crate) fn write(failure: &Failure) -> Vec<u8> {
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
    // Texts and numbers only: there is nothing in it that could fail.
    serde_json::to_vec(&problem).unwrap_or_default()
}

pub(crate) fn read(problem: &[u8]) -> Failure {
    let Ok(problem) = serde_json::from_slice::<Problem>(problem) else {
        return Failure::new(Code::InternalError);
    };
    let code = |id: &str| id.parse().unwrap_or(Code::InternalError);
    let finding = |finding: Finding| {
        let Finding { code: id, line, column, path, rule, value, expected, sentence_lv, sentence_en } = finding;
        ReportedFinding { code: code(&id), line, column, path, rule, value, expected, sentence_lv, sentence_en }
    };
    Failure {
        findings_total: problem.findings_total,
        findings: problem.findings.into_iter().map(finding).collect(),
        ..Failure::new(code(&problem.code))
            .with_detail(problem.detail)
            .with_expected(problem.expected)
            .with_given(problem.given)
    }
}
