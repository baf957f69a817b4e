//! Files with keys and passwords, which only the service may read.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::configuration::Configuration;

const GROUP: u32 = 0o070;
const EVERYBODY: u32 = 0o007;

/// Every file whose contents are secret, as far as the configuration names it or it lies beside the server's key.
fn secret_files(configuration: &Configuration) -> Vec<PathBuf> {
    let store = &configuration.store;
    let named = [&configuration.tls.key, &store.password_file, &store.owner_password_file];
    let mut files: Vec<PathBuf> = named.into_iter().filter(|path| !path.as_os_str().is_empty()).cloned().collect();
    let beside = configuration.tls.key.parent().and_then(|folder| fs::read_dir(folder).ok());
    let keys = beside.into_iter().flatten().flatten().map(|entry| entry.path());
    files.extend(keys.filter(|path| path.extension().is_some_and(|ending| ending == "key")));
    files.sort();
    files.dedup();
    files
}

/// Closes secret files to others, and names each that was open. Refuses a file that another user owns if everyone can
/// read it; if only its group can, the owner gave it to the service that way.
pub(crate) fn close(configuration: &Configuration) -> Result<(), String> {
    secret_files(configuration).iter().try_for_each(|path| close_one(path))
}

fn close_one(path: &Path) -> Result<(), String> {
    // The reader of a missing file reports it.
    let Ok(metadata) = fs::metadata(path) else { return Ok(()) };
    let mode = metadata.mode() & 0o777;
    if mode & (GROUP | EVERYBODY) == 0 {
        return Ok(());
    }
    let shown = path.display();
    if fs::set_permissions(path, Permissions::from_mode(mode & !(GROUP | EVERYBODY))).is_ok() {
        tracing::warn!(file = %shown, mode = format!("{mode:03o}"), "others could read a secret file: closed to them now");
        return Ok(());
    }
    if mode & EVERYBODY != 0 {
        return Err(format!(
            "{shown} is secret, everybody on this machine can read it (mode {mode:03o}), and it belongs to another user: run \
             `chmod o= {shown}` as its owner"
        ));
    }
    tracing::info!(file = %shown, mode = format!("{mode:03o}"), "the group of a secret file can read it");
    Ok(())
}
