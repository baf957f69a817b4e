//! The table of budgets: the documentation shows it, and its keys are keys of the configuration.
use std::collections::BTreeSet;
use std::path::Path;

use tdam::budgets::{Of, budgets, memory, most, to_markdown};
use tdam::configuration::Configuration;

#[test]
fn the_documentation_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operators/limits.md");
    let written = to_markdown(&Configuration::default());
    // What to do after a change of a limit; the gate never sets it.
    if std::env::var_os("TDAM_WRITE_LIMITS").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap();
    assert_eq!(page, written, "TDAM_WRITE_LIMITS=1 cargo test -p tdam --test suite budgets writes the page");
}

#[test]
fn keys_exist_and_no_budget_stands_there_twice() {
    let configuration = toml::Value::try_from(Configuration::default()).unwrap();
    let mut seen = BTreeSet::new();
    for budget in budgets(&Configuration::default()) {
        assert!(seen.insert((budget.name, budget.scope)), "{} of {}: twice", budget.name, budget.scope);
        let Some(key) = budget.key else { continue };
        let found = key.split('.').try_fold(&configuration, |value, part| value.get(part));
        assert!(found.is_some(), "{key} is no key of the configuration");
    }
}

/// What the service can take at most fits behind the wall that its unit puts up, on either store.
#[test]
fn the_unit_allows_the_memory_that_the_limits_add_up_to() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/tdam.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    let gibibytes: u64 =
        unit.lines().find_map(|line| line.strip_prefix("MemoryMax=")?.strip_suffix('G')).unwrap().parse().unwrap();
    let parts = memory(&Configuration::default());
    for store in [Of::Sqlite, Of::Postgres] {
        let most = most(&parts, store);
        assert!(most <= gibibytes << 30, "{store:?}: {most} bytes, and the unit allows {gibibytes} GiB");
    }
}

/// The table names real keys, and doubling what a key sets raises the sum.
#[test]
fn a_key_of_the_memory_table_sets_what_it_says() {
    let configuration = Configuration::default();
    let keys: BTreeSet<_> = memory(&configuration).iter().filter_map(|part| part.key).collect();
    for key in keys {
        let mut changed = toml::Value::try_from(&configuration).unwrap();
        let value = key.split('.').try_fold(&mut changed, |value, part| value.get_mut(part)).unwrap();
        *value = toml::Value::Integer(2 * value.as_integer().unwrap());
        let changed: Configuration = changed.try_into().unwrap();
        let sums = |configuration| [Of::Sqlite, Of::Postgres].map(|store| most(&memory(configuration), store));
        assert!(sums(&changed).iter().sum::<u64>() > sums(&configuration).iter().sum(), "{key}");
    }
}
