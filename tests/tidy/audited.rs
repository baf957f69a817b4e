//! Each use case that writes leaves a line in the audit chain, in the same transaction; the others stand here with the reason.
//!
//! A scan of the source sees no calls, so it knows files: one that opens a transaction, or continues one, mentions the line or the file
//! that writes it.

use super::{report, sources};

/// How a file of the exchange shows that it writes.
const WRITES: &[&str] = &["|writing|", "|writing:", "&mut dyn Writing", "&mut dyn Deciding"];
/// How it shows that a line is written.
const SAYS_SO: &[&str] = &["append_audit(", " AuditLine {", "audit_line("];

/// Files that write and mention no line, and why.
const WITHOUT_LINE: &[(&str, &str)] = &[
    ("admission/first_report.rs", "`admission/decide` writes the line"),
    ("admission/message_payments.rs", "the same"),
    ("admission/staged.rs", "the same"),
    ("clock/look.rs", "the record of the time: nobody acts"),
    ("evidence/keep.rs", "certificates beside a submission; alone they have no effect"),
    ("execution/carry_out.rs", "carries out what an accepted message says; entries and events are the past, and stay"),
    ("execution/fall_due.rs", "the same"),
    ("execution/step.rs", "the same"),
    ("health/probe.rs", "a row that proves that commits last"),
    ("notices/make.rs", "a letter that a date asks for: nobody acts, and the row of the notice stays"),
    ("notices/send.rs", "what became of a letter; the row of the notice says it"),
    ("operator/online_users.rs", "`grants` writes the line"),
    ("settlement/answers.rs", "books what the settlement system confirms; entries and events are the past, and stay"),
    ("submission/ahead.rs", "a mark while a body is read before it counts"),
    (
        "submission/closing.rs",
        "the answer to bytes that were answered before; the submission's row is the past, and stays",
    ),
    ("submission/large.rs", "the receipt; `admission/decide` writes the line of the decision"),
    ("submission/outcome.rs", "keeps a row longer, for those who wait for it"),
    ("submission/resume.rs", "the node takes over a submission"),
    ("submission/small.rs", "`admission/decide` writes the line"),
    ("submission/stage.rs", "`admission/decide` writes the line; a stage has no effect"),
    ("trail/checkpoints.rs", "a checkpoint is about the chain, and signed"),
];

#[test]
fn each_file_that_writes_leaves_a_line_or_says_why_not() {
    let mut wrong = Vec::new();
    let mut without = Vec::new();
    for source in
        sources().iter().filter(|source| source.is_product() && source.path.starts_with("crates/exchange/src"))
    {
        let has = |words: &[&str]| source.code_lines().any(|(_, line)| words.iter().any(|word| line.contains(word)));
        if !has(WRITES) || has(SAYS_SO) {
            continue;
        }
        let path =
            source.path.strip_prefix("crates/exchange/src").unwrap_or(&source.path).to_string_lossy().into_owned();
        if !WITHOUT_LINE.iter().any(|(known, _)| *known == path) {
            wrong.push(format!("{path} writes, and no line of the audit chain says so"));
        }
        without.push(path);
    }
    let stale = WITHOUT_LINE.iter().filter(|(known, _)| !without.iter().any(|path| path == known));
    wrong.extend(stale.map(|(known, _)| format!("{known} stands here and need not")));
    report("writes without a line in the audit chain", &wrong);
}
