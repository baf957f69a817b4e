//! Fields of log lines without colours, byte for byte as `tracing-subscriber` writes them, with fewer calls: each request writes
//! a dozen of them, and for each the library formats styles that do nothing.

use std::error::Error;
use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing_subscriber::field::{RecordFields, VisitOutput as _};
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{DefaultVisitor, Writer};

/// The field that has no name in a line.
const MESSAGE: &str = "message";

/// Writes fields one after another.
pub(crate) struct PlainFields;

impl<'w> FormatFields<'w> for PlainFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut visitor = PlainVisitor { writer, is_empty: true, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

struct PlainVisitor<'w> {
    writer: Writer<'w>,
    is_empty: bool,
    result: fmt::Result,
}

impl PlainVisitor<'_> {
    /// Writes a field whose value needs no look.
    fn write(&mut self, field: &Field, value: impl FnOnce(&mut Writer<'_>) -> fmt::Result) {
        if self.result.is_err() {
            return;
        }
        self.result = self.name(field).and_then(|()| value(&mut self.writer));
    }

    fn name(&mut self, field: &Field) -> fmt::Result {
        if !std::mem::take(&mut self.is_empty) {
            self.writer.write_char(' ')?;
        }
        self.writer.write_str(field.name())?;
        self.writer.write_char('=')
    }

    /// Has the library write a field: it knows what a terminal must not get, and how names and errors look.
    fn by_library(&mut self, record: impl FnOnce(&mut DefaultVisitor<'_>)) {
        if self.result.is_err() {
            return;
        }
        let mut visitor = DefaultVisitor::new(self.writer.by_ref(), std::mem::take(&mut self.is_empty));
        record(&mut visitor);
        self.result = visitor.finish();
    }
}

/// Whether a text stands in quotes as it is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}

/// Whether the library takes the field for one like others.
fn is_usual(field: &Field) -> bool {
    let name = field.name();
    name != MESSAGE && !name.starts_with("r#") && !name.starts_with("log.")
}

impl Visit for PlainVisitor<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record_debug(field, &value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.record_debug(field, &value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if is_usual(field) && is_plain(value) {
            self.write(field, |writer| {
                writer.write_char('"')?;
                writer.write_str(value)?;
                writer.write_char('"')
            });
        } else {
            self.by_library(|visitor| visitor.record_str(field, value));
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.by_library(|visitor| visitor.record_error(field, value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if is_usual(field) {
            self.write(field, |writer| write!(writer, "{value:?}"));
        } else {
            self.by_library(|visitor| visitor.record_debug(field, value));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing::field::Empty;
    use tracing_subscriber::fmt::format::DefaultFields;

    use super::*;

    /// What a subscriber wrote.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log() {
        let span = tracing::info_span!("request", request_id = "r-1", online_user = Empty);
        let _entered = span.enter();
        tracing::info!(status = 200, duration_us = 17_u64, bytes_out = Some(3_u64), absent = None::<i64>, "answered");
        span.record("online_user", 4711);
        let error = io::Error::other("a disk that fails");
        tracing::warn!(%error, error_of = &error as &dyn Error, sure = true, half = 0.5, "moved\x1b[1m to {}", "a file");
        let outer = String::from_utf8(vec![0xFF]).unwrap_err();
        tracing::info!(text = "with \"quotes\", a \\ and ā\n", raw = %"with \"quotes\"", r#type = "pain.001", ?outer);
        tracing::info!("");
    }

    #[test]
    fn lines_are_those_of_the_library() {
        let lines = || {
            let written = Written::default();
            let writer = written.clone();
            let lines = tracing_subscriber::fmt().with_ansi(false).with_target(false).without_time();
            (written, lines.with_writer(move || writer.clone()))
        };
        let (ours, theirs) = (lines(), lines());
        tracing::subscriber::with_default(ours.1.fmt_fields(PlainFields).finish(), log);
        tracing::subscriber::with_default(theirs.1.fmt_fields(DefaultFields::new()).finish(), log);
        let text = |written: Written| String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let (ours, theirs) = (text(ours.0), text(theirs.0));
        assert_eq!(ours, theirs);
        assert!(ours.contains("request{request_id=\"r-1\"}: answered status=200"), "{ours}");
        assert!(ours.contains("online_user=4711") && !ours.contains('\x1b'), "{ours}");
    }
}
