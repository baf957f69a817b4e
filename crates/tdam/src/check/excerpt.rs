//! Cuts the lines of findings out of the document in one more pass, with the place to underline.
//!
//! A message may be one line of gigabytes, so this module takes only a window around the place. A finding of the
//! guideline has the beginning of the payment and a path below it; this module searches the element in the text behind
//! that beginning, and uses the payment's own place if it does not find it.

use std::io::{self, BufRead};

use super::{Finding, Layer};
use crate::terminal::printable;

/// Characters shown before the place.
const BEFORE_CHARS: u64 = 36;
/// Characters shown from the place on.
const AFTER_CHARS: u64 = 84;
/// Bytes of a payment in which the module searches the element of a finding.
const SEARCHED_BYTES_MAX: usize = 16 << 10;

/// A piece of a line with the part that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    /// Line, from 1.
    pub(crate) line: u64,
    /// Column of the marked part, in characters from 1.
    pub(crate) column: u64,
    /// The piece of the line; tabs are blanks.
    pub(crate) text: String,
    /// Characters of `text` before the marked part.
    pub(crate) mark_start: usize,
    /// Characters marked, at least one.
    pub(crate) mark_length: usize,
}

impl Excerpt {
    /// Columns of a terminal before the mark and under it: a letter written as base and accent takes one.
    pub(crate) fn mark_columns(&self) -> (usize, usize) {
        let before: String = self.text.chars().take(self.mark_start).collect();
        let marked: String = self.text.chars().skip(self.mark_start).take(self.mark_length).collect();
        (console::measure_text_width(&before), console::measure_text_width(&marked).max(1))
    }

    /// The same in at most `width` columns, the marked part in view.
    pub(crate) fn fitting(&self, width: Option<usize>) -> Excerpt {
        let length = self.text.chars().count();
        let Some(width) = width.filter(|width| length > *width) else { return self.clone() };
        // What comes before the mark gives way first.
        let cut = (length - width).min(self.mark_start);
        let text: String = self.text.chars().skip(cut).take(width).collect();
        let mark_start = self.mark_start - cut;
        let mark_length = self.mark_length.min(width.saturating_sub(mark_start)).max(1);
        Excerpt { text, mark_start, mark_length, ..*self }
    }
}

/// The text behind the place of a finding, as it is being collected.
struct Capture {
    finding: usize,
    line: u64,
    column: u64,
    /// Line pieces before the place are needed only for show; the last characters of the line so far.
    before: String,
    text: Vec<u8>,
}

/// An excerpt for each finding, in their order; `None` for one without a place, or whose place the document does not have.
///
/// # Errors
/// When the document cannot be read.
pub(crate) fn excerpts(document: impl BufRead, findings: &[Finding]) -> io::Result<Vec<Option<Excerpt>>> {
    let mut wanted: Vec<usize> = (0..findings.len()).filter(|at| findings[*at].line > 0).collect();
    wanted.sort_by_key(|at| (findings[*at].line, findings[*at].column));
    let mut excerpts = vec![None; findings.len()];
    for capture in captures(document, findings, &wanted)? {
        let finding = &findings[capture.finding];
        excerpts[capture.finding] = Some(capture.excerpt(finding));
    }
    Ok(excerpts)
}

