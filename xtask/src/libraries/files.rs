//! Takes files and folders of the repository into an archive.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::zip::Entry;

/// How a README leads to the pages from the library's folder, and from the top of the archive.
const LINK: &str = "](../../docs/";
const LINK_IN_ARCHIVE: &str = "](docs/";

/// The names in a folder that are text.
pub(super) fn names_in(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let listed = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = listed.map(|file| Ok(file?.file_name().into_string().ok())).collect::<std::io::Result<Vec<_>>>()?;
    Ok(names.into_iter().flatten().collect())
}

/// A file, or the files of a folder; hidden ones are left out.
pub(super) fn gather(top: &str, name: &Path, from: &Path, entries: &mut Vec<Entry>) -> Result<(), Box<dyn Error>> {
    if from.is_file() {
        entries.push(entry(top, name, from)?);
        return Ok(());
    }
    for file in fs::read_dir(from)? {
        let path = file?.path();
        let Some(own) = path.file_name().filter(|own| !own.as_encoded_bytes().starts_with(b".")) else { continue };
        gather(top, &name.join(own), &path, entries)?;
    }
    Ok(())
}

/// A file; the links of a README lead to the pages as the archive has them.
pub(super) fn entry(top: &str, name: &Path, from: &Path) -> Result<Entry, Box<dyn Error>> {
    let name = name.to_str().ok_or_else(|| format!("{} is not UTF-8", name.display()))?;
    let mut bytes = fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
    if name.starts_with("README") {
        bytes = String::from_utf8(bytes)?.replace(LINK, LINK_IN_ARCHIVE).into_bytes();
    }
    Ok(Entry { name: format!("{top}/{name}"), is_program: bytes.starts_with(b"#!"), bytes })
}
