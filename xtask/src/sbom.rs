//! `cargo xtask sbom`: writes the components of the program as a CycloneDX 1.6 document.
//!
//! Operators compare it with advisories without having the source. It lists the crates linked into `tdam` on Linux,
//! and, marked `excluded`, those that only ran during the build. Crates have the SHA-256 that Cargo.lock pins; C
//! libraries inside them are their children, because advisories name SQLite and AWS-LC, not the crates around them. The
//! same Cargo.lock gives the same bytes: no time, no serial number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use clap::Args;
use serde_json::{Value, json};

/// The target of the product; on other systems some crates differ.
const TARGET: &str = "x86_64-unknown-linux-gnu";
const PRODUCT: &str = "tdam";
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// C libraries whose source a crate carries: where its version is written, and in front of what.
const INSIDE: [(&str, &str, &str, &str); 2] = [
    ("libsqlite3-sys", "SQLite", "sqlite3/sqlite3.h", "#define SQLITE_VERSION "),
    ("aws-lc-sys", "AWS-LC", "aws-lc/include/openssl/base.h", "#define AWSLC_VERSION_NUMBER_STRING "),
];

/// Where to write.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// File to write; standard output when it is not given.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

type Error = Box<dyn std::error::Error>;

/// Writes the document.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Error> {
    let text = text(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    match &arguments.out {
        Some(path) => fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?,
        None => print!("{text}"),
    }
    Ok(())
}

/// The document.
pub(crate) fn text(root: &Path) -> Result<String, Error> {
    let checksums = checksums(&fs::read_to_string(root.join("Cargo.lock"))?)?;
    Ok(format!("{:#}\n", document(&metadata(root)?, &checksums)?))
}

/// Somebody else's crate that is linked in.
pub(crate) struct Linked {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: String,
    /// Its sources.
    pub(crate) folder: PathBuf,
}

/// All of them, by name.
pub(crate) fn linked(root: &Path) -> Result<Vec<Linked>, Error> {
    let metadata = metadata(root)?;
    let graph = Graph::of(&metadata)?;
    let (&product, _) = product(&graph)?;
    let packages = graph.reached(product, false).into_iter().map(|id| graph.packages[id]);
    let mut linked: Vec<Linked> = packages
        .filter(|package| !package["source"].is_null())
        .map(|package| {
            let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
            let folder = Path::new(&text("manifest_path")).parent().ok_or("a manifest lies in a folder")?.to_owned();
            Ok(Linked { name: text("name"), version: text("version"), licence: text("license"), folder })
        })
        .collect::<Result<_, Error>>()?;
    linked.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(linked)
}

fn metadata(root: &Path) -> Result<Value, Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("cargo metadata failed".into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// SHA-256 of each package's archive, by name and version.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>, Error> {
    let lock: toml::Table = lock.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array).ok_or("Cargo.lock has no packages")?;
    let field = |package: &toml::Value, name: &str| package.get(name)?.as_str().map(str::to_owned);
    let known = packages.iter().filter_map(|package| {
        Some(((field(package, "name")?, field(package, "version")?), field(package, "checksum")?))
    });
    Ok(known.collect())
}

/// What Cargo resolved, by package id.
struct Graph<'a> {
    packages: BTreeMap<&'a str, &'a Value>,
    nodes: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Graph<'a> {
    fn of(metadata: &'a Value) -> Result<Graph<'a>, Error> {
        let by_id = |list: &'a Value| {
            let list = list.as_array().ok_or("cargo metadata has changed its form")?;
            let pairs = list.iter().filter_map(|item| Some((item["id"].as_str()?, item)));
            Ok::<BTreeMap<&str, &Value>, Error>(pairs.collect())
        };
        Ok(Graph { packages: by_id(&metadata["packages"])?, nodes: by_id(&metadata["resolve"]["nodes"])? })
    }

    /// The dependencies of a package that are linked in, or, when asked for, those that only its build script runs.
    fn dependencies(&self, id: &str, build: bool) -> impl Iterator<Item = &'a str> {
        let all = self.nodes.get(id).and_then(|node| node["deps"].as_array()).into_iter().flatten();
        all.filter(move |dependency| {
            let kinds = dependency["dep_kinds"].as_array();
            kinds.into_iter().flatten().any(|kind| match kind["kind"].as_str() {
                None => true,
                Some(kind) => build && kind == "build",
            })
        })
        .filter_map(|dependency| dependency["pkg"].as_str())
    }

    /// A macro runs in the compiler, and so does all that it depends on.
    fn is_macro(&self, id: &str) -> bool {
        let targets = self.packages[id]["targets"].as_array();
        targets.into_iter().flatten().any(|target| target["kind"][0] == "proc-macro")
    }

    /// All packages reachable from a package: only linked ones, or also those that run at build time.
    fn reached(&self, root: &'a str, build: bool) -> BTreeSet<&'a str> {
        let (mut reached, mut open) = (BTreeSet::new(), vec![root]);
        while let Some(id) = open.pop() {
            if (build || !self.is_macro(id)) && reached.insert(id) {
                open.extend(self.dependencies(id, build));
            }
        }
        reached
    }
}

fn product<'a, 'g>(graph: &'g Graph<'a>) -> Result<(&'g &'a str, &'g &'a Value), Error> {
    let product = graph.packages.iter().find(|(_, package)| package["name"] == PRODUCT && package["source"].is_null());
    Ok(product.ok_or("the workspace has no such package")?)
}

