//! A failure in words: what happened, where in the file, what to do, and the id by which the operator finds it.

use std::fmt::Write as _;

use client::Problem;
use rulebook::Language;
use serde_json::{Value, json};

use super::{Failure, Style, Terminal, words};

impl Terminal {
    /// Why the program ends without its result.
    pub(crate) fn failure(&self, failure: &Failure) {
        self.failure_with_support(failure, None);
    }

    /// The same, with where a person finds help.
    pub(crate) fn failure_with_support(&self, failure: &Failure, support: Option<&str>) {
        if self.json {
            self.json(&as_json(failure, support));
        } else {
            self.note(as_text(failure, support, self).trim_end());
        }
    }
}

/// The failure for people. `support` says where they find help, if the answer does not.
fn as_text(failure: &Failure, support: Option<&str>, terminal: &Terminal) -> String {
    let problem = match failure {
        Failure::Call(error) => error.problem().filter(|problem| !problem.code.is_empty()),
        _ => None,
    };
    match problem {
        Some(problem) => of_problem(problem, support, terminal),
        None => {
            let label = terminal.paint_err(Style::Bad, terminal.say(words::ERROR));
            let mut text = format!("{label}: {}", in_language(failure, terminal.language));
            if let Some(support) = support {
                let label = terminal.paint_err(Style::Faint, format_args!("{}:", terminal.say(words::SUPPORT)));
                let _ = write!(text, "\n  {label} {support}");
            }
            text
        }
    }
}

/// The failure for scripts: a problem document, or one made from the failure.
fn as_json(failure: &Failure, support: Option<&str>) -> Value {
    let problem = match failure {
        Failure::Call(error) => error.problem().and_then(|problem| serde_json::to_value(problem).ok()),
        _ => None,
    };
    let exit_code = super::Exit::of(failure) as u8;
    let mut value = json!({ "error": failure.to_string(), "exit_code": exit_code });
    if let Some(problem) = problem {
        value["problem"] = problem;
    }
    if let Some(support) = support {
        value["support"] = support.into();
    }
    value
}

fn of_problem(problem: &Problem, support: Option<&str>, terminal: &Terminal) -> String {
    let mut text = String::new();
    let label = terminal.paint_err(Style::Bad, format_args!("{} {}", terminal.say(words::ERROR), problem.code));
    let _ = writeln!(text, "{label}: {}", problem.title);
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {} {value}", terminal.paint_err(Style::Faint, format_args!("{name}:")));
        }
    };
    field(terminal.say(words::FOUND), problem.detail.as_deref().unwrap_or_default());
    if let Some(reason) = &problem.iso_reason {
        field("ISO 20022", reason);
    }
    for finding in &problem.findings {
        let place = match (finding.line, finding.column) {
            (Some(line), Some(column)) => format!("{line}:{column}"),
            (Some(line), None) => line.to_string(),
            _ => "-".to_owned(),
        };
        field(&place, &format!("{} {}", finding.code, finding.message));
        // A text of the schema layer begins with the path.
        let path = finding.path.as_deref().filter(|_| !finding.message.starts_with('/'));
        field(terminal.say(words::PLACE), path.unwrap_or_default());
    }
    let listed = problem.findings.len() as u64;
    if problem.findings_total > listed {
        field("…", &format!("+{}", problem.findings_total - listed));
    }
    field(terminal.say(words::WHAT_TO_DO), &problem.remedy);
    field(terminal.say(words::REQUEST), &problem.request_id);
    let stated = problem.support.as_ref().map(ToString::to_string);
    field(terminal.say(words::SUPPORT), stated.as_deref().or(support).unwrap_or_default());
    text
}

/// The library speaks English; the most common failures have Latvian texts too.
fn in_language(failure: &Failure, language: Language) -> String {
    let latvian = language == Language::Latvian;
    match failure {
        Failure::Input { path, source } if latvian => format!("{}: failu nevar nolasīt ({source})", path.display()),
        Failure::Output { path, source } if latvian => format!("{}: failu nevar ierakstīt ({source})", path.display()),
        Failure::Call(error) if latvian => {
            let sentence = if error.is_timeout() {
                "atbilde laikus netika saņemta; tos pašus datus drīkst droši sūtīt vēlreiz"
            } else if error.is_tls() {
                "drošu savienojumu neizdevās izveidot; pārbaudiet sertifikātus un adresi"
            } else if error.is_connection() {
                "savienojuma nav vai tas pārtrūka; pārbaudiet adresi un sūtiet tos pašus datus vēlreiz"
            } else if error.is_configuration() {
                "savienojuma iestatījumi nav izmantojami"
            } else {
                return error.to_string();
            };
            format!("{sentence} ({error})")
        }
        _ => failure.to_string(),
    }
}
