//! The settings that all nodes share: a message that one accepts, another must not refuse, and a report must have the
//! same pages on every node.
//!
//! The store holds them key by key, so that a node that starts with different ones can name the differences. They
//! change when no other node serves: the first node that starts then writes its own.

use std::collections::BTreeMap;

use store::AuditLine;

use crate::{Failure, Operator};

/// A setting that two nodes have differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingDifference {
    /// The key, as the configuration has it.
    pub key: String,
    /// Its value in the store.
    pub theirs: String,
    /// Its value here.
    pub ours: String,
}

/// Whether this node may serve with its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedSettings {
    /// It may serve. The list of changed settings is empty unless no other node serves.
    Agreed(Vec<SettingDifference>),
    /// It may not: others serve with these settings.
    Differ {
        /// How many others.
        nodes: u64,
        /// What differs.
        differences: Vec<SettingDifference>,
    },
}

impl Operator {
    /// Compares this node's settings with those of the others, and puts them in the store when no other node serves. Called
    /// when this node counts as one that serves.
    ///
    /// A key that only one side knows is no difference: a new version brings new ones while nodes of the old one serve on.
    ///
    /// # Errors
    /// When the store is away, or others serve and what they serve by cannot be read.
    pub async fn share_settings(&self, ours: BTreeMap<String, String>) -> Result<SharedSettings, Failure> {
        let line = self.line("settings.changed", "");
        let write = move |writing: &mut dyn store::Writing| {
            let stored = writing.lock_shared_settings()?;
            let nodes = writing.other_nodes()?;
            let theirs = match stored.as_deref().map(parse).transpose() {
                Ok(stored) => stored.unwrap_or_default(),
                // No node serves by them, so this node's settings replace them.
                Err(error) if nodes == 0 => {
                    tracing::error!(%error, "the settings in the store cannot be read and are replaced");
                    let detail = "the settings in the store could not be read".to_owned();
                    writing.append_audit(&AuditLine { detail, ..line.clone() })?;
                    BTreeMap::new()
                }
                Err(error) => {
                    let what = "the settings by which others serve cannot be read";
                    return Err(Failure::unexpected(format_args!("{what}: {error}")));
                }
            };
            let differences = differences(&theirs, &ours);
            if !differences.is_empty() && nodes > 0 {
                return Ok(SharedSettings::Differ { nodes, differences });
            }
            let mut all = theirs.clone();
            // A key that no node uses any more is removed when no node serves that may use it.
            if nodes == 0 {
                all.clear();
            }
            all.extend(ours.clone());
            if all != theirs {
                let text = serde_json::to_string(&all).map_err(|error| Failure::unexpected(error))?;
                writing.set_shared_settings(&text)?;
            }
            if !differences.is_empty() {
                let changes: Vec<String> = differences.iter().map(SettingDifference::to_string).collect();
                writing.append_audit(&AuditLine { detail: changes.join("; "), ..line.clone() })?;
            }
            Ok::<_, Failure>(SharedSettings::Agreed(differences))
        };
        self.exchange().inner.store.write(write).await
    }
}

impl std::fmt::Display for SettingDifference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} in the store, {} here", self.key, self.theirs, self.ours)
    }
}

fn parse(text: &str) -> serde_json::Result<BTreeMap<String, String>> {
    serde_json::from_str(text)
}

fn differences(theirs: &BTreeMap<String, String>, ours: &BTreeMap<String, String>) -> Vec<SettingDifference> {
    let differing = theirs.iter().filter_map(|(key, theirs)| {
        let ours = ours.get(key).filter(|ours| *ours != theirs)?;
        Some(SettingDifference { key: key.clone(), theirs: theirs.clone(), ours: ours.clone() })
    });
    differing.collect()
}
