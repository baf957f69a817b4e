//! `[support]`: where a client's staff find help. The service shows these values to everyone, so it checks their form.

use protocol::SupportContact;
use rulebook::Language;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// Longest of each, in characters: it stands in one line on a terminal.
const CHARS_MAX: usize = 200;

/// `[support]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Support {
    #[serde(deserialize_with = "line")]
    pub name_lv: String,
    #[serde(deserialize_with = "line")]
    pub name_en: String,
    #[serde(deserialize_with = "email")]
    pub email: String,
    #[serde(deserialize_with = "phone")]
    pub phone: String,
    #[serde(deserialize_with = "page")]
    pub page: String,
}

impl Support {
    /// As it is shown in a language. A name that was given in one language only stands for both.
    #[must_use]
    pub fn contact(&self, language: Language) -> SupportContact {
        let (own, other) = match language {
            Language::Latvian => (&self.name_lv, &self.name_en),
            Language::English => (&self.name_en, &self.name_lv),
        };
        SupportContact {
            name: if own.is_empty() { other.clone() } else { own.clone() },
            email: self.email.clone(),
            phone: self.phone.clone(),
            page: self.page.clone(),
        }
    }

    /// In one line for readers of either language; empty when nothing is known.
    #[must_use]
    pub fn in_both_languages(&self) -> String {
        let mut contact = self.contact(Language::Latvian);
        let english = self.contact(Language::English).name;
        if contact.name != english {
            contact.name = format!("{} / {english}", contact.name);
        }
        contact.to_string()
    }
}

fn line<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    held(from, |_| true, "a line of text")
}

fn email<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let is_email = |text: &str| {
        let parts = text.split_once('@');
        parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'))
            && !text.contains(char::is_whitespace)
    };
    held(from, is_email, "an e-mail address such as help@example.org")
}

fn phone<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let is_phone = |text: &str| {
        text.chars().any(|character| character.is_ascii_digit())
            && text.chars().all(|character| character.is_ascii_digit() || "+-() /.".contains(character))
    };
    held(from, is_phone, "a telephone number such as +371 67000000")
}

fn page<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let is_page = |text: &str| {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && !text.contains(char::is_whitespace)
    };
    held(from, is_page, "a page such as https://example.org/help")
}

/// A text that is empty or of a form. Nothing in it moves the cursor of a terminal.
fn held<'de, D: Deserializer<'de>>(from: D, is_form: impl Fn(&str) -> bool, form: &str) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    let is_line = text.chars().count() <= CHARS_MAX && !text.contains(char::is_control);
    if text.is_empty() || is_line && is_form(&text) {
        return Ok(text);
    }
    Err(D::Error::custom(format!("{text:?} is not {form}, of at most {CHARS_MAX} characters")))
}
