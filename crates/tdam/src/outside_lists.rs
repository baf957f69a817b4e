//! Revocation lists of other houses' authorities, as files that the operator refreshes: the service fetches nothing by itself.
//!
//! The list of `pki/outside-qca.pem` is `pki/outside-qca.crl` (DER or PEM). The service reads it when it starts, at a reload and every few
//! seconds, so a file that is put in its place needs no signal. What is wrong with a file is logged when it begins.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exchange::Exchange;
use tokio::sync::watch;

use crate::configuration::Authority;

/// How often the files are read.
const INTERVAL: Duration = Duration::from_secs(20);
/// Begins a revocation list in PEM (RFC 7468).
const PEM_BEGIN: &[u8] = b"-----BEGIN";

/// A file, whose list it is by the identifier of the authority's key, and what was wrong with it last.
#[derive(Clone, Debug)]
struct ListFile {
    authority: Vec<u8>,
    path: PathBuf,
    fault: Option<String>,
}

/// The files that a configuration names.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutsideLists(Arc<Mutex<Vec<ListFile>>>);

impl OutsideLists {
    /// These from now on.
    pub(crate) fn replace(&self, authority: &Authority, authorities: &[exchange::OutsideAuthority]) {
        let files = authority.outside.iter().zip(authorities).map(|(path, of)| ListFile {
            authority: of.key_identifier.clone(),
            path: path.with_extension("crl"),
            fault: None,
        });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = files.collect();
    }

    /// Reads all files once. What is wrong is logged; requests and health go by the lists that count.
    pub(crate) async fn read(&self, exchange: &Exchange) {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for file in files {
            let fault = match read(&file.path) {
                Err(fault) => Some(fault),
                Ok(der) => match exchange.take_up_outside_list(&file.authority, der).await {
                    Ok(taken) => taken.err().map(|fault| fault.to_string()),
                    Err(failure) => {
                        tracing::warn!(%failure, "a list of another house's authority waits for the store");
                        continue;
                    }
                },
            };
            if fault != file.fault {
                match &fault {
                    Some(fault) => {
                        tracing::error!(file = %file.path.display(), fault, "a list of another house's authority is not taken")
                    }
                    None => {
                        tracing::info!(file = %file.path.display(), "the list of another house's authority is good again")
                    }
                }
                let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(known) = files.iter_mut().find(|known| known.path == file.path) {
                    known.fault = fault;
                }
            }
        }
    }

    /// Reads them again and again, until `stopping` becomes true.
    pub(crate) async fn watch(self, exchange: Exchange, mut stopping: watch::Receiver<bool>) {
        loop {
            self.read(&exchange).await;
            tokio::select! {
                () = tokio::time::sleep(INTERVAL) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }
}

/// A list (DER) from a file in DER or PEM.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let longest = u64::try_from(pki::OUTSIDE_LIST_BYTES_MAX).unwrap_or(u64::MAX).saturating_mul(2);
    let read = File::open(path).and_then(|file| file.take(longest).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    if !bytes.starts_with(PEM_BEGIN) {
        return Ok(bytes);
    }
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    pki::revocation_list_der(&text).map_err(|error| error.to_string())
}