fn captures(mut document: impl BufRead, findings: &[Finding], wanted: &[usize]) -> io::Result<Vec<Capture>> {
    let mut done = Vec::new();
    let mut open: Vec<Capture> = Vec::new();
    let mut waiting = wanted.iter().copied().peekable();
    let (mut line, mut column) = (1_u64, 0_u64);
    let mut after_return = false;
    let mut recent: Vec<u8> = Vec::new();
    let mut first = true;
    while waiting.peek().is_some() || !open.is_empty() {
        let chunk = document.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        // A byte order mark is no character of the first line.
        let skipped = if first && chunk.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        first = false;
        for &byte in &chunk[skipped..] {
            let ends_line = byte == b'\r' || (byte == b'\n' && !after_return);
            if byte & 0xC0 != 0x80 {
                column += 1;
            }
            while let Some(&at) = waiting.peek() {
                let place = (findings[at].line, findings[at].column.max(1));
                if place > (line, column) {
                    break;
                }
                waiting.next();
                let before = String::from_utf8_lossy(&recent).into_owned();
                open.push(Capture { finding: at, line, column, before, text: Vec::new() });
            }
            for capture in &mut open {
                capture.text.push(byte);
            }
            if ends_line {
                line += 1;
            }
            if ends_line || byte == b'\n' {
                column = 0;
                recent.clear();
            } else {
                if recent.len() >= 4 * BEFORE_CHARS as usize * 2 {
                    recent.drain(..4 * BEFORE_CHARS as usize);
                }
                recent.push(byte);
            }
            after_return = byte == b'\r';
        }
        let read = chunk.len();
        document.consume(read);
        let (full, rest) = open.into_iter().partition(|capture| capture.is_full(&findings[capture.finding]));
        done.extend::<Vec<Capture>>(full);
        open = rest;
    }
    done.extend(open);
    Ok(done)
}

impl Capture {
    fn is_full(&self, finding: &Finding) -> bool {
        let needed = if finding.layer == Layer::Guideline { SEARCHED_BYTES_MAX } else { 4 * AFTER_CHARS as usize };
        self.text.len() >= needed
    }

    fn excerpt(&self, finding: &Finding) -> Excerpt {
        let text = String::from_utf8_lossy(&self.text);
        let at = if finding.layer == Layer::Guideline { element(&text, &finding.path).unwrap_or(0) } else { 0 };
        let (head, tail) = text.split_at(at);
        let line_start = head.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let mut line = self.line;
        let mut column = self.column;
        if line_start > 0 {
            let ends = head.matches('\n').count().max(head.matches('\r').count());
            line += ends as u64;
            column = 1;
        }
        let same_line = &head[line_start..];
        column += same_line.chars().count() as u64;
        let before: String = if line_start > 0 { same_line.to_owned() } else { format!("{}{same_line}", self.before) };
        let before = last_chars(&before, BEFORE_CHARS as usize);
        let rest: String =
            tail.chars().take_while(|letter| !matches!(letter, '\n' | '\r')).take(AFTER_CHARS as usize).collect();
        let marked: String = rest.chars().take(marked(&rest)).collect();
        let mark_length = printable::value(&marked).chars().count();
        let (before, rest) = (printable::value(&before), printable::value(&rest));
        let shown = format!("{before}{rest}");
        let indentation = shown.chars().take_while(|letter| *letter == ' ').count().min(before.chars().count());
        Excerpt {
            line,
            column,
            mark_start: before.chars().count() - indentation,
            text: shown.chars().skip(indentation).collect(),
            mark_length: mark_length.max(1),
        }
    }
}

/// Where the element at the end of a path begins, in a text that begins with the path's first element.
fn element(text: &str, path: &str) -> Option<usize> {
    let mut at = 0;
    for name in path.split('/') {
        at += start_tag(&text[at..], name)?;
    }
    Some(at)
}

/// Where the first start tag with this local name begins.
fn start_tag(text: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text[from..].find('<')?;
        let tag = &text[at + 1..];
        let end = tag.find(|letter: char| letter == '>' || letter == '/' || letter.is_ascii_whitespace())?;
        let qualified = &tag[..end];
        if qualified.rsplit(':').next() == Some(name) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// How much to underline: a tag with its value up to the next tag, else one character.
fn marked(rest: &str) -> usize {
    if !rest.starts_with('<') {
        return 1;
    }
    let value_end = rest[1..].find('<').map_or(rest.len(), |at| at + 1);
    rest[..value_end].trim_end().chars().count().max(1)
}

fn last_chars(text: &str, count: usize) -> String {
    let skipped = text.chars().count().saturating_sub(count);
    text.chars().skip(skipped).collect()
}
