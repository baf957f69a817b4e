//! PostgreSQL's own time for the rows of a large message: `COPY` by `psql` into tables of the same shape. And what all
//! rows take on its disk.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tdam::installation::Database;

use crate::attack::failed::Failed;

/// How often the rows are copied.
const ROUNDS: usize = 3;

/// The rows of a message at its answer; `$id` stands for it. Its other rows are a few dozen.
const TABLES: [(&str, &str); 3] = [
    ("payment", "SELECT * FROM $schema.payment WHERE id >> 32 = $id ORDER BY id"),
    ("duplicate_key", "SELECT * FROM $schema.duplicate_key WHERE payment >> 32 = $id ORDER BY hash"),
    (
        "body_chunk",
        "SELECT c.* FROM $schema.body_chunk c JOIN $schema.submission s ON s.body_file = c.body WHERE s.id = $id
            ORDER BY c.number",
    ),
];

/// Runs statements, one after another; returns what they print, without ornaments.
fn psql(database: &Database, statements: &str) -> Result<String, Failed> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), statements)?;
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--file"])
        .arg(file.path())
        .arg(&database.url)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("psql (Debian: postgresql-client) is needed: {error}"))?;
    if !output.status.success() {
        return Err(format!("psql: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Copies the rows of a message in one transaction, several times, and compares with the time its submission took.
pub(super) fn compare(database: &Database, message_id: &str, submission: Duration) -> Result<(), Failed> {
    let schema = &database.schema;
    let found = format!("SELECT id FROM {schema}.message WHERE message_id = '{message_id}';");
    let id: i64 = psql(database, &found)?.trim().parse()?;
    let place = tempfile::tempdir()?;
    let file = |table: &str| place.path().join(table).display().to_string();
    let (mut prepare, mut clear, mut copy) = (String::new(), String::new(), "BEGIN;\n".to_owned());
    prepare += &format!("DROP SCHEMA IF EXISTS {schema}_copied CASCADE; CREATE SCHEMA {schema}_copied;\n");
    for (table, rows) in TABLES {
        let rows = rows.replace("$schema", schema).replace("$id", &id.to_string()).replace('\n', " ");
        prepare += &format!("CREATE TABLE {schema}_copied.{table} (LIKE {schema}.{table} INCLUDING ALL);\n");
        prepare += &format!("\\copy ({rows}) TO '{}' (FORMAT binary)\n", file(table));
        clear += &format!("TRUNCATE {schema}_copied.{table};\n");
        copy += &format!("\\copy {schema}_copied.{table} FROM '{}' (FORMAT binary)\n", file(table));
    }
    copy += "COMMIT;\n";
    psql(database, &prepare)?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        psql(database, &clear)?;
        let begun = Instant::now();
        psql(database, &copy)?;
        times.push(begun.elapsed());
    }
    let mut bytes = 0;
    for (table, _) in TABLES {
        bytes += std::fs::metadata(place.path().join(table))?.len();
    }
    psql(database, &format!("DROP SCHEMA {schema}_copied CASCADE;"))?;
    times.sort_unstable();
    let copied = times.get(ROUNDS / 2).copied().unwrap_or_default();
    println!(
        "COPY of the same rows by psql (binary, one transaction, {:.0} MB): {:.0} ms; the submission took {:.2} times as long (goal: at most 3)",
        bytes as f64 / 1e6,
        copied.as_secs_f64() * 1e3,
        submission.as_secs_f64() / copied.as_secs_f64()
    );
    Ok(())
}

/// What each table takes with its indexes, for a payment.
pub(super) fn storage(database: &Database) -> Result<(), Failed> {
    let schema = &database.schema;
    let payments: f64 = psql(database, &format!("SELECT count(*) FROM {schema}.payment;"))?.trim().parse()?;
    let sizes = format!(
        "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c
            WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind = 'r' ORDER BY 2 DESC;"
    );
    println!("\nstorage with indexes, when {payments} payments are carried out, in bytes a payment:");
    let mut total = 0.0;
    for line in psql(database, &sizes)?.lines() {
        let (table, bytes) = line.split_once('|').ok_or("psql prints another form")?;
        let each = bytes.parse::<f64>()? / payments;
        total += each;
        if each >= 1.0 {
            println!("{table:>20} {each:>8.0}");
        }
    }
    println!("{:>20} {total:>8.0}", "all tables");
    Ok(())
}
