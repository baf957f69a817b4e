//! Base64, as XML Schema 1.0 writes it after collapsing white space.

/// Number of bytes that a text in base64 stands for; `None` if it is not base64.
pub(super) fn base64_length(text: &str) -> Option<u64> {
    let mut digits = 0u64;
    let mut padding = 0u64;
    let mut last = 0u8;
    let mut after_blank = true;
    for b in text.bytes() {
        if b == b' ' {
            if after_blank {
                return None;
            }
            after_blank = true;
            continue;
        }
        after_blank = false;
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        digits += 1;
        last = value;
    }
    // The bits that padding leaves unused must be zero.
    let complete = match padding {
        0 => digits.is_multiple_of(4),
        1 => digits % 4 == 3 && last & 0b11 == 0,
        2 => digits % 4 == 2 && last & 0b1111 == 0,
        _ => false,
    };
    complete.then_some(digits * 3 / 4)
}

#[cfg(test)]
mod tests {
    use super::base64_length;

    #[test]
    fn lengths() {
        for (text, length) in [("", 0), ("TQ==", 1), ("TWE=", 2), ("TWFu", 3), ("T W F u", 3)] {
            assert_eq!(base64_length(text), Some(length), "{text}");
        }
        for text in ["T", "TQ", "TQ=", "TR==", "TWF=", "TQ==TQ==", "TWF$", "===="] {
            assert_eq!(base64_length(text), None, "{text}");
        }
    }
}
