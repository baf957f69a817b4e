//! The nodes' database as its administrator sees it: which transaction waits for which, how transactions end; and locks
//! in their way.

use std::time::Instant;

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row};

use crate::cluster::Cluster;
use crate::{PATIENCE, PAUSE};

/// Transactions that wait for us, directly or through others: waiters for one row form a queue, and only its head waits
/// for us.
const HELD_UP: &str = "WITH RECURSIVE held_up (pid) AS (
    SELECT pid FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))
    UNION SELECT a.pid FROM pg_stat_activity a, held_up h WHERE h.pid = ANY(pg_blocking_pids(a.pid)))";

pub(crate) struct Database {
    /// A transaction's view of others' activity does not change, so observing and blocking need two connections.
    looking: Client,
    standing: Client,
    pid: i32,
}

/// A transaction under way.
pub(crate) struct Held {
    pub(crate) pid: i32,
    xid: String,
}

impl Database {
    pub(crate) async fn of(cluster: &Cluster) -> Database {
        let (looking, standing) = (connection(cluster).await, connection(cluster).await);
        let pid = standing.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
        Database { looking, standing, pid }
    }

    pub(crate) async fn run(&self, sql: &str) {
        self.looking.batch_execute(sql).await.unwrap();
    }

    /// Waits until something holds: until there is a row.
    pub(crate) async fn until(&self, what: &str, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Row {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(row) = self.looking.query(sql, values).await.unwrap().into_iter().next() {
                return row;
            }
            assert!(Instant::now() < until, "not yet: {what}\n{}", self.activity().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What every session does, a line each.
    async fn activity(&self) -> String {
        const SQL: &str =
            "SELECT concat_ws(' | ', pid, application_name, client_port, state, wait_event, xact_start, query)
            FROM pg_stat_activity WHERE backend_type = 'client backend'";
        let rows = self.looking.query(SQL, &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n")
    }

    /// Takes locks that others wait for.
    pub(crate) async fn stand_in_the_way(&self, sql: &str) {
        self.standing.batch_execute(&format!("BEGIN; {sql}")).await.unwrap();
    }

    /// Halts each transaction that changes such a row of a table, until [`Database::step_aside`].
    pub(crate) async fn halt(&self, (table, event, condition): (&str, &str, &str)) {
        self.stand_in_the_way("SELECT pg_advisory_xact_lock(7)").await;
        let sql = format!(
            "CREATE FUNCTION house.halt() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_current_xact_id(), pg_advisory_xact_lock_shared(7); RETURN NEW; END';
             CREATE TRIGGER halt BEFORE {event} ON house.{table} FOR EACH ROW WHEN ({condition})
                 EXECUTE FUNCTION house.halt()"
        );
        self.run(&sql).await;
    }

    /// Waits for a transaction that was halted.
    pub(crate) async fn halted(&self) -> Held {
        const SQL: &str = "SELECT a.pid, a.backend_xid::text FROM pg_stat_activity a
            WHERE a.wait_event = 'advisory' AND $1 = ANY(pg_blocking_pids(a.pid))";
        let row = self.until("a transaction is halted", SQL, &[&self.pid]).await;
        Held { pid: row.get(0), xid: row.get(1) }
    }

    pub(crate) async fn halt_nobody(&self) {
        self.run("DROP FUNCTION house.halt CASCADE").await;
    }

    pub(crate) async fn step_aside(&self) {
        self.standing.batch_execute("ROLLBACK").await.unwrap();
    }

    /// Waits for an activation that we block: a transaction that has locked accounts, and writes blocks or is about to.
    /// The probe of health locks the table of blocks too, but no accounts.
    pub(crate) async fn activation_held_up(&self) -> Held {
        const SQL: &str = "SELECT a.pid, a.backend_xid::text FROM pg_stat_activity a
            WHERE a.pid IN (SELECT pid FROM held_up) AND 2 = (SELECT count(DISTINCT l.relation) FROM pg_locks l
                WHERE l.pid = a.pid AND (l.relation, l.mode) IN (('house.block'::regclass, 'RowExclusiveLock'),
                    ('house.account'::regclass, 'RowShareLock')))";
        let row = self.until("an activation waits", &format!("{HELD_UP} {SQL}"), &[&self.pid]).await;
        Held { pid: row.get(0), xid: row.get(1) }
    }

    /// Waits for the transaction of a message that we block: it has locked its client, or is about to, which the probe
    /// of health never does.
    pub(crate) async fn held_up(&self) -> Held {
        const SQL: &str = "SELECT a.pid, coalesce(a.backend_xid::text, '') FROM pg_stat_activity a
            WHERE a.pid IN (SELECT pid FROM held_up) AND EXISTS (SELECT 1 FROM pg_locks l
                WHERE l.pid = a.pid AND l.relation = 'house.client'::regclass AND l.mode = 'RowShareLock')";
        let row = self.until("the transaction of a message waits", &format!("{HELD_UP} {SQL}"), &[&self.pid]).await;
        Held { pid: row.get(0), xid: row.get(1) }
    }

    /// Waits until the database has ended a transaction whose client is gone, and returns its end.
    pub(crate) async fn end_of(&self, held: &Held) -> String {
        const GONE: &str = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = $1)";
        self.until("the transaction ends", GONE, &[&held.pid]).await;
        if held.xid.is_empty() {
            // It had written nothing by then, so the database has no record of it.
            return "aborted".to_owned();
        }
        let status = self.looking.query_one("SELECT pg_xact_status($1::text::xid8)", &[&held.xid]).await.unwrap();
        status.get(0)
    }

    /// The stored answer to a message.
    pub(crate) async fn stored_answer(&self, id: &str) -> Option<Vec<u8>> {
        let found = self.looking.query("SELECT answer FROM house.message WHERE message_id = $1", &[&id]).await;
        found.unwrap().first().map(|row| row.get(0))
    }

    /// How many payments were ever written, also those that were removed or rolled back: by the database's own count,
    /// which is complete when all nodes have gone.
    pub(crate) async fn payments_ever_written(&self) -> i64 {
        const GONE: &str = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'tdam')";
        const COUNT: &str = "SELECT n_tup_ins FROM pg_stat_all_tables WHERE relid = 'house.payment'::regclass";
        self.until("all nodes are gone", GONE, &[]).await;
        self.looking.query_one(COUNT, &[]).await.unwrap().get(0)
    }
}

async fn connection(cluster: &Cluster) -> Client {
    let (connection, moving) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
    tokio::spawn(moving);
    connection
}
