//! `tdam backup`: a whole copy of an exchange, also while it is running.

use std::path::PathBuf;

use super::backup_findings::{describe, findings, older};
use crate::backup::{self, DataPlace, Keys, Origin};
use crate::terminal::{Exit, Failure, Terminal};

/// Copy an exchange, also while it is running: database, bodies, configuration, certificates and keys, checked.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// The exchange: the folder of its tdam.toml, or its data folder alone
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The backup: a folder that does not exist yet
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Leave private keys out; the backup names them
    #[arg(long)]
    without_keys: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let origin = match Origin::find(&arguments.folder)? {
        DataPlace::Folder(origin) => origin,
        DataPlace::DatabaseServer(_) => {
            let why = "the data lie in PostgreSQL: copy the database with its own tools (docs/operators/high-availability.md)";
            return Err(Failure::Usage(why.to_owned()));
        }
    };
    let keys = if arguments.without_keys { Keys::LeftOut } else { Keys::Included };
    let written = match backup::write(origin, &arguments.to, keys, terminal) {
        Ok(written) => written,
        Err(error) => return findings(error, "No backup was made: the data are not in order.", terminal),
    };
    let manifest = &written.manifest;
    let (files, bytes) = (manifest.files.len(), manifest.bytes());
    terminal.line(format_args!("Backup made and checked: {}, {files} files, {bytes} bytes.", arguments.to.display()));
    describe(manifest, terminal);
    if manifest.files.iter().any(|file| file.key) {
        terminal.line("It holds private keys: guard it as you guard them.");
    }
    for key in &manifest.keys_left_out {
        terminal.line(format_args!("Left out: {key}"));
    }
    for path in &written.elsewhere {
        terminal.note(format_args!("not in it, since it lies elsewhere: {}", path.display()));
    }
    if let Some(version) = written.only_structure_of_version {
        terminal.note(older(version));
    }
    Ok(Exit::Done)
}
