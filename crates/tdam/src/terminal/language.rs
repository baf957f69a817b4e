//! The language of the output.

use rulebook::Language;

/// The language of texts, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LanguageChoice {
    /// Latvian.
    Lv,
    /// English.
    En,
}

impl LanguageChoice {
    /// By the first of LC_ALL, LC_MESSAGES and LANG that is set; Latvian for `lv…`, otherwise English.
    pub(crate) fn of_environment() -> LanguageChoice {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty());
        match locale {
            Some(locale) if locale.starts_with("lv") => LanguageChoice::Lv,
            _ => LanguageChoice::En,
        }
    }
}

impl From<LanguageChoice> for Language {
    fn from(choice: LanguageChoice) -> Language {
        match choice {
            LanguageChoice::Lv => Language::Latvian,
            LanguageChoice::En => Language::English,
        }
    }
}
