//! The serving role's rights to each table: the least that serving needs, by statement and by column.
//!
//! It reads everything. It has no right to change past data. Where the same statement also serves data that are not
//! past yet (discarding the stage of a message, revoking a certificate), triggers distinguish the two (migration 7). A
//! row lock needs the right to update some column, so tables that are only locked have one.
//!
//! Nodes of the previous version keep serving with these rights: they include the columns that those nodes' statements
//! name.

use tokio_postgres::types::ToSql;

use super::connection::Connection;
use crate::StoreError;
use crate::statement::statements;

statements! {
    const QUOTED: Statement = ("SELECT quote_ident($1)");
    const COLUMNS: Statement = ("SELECT c.relname::text, quote_ident(a.attname), a.attname::text
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = to_regnamespace($1) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY c.relname, a.attnum");
}

/// Columns that an `UPDATE` may name.
#[derive(Clone, Copy, Debug)]
enum Columns {
    None,
    These(&'static [&'static str]),
    /// Of a table that works, not one that remembers: columns that later versions add are for working too.
    AllBut(&'static [&'static str]),
}

/// The rights to a table.
#[derive(Clone, Copy, Debug)]
struct Right {
    table: &'static str,
    insert: bool,
    update: Columns,
    delete: bool,
}

use Columns::{AllBut, None as Nothing, These};

const fn right(table: &'static str, insert: bool, update: Columns, delete: bool) -> Right {
    Right { table, insert, update, delete }
}

/// Rows are added, and stay as they are.
const fn added_to(table: &'static str) -> Right {
    right(table, true, Nothing, false)
}

/// All tables, in the order in which the first migration makes them. One that is not here yet has every right, and the test
/// of the rights names it.
const RIGHTS: &[Right] = &[
    right("schema_version", false, Nothing, false),
    right("state", false, AllBut(&["id", "identity"]), false),
    right("tail", false, These(&["last_sequence", "audit_sequence", "audit_hash"]), false),
    // Its row has its time by the database's clock, which no other process sets.
    right("job", true, Nothing, true),
    right("node", true, AllBut(&[]), true),
    // A transaction locks a client by `flips`; the rest are its settings.
    right("client", true, These(&["flips", "lists_every_payment", "daily_balances", "end_to_end_id_days"]), false),
    // Rights change one by one, and each change counts in `rights_count`.
    right(
        "online_user",
        true,
        These(&[
            "name",
            "mode",
            "registration_valid_until",
            "allowed_networks",
            "granted_accounts",
            "suspended_at",
            "signature_required",
        ]),
        false,
    ),
    // Only revoked; a trigger sees to it that it stays so.
    right("certificate", true, These(&["revoked_at"]), false),
    right("account", true, These(&["balance", "held", "state", "limit_per_payment", "limit_per_day"]), false),
    // Written with `ON CONFLICT`, which needs the right; a trigger lets no account be exchanged.
    right("house_account", true, These(&["account"]), false),
    right("daily_use", true, These(&["minor", "grown_to", "limit_per_day"]), false),
    right("body", true, Nothing, true),
    // They go with their body.
    added_to("body_chunk"),
    // Triggers protect answered rows.
    right(
        "submission",
        true,
        AllBut(&["id", "user", "client", "received_at", "size", "certificate", "sha256", "request_id", "seal"]),
        true,
    ),
    right("body_keeper", true, Nothing, true),
    added_to("message"),
    added_to("flip"),
    // Of these four a stage is discarded; triggers keep what counts.
    right("block", true, Nothing, true),
    right("payment", true, Nothing, true),
    right("duplicate_key", true, Nothing, true),
    right("staged_keys", true, Nothing, true),
    // The version before sets all but one of the columns; a trigger lets only progress change.
    right("lot", true, AllBut(&["message", "number", "limit_per_payment"]), false),
    added_to("refusal"),
    added_to("event"),
    added_to("entry"),
    right("account_day", true, These(&["credit", "credit_count", "debit", "debit_count"]), false),
    added_to("incoming_credit"),
    // A return waits until it ends; a trigger sees to it that it ends once.
    right("waiting_return", true, These(&["state"]), false),
    right("report_number", true, These(&["number"]), false),
    added_to("report"),
    added_to("audit"),
    // Counted by triggers, with the rights of who made them.
    right("client_storage", false, Nothing, false),
    right("clock", false, AllBut(&["id"]), false),
    added_to("audit_mark"),
    right("work_attempt", true, AllBut(&["work"]), true),
    right("set_aside", true, Nothing, true),
    // Counted by triggers, with the rights of who made them.
    right("rights", false, Nothing, false),
    right("rights_count", false, Nothing, false),
    right("person", true, These(&["name", "email", "roles", "valid_from", "valid_until", "ended_at"]), false),
    right("person_certificate", true, These(&["revoked_at"]), false),
    // Triggers keep what is submitted, and who did what.
    right("application", true, AllBut(&["id", "entered_by", "entered_at"]), false),
    right("application_attachment", true, These(&["verified_by", "verified_at", "how"]), false),
    added_to("application_step"),
    right("contact", true, AllBut(&["online_user"]), false),
    right("one_day_limit", true, These(&["application", "per_payment", "per_day"]), false),
    // A code is used or withdrawn once, and its tries only fall; triggers see to it.
    right("enrolment_code", true, These(&["tries_left", "withdrawn_at", "certificate"]), false),
    added_to("issued_certificate"),
    added_to("issued_to_person"),
    added_to("revocation_reason"),
    added_to("revocation_list"),
    added_to("evidence_certificate"),
    // It goes with a submission that becomes no message; a trigger keeps that of messages.
    right("signature_evidence", true, Nothing, true),
    added_to("audit_checkpoint"),
    // A restore is settled once; a trigger sees to it.
    right("restore_mark", true, These(&["settled_at"]), false),
    added_to("outside_certificate"),
    // A notice ends once; a trigger sees to it.
    right("notice", true, These(&["state", "attempts", "next_at", "ended_at", "receiver", "why"]), false),
];

