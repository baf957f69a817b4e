//! Reads the files that the choices name, and tries what a start would find out too late.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use client::{Client, ClientBuilder, Identity, Retries};

use crate::bounds;
use crate::choices::{IdentityFiles, Password, Sources};
use crate::secrets::open_to_others;
use crate::setting_error::SettingError;

/// Modes of a folder: others than its owner may exchange files in it, unless each file is its owner's alone.
const OTHERS_WRITE: u32 = 0o022;
const STICKY: u32 = 0o1000;

/// All that the proxy runs with.
pub struct Settings {
    pub(crate) sources: Sources,
    pub(crate) client: ClientBuilder,
    pub(crate) spool: PathBuf,
    /// The user that this process runs as.
    pub(crate) user: u32,
    pub(crate) open_secrets: Vec<SettingError>,
}

impl Settings {
    /// Secret files that other users of the machine may read. The proxy names them in its log when it starts.
    #[must_use]
    pub fn open_secrets(&self) -> &[SettingError] {
        &self.open_secrets
    }
}

impl fmt::Debug for Settings {
    /// Without key and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("sources", &self.sources).field("spool", &self.spool).finish_non_exhaustive()
    }
}

impl Sources {
    /// Reads the files. `variable` is the environment.
    ///
    /// # Errors
    /// Names the key, and says what to do.
    pub fn read(self, variable: impl Fn(&str) -> Option<String>) -> Result<Settings, SettingError> {
        let authority = fs::read(&self.authority).map_err(|error| unread("ca", &self.authority, &error))?;
        let identity = match &self.identity {
            IdentityFiles::Pem { certificate, key } => {
                fs::File::open(certificate).map_err(|error| unread("cert", certificate, &error))?;
                fs::File::open(key).map_err(|error| unread("key", key, &error))?;
                Identity::pem_files(certificate, key)
            }
            IdentityFiles::KeyStore { file, password } => {
                fs::File::open(file).map_err(|error| unread("key_store", file, &error))?;
                Identity::pkcs12_file(file, self::password(password, variable)?)
            }
        };
        if self.renew_days_ahead > 0 {
            self.try_to_write_beside_the_identity()?;
        }
        let spool = self.spool.clone().unwrap_or_else(std::env::temp_dir);
        let tried = tempfile::tempfile_in(&spool).and_then(|file| file.metadata()).map_err(|error| {
            let what = format!(
                "no file can be written in {} ({error}): name a folder that this user may write to",
                spool.display()
            );
            SettingError::new("spool", what)
        })?;
        // Each attempt reads the file by its name: who could exchange it would pay with another message.
        let mode = fs::metadata(&spool).map_err(|error| unread("spool", &spool, &error))?.mode();
        if mode & OTHERS_WRITE != 0 && mode & STICKY == 0 {
            let what =
                format!("others may exchange files in {}: name a folder of this user's (chmod go-w)", spool.display());
            return Err(SettingError::new("spool", what));
        }
        let builder = Client::builder().certificate_authority_pem(authority);
        let try_out = |key, builder: &ClientBuilder| {
            builder.clone().build().map(drop).map_err(|error| SettingError::new(key, error))
        };
        // One after the other, so that an error is about the key that it names.
        try_out("ca", &builder.clone().url("https://localhost"))?;
        let builder = builder.url(&self.url);
        try_out("url", &builder)?;
        let client = builder
            .identity(identity)
            .sign_submissions(self.signs)
            .idle_timeout(self.timeout)
            .call_timeout(self.call_timeout)
            .retries(Retries::default().attempts_max(self.attempts))
            .user_agent(concat!("tdam-proxy/", env!("CARGO_PKG_VERSION")));
        let key_of_identity = match self.identity {
            IdentityFiles::Pem { .. } => "cert",
            IdentityFiles::KeyStore { .. } => "key_store",
        };
        try_out(key_of_identity, &client)?;
        // The new file is this user's.
        let user = tried.uid();
        let open_secrets = open_to_others(&self.identity, user);
        Ok(Settings { sources: self, client, spool, user, open_secrets })
    }

    fn try_to_write_beside_the_identity(&self) -> Result<(), SettingError> {
        let files: Vec<&Path> = match &self.identity {
            IdentityFiles::Pem { certificate, key } => vec![certificate, key],
            IdentityFiles::KeyStore { file, .. } => vec![file],
        };
        for file in files {
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            tempfile::tempfile_in(folder).map_err(|error| {
                let folder = folder.display();
                SettingError::new(
                    "renew_days_ahead",
                    format!(
                        "the next certificate cannot be written to {folder} ({error}): let this user write there, or set \
                         renew_days_ahead = 0 and renew the certificate by other means"
                    ),
                )
            })?;
        }
        Ok(())
    }
}

fn password(password: &Password, variable: impl Fn(&str) -> Option<String>) -> Result<String, SettingError> {
    match password {
        Password::File(path) => {
            let unread = |error: &dyn fmt::Display| unread("password_file", path, error);
            let length = fs::metadata(path).map_err(|error| unread(&error))?.len();
            if length > bounds::PASSWORD_BYTES_MAX {
                return Err(unread(&"it is too long for a password"));
            }
            let text = fs::read_to_string(path).map_err(|error| unread(&error))?;
            // The end of the line is the editor's.
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        Password::Variable(name) => variable(name).ok_or_else(|| {
            SettingError::new(
                "password_env",
                format!("the variable {name} is not set: set it to the password of key_store"),
            )
        }),
    }
}

fn unread(key: &'static str, path: &Path, error: &dyn fmt::Display) -> SettingError {
    let path = path.display();
    SettingError::new(key, format!("{path} cannot be read ({error}): check the path and who may read it"))
}
