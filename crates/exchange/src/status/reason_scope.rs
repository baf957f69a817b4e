//! Which payments a block's reason speaks of, as answers say it in both languages, and as it is read back from an English one.

use rulebook::catalogue::Language;
use serde::{Deserialize, Serialize};

/// The payments that a block's reason speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReasonScope {
    /// So many beside those that are named.
    More(u32),
    /// So many, from one number of the file to another, both from 1.
    Range(u32, u64, u64),
}

impl ReasonScope {
    /// Which payments, in brackets behind the reason; of a range also what was `left` of the funds or the limit, if that is known.
    pub(super) fn said(self, left: &str, language: Language) -> String {
        match (self, language) {
            (ReasonScope::More(count), Language::English) => format!("({count} more {})", payments_en(count)),
            (ReasonScope::More(count), Language::Latvian) => format!("(vēl {count} {})", payments_lv(count)),
            (ReasonScope::Range(count, first, last), Language::English) => {
                let left = if left.is_empty() { String::new() } else { format!("; {left} left") };
                format!("({count} {}, from number {first} to {last} of the file{left})", payments_en(count))
            }
            (ReasonScope::Range(count, first, last), Language::Latvian) => {
                let left = if left.is_empty() { String::new() } else { format!("; atlicis {left}") };
                format!("({count} {}, faila {first}.–{last}.{left})", payments_lv(count))
            }
        }
    }

    /// The same read from an English sentence, with what was left.
    pub(crate) fn read(text: &str) -> Option<(ReasonScope, &str)> {
        let (_, bracket) = text.strip_suffix(')')?.rsplit_once(" (")?;
        let (count, said) = bracket.split_once(' ')?;
        let count = count.parse().ok()?;
        if said.starts_with("more payment") {
            return Some((ReasonScope::More(count), ""));
        }
        let (_, range) = said.split_once(", from number ")?;
        let (first, rest) = range.split_once(" to ")?;
        let (last, left) = rest.split_once(" of the file")?;
        let left = left.strip_prefix("; ").and_then(|left| left.strip_suffix(" left")).unwrap_or_default();
        Some((ReasonScope::Range(count, first.parse().ok()?, last.parse().ok()?), left))
    }
}

fn payments_en(count: u32) -> &'static str {
    if count == 1 { "payment" } else { "payments" }
}

/// Latvian counts 1, 21, 31 … in the singular, 11 not.
fn payments_lv(count: u32) -> &'static str {
    if count % 10 == 1 && count % 100 != 11 { "maksājums" } else { "maksājumi" }
}
