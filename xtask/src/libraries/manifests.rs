//! The crates of a Rust library as its archive has them: each manifest stands alone, where in the repository the workspace holds a part of it.
//!
//! The archive is no workspace of its own, because cargo takes path dependencies below a user's workspace into that, and refuses one
//! workspace within another.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use super::files::{gather, names_in};
use super::zip::Entry;

/// The manifest of a crate.
pub(super) const MANIFEST: &str = "Cargo.toml";
/// Where the crates lie that the library needs, in the repository and in the archive.
const CRATES: &str = "crates";
/// The path from one of them to the next.
const BESIDE: &str = "..";
/// Tests stay in the repository: folders of a crate, and tables of its manifest.
const FOLDERS_LEFT_OUT: [&str; 3] = ["benches", "examples", "tests"];
const TABLES_LEFT_OUT: [&str; 4] = ["bench", "dev-dependencies", "example", "test"];

/// A manifest that needs no workspace.
struct Standalone {
    text: String,
    /// The crates of the repository that it depends on.
    crates: Vec<String>,
}

/// The manifest of the library in `folder`, and all crates of the repository that it needs, with theirs.
pub(super) fn entries(top: &str, root: &Path, folder: &Path) -> Result<Vec<Entry>, Box<dyn Error>> {
    let workspace = table(&root.join(MANIFEST))?;
    let workspace = workspace.get("workspace").and_then(Value::as_table).ok_or("the root is no workspace")?;
    let manifest = |from: &Path, crates_at: &str| -> Result<Standalone, Box<dyn Error>> {
        let path = from.join(MANIFEST);
        let made = standalone(table(&path)?, workspace, crates_at);
        Ok(made.map_err(|error| format!("{}: {error}", path.display()))?)
    };
    let written =
        |name: String, text: String| Entry { name: format!("{top}/{name}"), is_program: false, bytes: text.into() };

    let library = manifest(&root.join(folder), CRATES)?;
    let mut entries = vec![written(MANIFEST.to_owned(), library.text)];
    let (mut waiting, mut taken) = (library.crates, BTreeSet::new());
    while let Some(name) = waiting.pop() {
        if !taken.insert(name.clone()) {
            continue;
        }
        let from = root.join(CRATES).join(&name);
        let made = manifest(&from, BESIDE)?;
        waiting.extend(made.crates);
        entries.push(written(format!("{CRATES}/{name}/{MANIFEST}"), made.text));
        let is_left_out = |part: &str| part.starts_with('.') || part == MANIFEST || FOLDERS_LEFT_OUT.contains(&part);
        for part in names_in(&from)?.into_iter().filter(|part| !is_left_out(part)) {
            gather(top, &Path::new(CRATES).join(&name).join(&part), &from.join(&part), &mut entries)?;
        }
    }
    Ok(entries)
}

fn table(path: &Path) -> Result<Table, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Writes into a manifest what it has from its workspace. `crates_at` leads from it to the crates.
fn standalone(mut manifest: Table, workspace: &Table, crates_at: &str) -> Result<Standalone, Box<dyn Error>> {
    for name in TABLES_LEFT_OUT {
        manifest.remove(name);
    }
    if let Some(package) = manifest.get_mut("package").and_then(Value::as_table_mut) {
        for (key, value) in package.iter_mut().filter(|(_, value)| is_inherited(value)) {
            *value = shared(workspace, "package", key)?.clone();
        }
    }
    if manifest.get("lints").is_some_and(is_inherited) {
        manifest.insert("lints".to_owned(), workspace.get("lints").ok_or("the workspace has no lints")?.clone());
    }
    let mut crates = Vec::new();
    for kind in ["dependencies", "build-dependencies"] {
        let Some(dependencies) = manifest.get_mut(kind).and_then(Value::as_table_mut) else { continue };
        for (name, value) in dependencies.iter_mut().filter(|(_, value)| is_inherited(value)) {
            let mut whole = dependency(value, shared(workspace, "dependencies", name)?)?;
            if whole.contains_key("path") {
                whole.insert("path".to_owned(), Value::String(format!("{crates_at}/{name}")));
                crates.push(name.clone());
            }
            *value = Value::Table(whole);
        }
    }
    let text = toml::to_string(&manifest)?;
    if text.contains("workspace = true") {
        return Err("a part of it still comes from the workspace".into());
    }
    Ok(Standalone { text, crates })
}

