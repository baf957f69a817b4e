//! The arguments that name a database where a world is made.

use crate::world::Database;

/// Where the data of a new world goes.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct StoreArguments {
    /// PostgreSQL database of a new world, without a password: postgresql://user@host/database [default: SQLite]
    #[arg(long, value_name = "URL", env = "TDAM_STORE", hide_env_values = true)]
    store: Option<String>,
    /// The schema in it
    #[arg(long, value_name = "NAME", env = "TDAM_STORE_SCHEMA", default_value = "tdam")]
    store_schema: String,
}

impl StoreArguments {
    pub(super) fn database(self) -> Option<Database> {
        let schema = self.store_schema;
        self.store.map(|url| Database { url, schema })
    }
}
