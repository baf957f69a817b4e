//! The templates of letters, and how values get into them.
//!
//! A value is put in place as it is written, and never looked at again, so no value can name another. In HTML its markup is
//! escaped; in text and subjects it is one line.

use onboarding::Ending;
use rulebook::Language;

/// The first line of a text is the subject.
pub(crate) fn text(what: Ending, language: Language) -> &'static str {
    match (what, language) {
        (Ending::Certificate, Language::Latvian) => include_str!("../templates/certificate.lv.txt"),
        (Ending::Certificate, Language::English) => include_str!("../templates/certificate.en.txt"),
        (Ending::Registration, Language::Latvian) => include_str!("../templates/registration.lv.txt"),
        (Ending::Registration, Language::English) => include_str!("../templates/registration.en.txt"),
        (Ending::Authority, Language::Latvian) => include_str!("../templates/authority.lv.txt"),
        (Ending::Authority, Language::English) => include_str!("../templates/authority.en.txt"),
        (Ending::PersonCertificate, Language::Latvian) => include_str!("../templates/person.lv.txt"),
        (Ending::PersonCertificate, Language::English) => include_str!("../templates/person.en.txt"),
    }
}

pub(crate) fn html(what: Ending, language: Language) -> &'static str {
    match (what, language) {
        (Ending::Certificate, Language::Latvian) => include_str!("../templates/certificate.lv.html"),
        (Ending::Certificate, Language::English) => include_str!("../templates/certificate.en.html"),
        (Ending::Registration, Language::Latvian) => include_str!("../templates/registration.lv.html"),
        (Ending::Registration, Language::English) => include_str!("../templates/registration.en.html"),
        (Ending::Authority, Language::Latvian) => include_str!("../templates/authority.lv.html"),
        (Ending::Authority, Language::English) => include_str!("../templates/authority.en.html"),
        (Ending::PersonCertificate, Language::Latvian) => include_str!("../templates/person.lv.html"),
        (Ending::PersonCertificate, Language::English) => include_str!("../templates/person.en.html"),
    }
}

/// Both languages in one page.
pub(crate) const PAGE: &str = include_str!("../templates/page.html");

/// A template with its values. A line whose value is empty is left out.
pub(crate) fn filled(template: &str, values: &[(&str, String)]) -> String {
    let of = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    let mut text = String::with_capacity(2 * template.len());
    for line in template.lines() {
        let mut written = String::with_capacity(line.len());
        let (mut rest, mut is_left_out) = (line, false);
        while let Some((before, after)) = rest.split_once('{') {
            written += before;
            match after.split_once('}').and_then(|(name, behind)| Some((of(name)?, behind))) {
                Some((value, behind)) => {
                    is_left_out |= value.is_empty();
                    written += value;
                    rest = behind;
                }
                None => {
                    written.push('{');
                    rest = after;
                }
            }
        }
        if !is_left_out {
            text += &written;
            text += rest;
            text.push('\n');
        }
    }
    text
}

/// A value on one line: what would end it, or move what a reader sees, is a space.
pub(crate) fn one_line(value: &str) -> String {
    value.chars().map(|letter| if letter.is_control() || is_unseen(letter) { ' ' } else { letter }).collect()
}

/// Line and paragraph separators, marks that turn the direction of writing around, and a mark that nobody sees.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A value in HTML.
pub(crate) fn escaped(value: &str) -> String {
    one_line(value).chars().fold(String::new(), |mut text, letter| {
        match letter {
            '&' => text += "&amp;",
            '<' => text += "&lt;",
            '>' => text += "&gt;",
            '"' => text += "&quot;",
            '\'' => text += "&#39;",
            letter => text.push(letter),
        }
        text
    })
}
