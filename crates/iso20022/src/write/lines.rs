//! Text in lines of the length that reasons allow.

use super::{Limits, cut};

/// A text in lines of at most 105 characters, broken at blanks where there are any.
pub(super) struct Lines<'a>(&'a str);

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Lines<'a> {
        Lines(text)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0;
        if rest.is_empty() {
            return None;
        }
        let head = cut(rest, Limits::REASON_LINE);
        if head.len() == rest.len() {
            self.0 = "";
            return Some(rest);
        }
        // A blank at the very beginning would make an empty line.
        let at = head.rfind(' ').filter(|at| *at > 0);
        let (line, next) = match at {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => rest.split_at(head.len()),
        };
        self.0 = next;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_long_text_is_broken_at_blanks_and_loses_nothing_else() {
        let text = "konta atlikums nav pietiekams ".repeat(9);
        let lines: Vec<&str> = Lines::of(&text).collect();
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 105 && !line.is_empty()));
        assert_eq!(lines.join(" "), text);
        let unbroken = "ā".repeat(250);
        assert_eq!(Lines::of(&unbroken).map(|line| line.chars().count()).collect::<Vec<_>>(), [105, 105, 40]);
    }
}
