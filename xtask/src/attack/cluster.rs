//! A private PostgreSQL cluster, that of the whole-system tests.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use super::failed::Failed;

#[path = "../../../tests/postgres/cluster.rs"]
#[expect(clippy::unwrap_used, reason = "written for tests, which end at once when it does not start")]
mod of_tests;

/// A running cluster; stopped and removed when the process ends.
#[derive(Clone, Copy)]
pub(crate) struct Cluster(&'static of_tests::Cluster);

impl Cluster {
    /// The one of this process; `None` when PostgreSQL is not installed.
    pub(crate) fn shared() -> Option<Cluster> {
        of_tests::shared().map(Cluster)
    }

    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    pub(crate) fn clerk_url(&self) -> String {
        self.0.clerk_url()
    }

    pub(crate) fn new_name(&self) -> String {
        format!("attack_{}", self.0.new_name())
    }

    /// Runs a statement as the owner.
    pub(crate) fn run(&self, sql: &str) -> String {
        self.0.run(sql)
    }

    fn psql(&self, url: &str, sql: &str) -> Command {
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1"]);
        psql.args(["--command", sql, url]).env("LC_ALL", "C");
        psql
    }

    /// Runs a statement as the role of `url`; `Err` has the database's refusal.
    pub(crate) fn try_run(&self, url: &str, sql: &str) -> Result<String, String> {
        let output = self.psql(url, sql).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Begins statements as the owner, in a process of their own.
    pub(crate) fn begin(&self, sql: &str) -> Result<Child, Failed> {
        Ok(self.psql(&self.url(), sql).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    /// Everything in a schema, as statements that make it again.
    pub(crate) fn dump(&self, schema: &str) -> Result<Vec<u8>, Failed> {
        let output = Command::new("pg_dump").args(["--schema", schema, &self.url()]).output()?;
        if output.status.success() { Ok(output.stdout) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
    }

    /// Makes a schema what it was.
    pub(crate) fn restore(&self, schema: &str, dump: &[u8]) -> Result<(), Failed> {
        self.run(&format!("DROP SCHEMA {schema} CASCADE"));
        let mut psql = Command::new("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", &self.url()]);
        let mut process = psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        if let Some(mut input) = process.stdin.take() {
            input.write_all(dump)?;
        }
        if process.wait()?.success() { Ok(()) } else { Err("the dump cannot be read back".into()) }
    }
}
