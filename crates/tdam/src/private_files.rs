//! Files with keys and passwords, which only the service may read.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::configuration::Configuration;

const GROUP: u32 = 0o070;
const EVERYBODY: u32 = 0o007;

/// Every file whose contents are secret, as far as the configuration names it or it lies beside the server's key.
fn secret_files(configuration: &Configuration) -> Vec<PathBuf> {
    let store = &configuration.store;
    let named = [
        &configuration.tls.key,
        &configuration.authority.issuing_key,
        &configuration.authority.next_key,
        &configuration.audit.key,
        &configuration.publication.key,
        &configuration.mail.password_file,
        &store.password_file,
        &store.owner_password_file,
    ];
    let mut files: Vec<PathBuf> = named.into_iter().filter(|path| !path.as_os_str().is_empty()).cloned().collect();
    let folder = configuration.tls.key.parent().filter(|folder| !folder.as_os_str().is_empty());
    files.extend(folder.map(keys_in).unwrap_or_default());
    files.sort();
    files.dedup();
    files
}

/// The keys in a folder, as far as it can be read: the service may be allowed to open the files that it needs, and no more.
fn keys_in(folder: &Path) -> Vec<PathBuf> {
    let is_key = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "key");
    let listed =
        fs::read_dir(folder).and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect());
    match listed {
        Ok(paths) => Vec::into_iter(paths).filter(is_key).collect(),
        Err(error) => {
            tracing::warn!(folder = %folder.display(), %error, "the folder of the server's key cannot be listed: other keys in it are not looked at");
            Vec::new()
        }
    }
}

/// Closes secret files to others, and names each that was open. Refuses a file that another user owns if everyone can
/// read it; if only its group can, the owner gave it to the service that way.
pub(crate) fn close(configuration: &Configuration) -> Result<(), String> {
    secret_files(configuration).iter().try_for_each(|path| close_one(path))
}

fn close_one(path: &Path) -> Result<(), String> {
    let shown = path.display();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // The reader of a missing file reports it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        // The owner's password may lie where this user may not look.
        Err(error) => {
            tracing::warn!(file = %shown, %error, "the service cannot see who may read a secret file");
            return Ok(());
        }
    };
    let mode = metadata.mode() & 0o777;
    if mode & (GROUP | EVERYBODY) == 0 {
        return Ok(());
    }
    let closed = fs::set_permissions(path, Permissions::from_mode(mode & !(GROUP | EVERYBODY)));
    let Err(error) = closed else {
        tracing::warn!(file = %shown, mode = format!("{mode:03o}"), "others could read a secret file: closed to them now");
        return Ok(());
    };
    if mode & EVERYBODY != 0 {
        return Err(format!(
            "{shown} is secret, everybody on this machine can read it (mode {mode:03o}), and this user cannot change that \
             ({error}): run `chmod o= {shown}` as its owner"
        ));
    }
    tracing::info!(file = %shown, mode = format!("{mode:03o}"), %error, "the group of a secret file can read it");
    Ok(())
}
