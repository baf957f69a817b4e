//! The table of attacks names tests that exist: in the head of `server/tests/suite/certificate_attacks.rs`.

use super::{report, sources};

const TABLE: &str = "certificate_attacks.rs";

#[test]
fn each_attack_has_its_test() {
    let sources = sources();
    let table = sources.iter().find(|source| source.path.ends_with(TABLE)).expect("the table of attacks");
    let rows: Vec<&str> = table.text.lines().filter_map(|line| line.strip_prefix("//! | ")).collect();
    assert!(rows.len() > 20, "{rows:?}");
    let mut missing = Vec::new();
    for row in rows.iter().skip(1) {
        let names: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            missing.push(format!("no test: {row}"));
        }
        for name in names {
            let function = format!("fn {name}(");
            if !sources.iter().any(|source| source.text.contains(&function)) {
                missing.push(format!("{name}: {row}"));
            }
        }
    }
    report("attacks without a test", &missing);
}
