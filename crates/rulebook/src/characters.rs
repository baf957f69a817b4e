//! Which characters texts and identifiers may have.
//!
//! SEPA banks exchange a basic Latin set; within the country its own letters are allowed besides. Most texts are
//! plain ASCII, so they are decided by one look at a table for each byte.

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

/// The regular expression (XML Schema's) of texts that have only basic characters and `letters`.
#[must_use]
pub fn text_pattern(letters: &str) -> String {
    format!("[{}{letters}]*", class(BASIC_MARKS))
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
