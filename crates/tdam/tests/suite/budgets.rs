//! The table of budgets: the documentation shows it, and its keys are keys of the configuration.
use std::collections::BTreeSet;
use std::path::Path;

use tdam::budgets::{budgets, to_markdown};
use tdam::configuration::Configuration;

#[test]
fn the_documentation_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operators/limits.md");
    let written = to_markdown(&budgets(&Configuration::default()));
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
