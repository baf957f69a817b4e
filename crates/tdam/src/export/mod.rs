//! Everything of one client in a folder: the files of [`exchange::Operator::export`], a page that explains them, and a
//! list with their hashes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use exchange::{Client, ExportError, ExportFiles, ExportSummary, Operator};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::backup::files::{UnfinishedFolder, create, write_private};
use crate::configuration::Treasury;
use crate::hexadecimal::hexadecimal;
use crate::terminal::Failure;

const README: &str = include_str!("README.md");

/// Files of a folder that is being filled.
struct Files<'d> {
    unfinished: &'d UnfinishedFolder,
    /// Path, length and hash of each.
    known: Vec<(String, u64, String)>,
}

/// A file in writing. Dropping it records its size and hash.
struct Hashed<'f> {
    to: BufWriter<File>,
    hash: Sha256,
    length: u64,
    path: String,
    known: &'f mut Vec<(String, u64, String)>,
}

impl ExportFiles for Files<'_> {
    fn begin(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        let place = self.unfinished.place_of(path).map_err(to_io)?;
        let to = BufWriter::new(create(&place, true).map_err(to_io)?);
        let known = &mut self.known;
        Ok(Box::new(Hashed { to, hash: Sha256::new(), length: 0, path: path.to_owned(), known }))
    }
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Drop for Hashed<'_> {
    fn drop(&mut self) {
        let hash = hexadecimal(&std::mem::take(&mut self.hash).finalize());
        self.known.push((std::mem::take(&mut self.path), self.length, hash));
    }
}

fn to_io(failure: Failure) -> io::Error {
    match failure {
        Failure::Output { path, source } => io::Error::new(source.kind(), format!("{}: {source}", path.display())),
        other => io::Error::other(other.to_string()),
    }
}

/// Writes everything of a client to a place where there is nothing yet. Blocks.
pub(crate) fn write(
    operator: &Operator,
    house: &Treasury,
    client: &Client,
    day: Date,
    place: &Path,
) -> Result<ExportSummary, Failure> {
    let unfinished = UnfinishedFolder::begin(place, false)?;
    let mut files = Files { unfinished: &unfinished, known: Vec::new() };
    let begun_at = Timestamp::now();
    let summary = operator.export(client.id, &mut files).map_err(|error| match error {
        ExportError::Failure(failure) => Failure::service(failure),
        ExportError::Write(source) => Failure::Output { path: place.to_owned(), source },
    })?;
    let readme = README
        .replace("{house_lv}", &house.name_lv)
        .replace("{house_en}", &house.name_en)
        .replace("{client}", &client.name)
        .replace("{registration_number}", &client.registration_number)
        .replace("{exported_at}", &begun_at.to_string())
        .replace("{business_day}", &day.to_string());
    let wrote =
        files.begin("README.md").and_then(|mut file| file.write_all(readme.as_bytes()).and_then(|()| file.flush()));
    wrote.map_err(Failure::output(place))?;
    let listed =
        files.known.iter().map(|(path, bytes, sha256)| json!({ "path": path, "bytes": bytes, "sha256": sha256 }));
    let ExportSummary { online_users, accounts, submissions, messages, payments, entries, .. } = summary;
    let ExportSummary { reports, audit_lines, last_sequence, .. } = summary;
    let manifest = json!({
        "program": env!("CARGO_PKG_VERSION"),
        "client": client.id.0,
        "exported_at": begun_at.to_string(),
        "business_day": day.to_string(),
        "last_sequence": last_sequence,
        "totals": {
            "online_users": online_users, "accounts": accounts, "submissions": submissions, "messages": messages,
            "payments": payments, "entries": entries, "reports": reports, "audit_lines": audit_lines,
        },
        "files": listed.collect::<Vec<_>>(),
    });
    write_private(&unfinished.folder().join("manifest.json"), format!("{manifest:#}\n").as_bytes())?;
    unfinished.complete()?;
    Ok(summary)
}
