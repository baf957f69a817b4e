//! A letter: what it says, to whom, and how it is written.

use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::Date;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use onboarding::Ending;
use rulebook::Language;

use crate::bounds::NAME_CHARS_MAX;
use crate::templates::{self, escaped, filled, one_line};

/// Why a letter cannot be written, or a mail server not be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MailError {
    /// An address that no letter can go to.
    #[error("{0:?} is no e-mail address")]
    Address(String),
    /// The settings of the mail server contradict each other, or a certificate cannot be read.
    #[error("{0}")]
    Settings(String),
    /// The letter cannot be put together.
    #[error("the letter cannot be written: {0}")]
    Letter(String),
}

/// Whom a letter is from or to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Name; may be empty.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Names the letter for ever, also when it is sent again: so a receiver can tell a second copy. Letters, digits, `-` and `.`.
    pub id: String,
    /// Who reads it.
    pub to: Person,
    /// What ends.
    pub what: Ending,
    /// The client's name; of an operator the house's.
    pub client: String,
    /// The name of the online user or the person whose it is.
    pub holder: String,
    /// The last day.
    pub last_day: Date,
    /// Days until then.
    pub days_left: i64,
    /// The house's name in Latvian and English.
    pub house: [String; 2],
    /// Where people find help, in Latvian and English; may be empty.
    pub support: [String; 2],
    /// When it is written.
    pub at: Timestamp,
}

/// A letter that can be handed over.
#[derive(Clone, Debug)]
pub struct WrittenLetter {
    pub(crate) message: Message,
}

impl WrittenLetter {
    /// As it goes over the line.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.message.formatted()
    }
}

/// Programs that answer letters do not answer this one (RFC 3834, 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<AutoSubmitted, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(AutoSubmitted::name(), "auto-generated".to_owned())
    }
}

impl Letter {
    /// Writes it.
    ///
    /// # Errors
    /// When an address is none.
    pub fn write(&self, from: &Person) -> Result<WrittenLetter, MailError> {
        let (from, to) = (mailbox(from)?, mailbox(&self.to)?);
        let id: String = self.id.chars().filter(|one| one.is_ascii_alphanumeric() || "-.".contains(*one)).collect();
        let id = format!("<{id}@{}>", from.email.domain());
        let [latvian, english] = Language::ALL.map(|language| self.text(language));
        let subject = format!("{} / {}", latvian.0, english.0);
        let plain = format!("{}\n--------\n\n{}", latvian.1, english.1);
        let page = [
            ("subject", escaped(&subject)),
            ("latvian", self.html(Language::Latvian)),
            ("english", self.html(Language::English)),
        ];
        let html = filled(templates::PAGE, &page);
        let seconds = u64::try_from(self.at.as_second()).unwrap_or_default();
        let message = Message::builder()
            .from(from)
            .to(to)
            .subject(subject)
            .message_id(Some(id))
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(plain, html))
            .map_err(|error| MailError::Letter(error.to_string()))?;
        Ok(WrittenLetter { message })
    }

    /// Subject and text.
    fn text(&self, language: Language) -> (String, String) {
        let text = filled(templates::text(self.what, language), &self.values(language, one_line));
        let (subject, body) = text.split_once('\n').unwrap_or_default();
        (subject.to_owned(), body.trim_start().to_owned())
    }

    fn html(&self, language: Language) -> String {
        filled(templates::html(self.what, language), &self.values(language, escaped)).trim_end().to_owned()
    }

    fn values(&self, language: Language, written: fn(&str) -> String) -> [(&'static str, String); 7] {
        let [house, support] = [&self.house, &self.support].map(|of| match language {
            Language::Latvian => &of[0],
            Language::English => &of[1],
        });
        let name = |text: &str| written(&text.chars().take(NAME_CHARS_MAX).collect::<String>());
        [
            ("client", name(&self.client)),
            ("online_user", name(&self.holder)),
            ("person", name(&self.holder)),
            ("last_day", self.last_day.to_string()),
            ("days_left", self.days_left.to_string()),
            ("house", name(house)),
            ("support", written(support)),
        ]
    }
}

pub(crate) fn mailbox(person: &Person) -> Result<Mailbox, MailError> {
    let address: Address = person.email.parse().map_err(|_| MailError::Address(person.email.clone()))?;
    let name = one_line(&person.name).chars().take(NAME_CHARS_MAX).collect::<String>().trim().to_owned();
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
}
