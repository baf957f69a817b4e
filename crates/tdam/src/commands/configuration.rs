//! The configuration that a command works with.

use std::path::{Path, PathBuf};

use crate::configuration::Configuration;
use crate::installation::Folder;
use crate::terminal::Failure;

/// Which configuration: the same argument of every command that works beside a server.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ConfigurationFile {
    /// The configuration file of the server
    #[arg(
        long = "config",
        value_name = "FILE",
        env = "TDAM_CONFIG",
        hide_env_values = true,
        default_value = "tdam.toml",
        global = true
    )]
    path: PathBuf,
}

impl ConfigurationFile {
    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What it says.
    pub(super) fn read(&self) -> Result<Configuration, Failure> {
        in_file(&self.path)
    }
}

/// The configuration that a command names; says how to name one where there is none.
fn in_file(file: &Path) -> Result<Configuration, Failure> {
    if !file.exists() {
        let missing =
            format!("there is no {}: name the configuration file with --config or TDAM_CONFIG", file.display());
        return Err(Failure::Usage(missing));
    }
    Ok(Configuration::read(file)?)
}

/// The configuration of an installation.
pub(super) fn of_folder(folder: &Folder) -> Result<Configuration, Failure> {
    if !folder.holds_an_installation() {
        return Err(Failure::Usage(format!(
            "{} holds no exchange: go to the folder in which `tdam sandbox` was started, or name the sandbox's with --dir",
            folder.root().display()
        )));
    }
    Ok(Configuration::read(&folder.configuration())?)
}