fn document(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Result<Value, Error> {
    let graph = Graph::of(metadata)?;
    let (&root, product) = product(&graph)?;
    let (linked, all) = (graph.reached(root, false), graph.reached(root, true));
    let mut components = Vec::new();
    for &id in all.iter().filter(|&&id| id != root) {
        components.push(component(graph.packages[id], linked.contains(id), checksums)?);
    }
    let dependencies = all.iter().map(|&id| {
        let on: BTreeSet<String> = graph.dependencies(id, true).map(|id| reference(graph.packages[id])).collect();
        json!({ "ref": reference(graph.packages[id]), "dependsOn": on })
    });
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference(product),
                "name": product["name"],
                "version": product["version"],
                "description": product["description"],
                "licenses": [{ "expression": product["license"] }],
            },
        },
        "components": components,
        "dependencies": dependencies.collect::<Vec<_>>(),
    }))
}

fn reference(package: &Value) -> String {
    let text = |name: &str| package[name].as_str().unwrap_or_default();
    format!("pkg:cargo/{}@{}", text("name"), text("version").replace('+', "%2B"))
}

fn component(package: &Value, linked: bool, checksums: &BTreeMap<(String, String), String>) -> Result<Value, Error> {
    let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "scope": if linked { "required" } else { "excluded" },
    });
    // Older crates write "MIT/Apache-2.0", which means the same and is no SPDX expression.
    let licence = text("license").replace(" / ", " OR ").replace('/', " OR ");
    if !licence.is_empty() {
        component["licenses"] = json!([{ "expression": licence }]);
    }
    // Our own crates are published nowhere.
    if package["source"] == REGISTRY {
        let checksum = checksums.get(&(text("name"), text("version")));
        let checksum = checksum.ok_or_else(|| format!("Cargo.lock has no checksum of {}", text("name")))?;
        component["purl"] = json!(reference(package));
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    } else if !package["source"].is_null() {
        return Err(format!("{} comes from {}", text("name"), text("source")).into());
    }
    let inside = inside(&text("name"), Path::new(&text("manifest_path")))?;
    if !inside.is_empty() {
        component["components"] = json!(inside);
    }
    Ok(component)
}

/// The C libraries that a crate carries.
fn inside(name: &str, manifest: &Path) -> Result<Vec<Value>, Error> {
    let folder = manifest.parent().ok_or("a manifest lies in a folder")?;
    let mut found = Vec::new();
    for (_, library, header, before) in INSIDE.iter().filter(|(carrier, ..)| *carrier == name) {
        let header = folder.join(header);
        let text = fs::read_to_string(&header).map_err(|error| format!("{}: {error}", header.display()))?;
        let version =
            text.lines().find_map(|line| line.strip_prefix(before)?.trim().strip_prefix('"')?.strip_suffix('"'));
        let version = version.ok_or_else(|| format!("{} names no version of {library}", header.display()))?;
        let reference = format!("{name}/{library}@{version}");
        found.push(json!({ "type": "library", "bom-ref": reference, "name": library, "version": version }));
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    /// By the names that operators search for, and not by our chores' or tests' libraries.
    #[test]
    fn the_document_has_what_is_linked_and_nothing_of_tests() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let checksums = checksums(&fs::read_to_string(root.join("Cargo.lock")).unwrap()).unwrap();
        let document = document(&metadata(&root).unwrap(), &checksums).unwrap();
        let components = document["components"].as_array().unwrap();
        let scope = |name: &str| components.iter().find(|one| one["name"] == name).map(|one| one["scope"].clone());
        for linked in ["rustls", "aws-lc-rs", "tokio-postgres", "ledger", "hyper"] {
            assert_eq!(scope(linked), Some(json!("required")), "{linked}");
        }
        for built_with in ["cc", "serde_derive", "syn"] {
            assert_eq!(scope(built_with), Some(json!("excluded")), "{built_with}");
        }
        for elsewhere in ["proptest", "insta", "quick-xml", "windows-sys", "xtask"] {
            assert_eq!(scope(elsewhere), None, "{elsewhere}");
        }
        let sqlite = components.iter().find(|one| one["name"] == "libsqlite3-sys").unwrap();
        assert_eq!(sqlite["components"][0]["name"], "SQLite");
        assert!(sqlite["components"][0]["version"].as_str().unwrap().starts_with("3."));
    }

    #[test]
    fn every_reference_is_there_once() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let checksums = checksums(&fs::read_to_string(root.join("Cargo.lock")).unwrap()).unwrap();
        let document = document(&metadata(&root).unwrap(), &checksums).unwrap();
        let named = |list: &str, name: &str| -> Vec<String> {
            let list = document[list].as_array().unwrap();
            list.iter().map(|item| item[name].as_str().unwrap().to_owned()).collect()
        };
        let mut components = named("components", "bom-ref");
        components.push(document["metadata"]["component"]["bom-ref"].as_str().unwrap().to_owned());
        let once: BTreeSet<&String> = components.iter().collect();
        assert_eq!(once.len(), components.len());
        for dependency in document["dependencies"].as_array().unwrap() {
            for on in dependency["dependsOn"].as_array().unwrap() {
                assert!(components.iter().any(|component| on == component), "{on} is no component");
            }
        }
        assert_eq!(named("dependencies", "ref").len(), components.len());
    }
}
