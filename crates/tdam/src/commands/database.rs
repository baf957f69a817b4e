//! The arguments that name a database where an installation is made.

use std::path::PathBuf;

use crate::installation::Database;

/// Where the data of a new installation goes.
#[derive(clap::Args, Debug, Clone)]
pub(super) struct StoreArguments {
    /// PostgreSQL database of a new installation, without a password: postgresql://user@host/database [default: SQLite]
    #[arg(long, value_name = "URL", env = "TDAM_STORE", hide_env_values = true)]
    store: Option<String>,
    /// The same for the role that owns the schema, and makes it [default: the role above does]
    #[arg(long, value_name = "URL", env = "TDAM_STORE_OWNER", hide_env_values = true, requires = "store")]
    store_owner: Option<String>,
    /// The authority that the database's certificate is verified against (PEM); needed unless it is on this machine
    #[arg(long, value_name = "FILE", env = "TDAM_STORE_AUTHORITY", hide_env_values = true, requires = "store")]
    store_authority: Option<PathBuf>,
    /// The schema in it
    #[arg(long, value_name = "NAME", env = "TDAM_STORE_SCHEMA", default_value = "tdam")]
    store_schema: String,
}

impl StoreArguments {
    pub(super) fn database(self) -> Option<Database> {
        let StoreArguments { store, store_owner: owner_url, store_authority: authority, store_schema: schema } = self;
        store.map(|url| Database { url, owner_url, authority, schema })
    }
}
