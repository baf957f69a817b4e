//! The settings that all nodes of one exchange must share, and the differences between two configurations.

use std::collections::BTreeMap;

use super::Configuration;

/// The keys that nodes share. Other keys may differ: addresses, certificates, sizes of pools, logs.
pub(super) const SHARED: &[&str] = &[
    "store.node_lease_seconds",
    "treasury.bic",
    "treasury.name_lv",
    "treasury.name_en",
    "messages.body_bytes_max",
    "messages.small_message_payments_max",
    "messages.findings_max",
    "reports.entries_per_page",
    "business_day.automatic",
    "settlement.simulator_cycle_milliseconds",
    "retention.large_bodies_days",
    "sandbox.debtor_aliases",
];

impl Configuration {
    /// The settings that all nodes share, by key, and the edition of the rules that this program holds messages against.
    #[must_use]
    pub fn shared_settings(&self) -> BTreeMap<String, String> {
        let mut settings = self.flattened();
        settings.retain(|key, _| SHARED.iter().any(|shared| key == shared || key.starts_with(&format!("{shared}."))));
        settings
    }

    /// The keys whose values differ in another configuration.
    #[must_use]
    pub fn changed_keys(&self, other: &Configuration) -> Vec<String> {
        let (ours, theirs) = (self.flattened(), other.flattened());
        let keys = ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
        keys.filter(|key| ours.get(*key) != theirs.get(*key)).cloned().collect()
    }

    fn flattened(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        // Invariant: every field can be written as TOML; the template's tests do it.
        if let Ok(value) = toml::Value::try_from(self) {
            flatten("", &value, &mut found);
        }
        found
    }
}

fn flatten(path: &str, value: &toml::Value, found: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) if !table.is_empty() => {
            for (key, value) in table {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, found);
            }
        }
        value => {
            found.insert(path.to_owned(), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shared_key_is_a_key_of_the_configuration() {
        let all = Configuration::default().flattened();
        for key in SHARED {
            assert!(all.contains_key(*key), "{key}");
        }
        assert_eq!(Configuration::default().shared_settings().len(), SHARED.len());
    }

    #[test]
    fn what_changed_is_named() {
        let mut other = Configuration::default();
        other.treasury.bic = "PARXLV22".to_owned();
        other.sandbox.debtor_aliases.insert("A".to_owned(), "B".to_owned());
        let changed = Configuration::default().changed_keys(&other);
        assert_eq!(changed, ["sandbox.debtor_aliases", "treasury.bic", "sandbox.debtor_aliases.A"]);
    }
}
