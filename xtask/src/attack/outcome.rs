//! An attack, its bounds and its effects: the lines of the table.

use std::time::Duration;

use super::failed::Failed;
use super::known::KNOWN;
use super::server::{Installation, Server, Start};
use super::victim::Watched;

/// The most memory that the server may take under any attack, in MiB.
pub(super) const MEMORY_MAX_MIB: f64 = 512.0;
/// Another client's payment is answered so soon at the median …
const MEDIAN_MAX: Duration = Duration::from_millis(500);
/// … and at the 99th percentile.
const TAIL_MAX: Duration = Duration::from_secs(2);
/// How soon health must show a failure, and so how soon it must answer.
const HEALTH_MAX: Duration = Duration::from_secs(5);

/// Whether a bound holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Holds,
    Broken,
    /// Broken, and known to be.
    Known(&'static str),
    /// Broken, and only printed: bounds of time in the short form, which runs on busy machines.
    Late,
    /// Not checked, because something is missing here.
    Skipped,
}

/// A bound and the measured value.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) bound: String,
    pub(super) measured: String,
    pub(super) verdict: Verdict,
}

/// One attack as it went.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) attack: String,
    /// How much of it, and how fast.
    pub(super) rate: String,
    pub(super) bounds: Vec<Bound>,
    judges_time: bool,
}

impl Outcome {
    pub(super) fn of(attack: impl Into<String>, rate: impl Into<String>, judges_time: bool) -> Outcome {
        Outcome { attack: attack.into(), rate: rate.into(), bounds: Vec::new(), judges_time }
    }

    /// Marks bounds that are known not to hold; if such a bound holds, it is a failure, so that the list shrinks.
    pub(super) fn compare_with_known(&mut self, scenario: &str) {
        for known in KNOWN.iter().filter(|known| known.scenario == scenario) {
            let mut is_broken = false;
            for bound in &mut self.bounds {
                if bound.verdict == Verdict::Broken && bound.bound.starts_with(known.bound) {
                    bound.verdict = Verdict::Known(known.why);
                    is_broken = true;
                }
            }
            if !is_broken {
                let bound = format!("known not to hold: {}", known.bound);
                self.bound(bound, "it holds: strike it from xtask/src/attack/known.rs", false);
            }
        }
    }

    /// Adds a bound.
    pub(super) fn bound(&mut self, bound: impl Into<String>, measured: impl Into<String>, holds: bool) {
        let verdict = if holds { Verdict::Holds } else { Verdict::Broken };
        self.bounds.push(Bound { bound: bound.into(), measured: measured.into(), verdict });
    }

    /// A bound that cannot be checked here.
    pub(super) fn skipped(&mut self, bound: impl Into<String>, why: impl Into<String>) {
        self.bounds.push(Bound { bound: bound.into(), measured: why.into(), verdict: Verdict::Skipped });
    }

    /// The bounds that fail the command: broken ones, and in a complete run those that could not be checked.
    pub(super) fn failures(&self, is_complete: bool) -> impl Iterator<Item = &Bound> {
        let fails = move |verdict| verdict == Verdict::Broken || (is_complete && verdict == Verdict::Skipped);
        self.bounds.iter().filter(move |bound| fails(bound.verdict))
    }

    /// The process lives and has not taken more memory than it may.
    pub(super) fn process(&mut self, server: &mut Server) {
        let peak = server.peak_mib();
        let ended = server.ended().ok().flatten();
        self.bound("the process lives", ended.map_or("lives".to_owned(), |how| how.to_string()), ended.is_none());
        match peak {
            Some(peak) => {
                self.bound(
                    format!("VmHWM ≤ {MEMORY_MAX_MIB:.0} MiB"),
                    format!("{peak:.0} MiB"),
                    peak <= MEMORY_MAX_MIB,
                );
            }
            None if ended.is_some() => {}
            None => self.skipped(format!("VmHWM ≤ {MEMORY_MAX_MIB:.0} MiB"), "the system does not say"),
        }
    }

    /// The victim was served, and soon.
    pub(super) fn victim(&mut self, watched: &Watched) {
        let missed = watched.missed();
        let first = missed.first().map(|why| format!(": {why}")).unwrap_or_default();
        let measured = format!("{} answered, {} not{first}", watched.answered(), missed.len());
        self.bound(
            "another client's payments are answered meanwhile",
            measured,
            missed.is_empty() && watched.answered() > 0,
        );
        for (name, percent, max) in [("median", 50, MEDIAN_MAX), ("99th percentile", 99, TAIL_MAX)] {
            let time = watched.percentile(percent);
            let verdict = match (time <= max, self.judges_time) {
                (true, _) => Verdict::Holds,
                (false, true) => Verdict::Broken,
                (false, false) => Verdict::Late,
            };
            let slowest = watched.percentile(100).as_millis();
            let measured = format!("{} ms, slowest {slowest} ms", time.as_millis());
            let bound = format!("… within {} ms ({name})", max.as_millis());
            self.bounds.push(Bound { bound, measured, verdict });
        }
    }

    /// Monitoring heard that all was well.
    pub(super) fn healthy(&mut self, watched: &Watched) {
        let wrong = watched.health.iter().find(|(status, ..)| *status != 200);
        let slowest = watched.health.iter().map(|(.., took)| *took).max().unwrap_or_default();
        let measured = match wrong {
            None => format!("{} times, slowest {} ms", watched.health.len(), slowest.as_millis()),
            Some((status, text, _)) => format!("{status} {text}"),
        };
        let holds = wrong.is_none() && !watched.health.is_empty() && slowest <= HEALTH_MAX;
        self.bound(format!("health says ok, within {} s", HEALTH_MAX.as_secs()), measured, holds);
    }

    /// The server repeats its answers; then the scenario stops and starts it, and asks once more.
    pub(super) fn nothing_lost(
        &mut self,
        installation: &Installation,
        server: Server,
        watched: &Watched,
    ) -> Result<Server, Failed> {
        self.repeated("answers are the same when asked again", installation, watched);
        server.stop()?;
        let restarted = installation.serve(&Start::default());
        self.bound(
            "it starts again",
            restarted.as_ref().map_or_else(ToString::to_string, |_| "starts".to_owned()),
            restarted.is_ok(),
        );
        if restarted.is_ok() {
            self.repeated("answers are the same after a restart", installation, watched);
        }
        restarted
    }

    pub(super) fn repeated(&mut self, bound: &str, installation: &Installation, watched: &Watched) {
        match watched.repeated(installation) {
            Ok((same, others)) => {
                let first = others.first().map(|other| format!(", {other}")).unwrap_or_default();
                self.bound(bound, format!("{same} of {}{first}", same + others.len()), others.is_empty());
            }
            Err(error) => self.bound(bound, error.to_string(), false),
        }
    }
}
