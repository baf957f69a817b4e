//! The measured machine: what else it does, and what its processes need.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// Processors, and their load over the last minute.
pub(crate) fn description() -> String {
    let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{cores} cores, load average {}", load_average())
}

/// Load average of the last minute: how much others were at work.
pub(crate) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// The most memory that a process had so far, in MiB.
pub(crate) fn peak_memory_mib(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Processor time that a process took so far, user and system.
pub(super) fn processor_time(process: u32) -> Option<Duration> {
    // The 12th and 13th field behind the name.
    ticks(&process.to_string(), 11)
}

/// Processor time of all processes that this one has started and waited for.
pub(super) fn processor_time_of_children() -> Option<Duration> {
    // `cutime` and `cstime` follow the two of the process itself.
    ticks("self", 13)
}

/// The sum of two neighbouring times in `/proc/…/stat`.
fn ticks(process: &str, skip: usize) -> Option<Duration> {
    /// `sysconf(_SC_CLK_TCK)`: 100 on every Linux there is.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may hold blanks.
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(skip);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let sum = ticks()? + ticks()?;
    Some(Duration::from_millis(sum * 1000 / TICKS_PER_SECOND))
}

/// The processors that this process may use.
pub(super) fn processors() -> Vec<usize> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or_default();
    let range = |range: &str| -> Option<std::ops::RangeInclusive<usize>> {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse().ok()?..=last.parse().ok()?)
    };
    list.trim().split(',').filter_map(range).flatten().collect()
}

/// A command that stays on one processor.
pub(super) fn pinned(core: usize, program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string(), program]);
    command
}

/// Keeps a running process, with all its threads, on these processors.
pub(super) fn pin(process: u32, cores: &[usize]) -> Result<(), String> {
    let list: Vec<String> = cores.iter().map(usize::to_string).collect();
    let output = Command::new("taskset").args(["-a", "-c", "-p", &list.join(","), &process.to_string()]).output();
    let output = output.map_err(|error| format!("taskset (Debian: util-linux) is needed: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(format!("taskset: {}", String::from_utf8_lossy(&output.stderr))) }
}

/// libxml2's validator, and a schema for it.
#[derive(Debug)]
pub(super) struct Xmllint {
    schema: PathBuf,
    /// As it names itself.
    pub(super) version: String,
}

impl Xmllint {
    /// Finds the program and the official schema of a message.
    pub(super) fn find(message_type: &str) -> Result<Xmllint, String> {
        let asked = Command::new("xmllint").arg("--version").output();
        let asked = asked.map_err(|error| format!("xmllint (Debian: libxml2-utils) is needed: {error}"))?;
        let printed = String::from_utf8_lossy(&asked.stderr);
        let version = printed.lines().next().unwrap_or_default().trim_start_matches("xmllint: ").to_owned();
        let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/reference"));
        let reference = std::env::var_os("TDAM_REFERENCE").map_or_else(beside, PathBuf::from);
        let schema = reference.join("xsd").join(format!("{message_type}.xsd"));
        if !schema.is_file() {
            return Err(format!(
                "{} is needed: download it from iso20022.org, and name the folder above `xsd` in TDAM_REFERENCE",
                schema.display()
            ));
        }
        Ok(Xmllint { schema, version })
    }

    /// Validates a file as a stream.
    pub(super) fn validating(&self, file: &Path) -> Command {
        let mut command = self.parsing(file);
        command.arg("--schema").arg(&self.schema);
        command
    }

    /// Reads a file as a stream, for well-formedness only.
    pub(super) fn parsing(&self, file: &Path) -> Command {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--stream"]).arg(file);
        command
    }
}
