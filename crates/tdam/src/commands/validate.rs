//! `tdam validate`: reports faults of messages, without an exchange.

use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, DateTime, Time};
use rulebook::Guideline;
use serde_json::{Value, json};

use crate::check::{self, Excerpt, Finding, SarifLog, Task, Verdict};
use crate::terminal::{Exit, Failure, Style, Terminal, printable, words};

/// Bytes of standard input (unpacked) that the command keeps to show lines; it reports findings of a longer input
/// without lines.
const KEPT_BYTES_MAX: u64 = 64 << 20;

/// Check messages: form, XML schema and usage guideline. Works offline.
///
/// What only the exchange knows (accounts, rights, limits, funds, messages sent before) is not checked here; `tdam send --test`
/// asks the exchange without executing anything. All twelve messages of the exchange are checked against their schemas,
/// pain.001 and camt.060 against the usage guideline too. Files may be packed by gzip.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Files to check; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Check against the XML schema alone, exactly
    #[arg(long)]
    schema_only: bool,
    /// Check as if sent on this day; a day off counts as the next business day [default: today, Europe/Riga]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// Check as if sent at this time of that day: it decides which cut-offs are over [default: now, or 09:00 with --date]
    #[arg(long, value_name = "HH:MM", value_parser = super::values::parse_time)]
    time: Option<Time>,
    /// Show at most this many findings of a file; all are counted
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    findings: u16,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Print the result as a SARIF 2.1.0 log, for code-scanning tools
    #[arg(long, conflicts_with = "json")]
    pub(super) sarif: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let (business_day, received_at) =
        sent_on(arguments.date, arguments.time, exchange::local_time(jiff::Timestamp::now()));
    let task = Task {
        schema_only: arguments.schema_only,
        business_day,
        received_at,
        findings_max: usize::from(arguments.findings),
        language: terminal.language,
    };
    let mut exit = Exit::Done;
    let mut form = Form::of(&arguments, terminal);
    for path in &arguments.files {
        match check_file(path, &task, terminal) {
            Ok((verdict, excerpts)) => {
                exit = exit.max(if verdict.total == 0 { Exit::Done } else { Exit::Refused });
                form.checked(path, &verdict, &excerpts, terminal);
            }
            // One file that cannot be read does not keep the others from being checked.
            Err(failure) => {
                exit = exit.max(Exit::of(&failure));
                form.unreadable(path, &failure, terminal);
            }
        }
    }
    form.finish(terminal);
    Ok(exit)
}

/// The business day that the exchange has open when the message is sent, and the local time of that. A message sent now
/// counts by the current time; a day given without a time means its morning.
fn sent_on(named: Option<Date>, time: Option<Time>, now: DateTime) -> (Date, DateTime) {
    let day = named.unwrap_or(now.date());
    let business_day = Guideline::latvia().business_day_on(day);
    let received_at = match (named, time) {
        (_, Some(time)) => day.to_datetime(time),
        (None, None) => now,
        (Some(_), None) => business_day.at(9, 0, 0, 0),
    };
    (business_day, received_at)
}

/// The form of the result: file by file for people, as one document for programs.
enum Form {
    Text,
    Json(Vec<Value>),
    Sarif(SarifLog),
}

impl Form {
    fn of(arguments: &Arguments, terminal: &Terminal) -> Form {
        if arguments.sarif {
            Form::Sarif(SarifLog::new(terminal.language))
        } else if arguments.json {
            Form::Json(Vec::new())
        } else {
            Form::Text
        }
    }

    fn checked(&mut self, path: &Path, verdict: &Verdict, excerpts: &[Option<Excerpt>], terminal: &Terminal) {
        match self {
            Form::Text => print(path, verdict, excerpts, terminal),
            Form::Json(files) => files.push(as_json(path, verdict, excerpts)),
            Form::Sarif(log) => log.add(path, verdict, excerpts),
        }
    }

    fn unreadable(&mut self, path: &Path, failure: &Failure, terminal: &Terminal) {
        match self {
            Form::Text => terminal.failure(failure),
            Form::Json(files) => {
                files.push(json!({ "file": path.display().to_string(), "error": failure.to_string() }));
            }
            Form::Sarif(log) => log.add_unreadable(path, &failure.to_string()),
        }
    }

