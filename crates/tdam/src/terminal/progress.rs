//! Progress of what takes long, on standard error, and only where somebody watches.

use std::io::{self, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Below this length nothing is shown: it is over before it can be read.
const SHOWN_FROM: u64 = 256 << 10;
/// How often the bar moves by itself.
const TICK: Duration = Duration::from_millis(100);

/// A progress bar, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new(shown: bool, what: &'static str, length: u64) -> Progress {
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
