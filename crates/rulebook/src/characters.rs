//! Which characters texts and identifiers may have.
//!
//! SEPA banks exchange a basic Latin set; within the country its own letters are also allowed. Most texts are plain
//! ASCII, so they are decided by one look at a table for each byte.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The basic character set: letters, digits, blank and these marks.
const BASIC_MARKS: &[u8] = b" /-?:().,'+";

/// For each byte whether it is a character of the basic set.
const BASIC: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < BASIC_MARKS.len() {
        table[BASIC_MARKS[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a character belongs to the basic set: `a-z A-Z 0-9 / - ? : ( ) . , ' +` and the blank.
#[must_use]
pub fn is_basic(character: char) -> bool {
    u8::try_from(character).is_ok_and(is_basic_byte)
}

fn is_basic_byte(byte: u8) -> bool {
    BASIC[usize::from(byte)]
}

/// The characters of a text that are neither of the basic set nor one of `letters`, each once, in order of occurrence.
pub fn outside<'t>(text: &'t str, letters: &'t str) -> impl Iterator<Item = char> + 't {
    let others = move |&(_, character): &(usize, char)| !is_basic(character) && !letters.contains(character);
    text.char_indices()
        .filter(others)
        .filter(|&(at, character)| !text[..at].contains(character))
        .map(|(_, other)| other)
}

/// A text in NFC: a letter and its mark are one character.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Whether a character shows nothing, or only changes the one before it: marks that combine, joiners, odd blanks.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    is_combining_mark(character) || is_invisible(character)
}

/// Whether a character shows nothing, or a blank that is none: joiners, odd blanks.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{A0}' | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{2000}'..='\u{200F}'
            | '\u{2028}'..='\u{202F}' | '\u{205F}'..='\u{206F}' | '\u{3000}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Replacement of a character: basic characters that people read as the same.
#[must_use]
pub fn replacement(character: char) -> Option<String> {
    let by_hand = match character {
        '&' => "+",
        '_' | '–' | '—' | '‑' | '−' | '~' | '=' => "-",
        '"' | '`' | '´' | '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' => "'",
        ';' | '|' => ",",
        '[' | '{' | '<' => "(",
        ']' | '}' | '>' => ")",
        '\\' => "/",
        '!' => ".",
        '*' | '×' => "x",
        '@' => "(at)",
        '#' | '№' => "Nr.",
        '%' => "proc.",
        '§' => "par.",
        '€' => "EUR",
        '$' => "USD",
        '£' => "GBP",
        '…' => "...",
        '°' => " ",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'Œ' => "Oe",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'ı' => "i",
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\t' | '\n' | '\r' => " ",
        _ => "",
    };
    if !by_hand.is_empty() {
        return Some(by_hand.to_owned());
    }
    // A letter with a mark is the letter.
    let base: String = std::iter::once(character).nfkd().filter(|part| !is_combining_mark(*part)).collect();
    (!base.is_empty() && base.chars().all(is_basic) && base.chars().ne([character])).then_some(base)
}

/// A character that a reader can find again: itself, where it can be seen, and its number.
pub(crate) struct Shown(pub(crate) char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = u32::from(self.0);
        if self.0.is_control() || is_unseen(self.0) {
            return write!(f, "U+{number:04X}");
        }
        write!(f, "{} (U+{number:04X})", self.0)
    }
}

/// Replacements of the characters that a finding shows: `& → +, _ → -`; empty where there are none.
pub(crate) fn replacements(shown: &str) -> String {
    let number = |part: &str| u32::from_str_radix(part.rsplit_once("U+")?.1.trim_end_matches(')'), 16).ok();
    let replaced = |part: &str| {
        let character = char::from_u32(number(part)?)?;
        let by = match replacement(character) {
            Some(by) if by == " " => "(blank)".to_owned(),
            Some(by) => by,
            // Signs can go without loss; only the writer knows a replacement of a letter.
            None if !character.is_alphanumeric() => "\"\"".to_owned(),
            None => return None,
        };
        let seen = !character.is_control() && !is_unseen(character);
        Some(if seen { format!("{character} → {by}") } else { format!("U+{:04X} → {by}", u32::from(character)) })
    };
    let all: Vec<String> = shown.split(", ").filter_map(replaced).collect();
    if all.is_empty() { String::new() } else { format!("{}.", all.join("; ")) }
}

/// The first character of a text that is neither of the basic set nor one of `letters`.
#[must_use]
pub fn first_outside(text: &str, letters: &str) -> Option<char> {
    if text.bytes().all(is_basic_byte) {
        return None;
    }
    text.chars().find(|&character| !is_basic(character) && !letters.contains(character))
}

/// Whether the slashes of an identifier stand where they may: not first, not last, not two together.
#[must_use]
pub fn are_slashes_well_placed(identifier: &str) -> bool {
    let bytes = identifier.as_bytes();
    bytes.first() != Some(&b'/') && bytes.last() != Some(&b'/') && !bytes.windows(2).any(|pair| pair == b"//")
}

/// The regular expression (XML Schema's) of texts that have only basic characters and `letters`, or are blank.
#[must_use]
pub fn text_pattern(letters: &str) -> String {
    format!("[{}{letters}]*|\\s*", class(BASIC_MARKS))
}

/// The regular expression (XML Schema's) of identifiers: basic characters, the slashes apart and inside.
#[must_use]
pub fn identifier_pattern() -> String {
    let marks: Vec<u8> = BASIC_MARKS.iter().copied().filter(|mark| *mark != b'/').collect();
    let class = class(&marks);
    format!("[{class}]+(/[{class}]+)*")
}

/// Letters, digits and marks as the inside of a character class.
fn class(marks: &[u8]) -> String {
    let mut class = String::from("a-zA-Z0-9");
    for &mark in marks {
        if matches!(mark, b'-' | b'[' | b']' | b'\\' | b'^') {
            class.push('\\');
        }
        class.push(char::from(mark));
    }
    class
}
