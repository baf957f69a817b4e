//! Tables that fit the terminal: columns are as wide as their contents, and wordy ones wrap where necessary.

use std::fmt::Write as _;

use console::measure_text_width;

use super::Style;
use super::printable;

/// Spaces between two columns.
const GAP: usize = 2;
/// Narrowest that a wrapped column becomes.
const WRAPPED_MIN: usize = 16;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    header: &'static str,
    right: bool,
    wraps: bool,
}

impl Column {
    /// Text, never broken.
    pub(crate) const fn new(header: &'static str) -> Column {
        Column { header, right: false, wraps: false }
    }

    /// Numbers: on the right edge.
    pub(crate) const fn right(header: &'static str) -> Column {
        Column { header, right: true, wraps: false }
    }

    /// Text that may be broken into lines.
    pub(crate) const fn wrapped(header: &'static str) -> Column {
        Column { header, right: false, wraps: true }
    }
}

/// A cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell in a style.
    pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> Cell {
        // What comes from a message may hold anything: it must not move the cursor or break the row.
        Cell { text: printable::value(&text.to_string()), style }
    }
}

impl<T: std::fmt::Display> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::styled(Style::Plain, text)
    }
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Table {
        Table { columns: columns.into(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        let cells = cells.into();
        assert_eq!(cells.len(), self.columns.len(), "a row has a cell for each column");
        self.rows.push(cells);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, at most `width` wide; `None` allows any length of lines.
    pub(crate) fn render(&self, width: Option<usize>, colours: bool) -> String {
        let widths = self.widths(width);
        let mut text = String::new();
        let header: Vec<Cell> = self.columns.iter().map(|column| Cell::styled(Style::Strong, column.header)).collect();
        if header.iter().any(|cell| !cell.text.is_empty()) {
            self.render_row(&header, &widths, colours, &mut text);
        }
        for row in &self.rows {
            self.render_row(row, &widths, colours, &mut text);
        }
        text
    }

    /// As wide as the contents; if that is too wide, the wrapped columns shrink, each by its share.
    fn widths(&self, width: Option<usize>) -> Vec<usize> {
        let natural: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let cells = self.rows.iter().map(|row| measure_text_width(&row[at].text));
                cells.chain([measure_text_width(column.header)]).max().unwrap_or(0)
            })
            .collect();
        let Some(width) = width else { return natural };
        let gaps = GAP * self.columns.len().saturating_sub(1);
        let total = natural.iter().sum::<usize>() + gaps;
        if total <= width {
            return natural;
        }
        let wrapped: usize = self.wrapped(&natural).sum();
        if wrapped == 0 {
            return natural;
        }
        let room = width.saturating_sub(total - wrapped);
        let share = |own: usize| (own * room / wrapped).max(WRAPPED_MIN).min(own);
        self.columns.iter().zip(natural).map(|(column, own)| if column.wraps { share(own) } else { own }).collect()
    }

    fn wrapped<'a>(&'a self, natural: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        self.columns.iter().zip(natural).filter(|(column, _)| column.wraps).map(|(_, own)| *own)
    }

    fn render_row(&self, row: &[Cell], widths: &[usize], colours: bool, text: &mut String) {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(widths)
            .zip(&self.columns)
            .map(
                |((cell, width), column)| if column.wraps { wrap(&cell.text, *width) } else { vec![cell.text.clone()] },
            )
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        for line in 0..height {
            let mut rendered = String::new();
            for (at, lines) in cells.iter().enumerate() {
                let part = lines.get(line).map_or("", String::as_str);
                let padding = widths[at].saturating_sub(measure_text_width(part));
                let (before, after) = if self.columns[at].right { (padding, 0) } else { (0, padding) };
                let painted = row[at].style.paint(colours && !part.is_empty(), part);
                let _ = write!(rendered, "{:before$}{painted}{:after$}{:GAP$}", "", "", "");
            }
            text.push_str(rendered.trim_end());
            text.push('\n');
        }
    }
}

/// Breaks a text at blanks into lines of at most `width`; a word that is longer than that is broken inside.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let room = width.saturating_sub(measure_text_width(&line) + usize::from(!line.is_empty()));
        if !line.is_empty() && measure_text_width(word) > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for letter in word.chars() {
            if measure_text_width(&line) >= width.max(1) {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new([Column::right("Line"), Column::new("Code"), Column::wrapped("Reason")]);
        table.row(["7".into(), "AC03".into(), "The check digits of the creditor's IBAN are wrong.".into()]);
        table.row(["1204".into(), "BE04".into(), "Pārāk garš vārds.".into()]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_their_contents() {
        assert_eq!(
            sample().render(None, false),
            "Line  Code  Reason\n   \
                7  AC03  The check digits of the creditor's IBAN are wrong.\n\
             1204  BE04  Pārāk garš vārds.\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 30..80 {
            let text = sample().render(Some(width), false);
            for line in text.lines() {
                assert!(measure_text_width(line) <= width, "{width}: {line:?}");
            }
        }
    }

    #[test]
    fn a_message_cannot_move_the_cursor() {
        let mut table = Table::new([Column::new("")]);
        table.row(["a\u{1b}[2Jb\nc".into()]);
        assert_eq!(table.render(None, true), "a[U+001B][2Jb c\n");
    }

    #[test]
    fn a_long_word_is_broken() {
        assert_eq!(wrap("LV07TREL5180453053000 x", 10), ["LV07TREL51", "8045305300", "0 x"]);
    }
}