/// Gives the serving role its rights, and takes what it had beyond them.
pub(super) fn grant(connection: &Connection, schema: &str, role: &str) -> Result<(), StoreError> {
    let (named, schema_name): (&(dyn ToSql + Sync), &(dyn ToSql + Sync)) = (&role, &schema);
    let role = connection.optional(QUOTED, &[named], |row| row.text())?.ok_or(StoreError::Missing("role"))?;
    let columns = connection.list(COLUMNS, &[schema_name], |row| Ok((row.text()?, row.text()?, row.text()?)))?;
    let mut sql = format!(
        "GRANT USAGE ON SCHEMA {schema} TO {role};
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};"
    );
    let mut tables: Vec<&str> = columns.iter().map(|(table, ..)| table.as_str()).collect();
    tables.dedup();
    for table in tables {
        let known = RIGHTS.iter().find(|right| right.table == table);
        let right = known.copied().unwrap_or(Right { table: "", insert: true, update: AllBut(&[]), delete: true });
        let may = |name: &str| match right.update {
            Nothing => false,
            These(names) => names.contains(&name),
            AllBut(names) => !names.contains(&name),
        };
        let of_table = columns.iter().filter(|(of, _, name)| of == table && may(name));
        let updated: Vec<&str> = of_table.map(|(_, quoted, _)| quoted.as_str()).collect();
        sql +=
            &format!("REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {schema}.{table} FROM {role};");
        if right.insert {
            let only = if table == "job" { " (id)" } else { "" };
            sql += &format!("GRANT INSERT{only} ON {schema}.{table} TO {role};");
        }
        if !updated.is_empty() {
            sql += &format!("GRANT UPDATE ({}) ON {schema}.{table} TO {role};", updated.join(", "));
        }
        if right.delete {
            sql += &format!("GRANT DELETE ON {schema}.{table} TO {role};");
        }
    }
    connection.batch(&sql)
}
