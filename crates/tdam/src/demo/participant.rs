//! A caller of the exchange: an online user with its certificate, or a stranger.

use std::fs;
use std::path::Path;
use std::time::Duration;

use client::{Client, Retries};

use crate::installation::Folder;
use crate::terminal::Failure;

/// How long a large message may take to be answered.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// A caller.
pub(super) struct Participant {
    pub(super) client: Client,
}

impl Participant {
    pub(super) fn new(url: &str, folder: &Folder, user: Option<&str>) -> Result<Participant, Failure> {
        let mut builder = Client::builder()
            .url(url)
            .certificate_authority_pem(read(&folder.authority_certificate())?)
            .call_timeout(PATIENCE)
            .retries(Retries::default());
        if let Some(user) = user {
            let place = folder.user(user);
            builder = builder.identity_pem(read(&place.join("certificate.pem"))?, read(&place.join("key.pem"))?);
        }
        Ok(Participant { client: builder.build().map_err(Failure::Call)? })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(Failure::input(path))
}
