//! Certificate and key in two files, exchanged so that a crash at any moment leaves a pair that fits.
//!
//! Two files cannot be renamed at once. So the new pair lies beside the old one first, as `NAME.next`; then the key takes its place,
//! then the certificate. A reader that finds a pair that does not fit looks whether the swap was interrupted, and ends it.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;

/// Reads a pair; of one whose swap was interrupted, the new one.
pub(crate) fn read<T>(
    certificate: &Path,
    key: &Path,
    of: impl Fn(&[u8], &[u8]) -> Result<T, Error>,
) -> Result<T, Error> {
    let both = |certificate: &Path, key: &Path| of(&bytes(certificate)?, &bytes(key)?);
    let first = match both(certificate, key) {
        Ok(pair) => return Ok(pair),
        Err(error) => error,
    };
    if let Ok(pair) = both(&next(certificate), key) {
        // Who reads may not be who may write; then the pair is used as it lies.
        let _ = fs::rename(next(certificate), certificate);
        return Ok(pair);
    }
    // Another process may have ended the swap in between.
    both(certificate, key).map_err(|_| first)
}

/// Puts a staged pair in the place of the old one.
pub(crate) fn adopt(certificate: &Path, key: &Path) -> Result<(), Error> {
    fs::rename(next(key), key).map_err(|error| unwritten(key, &error))?;
    fs::rename(next(certificate), certificate).map_err(|error| unwritten(certificate, &error))?;
    sync_folder(certificate);
    sync_folder(key);
    Ok(())
}

/// Puts a staged file in the place of the old one.
pub(crate) fn adopt_one(path: &Path) -> Result<(), Error> {
    fs::rename(next(path), path).map_err(|error| unwritten(path, &error))?;
    sync_folder(path);
    Ok(())
}

/// Where the next version of a file lies before it takes its place.
pub(crate) fn next(path: &Path) -> PathBuf {
    beside(path, ".next")
}

/// Where the request for the next certificate lies until there is an answer.
pub(crate) fn request(path: &Path) -> PathBuf {
    beside(path, ".next.csr")
}

/// Where the next key of a PKCS #12 file lies until there is a certificate.
pub(crate) fn next_key(path: &Path) -> PathBuf {
    beside(path, ".next.key")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Writes a file that only its owner may read, in one piece: its name leads to the old bytes or to all of the new ones.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        // Mode 0600 from its beginning.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok::<(), std::io::Error>(())
    };
    write().map_err(|error| unwritten(path, &error))?;
    sync_folder(path);
    Ok(())
}

/// Removes a file that is no longer needed.
pub(crate) fn remove(path: &Path) {
    // One that stays does no harm: it is private, and the next one overwrites it.
    let _ = fs::remove_file(path);
}

/// A rename lasts once its folder is synced. A system that cannot sync folders keeps them by itself.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where that fails, the names are those before or after; who reads next ends the swap.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// The bytes of a file that the client is set up with.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| {
        Error::configuration(format!("{} cannot be read: {error}; check the path and who may read it", path.display()))
    })
}

fn unwritten(path: &Path, error: &std::io::Error) -> Error {
    Error::configuration(format!(
        "{} cannot be written: {error}; the old certificate and key are still in place, so give this program the right to write there and call again",
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Certificate and key fit when their bytes are the same.
    fn fitting(certificate: &[u8], key: &[u8]) -> Result<Vec<u8>, Error> {
        if certificate == key { Ok(key.to_vec()) } else { Err(Error::configuration("they do not fit")) }
    }

    #[test]
    fn an_interrupted_swap_is_ended_by_who_reads_next() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        for path in [&certificate, &key] {
            write_private(path, b"old")?;
            write_private(&next(path), b"new")?;
        }
        assert_eq!(read(&certificate, &key, fitting)?, b"old", "a staged pair is not used before it is adopted");
        // The process ended between the two renames of `adopt`.
        fs::rename(next(&key), &key)?;
        assert_eq!(read(&certificate, &key, fitting)?, b"new");
        assert_eq!(fs::read(&certificate)?, b"new");
        assert!(!next(&certificate).exists());
        write_private(&key, b"another")?;
        assert!(read(&certificate, &key, fitting).is_err());
        Ok(())
    }
}
