//! Texts that match a pattern of XML Schema, as far as ISO 20022 goes: classes, groups, alternatives, counted repeats.

use tdam::generate::random::Random;

/// A text that matches. The function takes parts of the pattern beyond the forms named above literally.
pub(super) fn matching(pattern: &str, random: &mut Random) -> String {
    let mut out = String::new();
    Writer { chars: pattern.chars().collect(), at: 0 }.alternatives(&mut out, random);
    out
}

/// Of an unbounded repeat.
const REPEATS_MAX: u64 = 5;

struct Writer {
    chars: Vec<char>,
    at: usize,
}

impl Writer {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += 1;
        c
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Writes each alternative up to the end or `)`, and keeps one of them.
    fn alternatives(&mut self, out: &mut String, random: &mut Random) {
        let mut written = Vec::new();
        loop {
            let mut one = String::new();
            while self.peek().is_some_and(|c| !matches!(c, '|' | ')')) {
                self.repeated(&mut one, random);
            }
            written.push(one);
            if self.next() != Some('|') {
                break;
            }
        }
        out.push_str(&written[random.below(written.len() as u64) as usize]);
    }

    fn repeated(&mut self, out: &mut String, random: &mut Random) {
        let start = self.at;
        self.atom(&mut String::new(), random);
        let atom_end = self.at;
        let (min, max) = self.quantifier();
        let behind = self.at;
        let times = match random.below(4) {
            0 => min,
            1 => max,
            _ => min + random.below(max - min + 1),
        };
        for _ in 0..times {
            self.at = start;
            self.atom(out, random);
            debug_assert_eq!(self.at, atom_end);
        }
        self.at = behind;
    }

    fn quantifier(&mut self) -> (u64, u64) {
        match self.peek() {
            Some('?') => self.at += 1,
            Some(sign @ ('*' | '+')) => {
                self.at += 1;
                return (u64::from(sign == '+'), REPEATS_MAX);
            }
            Some('{') => {
                let inside: String = self.chars[self.at + 1..].iter().take_while(|c| **c != '}').collect();
                self.at += inside.chars().count() + 2;
                let (min, max) = inside.split_once(',').unwrap_or((&inside, &inside));
                let min = min.parse().unwrap_or(0);
                return (min, max.parse().unwrap_or(min + REPEATS_MAX));
            }
            _ => return (1, 1),
        }
        (0, 1)
    }

    fn atom(&mut self, out: &mut String, random: &mut Random) {
        match self.next() {
            Some('(') => self.alternatives(out, random),
            Some('[') => {
                let ranges = self.class();
                let (from, to) = ranges[random.below(ranges.len() as u64) as usize];
                let code = u32::from(from) + random.below(u64::from(u32::from(to) - u32::from(from)) + 1) as u32;
                out.extend(char::from_u32(code));
            }
            Some('\\') => {
                let escaped = self.next().unwrap_or('\\');
                out.push(if escaped == 'd' { '7' } else { escaped });
            }
            Some('.') => out.push('.'),
            Some(c) => out.push(c),
            None => {}
        }
    }

    fn class(&mut self) -> Vec<(char, char)> {
        let mut ranges = Vec::new();
        while let Some(c) = self.next().filter(|c| *c != ']') {
            let from = if c == '\\' { self.next().unwrap_or(c) } else { c };
            let to = match (self.peek(), self.chars.get(self.at + 1).copied()) {
                (Some('-'), Some(to)) if to != ']' && to != '\\' && to >= from => {
                    self.at += 2;
                    to
                }
                _ => from,
            };
            ranges.push((from, to));
        }
        if ranges.is_empty() { vec![(']', ']')] } else { ranges }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_pattern() {
        for pattern in [
            "[A-Z]{6,6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3,3}){0,1}",
            "\\+[0-9]{1,3}-[0-9()+\\-]{1,30}",
            "[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}",
            "(LV|EE)?x+",
        ] {
            let table = format!(
                "xsd-table 1\nnamespace urn:x\nroot R R\n\ntype R\n  V 0..n V\n\nvalue V xs:string\n  pattern {pattern}\n"
            );
            let schema = xsd::Schema::from_table(&table).expect("a schema");
            let nothing = xsd::Selection::nothing(&schema);
            for seed in 0..50 {
                let value = matching(pattern, &mut Random::of(seed, 1));
                let document = format!("<R xmlns=\"urn:x\"><V>{value}</V></R>");
                let validator = xsd::Validator::new(&schema, &nothing, document.as_bytes(), xsd::Bounds::default());
                let findings = validator.finish().expect("well-formed");
                assert!(findings.is_empty(), "{pattern}: {value}");
            }
        }
    }
}
