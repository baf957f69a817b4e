//! A testee as a process: steps go in, answers come out, in whatever order.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use crate::attack::failed::Failed;

/// How long an answer may take before the testee counts as hung. Far beyond what any step needs.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(300);
/// The same in the long form, whose loads are long.
const LONG_ANSWER_TIME_MAX: Duration = Duration::from_secs(3600);
/// How long a testee may take to end.
const END_TIME_MAX: Duration = Duration::from_secs(30);
/// Lines of its log that a failure shows.
const LOG_LINES_SHOWN: usize = 5;

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// A running testee; killed when dropped.
pub(super) struct Testee {
    process: Child,
    input: Option<ChildStdin>,
    waiting: Waiting,
    next: u64,
    log: PathBuf,
    answer_time_max: Duration,
}

/// An answer that is on its way.
pub(super) struct Pending {
    answer: oneshot::Receiver<Value>,
    time_max: Duration,
}

impl Testee {
    /// Starts one and says hello.
    pub(super) async fn start(
        command: &[String],
        environment: &BTreeMap<String, String>,
        log: &Path,
        is_long: bool,
    ) -> Result<Testee, Failed> {
        let (program, arguments) = command.split_first().ok_or("there is no command")?;
        let mut process = Command::new(program)
            .args(arguments)
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(log)?)
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let input = process.stdin.take();
        let output = process.stdout.take().ok_or("the testee has no output")?;
        let waiting = Waiting::default();
        let answers = Arc::clone(&waiting);
        let unread = log.to_owned();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let answer: Option<(u64, Value)> = serde_json::from_str::<Value>(&line)
                    .ok()
                    .and_then(|answer| Some((answer.get("id")?.as_u64()?, answer)));
                let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                match answer.and_then(|(id, answer)| Some((answers.remove(&id)?, answer))) {
                    Some((waits, answer)) => drop(waits.send(answer)),
                    None => note(&unread, &format!("the testee wrote what is no answer to a step: {line}")),
                }
            }
            // Nobody answers any more: those who wait hear of it.
            answers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        });
        let answer_time_max = if is_long { LONG_ANSWER_TIME_MAX } else { ANSWER_TIME_MAX };
        let mut testee = Testee { process, input, waiting, next: 1, log: log.to_owned(), answer_time_max };
        let hello =
            testee.send(&Map::from_iter([("do".to_owned(), json!("hello")), ("protocol".to_owned(), json!(1))]))?;
        let answer = hello.answer().await?;
        if answer.pointer("/ok/protocol") != Some(&json!(1)) {
            return Err(format!("the testee does not speak this protocol: {answer}").into());
        }
        Ok(testee)
    }

    pub(super) fn send(&mut self, step: &Map<String, Value>) -> Result<Pending, Failed> {
        let id = self.next;
        self.next += 1;
        let mut numbered = step.clone();
        numbered.insert("id".to_owned(), json!(id));
        let (sender, answer) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, sender);
        let line = format!("{}\n", Value::Object(numbered));
        let input = self.input.as_mut().ok_or("the testee has no input")?;
        input
            .write_all(line.as_bytes())
            .and_then(|()| input.flush())
            .map_err(|error| format!("the testee ended: {error}"))?;
        Ok(Pending { answer, time_max: self.answer_time_max })
    }

    /// Ends its input, and waits for its end.
    pub(super) fn end(&mut self) -> Result<(), Failed> {
        self.input = None;
        let until = Instant::now() + END_TIME_MAX;
        loop {
            match self.process.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the testee ended with {status}").into()),
                None if Instant::now() > until => return Err("the testee does not end when its input ends".into()),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// What it said last on standard error.
    pub(super) fn last_lines(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        lines.get(lines.len().saturating_sub(LOG_LINES_SHOWN)..).unwrap_or_default().join(" | ")
    }
}

impl Pending {
    pub(super) async fn answer(self) -> Result<Value, Failed> {
        match tokio::time::timeout(self.time_max, self.answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err("the testee ended before it answered".into()),
            Err(_) => Err(format!("no answer within {} s", self.time_max.as_secs()).into()),
        }
    }
}

impl Drop for Testee {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn note(log: &Path, line: &str) {
    if let Ok(mut file) = File::options().create(true).append(true).open(log) {
        let _ = writeln!(file, "{line}");
    }
}
