//! Progress of long work on standard error, only on a terminal.

use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rulebook::catalogue::Text;

use super::Terminal;

/// Below this length nothing is shown: it is over before it can be read.
const SHOWN_FROM: u64 = 256 << 10;
/// How often the bar moves without news.
const TICK: Duration = Duration::from_millis(100);

impl Terminal {
    /// A progress bar for `length` units of `what`; silent when standard error is no terminal.
    pub(crate) fn progress(&self, what: Text, length: u64) -> Progress {
        Progress::new(self.err_is_terminal && !self.json, self.say(what), length)
    }
}

/// A progress bar, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    fn new(shown: bool, what: &'static str, length: u64) -> Progress {
        if !shown || length < SHOWN_FROM {
            return Progress(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        bar.set_style(style());
        bar.set_message(what);
        bar.enable_steady_tick(TICK);
        Progress(bar)
    }

    /// This much is done.
    pub(crate) fn at(&self, done: u64) {
        self.0.set_position(done);
    }

    /// What happens now, when it is no longer what it was.
    pub(crate) fn now(&self, what: &'static str) {
        self.0.set_message(what);
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }

    /// A reader that moves the bar.
    pub(crate) fn reading<R: Read>(&self, input: R) -> Reading<R> {
        Reading { input, done: 0, progress: self.clone() }
    }
}

/// A bar for one part of the work, whose length is known when it begins.
pub(crate) struct Phase<'t> {
    terminal: &'t Terminal,
    what: Text,
    bar: Option<Progress>,
}

impl Phase<'_> {
    /// Nothing is shown before the first call of [`Phase::at`].
    pub(crate) fn new(terminal: &Terminal, what: Text) -> Phase<'_> {
        Phase { terminal, what, bar: None }
    }

    /// This much of all is done.
    pub(crate) fn at(&mut self, done: u64, all: u64) {
        self.bar.get_or_insert_with(|| self.terminal.progress(self.what, all)).at(done);
    }

    /// Takes the bar away.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.clear();
        }
    }
}

fn style() -> ProgressStyle {
    const TEMPLATE: &str = "{msg:22} [{bar:30}] {bytes:>10} / {total_bytes}  {bytes_per_sec}  {eta}";
    ProgressStyle::with_template(TEMPLATE)
        .map(|style| style.progress_chars("=> "))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// See [`Progress::reading`].
#[derive(Debug)]
pub(crate) struct Reading<R> {
    input: R,
    done: u64,
    progress: Progress,
}

impl<R: Read> Read for Reading<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.done += read as u64;
        self.progress.at(self.done);
        Ok(read)
    }
}
