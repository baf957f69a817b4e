//! Text from outside on a terminal: it must not move the cursor, or hide or reverse the text beside it.
//!
//! All output goes through here, so that no command can forget it. Our own colours stay.

use std::fmt::Write as _;

use rulebook::characters::is_invisible;

use super::style::SEQUENCES;

/// Stands for a character that a terminal would obey instead of showing.
const REPLACEMENT: char = '\u{fffd}';

/// Whether a terminal obeys a character instead of showing it: controls (C0, C1, DEL), and what changes the direction of text
/// (Unicode Standard Annex 9).
pub(crate) fn is_obeyed(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// A value on one line: invisible characters and those that a terminal would obey by their numbers, as in the texts of
/// the exchange.
pub(crate) fn value(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' => shown.push(' '),
            unseen if is_obeyed(unseen) || is_invisible(unseen) => {
                // Writing to a String cannot fail.
                let _ = write!(shown, "[U+{:04X}]", u32::from(unseen));
            }
            seen => shown.push(seen),
        }
    }
    shown
}

/// Lines of output: they may be several, with tabs and our own colours.
pub(crate) fn lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(sequence) = SEQUENCES.iter().find(|sequence| rest.starts_with(**sequence)) {
            shown.push_str(sequence);
            rest = &rest[sequence.len()..];
            continue;
        }
        shown.push(if is_obeyed(letter) && !matches!(letter, '\n' | '\t') { REPLACEMENT } else { letter });
        rest = &rest[letter.len_utf8()..];
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_as_something_else() {
        for hostile in
            ["\u{9b}31m", "\u{1b}]0;title\u{7}", "\u{1b}[2J", "a\rb", "\u{202e}gpj.exe", "\u{2067}x", "a\u{8}b"]
        {
            let shown = lines(hostile);
            assert!(!shown.chars().any(is_obeyed), "{hostile:?}: {shown:?}");
            assert!(shown.contains(REPLACEMENT));
        }
        assert_eq!(value("one\nother\u{9b}31m"), "one other[U+009B]31m");
        assert_eq!(value("no\u{200b}thing\u{a0}seen, a\u{304}"), "no[U+200B]thing[U+00A0]seen, a\u{304}");
    }

    #[test]
    fn our_own_lines_and_colours_stay() {
        let text = "\u{1b}[1mBold\u{1b}[0m\n\tāčē €";
        assert_eq!(lines(text), text);
    }
}
