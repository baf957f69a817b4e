//! Attacks on the database past the program: reading and changing by an attacker with its password or its file. And
//! obstacles: locks, a database that takes no writes.

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::cluster::Cluster;
use super::failed::Failed;
use super::server::Installation;

/// The database's file in an installation with SQLite.
pub(super) const FILE: &str = "tdam.sqlite";

/// A change of past data, as the serving role could make it.
pub(super) struct Change {
    pub(super) what: &'static str,
    statement: &'static str,
}

/// Changes that an earlier attack on the database made undetected. `{}` stands for the schema.
pub(super) const CHANGES: &[Change] = &[
    Change {
        what: "payee data in a stored payment",
        statement: "UPDATE {}.payment SET record = set_byte(record, length(record) - 3, 65)",
    },
    Change { what: "an amount of a stored payment", statement: "UPDATE {}.payment SET minor = minor + 1" },
    Change {
        what: "a block's debtor",
        statement: "UPDATE {}.block SET debtor_name = 'Somebody', debtor_iban = 'LV15TREL2000000002002'",
    },
    Change { what: "a kept body", statement: "UPDATE {}.body_chunk SET bytes = set_byte(bytes, 300, 65)" },
    Change {
        what: "a small body",
        statement: "UPDATE {}.submission SET body = set_byte(body, 300, 65) WHERE body IS NOT NULL",
    },
    Change { what: "an answer", statement: "UPDATE {}.message SET answer = set_byte(answer, 300, 65)" },
    Change { what: "a revoked certificate", statement: "UPDATE {}.certificate SET revoked_at = NULL" },
    Change {
        what: "an inserted certificate",
        statement: "INSERT INTO {}.certificate (fingerprint, \"user\", serial, not_before, not_after) \
                    SELECT sha256(fingerprint), \"user\", '01', not_before, not_after FROM {}.certificate LIMIT 1",
    },
    Change { what: "an online user's mode", statement: "UPDATE {}.online_user SET mode = 1 - mode" },
    Change { what: "an online user's networks", statement: "UPDATE {}.online_user SET allowed_networks = '0.0.0.0/0'" },
    Change { what: "an online user's client", statement: "UPDATE {}.online_user SET client = 1 WHERE client <> 1" },
    Change {
        what: "an account's owner",
        statement: "UPDATE {}.account SET owner_name = 'Somebody' WHERE client IS NOT NULL",
    },
    Change {
        what: "an account's IBAN",
        statement: "UPDATE {}.account SET iban = 'LV97TREL9999999999999' WHERE id = (SELECT max(id) FROM {}.account WHERE client IS NOT NULL)",
    },
    Change {
        what: "an account's limits",
        statement: "UPDATE {}.account SET limit_per_payment = NULL WHERE limit_per_payment IS NOT NULL",
    },
    Change { what: "an account's state", statement: "UPDATE {}.account SET state = 1 WHERE client IS NOT NULL" },
    Change { what: "the business day", statement: "UPDATE {}.state SET business_day = business_day + 400" },
    Change { what: "removed job rows", statement: "DELETE FROM {}.job" },
    Change { what: "an entry", statement: "UPDATE {}.entry SET minor = minor + 1" },
    Change { what: "an event", statement: "UPDATE {}.event SET actor = 'somebody'" },
    Change {
        what: "the newest audit lines",
        statement: "DELETE FROM {}.audit WHERE sequence > (SELECT max(sequence) - 2 FROM {}.audit)",
    },
    Change { what: "an audit line", statement: "UPDATE {}.audit SET detail = 'nothing' WHERE sequence = 3" },
];

/// Makes a change as the serving role. `Err` says why the database did not allow it.
pub(super) fn change(cluster: &Cluster, schema: &str, change: &Change) -> Result<(), String> {
    cluster.try_run(&cluster.clerk_url(), &change.statement.replace("{}", schema)).map(drop)
}

/// How many lines the audit chain has.
pub(super) fn audit_lines(installation: &Installation) -> Result<u64, Failed> {
    let path = installation.folder.data().join(FILE);
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count: i64 = connection.query_row("SELECT count(*) FROM audit", [], |row| row.get(0))?;
    Ok(u64::try_from(count)?)
}

/// The number of its lines about refused requests.
pub(super) fn audit_lines_of_refusals(installation: &Installation) -> Result<u64, Failed> {
    let path = installation.folder.data().join(FILE);
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let sql = "SELECT count(*) FROM audit WHERE action = 'request.refused'";
    let count: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(u64::try_from(count)?)
}

/// How often work on the attackers' submission was begun, if one waits for its answer.
pub(super) fn attempts(installation: &Installation, cluster: Option<(&Cluster, &str)>) -> Result<Option<i64>, Failed> {
    if let Some((cluster, schema)) = cluster {
        let found = cluster.run(&format!("SELECT attempts FROM {schema}.submission WHERE state = 0 LIMIT 1"));
        return Ok(found.trim().parse().ok());
    }
    let path = installation.folder.data().join(FILE);
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found = connection.query_row("SELECT attempts FROM submission WHERE state = 0 LIMIT 1", [], |row| row.get(0));
    Ok(found.optional()?)
}

/// Ends every statement of this kind.
pub(super) fn end_all_of(cluster: &Cluster, word: &str) {
    cluster.run(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%{word}%' AND pid <> pg_backend_pid()"
    ));
}

/// Holds a statement's locks for so many seconds, in a process of its own.
pub(super) fn hold(cluster: &Cluster, statement: &str, seconds: u32) -> Result<std::process::Child, Failed> {
    cluster.begin(&format!("BEGIN; {statement}; SELECT pg_sleep({seconds}); ROLLBACK"))
}

/// A lock that once blocked all requests.
pub(super) fn lock_of_certificates(schema: &str) -> String {
    format!("LOCK TABLE {schema}.certificate IN ACCESS EXCLUSIVE MODE")
}

pub(super) fn lock_of_the_tail(schema: &str) -> String {
    format!("SELECT * FROM {schema}.tail FOR UPDATE")
}

/// Makes new transactions read-only, or writable again.
pub(super) fn writable(cluster: &Cluster, is_writable: bool) {
    let value = if is_writable { "off" } else { "on" };
    cluster.run(&format!("ALTER SYSTEM SET default_transaction_read_only = {value}"));
    cluster.run("SELECT pg_reload_conf()");
}

/// Sets something of the whole cluster.
pub(super) fn set(cluster: &Cluster, name: &str, value: &str) {
    cluster.run(&format!("ALTER SYSTEM SET {name} = {value}"));
    cluster.run("SELECT pg_reload_conf()");
}

/// Sets everything back.
pub(super) fn reset(cluster: &Cluster) {
    cluster.run("ALTER SYSTEM RESET ALL");
    cluster.run("SELECT pg_reload_conf()");
}

/// Where the cluster keeps its data.
pub(super) fn folder(cluster: &Cluster) -> String {
    cluster.run("SHOW data_directory").trim().to_owned()
}
