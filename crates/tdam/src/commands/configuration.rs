//! The configuration that a command works with.

use std::path::Path;

use crate::configuration::Configuration;
use crate::installation::Folder;
use crate::terminal::Failure;

/// The configuration that a command names; says how to name one where there is none.
pub(super) fn in_file(file: &Path) -> Result<Configuration, Failure> {
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
