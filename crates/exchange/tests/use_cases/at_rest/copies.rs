//! Copies of a store's data, to be harmed.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use store::{Access, AtRest, Bodies, PostgresOptions, Store};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use super::harms::{Harm, database};

/// A SQLite store.
pub struct InFolder(AtRest);

impl InFolder {
    pub fn of(folder: &Path) -> InFolder {
        InFolder(AtRest::open(folder, Access::InUse).unwrap())
    }

    pub fn problems(&self) -> Vec<String> {
        self.0.check(Bodies::Read, &mut |_, _| ()).unwrap().problems
    }

    /// What is found in a copy that was harmed.
    pub fn harmed(&self, harm: &Harm) -> Option<Vec<String>> {
        let copy = tempfile::tempdir().unwrap();
        self.0.copy_to(copy.path(), &mut |_, _| ()).unwrap();
        match harm {
            Harm::Sql(sql) => {
                let connection = rusqlite::Connection::open(database(copy.path())).unwrap();
                connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
                let changed = connection.execute(&sql.replace("state_or_tail", "state"), []).unwrap();
                assert!(changed > 0, "it harms nothing: {sql}");
            }
            Harm::InFolder(act) => act(copy.path()),
            Harm::InServer(_) => return None,
        }
        Some(InFolder::of(copy.path()).problems())
    }
}

/// A PostgreSQL store, as its tables' owner sees it.
pub struct InServer {
    options: PostgresOptions,
    runtime: Runtime,
    owner: Client,
    copies: AtomicU32,
}

impl InServer {
    pub fn of(options: &PostgresOptions) -> InServer {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let owner = runtime.block_on(async {
            let url = options.owner_url.as_ref().unwrap();
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        InServer { options: options.clone(), runtime, owner, copies: AtomicU32::new(0) }
    }

    pub fn problems(&self) -> Vec<String> {
        problems(self.options.clone())
    }

    /// What is found in a copy that was harmed.
    pub fn harmed(&self, harm: &Harm) -> Option<Vec<String>> {
        let sql = match harm {
            Harm::Sql(sql) | Harm::InServer(sql) => sql.replace("state_or_tail", "tail"),
            Harm::InFolder(_) => return None,
        };
        let copy = format!("{}_copy_{}", self.options.schema, self.copies.fetch_add(1, Ordering::Relaxed));
        self.runtime.block_on(async {
            self.owner.batch_execute(&copying(&self.options.schema, &copy)).await.unwrap();
            let changed = self.owner.execute(&sql, &[]).await.unwrap();
            assert!(changed > 0, "it harms nothing: {sql}");
        });
        // The copy has neither constraints nor rights, so only its owner can look at it.
        let owner = self.options.owner_url.clone().unwrap();
        let (schema, url) = (copy.clone(), PostgresOptions::new(owner));
        let found = problems(PostgresOptions { schema, writers: 1, readers: 1, ..url });
        self.runtime.block_on(self.owner.batch_execute(&format!("DROP SCHEMA {copy} CASCADE"))).unwrap();
        Some(found)
    }

    /// Why the real tables do not take a statement, even from their owner.
    pub fn refusal_of(&self, sql: &str) -> String {
        let done = self.runtime.block_on(async {
            self.owner.batch_execute(&format!("SET search_path = {}", self.options.schema)).await.unwrap();
            self.owner.execute(sql, &[]).await
        });
        let refused = done.unwrap_err();
        refused.as_db_error().map_or_else(|| refused.to_string(), |error| error.message().to_owned())
    }
}

fn problems(options: PostgresOptions) -> Vec<String> {
    Store::open_postgres(options).unwrap().check_with(Bodies::Read, &mut |_, _| ()).unwrap().problems
}

/// Copies the rows, and none of the constraints, which would not let most harm be done.
fn copying(schema: &str, copy: &str) -> String {
    format!(
        "CREATE SCHEMA {copy};
         SET search_path = {copy};
         CREATE FUNCTION zeroblob(bytes integer) RETURNS bytea LANGUAGE sql
            AS $$ SELECT decode(repeat('00', bytes), 'hex') $$;
         DO $$
         DECLARE of record;
         BEGIN
            FOR of IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' LOOP
                EXECUTE format('CREATE TABLE %I AS TABLE {schema}.%I', of.tablename, of.tablename);
            END LOOP;
         END $$;"
    )
}
