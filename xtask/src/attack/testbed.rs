//! Where attacks are made: the program that is attacked, a place for its installations, and how long each attack lasts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::cluster::Cluster;
use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{self, Installation};

/// So long is an attack watched before it counts as standing.
pub(super) const SETTLING: Duration = Duration::from_secs(2);

/// Where attacks are made.
pub(super) struct Testbed {
    pub(super) program: PathBuf,
    pub(super) place: tempfile::TempDir,
    pub(super) is_long: bool,
    /// With a schema of its own, when the data is in PostgreSQL.
    pub(super) cluster: Option<Cluster>,
    pub(super) schema: Option<String>,
}

impl Testbed {
    pub(super) fn new(program: &Path, is_long: bool) -> Result<Testbed, Failed> {
        let place = tempfile::tempdir()?;
        Ok(Testbed { program: program.to_owned(), place, is_long, cluster: None, schema: None })
    }

    /// Another one with SQLite.
    pub(super) fn another(&self) -> Result<Testbed, Failed> {
        Testbed::new(&self.program, self.is_long)
    }

    /// A new installation, made by the program with these arguments besides.
    pub(super) fn install(&self, arguments: &[&str]) -> Result<Installation, Failed> {
        let (Some(cluster), Some(schema)) = (self.cluster, &self.schema) else {
            return Installation::make(&self.program, self.place.path(), server::PLAN, arguments);
        };
        let (serving, owner) = (cluster.clerk_url(), cluster.url());
        let mut all = vec!["--store", &serving, "--store-owner", &owner, "--store-schema", schema];
        all.extend_from_slice(arguments);
        Installation::make(&self.program, self.place.path(), server::PLAN, &all)
    }

    /// An installation of another plan, with SQLite.
    pub(super) fn install_plan(&self, plan: &str) -> Result<Installation, Failed> {
        Installation::make(&self.program, self.place.path(), plan, &[])
    }

    /// How long the victim pays while attackers are at work.
    pub(super) fn seconds(&self) -> u64 {
        if self.is_long { 40 } else { 3 }
    }

    /// Payments of a message whose status is large: each is refused, and named as far as an answer names them.
    pub(super) fn refused_payments(&self) -> u32 {
        if self.is_long { 40_000 } else { 12_000 }
    }

    pub(super) fn outcome(&self, attack: impl Into<String>, rate: impl Into<String>) -> Outcome {
        Outcome::of(attack, rate, self.is_long)
    }
}
