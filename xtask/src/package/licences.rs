//! The licences of the program and of what is linked into it, as those licences want to be handed on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::sbom;

type Error = Box<dyn std::error::Error>;

/// How files with licences and notices begin.
const NAMES: [&str; 6] = ["licen", "copying", "copyright", "notice", "unlicense", "authors"];
/// C libraries lie below the crates that carry them, so far down.
const DEPTH_MAX: usize = 2;

/// Of the program itself (Debian's format 1.0).
pub(super) fn copyright() -> String {
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: tdam\n\n\
     Files: *\nCopyright: the authors of tdam\nLicense: Apache-2.0\n \
     On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0, and beside this file in LICENSE.\n \
     What is linked into the program, and under which licences: third-party.txt and sbom.json.\n"
        .to_owned()
}

/// Each crate that is linked in, with its licence; then each text once, with the crates that it comes from.
pub(super) fn third_party(root: &Path) -> Result<String, Error> {
    let mut list = String::from("Linked into tdam, besides the standard library of Rust (MIT OR Apache-2.0):\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in sbom::linked(root)? {
        let name = format!("{} {}", package.name, package.version);
        list.push_str(&format!("{name}: {}\n", package.licence));
        let mut found = Vec::new();
        find(&package.folder, 0, &mut found)?;
        for path in found {
            // What is no UTF-8 is still a notice.
            let text = String::from_utf8_lossy(&fs::read(&path)?).trim_end().to_owned();
            let crates = texts.entry(text).or_default();
            if !crates.contains(&name) {
                crates.push(name.clone());
            }
        }
    }
    let mut order: Vec<_> = texts.into_iter().collect();
    order.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (text, crates) in order {
        list.push_str(&format!("\n{}\n{}\n\n{text}\n", "=".repeat(80), crates.join(", ")));
    }
    Ok(list)
}

fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Result<_, Error>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        if path.is_dir() && depth < DEPTH_MAX {
            find(&path, depth + 1, found)?;
        } else if path.is_file() && !name.ends_with(".rs") && NAMES.iter().any(|begin| name.starts_with(begin)) {
            found.push(path);
        }
    }
    Ok(())
}
