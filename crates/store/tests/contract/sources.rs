//! No statement escapes the test that prepares all of them. What runs statements takes a `Statement`; here stands where one
//! can come from, and which files speak to a driver with a text of their own.

use std::fs;
use std::path::Path;

/// Each file of the crate, with its path below `src`, without its unit tests.
fn sources() -> Vec<(String, String)> {
    fn collect(folder: &Path, root: &Path, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, root, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                into.push((name, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    collect(&root, &root, &mut all);
    assert!(all.len() > 50, "{} files", all.len());
    all
}

/// Files that make statements otherwise than by a list of the file.
const MAKERS: [&str; 2] = [
    // The macros that list them.
    "statement.rs",
    // A list of its own, which both engines prepare.
    "consistency_checks.rs",
];

#[test]
fn statements_are_made_in_lists_alone() {
    for (file, text) in sources() {
        let makes = text.contains("Statement::new(") || text.contains("Statement(\"");
        assert!(!makes || MAKERS.contains(&file.as_str()), "{file} makes a statement that no list has");
    }
}

#[test]
fn every_list_is_collected() {
    let sources = sources();
    let of = |name: &str| &sources.iter().find(|(file, _)| file == name).unwrap().1;
    for (file, text) in &sources {
        let lists = text.matches("statements! {").count();
        if file == "statement.rs" || file == "plain/executor.rs" || lists == 0 {
            continue;
        }
        assert_eq!(lists, 1, "{file} has {lists} lists");
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = name.trim_end_matches(".rs");
        let collected = match folder {
            "plain" => of("plain/statements.rs").contains(&format!("    {name}::STATEMENTS,")),
            "sqlite" | "postgres" => {
                of(&format!("{folder}/statements.rs")).contains(&format!("    {name}::STATEMENTS,"))
            }
            // Of both engines.
            _ => ["sqlite", "postgres"].iter().all(|engine| {
                let list = of(&format!("{engine}/statements.rs"));
                list.contains(&format!("    {name}::STATEMENTS,"))
                    || list.contains(&format!("    crate::{name}::STATEMENTS,"))
            }),
        };
        assert!(collected, "the statements of {file} are prepared by no test");
    }
}

/// Ways past [`Statement`]: what takes the text of a statement.
const RAW: [&str; 12] = [
    ".prepare(",
    ".prepare_cached(",
    ".prepare_typed(",
    ".query_row(",
    ".query_map(",
    ".query_one(\"",
    ".query_raw(\"",
    ".simple_query(",
    ".execute_batch(",
    ".batch_execute(",
    ".batch(",
    ".batch_unhurried(",
];

/// Who uses them, and for what.
const SPEAK_TO_A_DRIVER: &[&str] = &[
    // The two that run statements.
    "postgres/connection.rs",
    "sqlite/query.rs",
    // Begin, commit and roll back; settings of a transaction.
    "postgres/check.rs",
    "postgres/reconciliation.rs",
    "postgres/group.rs",
    "postgres/sequencer.rs",
    "postgres/writer.rs",
    "sqlite/writer.rs",
    // Migrations and rights, which depend on the schema's name, and `LISTEN`.
    "postgres/migrate.rs",
    "postgres/rights.rs",
    "postgres/news.rs",
    "sqlite/open.rs",
    // A copy of an older version is marked before it has the table.
    "sqlite/restore_mark.rs",
    // A pragma.
    "sqlite/checkpoint.rs",
    "sqlite/log_size.rs",
];

#[test]
fn few_files_speak_to_a_driver() {
    let mut speak = Vec::new();
    for (file, text) in sources() {
        if RAW.iter().any(|way| text.contains(way)) {
            speak.push(file);
        }
    }
    speak.sort();
    let mut expected = SPEAK_TO_A_DRIVER.to_vec();
    expected.sort_unstable();
    assert_eq!(speak, expected);
}
