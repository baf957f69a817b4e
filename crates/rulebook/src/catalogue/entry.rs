//! An entry of the catalogue: the texts of one code, and how a particular message fills them.

use super::{Arguments, Code, Language, Source, Text};
use crate::characters::replacements;

/// The catalogue's entry for one code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// The ISO 20022 external status reason code that says the same in a pain.002; `NARR` goes with the text.
    /// `None` where no pain.002 carries it (the answer is then problem details).
    pub iso_reason: Option<&'static str>,
    /// A few words that name the mistake.
    pub title: Text,
    /// The rule, without reference to a particular message.
    pub explanation: Text,
    /// What was found in a particular message, with the placeholders of [`Arguments`]. A placeholder stands for a bare
    /// value (a number, a name, a date), never for a sentence: the sentence around it is in the reader's language.
    pub detail: Option<Text>,
    /// The detail with fewer values, where the detail gained some: earlier versions stored reasons without them, and a reason that
    /// was given once keeps its sentence.
    pub shorter_detail: Option<Text>,
    /// What to do about it.
    pub remedy: Text,
    /// Where the rule comes from.
    pub source: Source,
}

impl Entry {
    pub(super) const fn new(code: Code, iso_reason: &'static str, source: Source) -> Entry {
        const NONE: Text = Text { lv: "", en: "" };
        let iso_reason = if iso_reason.is_empty() { None } else { Some(iso_reason) };
        Entry {
            code,
            iso_reason,
            title: NONE,
            explanation: NONE,
            detail: None,
            shorter_detail: None,
            remedy: NONE,
            source,
        }
    }

    pub(super) const fn title(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { title: Text { lv, en }, ..self }
    }

    pub(super) const fn explanation(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { explanation: Text { lv, en }, ..self }
    }

    pub(super) const fn detail(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { detail: Some(Text { lv, en }), ..self }
    }

    pub(super) const fn shorter_detail(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { shorter_detail: Some(Text { lv, en }), ..self }
    }

    pub(super) const fn remedy(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { remedy: Text { lv, en }, ..self }
    }

    /// What is wrong in a particular message: the detail with its placeholders filled, the shorter detail when the detail lacks a
    /// value, or the general explanation when neither can be filled.
    #[must_use]
    pub fn text(&self, language: Language, arguments: &Arguments<'_>) -> String {
        let filled = self.details().find_map(|detail| arguments.fill(detail.in_language(language)));
        filled.unwrap_or_else(|| self.explanation.in_language(language).to_owned())
    }

    fn details(&self) -> impl Iterator<Item = Text> {
        [self.detail, self.shorter_detail].into_iter().flatten()
    }

    /// The values that stand in an English text that [`Entry::text`] made; `None` where it has none, or where other values make the
    /// same text.
    #[must_use]
    pub fn values_in<'t>(&self, english: &'t str) -> Option<Arguments<'t>> {
        // An explanation can look like a detail.
        if english == self.explanation.en {
            return None;
        }
        let mut readings = self.details().filter_map(|detail| Arguments::read(detail.en, english));
        let read = readings.next()?;
        readings.next().is_none().then_some(read)
    }

    /// What to do about it in a particular message: the remedy, with the `MsgId` to ask for where it is known, and for
    /// a rule about characters, their replacements. `value` and `expected` are those of the finding.
    #[must_use]
    pub fn advice(&self, language: Language, value: &str, expected: &str) -> String {
        let remedy = self.remedy.in_language(language);
        match self.code {
            Code::CharacterNotAllowed => match replacements(expected) {
                replacements if replacements.is_empty() => remedy.to_owned(),
                replacements => format!("{remedy} {replacements}"),
            },
            Code::MessageIdUsed | Code::MessageOfAnotherUser if !value.is_empty() => {
                remedy.replace("msg_id=…", &format!("msg_id={}", percent_encoded(value)))
            }
            _ => remedy.to_owned(),
        }
    }
}

/// A value as it stands in the query of an address.
fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
