//! Names, by the productions of XML 1.0 (5th edition) and Namespaces in XML 1.0.

const START: u8 = 1;
const PART: u8 = 2;

/// What an ASCII byte may be in a name. The colon is no part here: prefixes are split where names are scanned.
static ASCII: [u8; 128] = {
    let mut table = [0u8; 128];
    let mut b = 0;
    while b < 128 {
        let c = b as u8;
        if c.is_ascii_alphabetic() || c == b'_' {
            table[b] = START | PART;
        } else if c.is_ascii_digit() || c == b'-' || c == b'.' {
            table[b] = PART;
        }
        b += 1;
    }
    table
};

/// `NameStartChar` without the colon.
pub(crate) fn is_name_start(c: char) -> bool {
    if c.is_ascii() {
        return ASCII[c as usize] & START != 0;
    }
    matches!(c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon.
pub(crate) fn is_name_part(c: char) -> bool {
    if c.is_ascii() {
        return ASCII[c as usize] & PART != 0;
    }
    is_name_start(c) || matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether the whole text is a name without colon.
pub(crate) fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_part)
}

/// End of the run of name characters and colons that begins at `from`; `None` if the text ends first.
#[inline]
pub(crate) fn name_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let b = *bytes.get(at)?;
        if b < 0x80 {
            if ASCII[b as usize] == 0 && b != b':' {
                return Some(at);
            }
            at += 1;
        } else {
            let c = text.get(at..)?.chars().next()?;
            if !is_name_part(c) {
                return Some(at);
            }
            at += c.len_utf8();
        }
    }
}

/// Length of the prefix of a qualified name (0: none); `None` if it is no qualified name.
#[inline]
pub(crate) fn prefix_length(name: &str) -> Option<usize> {
    let bytes = name.as_bytes();
    let first = *bytes.first()?;
    match bytes.iter().position(|&b| b == b':') {
        None => {
            let starts = if first < 0x80 {
                ASCII[first as usize] & START != 0
            } else {
                name.chars().next().is_some_and(is_name_start)
            };
            starts.then_some(0)
        }
        Some(colon) => (is_ncname(&name[..colon]) && is_ncname(&name[colon + 1..])).then_some(colon),
    }
}

/// The first 16 bytes of a name as one number: equality of short names in one comparison.
#[inline]
pub(crate) fn key(name: &[u8]) -> u128 {
    let mut bytes = [0u8; 16];
    let length = name.len().min(16);
    bytes[..length].copy_from_slice(&name[..length]);
    u128::from_le_bytes(bytes)
}

/// Names up to this length are known by their key alone.
pub(crate) const KEY_BYTES: usize = 16;

/// The bits of a key that a name of this length uses.
pub(crate) static MASKS: [u128; KEY_BYTES + 1] = {
    let mut masks = [0u128; KEY_BYTES + 1];
    let mut length = 1;
    while length <= KEY_BYTES {
        masks[length] = u128::MAX >> (8 * (KEY_BYTES - length));
        length += 1;
    }
    masks
};

/// Sixteen bytes from `at`, as a number; zero where the text is shorter.
#[inline]
pub(crate) fn load(bytes: &[u8], at: usize) -> u128 {
    match bytes.get(at..at + 16).and_then(|s| s.first_chunk::<16>()) {
        Some(chunk) => u128::from_le_bytes(*chunk),
        None => key(bytes.get(at..).unwrap_or_default()),
    }
}
