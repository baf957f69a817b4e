//! The database that a benchmark runs on.

use clap::Args;
use tdam::installation::Database;

/// Which database.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// PostgreSQL database to measure with, in a schema that is not there yet.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// The schema.
    #[arg(long, value_name = "NAME", default_value = "tdam_bench")]
    store_schema: String,
}

impl StoreArguments {
    /// The PostgreSQL database; `None` stands for SQLite.
    pub(super) fn database(&self) -> Option<Database> {
        self.store.as_deref().map(|url| Database::new(url, self.store_schema.as_str()))
    }
}
