//! `cargo xtask libraries`: makes the archives of the client libraries, and the list that the service reads (`libraries.folder`).
//!
//! The same files give the same bytes, whenever and wherever the archives are made: entries are sorted, their time is fixed, and modes
//! say only whether a file can be run. A library that is not there, or not built, is left out and named, unless all are asked for.

mod files;
mod manifests;
mod zip;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use protocol::{LibraryEntry, LibraryManifest, LibraryRelease};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tdam::libraries::{MANIFEST, bounds};

use self::files::{entry, gather, names_in};

/// The description of the libraries, from the root.
const DESCRIPTION: &str = "clients/libraries.toml";
/// The licence goes into each archive.
const LICENCE: &str = "LICENSE";
/// So do the pages for users, since each README leads to some.
const PAGES: &str = "docs/interface-developers";

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder to write into; made when it is not there.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Fail when a library is not there, or not built.
    #[arg(long)]
    all: bool,
    /// The root of the repository.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    library: Vec<Library>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    language: String,
    name: String,
    requires: String,
    folder: PathBuf,
    sources: Vec<PathBuf>,
    #[serde(default)]
    built: Vec<String>,
    releases: Vec<LibraryRelease>,
}

/// Makes them.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let description = fs::read_to_string(arguments.root.join(DESCRIPTION))?;
    let described: Described = toml::from_str(&description)?;
    fs::create_dir_all(&arguments.out)?;
    let mut manifest = LibraryManifest::default();
    for library in described.library {
        let language = library.language.clone();
        match archive(library, &arguments.root, &arguments.out) {
            Ok(entry) => {
                println!("{} {} bytes, SHA-256 {}", entry.file, entry.bytes, entry.sha256);
                manifest.libraries.push(entry);
            }
            Err(error) if arguments.all => return Err(format!("{language}: {error}").into()),
            Err(error) => println!("{language} is left out: {error}"),
        }
    }
    let list = arguments.out.join(MANIFEST);
    fs::write(&list, format!("{}\n", serde_json::to_string_pretty(&manifest)?))?;
    println!("{}", list.display());
    Ok(())
}

