//! Text as XML 1.0 can carry it.

/// Bytes that cannot be copied as they are; 0xEF begins U+FFFE and U+FFFF, which XML forbids.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = byte != b'\t' as usize && byte != b'\n' as usize;
        byte += 1;
    }
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'&' as usize] = true;
    special[0xEF] = true;
    special
};

/// What stands for a character that XML cannot carry.
const REPLACEMENT: u8 = b'?';

/// Appends character data: what XML forbids is replaced, what it would read as markup is escaped.
#[inline]
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().any(|byte| SPECIAL[usize::from(byte)]) {
        push_with_care(out, text);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cold]
fn push_with_care(out: &mut Vec<u8>, text: &str) {
    for character in text.chars() {
        match character {
            '<' => out.extend_from_slice(b"&lt;"),
            // Also where only `]]>` would need it: one rule is easier to trust.
            '>' => out.extend_from_slice(b"&gt;"),
            '&' => out.extend_from_slice(b"&amp;"),
            // As it is, a reader would make it a line feed.
            '\r' => out.extend_from_slice(b"&#13;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push(REPLACEMENT)
            }
            other => {
                let mut utf8 = [0; 4];
                out.extend_from_slice(other.encode_utf8(&mut utf8).as_bytes());
            }
        }
    }
}

/// The text cut to a number of characters.
#[inline]
pub(crate) fn cut(text: &str, chars_max: usize) -> &str {
    // A character has at least one byte.
    if text.len() <= chars_max {
        return text;
    }
    text.char_indices().nth(chars_max).map_or(text, |(at, _)| &text[..at])
}

/// Whether the text has at most this many characters.
#[inline]
pub(crate) fn fits(text: &str, chars_max: usize) -> bool {
    cut(text, chars_max).len() == text.len()
}

#[cfg(test)]
mod tests {
    use super::{cut, push_text};

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        push_text(&mut out, text);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn markup_is_escaped_and_forbidden_characters_are_replaced() {
        assert_eq!(escaped("Rīgas <b> & ]]>"), "Rīgas &lt;b&gt; &amp; ]]&gt;");
        assert_eq!(escaped("a\u{1}b\u{fffe}c\u{fffd}\td\ne\rf"), "a?b?c\u{fffd}\td\ne&#13;f");
    }

    #[test]
    fn a_cut_counts_characters() {
        assert_eq!(cut("ēēēē", 3), "ēēē");
        assert_eq!(cut("ēēē", 3), "ēēē");
        assert_eq!(cut("", 3), "");
    }
}
