//! SIGHUP: certificates and the part of the configuration that can change while the service runs are read again.
//!
//! A file that cannot be used changes nothing and is named in the log. Keys that changed and need a restart are named too.

use std::path::PathBuf;

use crate::configuration::Configuration;
use crate::logging::LogLevel;
use crate::serving::Serving;

/// Keys that take effect without a restart. The files named in `[tls]` are read again even when their names are the same.
pub const RELOADED: [&str; 4] = ["log.level", "tls.certificate", "tls.client_authority", "tls.key"];

/// What a reload compares with.
pub(crate) struct Reload {
    path: PathBuf,
    in_force: Configuration,
    log_level: LogLevel,
}

impl Reload {
    pub(crate) fn new(path: PathBuf, in_force: Configuration, log_level: LogLevel) -> Reload {
        Reload { path, in_force, log_level }
    }

    /// Reads everything again, and takes up what can be.
    pub(crate) fn again(&mut self, serving: &Serving) {
        let next = match Configuration::read(&self.path) {
            Ok(next) => next,
            Err(error) => {
                tracing::error!(%error, "reload: the configuration cannot be used; nothing changes");
                return;
            }
        };
        if let Err(error) = serving.reload_certificates(&next) {
            tracing::error!(%error, "reload: the certificates cannot be used; nothing changes");
            return;
        }
        if let Err(error) = self.log_level.set(&next.log) {
            tracing::error!(%error, "reload: the log level cannot be used; the one in force stays");
        } else {
            self.in_force.log.level.clone_from(&next.log.level);
        }
        self.in_force.tls = next.tls.clone();
        tracing::info!("reload: new connections get the certificates as they are now");
        let changed = changed_keys(&self.in_force, &next);
        let needs_restart: Vec<String> = changed.into_iter().filter(|key| !RELOADED.contains(&key.as_str())).collect();
        if !needs_restart.is_empty() {
            tracing::warn!(keys = needs_restart.join(", "), "reload: these keys changed and need a restart");
        }
    }
}

/// The keys whose values differ.
fn changed_keys(one: &Configuration, other: &Configuration) -> Vec<String> {
    let mut changed = Vec::new();
    // Invariant: a configuration is plain data, which TOML can hold.
    if let (Ok(one), Ok(other)) = (toml::Value::try_from(one), toml::Value::try_from(other)) {
        compare("", &one, &other, &mut changed);
    }
    changed
}

fn compare(key: &str, one: &toml::Value, other: &toml::Value, changed: &mut Vec<String>) {
    let (Some(one_table), Some(other_table)) = (one.as_table(), other.as_table()) else {
        if one != other {
            changed.push(key.to_owned());
        }
        return;
    };
    let missing = toml::Value::String(String::new());
    let names: std::collections::BTreeSet<&String> = one_table.keys().chain(other_table.keys()).collect();
    for name in names {
        let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
        let value = |table: &toml::Table| table.get(name).cloned().unwrap_or_else(|| missing.clone());
        compare(&key, &value(one_table), &value(other_table), changed);
    }
}
