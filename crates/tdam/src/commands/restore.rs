//! `tdam restore`: an exchange from a backup.

use std::path::PathBuf;

use super::backup_findings::{describe, findings, older};
use crate::backup::{self, Restored};
use crate::terminal::{Exit, Failure, Terminal};

/// Restore a backup into a new folder, after checking every byte of it.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// The backup
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// The exchange: a folder that does not exist yet, or is empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Arguments { backup, to } = arguments;
    if !backup::is_backup(&backup) {
        return Err(Failure::Usage(format!("{} is no backup: it has no manifest", backup.display())));
    }
    let restored = match backup::restore(&backup, &to, terminal) {
        Ok(restored) => restored,
        Err(error) => return findings(error, "Nothing was restored: the backup is not in order.", terminal),
    };
    let Restored { manifest, configured_elsewhere, only_structure_of_version } = restored;
    terminal.line(format_args!("Restored and checked: {}, as of {}.", to.display(), manifest.begun_at));
    describe(&manifest, terminal);
    terminal.line("It serves nobody yet: bring in what was revoked since (tdam operator revocations bring FILE).");
    for key in &manifest.keys_left_out {
        terminal.line(format_args!("Put back yourself: {key}"));
    }
    if let Some(data) = configured_elsewhere {
        let (to, data) = (to.display(), data.display());
        terminal.note(format_args!("attention: {to}/tdam.toml still names {data} as data; change it to {to}/data"));
    }
    if let Some(version) = only_structure_of_version {
        terminal.note(older(version));
    }
    Ok(Exit::Done)
}