/// Writes the archive of a library; what the list says of it.
fn archive(library: Library, root: &Path, out: &Path) -> Result<LibraryEntry, Box<dyn Error>> {
    let Library { language, name, requires, folder, sources, built, releases } = library;
    let version = &releases.first().ok_or("it has no release")?.version;
    let top = format!("tdam-client-{language}-{version}");
    let mut entries = vec![entry(&top, Path::new(LICENCE), &root.join(LICENCE))?];
    let readmes =
        names_in(&root.join(&folder))?.into_iter().filter(|name| name.starts_with("README")).map(PathBuf::from);
    for source in &readmes.chain(sources).collect::<Vec<_>>() {
        let from = root.join(&folder).join(source);
        if !from.exists() {
            return Err(format!("there is no {}", folder.join(source).display()).into());
        }
        if source.as_path() == Path::new(manifests::MANIFEST) {
            entries.extend(manifests::entries(&top, root, &folder)?);
        } else {
            gather(&top, source, &from, &mut entries)?;
        }
    }
    gather(&top, Path::new(PAGES), &root.join(PAGES), &mut entries)?;
    for built in &built {
        let from = PathBuf::from(built.replace("{version}", version));
        let name = from.file_name().ok_or("what is built has a name")?;
        if !root.join(&from).is_file() {
            return Err(format!("{} is not built", from.display()).into());
        }
        entries.push(entry(&top, Path::new(name), &root.join(&from))?);
    }
    let bytes = zip::archive(entries)?;
    if bytes.len() as u64 > bounds::ARCHIVE_BYTES_MAX {
        return Err(format!("its archive is longer than {} bytes", bounds::ARCHIVE_BYTES_MAX).into());
    }
    let file = format!("{top}.zip");
    fs::write(out.join(&file), &bytes)?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(LibraryEntry { language, name, requires, file, bytes: bytes.len() as u64, sha256, releases })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// A root with a library of a few files, one of which is hidden.
    fn root(name: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("clients/small");
        fs::create_dir_all(folder.join("src/inner")).unwrap();
        for (file, text) in [
            ("README.md", "read [me](../../docs/interface-developers/page.md)"),
            ("src/b.txt", "second"),
            ("src/a.txt", "first"),
            ("src/inner/c.sh", "#!/bin/sh\n"),
            ("src/.hidden", "no"),
        ] {
            fs::write(folder.join(file), text).unwrap();
        }
        fs::write(root.path().join(LICENCE), "Apache-2.0\n").unwrap();
        fs::create_dir_all(root.path().join(PAGES)).unwrap();
        fs::write(root.path().join(PAGES).join("page.md"), "a page").unwrap();
        let description = format!(
            "[[library]]\nlanguage = \"small\"\nname = \"{name}\"\nrequires = \"nothing\"\nfolder = \"clients/small\"\n\
             sources = [\"src\"]\n[[library.releases]]\nversion = \"1.0.0\"\ndate = \"2026-11-30\"\ninterface = [\"v1\"]\n\
             changes = []\n[[library]]\nlanguage = \"gone\"\nname = \"gone\"\nrequires = \"\"\nfolder = \"clients/gone\"\n\
             sources = [\"src\"]\n[[library.releases]]\nversion = \"1.0.0\"\ndate = \"2026-11-30\"\ninterface = []\nchanges = []\n"
        );
        fs::write(root.path().join(DESCRIPTION), description).unwrap();
        root
    }

    fn made(root: &Path) -> Vec<u8> {
        let out = root.join("out");
        run(&Arguments { out: out.clone(), all: false, root: root.to_path_buf() }).unwrap();
        let list: LibraryManifest = serde_json::from_slice(&fs::read(out.join(MANIFEST)).unwrap()).unwrap();
        let [entry] = list.libraries.as_slice() else { panic!("{list:?}") };
        let bytes = fs::read(out.join(&entry.file)).unwrap();
        assert_eq!((entry.language.as_str(), entry.bytes), ("small", bytes.len() as u64));
        bytes
    }

    #[test]
    fn the_same_files_give_the_same_archive_and_a_missing_library_is_left_out() {
        let (one, other) = (root("one"), root("other"));
        assert!(made(one.path()) == made(other.path()));
        let refused = Arguments { out: one.path().join("all"), all: true, root: one.path().to_path_buf() };
        let error = run(&refused).unwrap_err().to_string();
        assert!(error.starts_with("gone: ") && error.contains("clients/gone"), "{error}");
    }

    /// Python's own reader finds what was put in; without Python the gate's other steps fail first.
    #[test]
    fn another_program_reads_the_archive() {
        let root = root("read");
        made(root.path());
        let program = "import sys, zipfile\n\
                       archive = zipfile.ZipFile(sys.argv[1])\n\
                       assert archive.testzip() is None\n\
                       print([(i.filename, i.external_attr >> 16 & 0o777, archive.read(i).decode()) for i in archive.infolist()])";
        let archive = root.path().join("out/tdam-client-small-1.0.0.zip");
        let output = std::process::Command::new("python3").args(["-c", program]).arg(archive).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let expected = "[('tdam-client-small-1.0.0/LICENSE', 420, 'Apache-2.0\\n'), \
                        ('tdam-client-small-1.0.0/README.md', 420, 'read [me](docs/interface-developers/page.md)'), \
                        ('tdam-client-small-1.0.0/docs/interface-developers/page.md', 420, 'a page'), \
                        ('tdam-client-small-1.0.0/src/a.txt', 420, 'first'), ('tdam-client-small-1.0.0/src/b.txt', 420, 'second'), \
                        ('tdam-client-small-1.0.0/src/inner/c.sh', 493, '#!/bin/sh\\n')]";
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected);
    }
}
