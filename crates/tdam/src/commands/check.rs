//! `tdam check`: whether the data of an exchange, or of a backup, are in order.

use std::path::{Path, PathBuf};

use exchange::{Comparison, Kept, Settings};
use store::{Access, AtRest, Bodies, CheckReport, Store, StoreError};

use super::backup_findings::{findings, older};
use super::runtime::service;
use crate::backup::{self, DataPlace, Origin};
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Phase, Terminal, words};

/// Check data against every invariant: of an exchange, running or not, or of a backup.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// The exchange: the folder of its tdam.toml, its data folder alone, or a backup
    #[arg(value_name = "FOLDER", required_unless_present = "list")]
    folder: Option<PathBuf>,
    /// Read every stored body too, and compare it with its hash and with the stored data of its message (always done
    /// for a backup)
    #[arg(long)]
    bodies: bool,
    /// Print the list of checks
    #[arg(long)]
    list: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = match arguments.folder {
        Some(folder) if !arguments.list => folder,
        _ => {
            store::checks().for_each(|check| terminal.line(check));
            return Ok(Exit::Done);
        }
    };
    if !backup::is_backup(&folder) {
        let depth = if arguments.bodies { Bodies::Read } else { Bodies::Present };
        return match Origin::find(&folder)? {
            DataPlace::Folder(origin) => {
                check(&origin.data, Access::InUse, depth, settings_of(&folder, terminal).as_ref(), terminal)
            }
            DataPlace::DatabaseServer(configuration) => service(async {
                let store = configuration.open_store().await.map_err(Failure::service)?;
                check_store(&store, depth, &configuration.exchange_settings(), terminal)
            }),
        };
    }
    match backup::verify(&folder, terminal) {
        Ok(_) => {
            check(&backup::data(&folder), Access::Copy, Bodies::Read, settings_of(&folder, terminal).as_ref(), terminal)
        }
        Err(error) => findings(error, "The backup is not in order.", terminal),
    }
}

/// Checks a data folder.
fn check(
    data: &Path,
    access: Access,
    depth: Bodies,
    settings: Option<&Settings>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let store = AtRest::open(data, access).map_err(Failure::service)?;
    tell(depth, settings, &store, terminal, |progress| store.check(depth, progress))
}

/// The settings beside the data, by which bodies were read; `None` where there are none. Data whose configuration is
/// damaged can be checked all the same, and the operator sees why the check does without.
fn settings_of(folder: &Path, terminal: &Terminal) -> Option<Settings> {
    let file = if folder.is_file() { folder.to_owned() } else { folder.join("tdam.toml") };
    if !file.exists() {
        return None;
    }
    match Configuration::read(&file) {
        Ok(configuration) => Some(configuration.exchange_settings()),
        Err(error) => {
            terminal.note(format_args!("The check compares bodies by default settings: {error}"));
            None
        }
    }
}

/// Checks a store that is open.
pub(super) fn check_store(
    store: &Store,
    depth: Bodies,
    settings: &Settings,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    tell(depth, Some(settings), store, terminal, |progress| store.check_with(depth, progress))
}

fn tell(
    depth: Bodies,
    settings: Option<&Settings>,
    kept: &dyn Kept,
    terminal: &Terminal,
    check: impl FnOnce(&mut dyn FnMut(u64, u64)) -> Result<CheckReport, StoreError>,
) -> Result<Exit, Failure> {
    let mut bar = Phase::new(terminal, words::CHECKING);
    let report = check(&mut |done, all| bar.at(done, all));
    bar.end();
    let report = report.map_err(Failure::service)?;
    let compares = depth == Bodies::Read && report.only_structure_of_version.is_none();
    let compared = match compares {
        true => exchange::compare_bodies(kept, settings).map_err(Failure::service)?,
        false => Comparison::default(),
    };
    for problem in report.problems.iter().chain(&compared.problems) {
        terminal.line(problem);
    }
    if report.is_not_cross_checked {
        terminal.note(
            "The directory is not compared with the audit before a server of this version has been started once.",
        );
    }
    if let Some(version) = report.only_structure_of_version {
        terminal.note(older(version));
    }
    if !report.problems.is_empty() || !compared.problems.is_empty() {
        return Ok(Exit::Refused);
    }
    let held = if report.only_structure_of_version.is_some() { "Nothing is wrong." } else { "All invariants hold." };
    let bodies = if depth == Bodies::Read {
        let (read, same) = (report.bodies_read, compared.same);
        format!(" {read} bodies are what was received. {same} say what is stored of their messages.")
    } else {
        String::new()
    };
    terminal.line(format_args!("{held} {} lines of the audit chain verify.{bodies}", report.audit_lines));
    Ok(Exit::Done)
}
