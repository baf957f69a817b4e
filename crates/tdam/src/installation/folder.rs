//! The folder of an installation: what lies where.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// An installation's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
}

/// Whose connection it is, as far as its file says how to use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// An online user's: it sends messages.
    OnlineUser,
    /// An operator's: it decides about applications.
    Operator,
}

/// How to connect as one online user or operator: what `connection.toml` says. Paths are relative to that file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionFile<'a> {
    /// Where the exchange is.
    pub url: &'a str,
    /// Whose connection this is, for people.
    pub name: &'a str,
    /// What it is for.
    pub usage: Usage,
    /// Where people find help; may be empty.
    pub support: &'a str,
}

impl Folder {
    /// The folder at a path; nothing is made.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Folder {
        Folder { root: root.into() }
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The server's configuration.
    #[must_use]
    pub fn configuration(&self) -> PathBuf {
        self.root.join("tdam.toml")
    }

    /// Certificates of the authority and of the server.
    #[must_use]
    pub fn pki(&self) -> PathBuf {
        self.root.join("pki")
    }

    /// The certificates that all sides trust: the root's first, then that of the issuing authority.
    #[must_use]
    pub fn authority_certificate(&self) -> PathBuf {
        self.pki().join("ca.pem")
    }

    /// The root's private key.
    #[must_use]
    pub fn root_key(&self) -> PathBuf {
        self.pki().join("ca.key")
    }

    /// The issuing authority's certificate.
    #[must_use]
    pub fn issuing_certificate(&self) -> PathBuf {
        self.pki().join("issuing.pem")
    }

    /// The issuing authority's private key.
    #[must_use]
    pub fn issuing_key(&self) -> PathBuf {
        self.pki().join("issuing.key")
    }

    /// The private key that signs checkpoints of the audit chain.
    #[must_use]
    pub fn audit_key(&self) -> PathBuf {
        self.pki().join("audit.key")
    }

    /// The key by which they are verified: 64 hexadecimal digits.
    #[must_use]
    pub fn audit_public_key(&self) -> PathBuf {
        self.pki().join("audit.pub")
    }

    /// The private key that signs what is given out to everybody.
    #[must_use]
    pub fn publication_key(&self) -> PathBuf {
        self.pki().join("publication.key")
    }

    /// The key by which it is verified (PEM).
    #[must_use]
    pub fn publication_public_key(&self) -> PathBuf {
        self.pki().join("publication.pem")
    }

    /// What one online user connects with.
    #[must_use]
    pub fn user(&self, name: &str) -> PathBuf {
        self.root.join("users").join(name)
    }

    /// The folders of all online users, by name.
    #[must_use]
    pub fn users(&self) -> Vec<PathBuf> {
        folders_in(&self.root.join("users"))
    }

    /// What one operator connects with.
    #[must_use]
    pub fn operator(&self, name: &str) -> PathBuf {
        self.root.join("operators").join(name)
    }

    /// The folders of all operators that an installation was made with, by name.
    #[must_use]
    pub fn operators(&self) -> Vec<PathBuf> {
        folders_in(&self.root.join("operators"))
    }

    /// What says how to connect, in the folder of an online user.
    #[must_use]
    pub fn connection(&self, user: &Path) -> PathBuf {
        user.join("connection.toml")
    }

    /// Says in every `connection.toml` where the exchange is now: its port may be another one than when the installation was made.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn note_url(&self, url: &str) -> io::Result<()> {
        for user in self.users().into_iter().chain(self.operators()) {
            let path = self.connection(&user);
            if !path.is_file() {
                continue;
            }
            let text = fs::read_to_string(&path)?;
            let noted: String = text.split_inclusive('\n').map(|line| with_url(line, url)).collect();
            if noted != text {
                write_public(&path, &noted)?;
            }
        }
        Ok(())
    }

    /// The database and large bodies.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    /// Messages sent and received.
    #[must_use]
    pub fn messages(&self) -> PathBuf {
        self.root.join("messages")
    }

    /// Whether an installation was made here.
    #[must_use]
    pub fn holds_an_installation(&self) -> bool {
        self.configuration().is_file()
    }

    /// Whether there is anything here at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        fs::read_dir(&self.root).map_or(true, |mut entries| entries.next().is_none())
    }
}

fn folders_in(place: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(place).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The line of a `connection.toml`, with another URL if it has one.
fn with_url(line: &str, url: &str) -> String {
    if line.starts_with("url = ") { format!("url = \"{url}\"\n") } else { line.to_owned() }
}

/// Makes a folder, and those above it, that only their owner may enter.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(store::PRIVATE_FOLDER_MODE).create(path)
}

/// Writes a file that is no secret. In a folder that only its owner may enter, other users still cannot read it.
pub(crate) fn write_public(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

/// Writes a file that only its owner may read.
pub(super) fn write_private(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(store::PRIVATE_FILE_MODE).open(path)?;
    file.write_all(content.as_ref())
}

impl ConnectionFile<'_> {
    /// The file's text.
    #[must_use]
    pub fn text(&self) -> String {
        let ConnectionFile { url, name, usage, support } = self;
        let usage = match usage {
            Usage::OnlineUser => "tdam send --profile FOLDER-OF-THIS-FILE FILE",
            Usage::Operator => "tdam application list --as FOLDER-OF-THIS-FILE",
        };
        let mut text = format!(
            "# How {name} connects. Use it as: {usage}\n\
             url = \"{url}\"\n\
             ca = \"../../pki/ca.pem\"\n\
             cert = \"certificate.pem\"\n\
             key = \"key.pem\"\n"
        );
        if !support.is_empty() {
            let support = toml::Value::from(*support);
            text.push_str(&format!(
                "# Shown when there is no connection: where people find help.\nsupport = {support}\n"
            ));
        }
        text
    }
}
