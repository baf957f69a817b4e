//! Opening the store that a configuration names, and making the store of a new exchange.

use store::{PostgresOptions, SqliteOptions, Store, StoreError};

use super::Configuration;

impl Configuration {
    /// Opens the store that the configuration names and that must exist: refuses a missing, empty or foreign one before
    /// it changes anything.
    ///
    /// # Errors
    /// As [`Store::open_existing`] and [`Store::open_existing_postgres`].
    pub async fn open_store(&self) -> Result<Store, StoreError> {
        if !self.store.is_a_server() {
            return Store::open_existing(&self.data, SqliteOptions::default());
        }
        self.open_in_a_server(Store::open_existing_postgres).await
    }

    /// Makes the store of a new installation. No other command makes one.
    ///
    /// # Errors
    /// As [`Store::open`] and [`Store::open_postgres`].
    pub(crate) async fn create_store(&self) -> Result<Store, StoreError> {
        if !self.store.is_a_server() {
            return Store::open(&self.data, SqliteOptions::default());
        }
        self.open_in_a_server(Store::open_postgres).await
    }

    async fn open_in_a_server(
        &self,
        open: fn(PostgresOptions) -> Result<Store, StoreError>,
    ) -> Result<Store, StoreError> {
        let options = self.store.options()?;
        let opened = tokio::task::spawn_blocking(move || open(options)).await;
        opened.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }
}
