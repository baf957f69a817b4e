//! `tdam libraries export`.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use server::Libraries;

use crate::backup::files::create;
use crate::terminal::{Exit, Failure, Terminal};

/// Write the archives with their signatures, the checksums, and the key that verifies the signatures, to hand out another way.
///
/// `sha256sum --check SHA256SUMS` compares the archives. `openssl pkeyutl -verify -pubin -inkey publication.pem -rawin -in ARCHIVE -sigfile
/// ARCHIVE.sig` verifies one; take the key from the house, and not from where the archive came from.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Folder to write into; made when it is not there. Files that are there stay as they are
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

pub(super) fn run(arguments: &Arguments, given_out: Libraries, terminal: &Terminal) -> Result<Exit, Failure> {
    let Libraries { libraries, publication_key_pem } = given_out;
    fs::create_dir_all(&arguments.to).map_err(Failure::output(&arguments.to))?;
    let mut checksums = String::new();
    for library in &libraries {
        let file = &library.overview.file;
        let path = arguments.to.join(file);
        // Invariant: an archive is within its bound, so its length fits.
        let mut bytes = vec![0; usize::try_from(library.overview.bytes).unwrap_or_default()];
        library.archive.read_exact_at(&mut bytes, 0).map_err(Failure::output(&path))?;
        write(&path, &bytes)?;
        write(&arguments.to.join(format!("{file}.sig")), &library.signature)?;
        checksums.push_str(&format!("{}  {file}\n", library.overview.sha256));
        terminal.line(path.display());
    }
    write(&arguments.to.join("SHA256SUMS"), checksums.as_bytes())?;
    if let Some(key) = publication_key_pem {
        write(&arguments.to.join("publication.pem"), key.as_bytes())?;
    }
    Ok(Exit::Done)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    create(path, false)?.write_all(bytes).map_err(Failure::output(path))
}
