//! Copies of a store's data, to be harmed.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use exchange::{Kept, compare_bodies};
use store::{
    AUDIT_CHAIN_START, Access, AtRest, AuditLine, Bodies, ChainedAuditLine, PostgresOptions, Store, audit_hash,
};
use tempfile::TempDir;
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
        let mut problems = self.0.check(Bodies::Read, &mut |_, _| ()).unwrap().problems;
        problems.extend(compared(&self.0));
        problems
    }

    fn copy(&self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        self.0.copy_to(copy.path(), &mut |_, _| ()).unwrap();
        copy
    }

    /// A copy that a statement has changed.
    pub fn changed(&self, sql: &str) -> TempDir {
        let copy = self.copy();
        change(copy.path(), sql);
        copy
    }

    /// The findings in a harmed copy.
    pub fn harmed(&self, harm: &Harm) -> Option<Vec<String>> {
        let copy = self.copy();
        match harm {
            Harm::Sql(sql) => change(copy.path(), sql),
            Harm::InFolder(act) => act(copy.path()),
            Harm::Chain(harm) => {
                let connection = rusqlite::Connection::open(database(copy.path())).unwrap();
                drop_triggers(&connection);
                let rows = lines_of(&self.0.read(|reading| reading.audit(0, u32::MAX)).unwrap(), *harm);
                connection.execute("DELETE FROM audit", []).unwrap();
                for line in rows {
                    let hash = line.hash.to_vec();
                    let values = (
                        line.sequence,
                        line.line.at.as_microsecond(),
                        &line.line.actor,
                        &line.line.action,
                        &line.line.detail,
                        hash,
                    );
                    let sql =
                        "INSERT INTO audit (sequence, at, actor, action, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                    connection.execute(sql, values).unwrap();
                }
            }
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
        InServer::by(options, options.owner_url.as_ref().unwrap())
    }

    /// As the role sees it that serves.
    pub fn serving(options: &PostgresOptions) -> InServer {
        InServer::by(options, &options.url)
    }

    fn by(options: &PostgresOptions, url: &str) -> InServer {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let owner = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        InServer { options: options.clone(), runtime, owner, copies: AtomicU32::new(0) }
    }

    pub fn problems(&self) -> Vec<String> {
        problems(self.options.clone())
    }

    /// The findings in a harmed copy.
    pub fn harmed(&self, harm: &Harm) -> Option<Vec<String>> {
        let sql = match harm {
            Harm::Sql(sql) | Harm::InServer(sql) => sql.replace("state_or_tail", "tail"),
            Harm::InFolder(_) => return None,
            Harm::Chain(harm) => self.rewriting(*harm),
        };
        let copy = format!("{}_copy_{}", self.options.schema, self.copies.fetch_add(1, Ordering::Relaxed));
        self.runtime.block_on(async {
            self.owner.batch_execute(&copying(&self.options.schema, &copy)).await.unwrap();
            // The lines of a chain may hold anything.
            let is_chain = matches!(harm, Harm::Chain(_));
            for sql in if is_chain { vec![sql.as_str()] } else { sql.split("; ").collect() } {
                let changed = self.owner.execute(sql, &[]).await.unwrap();
                assert!(changed > 0, "it harms nothing: {sql}");
            }
        });
        // The copy has neither constraints nor rights, so only its owner can look at it.
        let owner = self.options.owner_url.clone().unwrap();
        let (schema, url) = (copy.clone(), PostgresOptions::new(owner));
        let found = problems(PostgresOptions { schema, writers: 1, readers: 1, ..url });
        self.runtime.block_on(self.owner.batch_execute(&format!("DROP SCHEMA {copy} CASCADE"))).unwrap();
        Some(found)
    }

    /// The statement that writes the chain of a copy anew, and the tail with it.
    fn rewriting(&self, harm: fn(&mut Vec<AuditLine>)) -> String {
        let store = Store::open_postgres(self.options.clone()).unwrap();
        let rows = lines_of(&store.read_blocking(|reading| reading.audit(0, u32::MAX)).unwrap(), harm);
        let hexadecimal = |hash: &[u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let values: Vec<String> = rows
            .iter()
            .map(|ChainedAuditLine { sequence, line, hash }| {
                let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
                let (at, hash) = (line.at.as_microsecond(), hexadecimal(hash));
                let texts = [&line.actor, &line.action, &line.detail].map(|text| quoted(text));
                format!("({sequence}, {at}, {}, decode('{hash}', 'hex'))", texts.join(", "))
            })
            .collect();
        let (count, last) = (rows.len(), hexadecimal(&rows.last().unwrap().hash));
        format!(
            "WITH removed AS (DELETE FROM audit), moved AS (
                UPDATE tail SET audit_sequence = {count}, audit_hash = decode('{last}', 'hex'))
             INSERT INTO audit (sequence, at, actor, action, detail, hash) VALUES {}",
            values.join(", ")
        )
    }

    /// Why the real tables do not take a statement.
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
    let store = Store::open_postgres(options).unwrap();
    let mut problems = store.check_with(Bodies::Read, &mut |_, _| ()).unwrap().problems;
    problems.extend(compared(&store));
    problems
}

/// Differences between bodies and rows.
fn compared(kept: &dyn Kept) -> Vec<String> {
    compare_bodies(kept, None).unwrap().problems
}

fn change(folder: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(database(folder)).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
    drop_triggers(&connection);
    for sql in sql.split("; ") {
        let changed = connection.execute(&sql.replace("state_or_tail", "state"), []).unwrap();
        assert!(changed > 0, "it harms nothing: {sql}");
    }
}

fn drop_triggers(connection: &rusqlite::Connection) {
    let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    names.iter().for_each(|name| connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
}

/// The chain as somebody writes it anew who knows how, from the first line on.
fn lines_of(lines: &[ChainedAuditLine], harm: fn(&mut Vec<AuditLine>)) -> Vec<ChainedAuditLine> {
    let mut lines: Vec<AuditLine> = lines.iter().map(|chained| chained.line.clone()).collect();
    harm(&mut lines);
    let mut hash = AUDIT_CHAIN_START;
    let chained = |(sequence, line)| {
        hash = audit_hash(&hash, sequence, &line);
        ChainedAuditLine { sequence, line, hash }
    };
    (1..).zip(lines).map(chained).collect()
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