fn is_inherited(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

fn shared<'t>(workspace: &'t Table, kind: &str, name: &str) -> Result<&'t Value, Box<dyn Error>> {
    let found = workspace.get(kind).and_then(|values| values.get(name));
    found.ok_or_else(|| format!("the workspace has no {name} in {kind}").into())
}

/// A dependency of the workspace with what a crate adds to it, as cargo merges them.
fn dependency(own: &Value, shared: &Value) -> Result<Table, Box<dyn Error>> {
    let mut whole = match shared {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    for (key, value) in own.as_table().into_iter().flatten().filter(|(key, _)| *key != "workspace") {
        match (whole.get_mut(key), value) {
            (Some(Value::Array(features)), Value::Array(more)) if key == "features" => features.extend(more.clone()),
            _ => {
                whole.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_manifest_has_what_its_workspace_says_and_nothing_for_tests() {
        let workspace: Table = toml::from_str(
            "[package]\nversion = \"0.1.0\"\n[lints.rust]\nunsafe_code = \"forbid\"\n\
             [dependencies]\nmoney = { path = \"crates/money\" }\nbytes = \"1\"\n\
             tokio = { version = \"1\", default-features = false, features = [\"fs\"] }",
        )
        .unwrap();
        let manifest = |dependencies: &str| {
            let text = format!(
                "[package]\nname = \"small\"\nversion.workspace = true\n[lints]\nworkspace = true\n\
                 [dependencies]\n{dependencies}\n[dev-dependencies]\nproptest = {{ workspace = true }}\n[[test]]\nname = \"long\""
            );
            standalone(toml::from_str(&text).unwrap(), &workspace, BESIDE)
        };
        let dependencies = "money.workspace = true\nbytes = { workspace = true, optional = true }\nserde = \"1.0\"\n\
                            tokio = { workspace = true, features = [\"net\"] }";
        let made = manifest(dependencies).unwrap();
        assert_eq!(made.crates, ["money"]);
        let expected: Table = toml::from_str(
            "[package]\nname = \"small\"\nversion = \"0.1.0\"\n[lints.rust]\nunsafe_code = \"forbid\"\n\
             [dependencies]\nmoney = { path = \"../money\" }\nbytes = { version = \"1\", optional = true }\nserde = \"1.0\"\n\
             tokio = { version = \"1\", default-features = false, features = [\"fs\", \"net\"] }",
        )
        .unwrap();
        assert_eq!(toml::from_str::<Table>(&made.text).unwrap(), expected, "{}", made.text);

        let error = manifest("gone.workspace = true").err().unwrap().to_string();
        assert!(error.contains("gone"), "{error}");
        let error = manifest("[target.'cfg(unix)'.dependencies]\nbytes.workspace = true").err().unwrap().to_string();
        assert!(error.contains("still comes from the workspace"), "{error}");
    }

    /// Those of this repository: each crate that a manifest leads to is in the archive.
    #[test]
    fn the_library_for_rust_brings_the_crates_that_it_needs() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let entries = entries("top", &root, Path::new("crates/client")).unwrap();
        let names: BTreeSet<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        assert!(names.contains("top/crates/money/src/lib.rs"), "{names:?}");
        for entry in entries.iter().filter(|entry| entry.name.ends_with(MANIFEST)) {
            let folder = entry.name.strip_suffix(MANIFEST).unwrap();
            let manifest: Table = toml::from_str(std::str::from_utf8(&entry.bytes).unwrap()).unwrap();
            for (name, value) in manifest["dependencies"].as_table().unwrap() {
                let Some(path) = value.get("path").and_then(Value::as_str) else { continue };
                let target = match path.strip_prefix("../") {
                    Some(beside) => format!("top/{CRATES}/{beside}/{MANIFEST}"),
                    None => format!("{folder}{path}/{MANIFEST}"),
                };
                assert!(names.contains(target.as_str()), "{}: {name} leads to {target}", entry.name);
            }
        }
    }
}