    fn finish(self, terminal: &Terminal) {
        match self {
            Form::Text => {}
            Form::Json(files) => terminal.json(&json!({ "files": files })),
            Form::Sarif(log) => terminal.json(&log.finish()),
        }
    }
}

type CheckResult = (Verdict, Vec<Option<Excerpt>>);

fn check_file(path: &Path, task: &Task, terminal: &Terminal) -> Result<CheckResult, Failure> {
    if path == Path::new("-") {
        return check_stdin(task).map_err(Failure::input(path));
    }
    let file = check::file(path).map_err(Failure::input(path))?;
    let length = file.metadata().map_err(Failure::input(path))?.len();
    let progress = terminal.progress(words::CHECKING, length);
    let verdict = check::document(progress.reading(file)).and_then(|mut document| check::check(&mut document, task));
    progress.clear();
    let verdict = verdict.map_err(Failure::input(path))?;
    let excerpts = if verdict.findings.is_empty() { Ok(Vec::new()) } else { excerpts(path, &verdict.findings) };
    Ok((verdict, excerpts.map_err(Failure::input(path))?))
}

fn excerpts(path: &Path, findings: &[Finding]) -> io::Result<Vec<Option<Excerpt>>> {
    check::excerpts(BufReader::new(check::document(check::file(path)?)?), findings)
}

fn check_stdin(task: &Task) -> io::Result<CheckResult> {
    let mut input = check::document(io::stdin().lock())?;
    let mut kept = Vec::new();
    input.by_ref().take(KEPT_BYTES_MAX).read_to_end(&mut kept)?;
    let verdict = check::check(&mut kept.as_slice().chain(input), task)?;
    let excerpts = check::excerpts(kept.as_slice(), &verdict.findings)?;
    Ok((verdict, excerpts))
}

fn print(path: &Path, verdict: &Verdict, excerpts: &[Option<Excerpt>], terminal: &Terminal) {
    let name = path.display();
    for (finding, excerpt) in verdict.findings.iter().zip(excerpts) {
        print_finding(&name.to_string(), finding, excerpt.as_ref(), terminal);
    }
    let listed = verdict.findings.len() as u64;
    if verdict.total > listed {
        terminal.line(format_args!("… {} {}\n", verdict.total - listed, terminal.say(words::MORE_FINDINGS)));
    }
    let mut facts: Vec<String> = verdict.message_type.iter().map(ToString::to_string).collect();
    if let Some(payments) = verdict.payments {
        facts.push(format!("{payments} {}", terminal.say(words::PAYMENTS)));
    }
    if let Some(sum) = verdict.control_sum.filter(|_| verdict.payments.is_some()) {
        facts.push(format!("{} {sum}", terminal.say(words::SUM)));
    }
    if verdict.tolerated > 0 {
        facts.push(format!("{} {}", verdict.tolerated, terminal.say(words::TOLERATED)));
    }
    let outcome = match verdict.total {
        0 => terminal.paint(Style::Good, terminal.say(words::IN_ORDER)),
        number => terminal.paint(Style::Bad, format_args!("{number} {}", terminal.say(words::FINDINGS))),
    };
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    terminal.line(format_args!("{name}: {outcome}{facts}"));
}

