//! The source of a backup: the folder of an exchange, or of its data alone.

use std::fs;
use std::path::{Path, PathBuf};

use store::AtRest;

use crate::configuration::{Authority, Configuration};
use crate::terminal::Failure;

const CONFIGURATION: &str = "tdam.toml";
const PKI: &str = "pki";
/// Begins the name of every kind of private key in PEM (RFC 7468).
const KEY_MARK: &str = "PRIVATE KEY-----";

/// Where an exchange has what belongs in a backup.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Folder of the database.
    pub(crate) data: PathBuf,
    /// Configuration, certificates and keys: where each is, and its path in the backup.
    pub(super) beside: Vec<CompanionFile>,
    /// Files that the configuration names outside its folder; the operator must keep them.
    pub(super) elsewhere: Vec<PathBuf>,
}

/// Where the data of an exchange are.
#[derive(Debug)]
pub(crate) enum DataPlace {
    /// In a folder.
    Folder(Origin),
    /// In a database server, which has tools of its own for copies.
    DatabaseServer(Box<Configuration>),
}

/// A file beside the data.
#[derive(Debug)]
pub(super) struct CompanionFile {
    pub(super) from: PathBuf,
    pub(super) path: String,
    pub(super) is_key: bool,
}

impl Origin {
    /// Looks at a folder with `tdam.toml`, at such a file, or at a data folder.
    pub(crate) fn find(place: &Path) -> Result<DataPlace, Failure> {
        let configuration = if place.is_file() { place.to_owned() } else { place.join(CONFIGURATION) };
        if configuration.is_file() {
            return Origin::configured(&configuration);
        }
        if AtRest::is_at(place) {
            let (beside, elsewhere) = (Vec::new(), Vec::new());
            return Ok(DataPlace::Folder(Origin { data: place.to_owned(), beside, elsewhere }));
        }
        Err(Failure::Usage(format!("{} holds no exchange: neither {CONFIGURATION} nor a database", place.display())))
    }

    fn configured(path: &Path) -> Result<DataPlace, Failure> {
        let configuration = Configuration::read(path)?;
        if configuration.store.is_a_server() {
            return Ok(DataPlace::DatabaseServer(Box::new(configuration)));
        }
        let root = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut beside = vec![CompanionFile { from: path.to_owned(), path: CONFIGURATION.to_owned(), is_key: false }];
        let pki = root.join(PKI);
        if pki.is_dir() {
            let mut files: Vec<PathBuf> = fs::read_dir(&pki)
                .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
                .map_err(Failure::input(&pki))?;
            files.retain(|file| file.is_file());
            files.sort();
            for file in files {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let text = fs::read(&file).map_err(Failure::input(&file))?;
                let is_key = String::from_utf8_lossy(&text).contains(KEY_MARK);
                beside.push(CompanionFile { path: format!("{PKI}/{name}"), from: file, is_key });
            }
        }
        let tls = &configuration.tls;
        let Authority { issuing_certificate, issuing_key, next_certificate, next_key, outside, .. } =
            &configuration.authority;
        let of_authorities = [issuing_certificate, issuing_key, next_certificate, next_key];
        let of_authorities = of_authorities.into_iter().chain(outside).filter(|file| !file.as_os_str().is_empty());
        let named = [&tls.certificate, &tls.key, &tls.client_authority].into_iter().chain(of_authorities);
        let elsewhere = named.filter(|file| !beside.iter().any(|known| known.from == **file));
        Ok(DataPlace::Folder(Origin { elsewhere: elsewhere.cloned().collect(), beside, data: configuration.data }))
    }
}
