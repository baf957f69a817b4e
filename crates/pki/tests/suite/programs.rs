//! Runs OpenSSL on files of a folder.
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A folder with these files.
pub fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// Whether OpenSSL succeeds, and what it says; `None` when it is not installed.
pub fn openssl(folder: &Path, arguments: &str) -> Option<(bool, String)> {
    let ran = match Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output() {
        Ok(ran) => ran,
        Err(error) => {
            println!("not tried with openssl: {error}");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    Some((ran.status.success(), text))
}
