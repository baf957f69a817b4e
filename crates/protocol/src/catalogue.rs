//! The catalogue of errors as JSON, in `/v1/errors` and in every problem.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The texts of one error in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Texts {
    /// A few words that name it.
    pub title: String,
    /// What the rule is.
    pub explanation: String,
    /// What to do about it.
    pub remedy: String,
}

/// The same in Latvian and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TextsInBothLanguages {
    /// Latvian.
    pub lv: Texts,
    /// English.
    pub en: Texts,
}

/// One error of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CatalogueEntry {
    /// The code: `TDAM-3101`.
    pub code: String,
    /// The ISO 20022 reason code that a pain.002 carries for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso_reason: Option<String>,
    /// The HTTP status, if the code can be the answer to a request; absent for codes that only a pain.002 has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// Where the rule comes from.
    pub source: String,
    /// What it says.
    pub texts: TextsInBothLanguages,
}

/// The whole catalogue, ascending by code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ErrorCatalogue {
    /// Its entries.
    pub errors: Vec<CatalogueEntry>,
}

impl TextsInBothLanguages {
    /// The texts of a catalogue entry.
    #[must_use]
    pub fn of(entry: &rulebook::Entry) -> TextsInBothLanguages {
        let texts = |language| Texts {
            title: entry.title.in_language(language).to_owned(),
            explanation: entry.explanation.in_language(language).to_owned(),
            remedy: entry.remedy.in_language(language).to_owned(),
        };
        TextsInBothLanguages { lv: texts(rulebook::Language::Latvian), en: texts(rulebook::Language::English) }
    }
}

impl CatalogueEntry {
    /// The entry as JSON shows it.
    #[must_use]
    pub fn of(entry: &rulebook::Entry) -> CatalogueEntry {
        CatalogueEntry {
            code: entry.code.id().to_owned(),
            iso_reason: entry.iso_reason.map(str::to_owned),
            http_status: crate::status_of(entry.code),
            retryable: crate::is_retryable(entry.code),
            source: entry.source.document.to_owned(),
            texts: TextsInBothLanguages::of(entry),
        }
    }
}

impl ErrorCatalogue {
    /// All of it.
    #[must_use]
    pub fn whole() -> ErrorCatalogue {
        ErrorCatalogue { errors: rulebook::catalogue::entries().map(CatalogueEntry::of).collect() }
    }
}
