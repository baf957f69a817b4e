//! Clients, online users, certificates; the business day.

use jiff::Timestamp;
use jiff::civil::Date;

use super::connection::Connection;
use crate::codec::{Coded, day, micros};
use crate::reads::*;
use crate::{Certificate, Client, ClientId, Fingerprint, Identity, OnlineUser, OnlineUserId, Preferences, StoreError};

/// How the business day is read. In a transaction it stands still until the end: what is booked on it is booked before
/// it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DayLock {
    /// In a snapshot.
    None,
    /// In a transaction, beside others that only read it.
    Shared,
    /// In a transaction that met another one: two that read the day and then move it would meet again and again.
    Alone,
}

impl DayLock {
    pub(super) fn sql(self) -> &'static str {
        match self {
            DayLock::None => "SELECT business_day FROM state",
            DayLock::Shared => "SELECT business_day FROM state FOR SHARE",
            DayLock::Alone => "SELECT business_day FROM state FOR NO KEY UPDATE",
        }
    }
}

pub(super) fn business_day(connection: &Connection, lock: DayLock) -> Result<Date, StoreError> {
    let day = connection.optional(lock.sql(), &[], |row| row.date_if_any())?;
    day.flatten().ok_or(StoreError::Missing("business day"))
}

/// Takes the locks that every payment takes: of the business day's row, and of the tables that it writes to, whose rows stay
/// as they are. Whoever keeps payments waiting by a lock of a whole table, or makes the database read-only, stops this too.
pub(super) fn prove(connection: &Connection, lock: DayLock) -> Result<(), StoreError> {
    const TABLES: [&str; 8] = [
        "INSERT INTO submission (client) SELECT client FROM submission WHERE false",
        "INSERT INTO message (id) SELECT id FROM message WHERE false",
        "INSERT INTO block (message) SELECT message FROM block WHERE false",
        "INSERT INTO payment (id) SELECT id FROM payment WHERE false",
        "INSERT INTO lot (message) SELECT message FROM lot WHERE false",
        "INSERT INTO entry (sequence) SELECT sequence FROM entry WHERE false",
        "INSERT INTO audit (sequence) SELECT sequence FROM audit WHERE false",
        "INSERT INTO event (message) SELECT message FROM event WHERE false",
    ];
    business_day(connection, lock)?;
    for sql in TABLES {
        connection.execute_later(sql, Vec::new(), |_, _| Ok(()))?;
    }
    Ok(())
}

pub(super) fn set_business_day(connection: &Connection, to: Date) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE state SET business_day = $1::bigint
        WHERE business_day IS NULL OR business_day <= $1::bigint";
    if connection.execute(SQL, &[&day(to)])? == 1 {
        Ok(())
    } else {
        Err(StoreError::Refused(format!("the business day does not go back to {to}")))
    }
}

/// In a transaction the certificate stays as it is until the end: who revokes it comes before or after.
pub(super) fn identity(
    connection: &Connection,
    fingerprint: &Fingerprint,
    locks: bool,
) -> Result<Option<Identity>, StoreError> {
    macro_rules! sql {
        ($lock:literal) => {
            concat!(
                r#"SELECT c.fingerprint, c."user", c.serial, c.not_before, c.not_after, c.revoked_at,
                    u.id, u.client, u.name, u.mode, u.registration_valid_until, u.allowed_networks,
                    k.id, k.name, k.registration_number, k.acceptance, k.lists_every_payment, k.daily_balances,
                    k.end_to_end_id_days
                FROM certificate c JOIN online_user u ON u.id = c."user" JOIN client k ON k.id = u.client
                WHERE c.fingerprint = $1"#,
                $lock
            )
        };
    }
    const SQL: [&str; 2] = [sql!(""), sql!(" FOR SHARE OF c")];
    connection.optional(SQL[usize::from(locks)], &[&&fingerprint.0[..]], read_identity)
}

pub(super) fn clients(connection: &Connection) -> Result<Vec<Client>, StoreError> {
    const SQL: &str = concat!("SELECT ", client_columns!(), " FROM client ORDER BY id");
    connection.list(SQL, &[], read_client)
}

pub(super) fn online_users(connection: &Connection, client: ClientId) -> Result<Vec<OnlineUser>, StoreError> {
    const SQL: &str = "SELECT id, client, name, mode, registration_valid_until, allowed_networks
        FROM online_user WHERE client = $1 ORDER BY id";
    connection.list(SQL, &[&client.0], read_user)
}

pub(super) fn certificates(connection: &Connection, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError> {
    const SQL: &str = r#"SELECT fingerprint, "user", serial, not_before, not_after, revoked_at
        FROM certificate WHERE "user" = $1 ORDER BY not_before DESC, fingerprint"#;
    connection.list(SQL, &[&user.0], read_certificate)
}

pub(super) fn insert_client(connection: &Connection, client: &Client) -> Result<ClientId, StoreError> {
    const SQL: &str = "INSERT INTO client (name, registration_number, acceptance, lists_every_payment, daily_balances,
            end_to_end_id_days)
        VALUES ($1, $2, $3::bigint, $4::bigint, $5::bigint, $6::bigint) RETURNING id";
    let Preferences { lists_every_payment, daily_balances, end_to_end_ids } = client.preferences;
    let (name, number, acceptance) = (&client.name, &client.registration_number, client.acceptance.code());
    let (lists, balances) = (i64::from(lists_every_payment), i64::from(daily_balances));
    let days = uniqueness_column(end_to_end_ids);
    connection.insert(SQL, &[name, number, &acceptance, &lists, &balances, &days]).map(ClientId)
}

pub(super) fn set_preferences(connection: &Connection, client: ClientId, to: &Preferences) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE client SET lists_every_payment = $2::bigint, daily_balances = $3::bigint,
            end_to_end_id_days = $4::bigint
        WHERE id = $1";
    let (lists, balances) = (i64::from(to.lists_every_payment), i64::from(to.daily_balances));
    let days = uniqueness_column(to.end_to_end_ids);
    match connection.execute(SQL, &[&client.0, &lists, &balances, &days])? {
        1 => Ok(()),
        _ => Err(StoreError::Missing("client")),
    }
}

pub(super) fn insert_online_user(connection: &Connection, user: &OnlineUser) -> Result<OnlineUserId, StoreError> {
    const SQL: &str = "INSERT INTO online_user (client, name, mode, registration_valid_until, allowed_networks)
        VALUES ($1, $2, $3::bigint, $4::bigint, $5) RETURNING id";
    let networks = networks_column(&user.allowed_networks);
    let valid_until = day(user.registration_valid_until);
    connection.insert(SQL, &[&user.client.0, &user.name, &user.mode.code(), &valid_until, &networks]).map(OnlineUserId)
}

pub(super) fn insert_certificate(connection: &Connection, certificate: &Certificate) -> Result<(), StoreError> {
    const SQL: &str = r#"INSERT INTO certificate (fingerprint, "user", serial, not_before, not_after, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"#;
    let inserted = connection.execute(
        SQL,
        &[
            &&certificate.fingerprint.0[..],
            &certificate.user.0,
            &certificate.serial,
            &micros(certificate.not_before),
            &micros(certificate.not_after),
            &certificate.revoked_at.map(micros),
        ],
    )?;
    if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("certificate".to_owned())) }
}

pub(super) fn revoke_certificate(
    connection: &Connection,
    fingerprint: &Fingerprint,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE certificate SET revoked_at = $2 WHERE fingerprint = $1 AND revoked_at IS NULL";
    Ok(connection.execute(SQL, &[&&fingerprint.0[..], &micros(at)])? == 1)
}
