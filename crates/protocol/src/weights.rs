//! Reads lists with weights, as in `Accept` and related fields (RFC 9110, 12.4.2 and 12.5), by one rule for every
//! field; and the choice of a language by it.

use rulebook::Language;

/// The weight of what has none: as good as can be.
pub const WEIGHT_MAX: u16 = 1000;

/// The items of the fields of one name, in order, with their weights in thousandths.
///
/// Several fields are one list. The reader skips an item that it cannot read, without any effect on the names in it; it
/// ignores parameters other than the weight.
pub fn weighted<'a>(fields: impl Iterator<Item = &'a str>) -> impl Iterator<Item = (&'a str, u16)> {
    fields.flat_map(|field| pieces(field, ',')).filter_map(|item| {
        let mut parts = pieces(item, ';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
        });
        Some((name, weight.unwrap_or(Some(WEIGHT_MAX))?))
    })
}

/// The language that the `Accept-Language` fields of a request prefer among those that the catalogue speaks (RFC 9110, 12.5.4); English
/// when they name none.
pub fn preferred_language<'a>(accept_language: impl Iterator<Item = &'a str>) -> Language {
    let spoken = weighted(accept_language).filter_map(|(tag, weight)| Some((tag.parse::<Language>().ok()?, weight)));
    let best = spoken.filter(|(_, weight)| *weight > 0).fold(None, |best: Option<(Language, u16)>, one| match best {
        Some(best) if best.1 >= one.1 => Some(best),
        _ => Some(one),
    });
    best.map_or(Language::English, |(language, _)| language)
}

/// The pieces of a text between separators; one within quotes separates nothing.
fn pieces(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |character| {
        let separates = character == separator && !quoted;
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        separates
    })
}

/// A weight `0.8` in thousandths; `None` when it is none. The reader accepts Java's `q=.2`, and ignores a fourth digit
/// unless without it the weight would be 0.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits = fraction.bytes().chain([b'0'; 3]).take(3);
    let parts = digits.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    let is_nothing = fraction.bytes().all(|byte| byte == b'0');
    match whole {
        "" | "0" if is_nothing => Some(0),
        "" | "0" => Some(parts.max(1)),
        "1" if is_nothing => Some(WEIGHT_MAX),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case = (&'static [&'static str], &'static [(&'static str, u16)]);

    #[test]
    fn lists_are_read_with_their_weights() {
        let cases: [Case; 9] = [
            (&[], &[]),
            (&["", " , ;q=1, "], &[]),
            (&["a, b;q=0.5", "c ; Q = 0.25"], &[("a", 1000), ("b", 500), ("c", 250)]),
            (&["a;level=1;q=0.3"], &[("a", 300)]),
            (&["a;q=0, b;q=0.000, c;q=1.000, d;q=0.0004"], &[("a", 0), ("b", 0), ("c", 1000), ("d", 1)]),
            (&["*; q=.2, */*; q=.2"], &[("*", 200), ("*/*", 200)]),
            (&["a;q=nonsense, b;q=1.5, c;q=-1, d;q=, e;q=., f;q=0x1, g"], &[("g", 1000)]),
            (&["a;x=\"1,2;q=0\";q=0.9, b"], &[("a", 900), ("b", 1000)]),
            (&["a;x=\"\\\",b\", c"], &[("a", 1000), ("c", 1000)]),
        ];
        for (fields, expected) in cases {
            let read: Vec<_> = weighted(fields.iter().copied()).collect();
            assert_eq!(read, expected, "{fields:?}");
        }
    }

    #[test]
    fn the_language_is_negotiated() {
        let cases: [(&[&'static str], Language); 9] = [
            (&[], Language::English),
            (&["lv"], Language::Latvian),
            (&["lv-LV,lv;q=0.9,en;q=0.8"], Language::Latvian),
            (&["en-GB, lv;q=0.5"], Language::English),
            (&["de", "lv;q=0.3"], Language::Latvian),
            (&["en; Q=.4, lv;q=0.5"], Language::Latvian),
            (&["lv;q=0, de"], Language::English),
            (&["lv;q=much, en;q=0.1"], Language::English),
            (&["*"], Language::English),
        ];
        for (accept, expected) in cases {
            assert_eq!(preferred_language(accept.iter().copied()), expected, "{accept:?}");
        }
    }
}
