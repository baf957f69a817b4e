//! Clients, online users, certificates; the business day.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::query::{execute, insert, list, optional};
use crate::codec::{Coded, day, micros};
use crate::reads::*;
use crate::{Certificate, Client, ClientId, Fingerprint, Identity, OnlineUser, OnlineUserId, Preferences, StoreError};

pub(super) fn business_day(connection: &Connection) -> Result<Date, StoreError> {
    let day = optional(connection, "SELECT business_day FROM state", [], |row| row.date_if_any())?;
    day.flatten().ok_or(StoreError::Missing("business day"))
}

/// The row becomes what it was; its page goes to the log and is synced all the same.
pub(super) fn prove(connection: &Connection) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE state SET last_sequence = last_sequence";
    if execute(connection, SQL, [])? == 1 { Ok(()) } else { Err(StoreError::Missing("state")) }
}

pub(super) fn set_business_day(connection: &Connection, to: Date) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE state SET business_day = ?1 WHERE business_day IS NULL OR business_day <= ?1";
    if execute(connection, SQL, [day(to)])? == 1 {
        Ok(())
    } else {
        Err(StoreError::Refused(format!("the business day does not go back to {to}")))
    }
}

pub(super) fn identity(connection: &Connection, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError> {
    const SQL: &str = "SELECT c.fingerprint, c.user, c.serial, c.not_before, c.not_after, c.revoked_at,
            u.id, u.client, u.name, u.mode, u.registration_valid_until, u.allowed_networks,
            k.id, k.name, k.registration_number, k.acceptance, k.lists_every_payment, k.daily_balances,
            k.end_to_end_id_days
        FROM certificate c JOIN online_user u ON u.id = c.user JOIN client k ON k.id = u.client
        WHERE c.fingerprint = ?1";
    optional(connection, SQL, [&fingerprint.0[..]], read_identity)
}

pub(super) fn clients(connection: &Connection) -> Result<Vec<Client>, StoreError> {
    const SQL: &str = concat!("SELECT ", client_columns!(), " FROM client ORDER BY id");
    list(connection, SQL, [], read_client)
}

pub(super) fn online_users(connection: &Connection, client: ClientId) -> Result<Vec<OnlineUser>, StoreError> {
    const SQL: &str = "SELECT id, client, name, mode, registration_valid_until, allowed_networks
        FROM online_user WHERE client = ?1 ORDER BY id";
    list(connection, SQL, [client.0], read_user)
}

pub(super) fn certificates(connection: &Connection, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError> {
    const SQL: &str = "SELECT fingerprint, user, serial, not_before, not_after, revoked_at
        FROM certificate WHERE user = ?1 ORDER BY not_before DESC, fingerprint";
    list(connection, SQL, [user.0], read_certificate)
}

pub(super) fn insert_client(connection: &Connection, client: &Client) -> Result<ClientId, StoreError> {
    const SQL: &str = "INSERT INTO client (name, registration_number, acceptance, lists_every_payment, daily_balances,
            end_to_end_id_days)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Preferences { lists_every_payment, daily_balances, end_to_end_ids } = client.preferences;
    let values = params![
        client.name,
        client.registration_number,
        client.acceptance.code(),
        lists_every_payment,
        daily_balances,
        uniqueness_column(end_to_end_ids),
    ];
    insert(connection, SQL, values).map(ClientId)
}

pub(super) fn set_preferences(connection: &Connection, client: ClientId, to: &Preferences) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE client SET lists_every_payment = ?2, daily_balances = ?3, end_to_end_id_days = ?4
        WHERE id = ?1";
    let days = uniqueness_column(to.end_to_end_ids);
    let values = params![client.0, to.lists_every_payment, to.daily_balances, days];
    if execute(connection, SQL, values)? == 1 { Ok(()) } else { Err(StoreError::Missing("client")) }
}

pub(super) fn insert_online_user(connection: &Connection, user: &OnlineUser) -> Result<OnlineUserId, StoreError> {
    const SQL: &str = "INSERT INTO online_user (client, name, mode, registration_valid_until, allowed_networks)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let networks = networks_column(&user.allowed_networks);
    let valid_until = day(user.registration_valid_until);
    let values = params![user.client.0, user.name, user.mode.code(), valid_until, networks];
    insert(connection, SQL, values).map(OnlineUserId)
}

pub(super) fn insert_certificate(connection: &Connection, certificate: &Certificate) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO certificate (fingerprint, user, serial, not_before, not_after, revoked_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![
        &certificate.fingerprint.0[..],
        certificate.user.0,
        certificate.serial,
        micros(certificate.not_before),
        micros(certificate.not_after),
        certificate.revoked_at.map(micros),
    ];
    execute(connection, SQL, values).map(drop)
}

pub(super) fn revoke_certificate(
    connection: &Connection,
    fingerprint: &Fingerprint,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE certificate SET revoked_at = ?2 WHERE fingerprint = ?1 AND revoked_at IS NULL";
    Ok(execute(connection, SQL, params![&fingerprint.0[..], micros(at)])? == 1)
}