fn print_finding(file: &str, finding: &Finding, excerpt: Option<&Excerpt>, terminal: &Terminal) {
    let place = match (excerpt, finding.line) {
        (Some(excerpt), _) => format!("{file}:{}:{}", excerpt.line, excerpt.column),
        (None, 0) => file.to_owned(),
        (None, line) => format!("{file}:{line}:{}", finding.column),
    };
    let code = match finding.code.iso_reason() {
        Some(reason) => format!("{} {reason}", finding.code),
        None => finding.code.to_string(),
    };
    let title = finding.code.entry().title.in_language(terminal.language);
    terminal.line(format_args!(
        "{}: {} {}",
        terminal.paint(Style::Strong, place),
        terminal.paint(Style::Bad, format_args!("{code}:")),
        terminal.paint(Style::Strong, title)
    ));
    let gutter = excerpt.map_or(1, |excerpt| excerpt.line.to_string().len());
    let bar = terminal.paint(Style::Place, "|");
    if let Some(excerpt) = excerpt {
        // Blanks and the bar before the text take four columns more than the number.
        let excerpt = excerpt.fitting(terminal.width().map(|width| width.saturating_sub(gutter + 4)));
        let number = terminal.paint(Style::Place, excerpt.line);
        let (indent, length) = excerpt.mark_columns();
        let mark = terminal.paint(Style::Bad, "^".repeat(length));
        terminal.line(format_args!(" {number} {bar} {}", excerpt.text));
        terminal.line(format_args!(" {:gutter$} {bar} {:indent$}{mark}", "", ""));
    }
    let field = |name: &'static str, value: &str| {
        if value.is_empty() {
            return;
        }
        let label = format!("{name}:");
        for (at, line) in terminal.wrapped(&format!("{label} {value}"), gutter + 4).iter().enumerate() {
            let sign = if at == 0 { terminal.paint(Style::Place, "=") } else { " ".to_owned() };
            let line = match line.strip_prefix(&label).filter(|_| at == 0) {
                Some(rest) => format!("{}{rest}", terminal.paint(Style::Faint, &label)),
                None => line.clone(),
            };
            terminal.line(format_args!(" {:gutter$} {sign} {line}", ""));
        }
    };
    field(terminal.say(words::FOUND), &finding.text);
    // A text of the schema layer begins with the path.
    if !finding.text.starts_with('/') && !finding.text.starts_with(&finding.path) {
        field(terminal.say(words::PLACE), &finding.path);
    }
    field("EndToEndId", &printable::value(finding.end_to_end_id.as_deref().unwrap_or_default()));
    field(
        terminal.say(words::WHAT_TO_DO),
        &finding.code.entry().advice(terminal.language, &finding.value, &finding.expected),
    );
    terminal.line("");
}

fn as_json(path: &Path, verdict: &Verdict, excerpts: &[Option<Excerpt>]) -> Value {
    let findings: Vec<Value> = verdict
        .findings
        .iter()
        .zip(excerpts)
        .map(|(finding, excerpt)| {
            let known = |number: u64| (number > 0).then_some(number);
            json!({
                "layer": finding.layer.name(),
                "code": finding.code.id(),
                "iso_reason": finding.code.iso_reason(),
                "line": excerpt.as_ref().map(|excerpt| excerpt.line).or(known(finding.line)),
                "column": excerpt.as_ref().map(|excerpt| excerpt.column).or(known(finding.column)),
                "path": finding.path,
                "end_to_end_id": finding.end_to_end_id,
                "value": finding.value,
                "expected": finding.expected,
                "message": finding.text,
                "title": { "lv": finding.code.entry().title.lv, "en": finding.code.entry().title.en },
                "remedy": { "lv": finding.code.entry().remedy.lv, "en": finding.code.entry().remedy.en },
            })
        })
        .collect();
    json!({
        "file": path.display().to_string(),
        "message_type": verdict.message_type.map(|message| message.name()),
        "in_order": verdict.total == 0,
        "payments": verdict.payments,
        "control_sum": verdict.control_sum.map(|sum| sum.to_string()),
        "findings_total": verdict.total,
        "tolerated": verdict.tolerated,
        "findings": findings,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::sent_on;

    #[test]
    fn what_is_sent_now_meets_the_open_business_day_at_the_time_it_is() {
        let sunday = date(2026, 11, 29).at(23, 30, 0, 0);
        assert_eq!(sent_on(None, None, sunday), (date(2026, 11, 30), sunday));
        let monday = date(2026, 11, 30).at(19, 0, 0, 0);
        assert_eq!(sent_on(None, None, monday), (date(2026, 11, 30), monday));
        // A holiday before another and a weekend, over the year's end.
        let (day, _) = sent_on(None, None, date(2026, 12, 31).at(8, 0, 0, 0));
        assert_eq!(day, date(2027, 1, 4));
    }

    #[test]
    fn a_day_that_is_named_is_its_morning_whatever_time_it_is_now() {
        let late = date(2026, 11, 25).at(23, 59, 0, 0);
        assert_eq!(
            sent_on(Some(date(2026, 11, 27)), None, late),
            (date(2026, 11, 27), date(2026, 11, 27).at(9, 0, 0, 0))
        );
        assert_eq!(
            sent_on(Some(date(2026, 11, 28)), None, late),
            (date(2026, 11, 30), date(2026, 11, 30).at(9, 0, 0, 0))
        );
    }
}
