//! Finds files with keys and passwords that other users of the machine may read: each of them could pay in the client's name.
//!
//! The proxy says so and goes on, since the files may lie as somebody else wants them.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::choices::{IdentityFiles, Password};
use crate::setting_error::SettingError;

const GROUP: u32 = 0o070;
const EVERYBODY: u32 = 0o007;

/// A finding for each such file; `user` is the one that the proxy runs as.
pub(crate) fn open_to_others(identity: &IdentityFiles, user: u32) -> Vec<SettingError> {
    let files: Vec<(&'static str, &Path)> = match identity {
        IdentityFiles::Pem { key, .. } => vec![("key", key)],
        IdentityFiles::KeyStore { file, password: Password::Variable(_) } => vec![("key_store", file)],
        IdentityFiles::KeyStore { file, password: Password::File(password) } => {
            vec![("key_store", file), ("password_file", password)]
        }
    };
    files.into_iter().filter_map(|(key, path)| finding(key, path, user)).collect()
}

fn finding(key: &'static str, path: &Path, user: u32) -> Option<SettingError> {
    // Who reads the file reports that it is missing.
    let metadata = fs::metadata(path).ok()?;
    // A file of somebody else's is given to this user by its group.
    let (others, closed) = if metadata.uid() == user { (GROUP | EVERYBODY, "go=") } else { (EVERYBODY, "o=") };
    let (mode, path) = (metadata.mode() & 0o777, path.display());
    (mode & others != 0).then(|| {
        let what =
            format!("{path} is secret, and its mode {mode:03o} lets other users in: run `chmod {closed} {path}`");
        SettingError::new(key, what)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_others_may_read_is_named_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, mode| {
            let path = folder.path().join(name);
            fs::write(&path, "secret").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            path
        };
        let user = fs::metadata(folder.path()).unwrap().uid();
        let found = |identity: &IdentityFiles, user| -> Vec<&'static str> {
            open_to_others(identity, user).iter().map(SettingError::key).collect()
        };
        for (mode, own, given) in [(0o600, 0, 0), (0o400, 0, 0), (0o640, 1, 0), (0o644, 1, 1), (0o602, 1, 1)] {
            let identity = IdentityFiles::Pem { certificate: file("c", 0o644), key: file(&format!("{mode:o}"), mode) };
            assert_eq!(found(&identity, user).len(), own, "{mode:o}");
            assert_eq!(found(&identity, user + 1).len(), given, "{mode:o}, of another user");
        }
        let password = Password::File(file("p", 0o644));
        let store = IdentityFiles::KeyStore { file: file("s", 0o644), password };
        assert_eq!(found(&store, user), ["key_store", "password_file"]);
        let store = IdentityFiles::KeyStore { file: file("s", 0o600), password: Password::Variable("P".to_owned()) };
        assert_eq!(found(&store, user), [""; 0]);
    }
}
