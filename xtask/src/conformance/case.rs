//! Cases and exceptions, as their files say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::attack::failed::Failed;

/// What a client library must do, as steps and what must come of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// Unique; also the name of its file.
    pub(super) name: String,
    /// Which requirement of `conformance/README.md` it proves.
    pub(super) requirement: String,
    /// What it is about, for people.
    pub(super) about: String,
    /// Whether it has the exchange for itself: it stops it, or changes its settings.
    #[serde(default)]
    pub(super) own_server: Option<OwnServer>,
    /// What stands between the testee and the exchange.
    #[serde(default)]
    pub(super) through: Through,
    /// Only with `--long`.
    #[serde(default)]
    pub(super) long: bool,
    /// By how many seconds the testee's clock is ahead.
    #[serde(default)]
    pub(super) clock_seconds: Option<i64>,
    /// What the testee finds in its environment.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    pub(super) steps: Vec<Step>,
}

/// An exchange of a case alone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnServer {
    /// Lines of its configuration and what stands in their place.
    #[serde(default)]
    pub(super) settings: BTreeMap<String, String>,
}

/// What `$url` leads to.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Through {
    /// The exchange.
    #[default]
    Nothing,
    /// A line that can be cut and slowed down, on the level of TCP.
    Proxy,
    /// A stub that ends TLS: it says what the exchange cannot be made to say, and passes on everything else.
    Stub,
}

/// A step of the testee (`do`) or of the suite (`suite`).
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Step(pub(super) Map<String, Value>);

/// A failure that the suite allows, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exception {
    pub(super) language: String,
    pub(super) case: String,
    pub(super) reason: String,
}

impl Step {
    pub(super) fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_str()
    }

    /// A member as a type.
    pub(super) fn parameter<T: DeserializeOwned>(&self, member: &str) -> Result<T, Failed> {
        let value = self.0.get(member).cloned().unwrap_or(Value::Null);
        serde_json::from_value(value).map_err(|error| format!("`{member}`: {error}").into())
    }
}

/// All cases of a folder, by name; those whose name contains the pattern.
pub(super) fn read(folder: &Path, pattern: Option<&str>, long: bool) -> Result<Vec<Case>, Failed> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Failed>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let case: Case = serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        if file.file_stem().is_none_or(|stem| stem.to_string_lossy() != case.name) {
            return Err(
                format!("{} holds the case `{}`: the name is that of the file", file.display(), case.name).into()
            );
        }
        if pattern.is_none_or(|pattern| case.name.contains(pattern)) && (long || !case.long) {
            cases.push(case);
        }
    }
    Ok(cases)
}

/// The exceptions of a file.
pub(super) fn exceptions(file: &Path) -> Result<Vec<Exception>, Failed> {
    let text = fs::read_to_string(file)?;
    let all: Vec<Exception> = serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    match all.iter().find(|exception| exception.reason.trim().is_empty()) {
        Some(exception) => Err(format!("the exception {}/{} has no reason", exception.language, exception.case).into()),
        None => Ok(all),
    }
}
