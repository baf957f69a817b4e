//! Clients, online users, certificates, accounts with their owners, and the house's accounts.

use jiff::Timestamp;
use ledger::AccountId;

use super::executor::{Executor, Plain, plain_statements, values};
use crate::codec::{Coded, day, micros};
use crate::row_mapping::*;
use crate::{
    Certificate, Client, ClientId, Fingerprint, HousePurpose, Identity, OnlineUser, OnlineUserId, Preferences,
    ReadDirectory, ReadIdentity, StoreError, TreasuryAccount, WriteDirectory,
};

/// Certificates with their online users and clients.
macro_rules! identity_query {
    () => {
        r#"SELECT c.fingerprint, c."user", c.serial, c.not_before, c.not_after, c.revoked_at,
            u.id, u.client, u.name, u.mode, u.registration_valid_until, u.allowed_networks, u.granted_accounts, u.suspended_at,
            u.signature_required,
            k.id, k.name, k.registration_number, k.acceptance, k.lists_every_payment, k.daily_balances,
            k.end_to_end_id_days, o.authority
        FROM certificate c JOIN online_user u ON u.id = c."user" JOIN client k ON k.id = u.client
            LEFT JOIN outside_certificate o ON o.fingerprint = c.fingerprint"#
    };
}
pub(crate) use identity_query;

plain_statements! {
    const IDENTITY = (identity_query!(), " WHERE c.fingerprint = $1"; first " FOR SHARE OF c, u", again " FOR SHARE OF c, u");
    const CLIENTS = ("SELECT ", client_columns!(), " FROM client ORDER BY id");
    const ONLINE_USERS = ("SELECT ", online_user_columns!(), " FROM online_user WHERE client = $1 ORDER BY id");
    const ONLINE_USER = ("SELECT ", online_user_columns!(), " FROM online_user WHERE id = $1";
        first " FOR NO KEY UPDATE", again " FOR NO KEY UPDATE");
    const CERTIFICATES = ("SELECT ", certificate_columns!(), r#" FROM certificate
        WHERE "user" = $1 ORDER BY not_before DESC, fingerprint"#);
    const ACCOUNTS_OF = ("SELECT ", treasury_account_columns!(), " FROM account WHERE client = $1 ORDER BY iban");
    const HOUSE_ACCOUNT = ("SELECT account FROM house_account WHERE purpose = $1");
    const LOCK_DIRECTORY = (
        sqlite: ["SELECT 1"],
        postgres: ["SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.directory'))) l"],
    );
    const INSERT_CLIENT = ("INSERT INTO client (name, registration_number, acceptance, lists_every_payment, daily_balances,
            end_to_end_id_days)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
    const SET_PREFERENCES = ("UPDATE client SET lists_every_payment = $2, daily_balances = $3, end_to_end_id_days = $4
        WHERE id = $1");
    const INSERT_ONLINE_USER = ("INSERT INTO online_user (client, name, mode, registration_valid_until, allowed_networks,
            granted_accounts, suspended_at, signature_required)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");
    const UPDATE_ONLINE_USER = ("UPDATE online_user SET name = $2, mode = $3, registration_valid_until = $4,
            allowed_networks = $5, granted_accounts = $6, suspended_at = $7, signature_required = $8
        WHERE id = $1 RETURNING id");
    const INSERT_CERTIFICATE = (r#"INSERT INTO certificate (fingerprint, "user", serial, not_before, not_after, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"#);
    const REVOKE_CERTIFICATE = ("UPDATE certificate SET revoked_at = $2 WHERE fingerprint = $1 AND revoked_at IS NULL");
    const INSERT_ACCOUNT = ("INSERT INTO account (balance, held, state, role, limit_per_payment, limit_per_day, currency,
            iban, client, owner_name, kind)
        VALUES (0, 0, $1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (iban) DO NOTHING RETURNING id");
    const SET_HOUSE_ACCOUNT = ("INSERT INTO house_account (purpose, account) VALUES ($1, $2)
        ON CONFLICT (purpose) DO UPDATE SET account = excluded.account");
}

impl<S: Executor> ReadIdentity for S {
    fn identity(&mut self, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError> {
        self.optional(&IDENTITY, values![&fingerprint.0], read_identity)
    }
}

impl<S: Executor> ReadDirectory for S {
    fn clients(&mut self) -> Result<Vec<Client>, StoreError> {
        self.list(&CLIENTS, values![], read_client)
    }

    fn online_users(&mut self, client: ClientId) -> Result<Vec<OnlineUser>, StoreError> {
        self.list(&ONLINE_USERS, values![client.0], read_user)
    }

    fn online_user(&mut self, user: OnlineUserId) -> Result<Option<OnlineUser>, StoreError> {
        self.optional(&ONLINE_USER, values![user.0], read_user)
    }

    fn certificates(&mut self, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError> {
        self.list(&CERTIFICATES, values![user.0], read_certificate)
    }

    fn accounts_of(&mut self, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError> {
        self.list(&ACCOUNTS_OF, values![client.0], read_account)
    }

    fn house_account(&mut self, purpose: HousePurpose) -> Result<AccountId, StoreError> {
        let found = self.optional(&HOUSE_ACCOUNT, values![purpose.code()], |row| row.integer())?;
        found.map(AccountId).ok_or(StoreError::Missing("house account"))
    }
}

impl<S: Executor> WriteDirectory for S {
    fn lock_directory(&mut self) -> Result<(), StoreError> {
        self.optional(&LOCK_DIRECTORY, values![], |row| row.integer()).map(drop)
    }

    fn insert_client(&mut self, client: &Client) -> Result<ClientId, StoreError> {
        let Preferences { lists_every_payment, daily_balances, end_to_end_ids } = client.preferences;
        let values = values![
            &client.name,
            &client.registration_number,
            client.acceptance.code(),
            lists_every_payment,
            daily_balances,
            uniqueness_column(end_to_end_ids),
        ];
        self.change_one(&INSERT_CLIENT, values)?.map(ClientId).ok_or(StoreError::Missing("row"))
    }

    fn set_preferences(&mut self, client: ClientId, to: &Preferences) -> Result<(), StoreError> {
        self.change_rights();
        let days = uniqueness_column(to.end_to_end_ids);
        let values = values![client.0, to.lists_every_payment, to.daily_balances, days];
        if self.change(&SET_PREFERENCES, values)? == 1 { Ok(()) } else { Err(StoreError::Missing("client")) }
    }

    fn insert_online_user(&mut self, user: &OnlineUser) -> Result<OnlineUserId, StoreError> {
        let inserted = write_user(self, &INSERT_ONLINE_USER, user.client.0, user)?;
        inserted.map(OnlineUserId).ok_or(StoreError::Missing("row"))
    }

    fn update_online_user(&mut self, user: &OnlineUser) -> Result<(), StoreError> {
        self.change_rights();
        let changed = write_user(self, &UPDATE_ONLINE_USER, user.id.0, user)?;
        changed.map(drop).ok_or(StoreError::Missing("online user"))
    }

    fn insert_certificate(&mut self, certificate: &Certificate) -> Result<(), StoreError> {
        let values = values![
            &certificate.fingerprint.0,
            certificate.user.0,
            &certificate.serial,
            micros(certificate.not_before),
            micros(certificate.not_after),
            certificate.revoked_at.map(micros),
        ];
        let inserted = self.change(&INSERT_CERTIFICATE, values)?;
        if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("certificate".to_owned())) }
    }

    fn revoke_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError> {
        self.change_rights();
        Ok(self.change(&REVOKE_CERTIFICATE, values![&fingerprint.0, micros(at)])? == 1)
    }

    fn insert_account(&mut self, account: &TreasuryAccount) -> Result<AccountId, StoreError> {
        let ledger = &account.ledger;
        let values = values![
            ledger.state.code(),
            ledger.role.code(),
            ledger.limits.per_payment,
            ledger.limits.per_day,
            ledger.currency.code(),
            &account.iban,
            account.client.map(|client| client.0),
            &account.owner_name,
            account.kind.code(),
        ];
        let inserted = self.change_one(&INSERT_ACCOUNT, values)?;
        inserted.map(AccountId).ok_or_else(|| StoreError::Conflict(account.iban.clone()))
    }

    fn set_house_account(&mut self, purpose: HousePurpose, account: AccountId) -> Result<(), StoreError> {
        self.change(&SET_HOUSE_ACCOUNT, values![purpose.code(), account.0]).map(drop)
    }
}

/// The columns of an online user beside the first one, which is its client's id or its own.
fn write_user<S: Executor>(
    executor: &mut S,
    statement: &Plain,
    first: i64,
    user: &OnlineUser,
) -> Result<Option<i64>, StoreError> {
    let (networks, accounts) = (networks_column(&user.allowed_networks), accounts_column(&user.granted_accounts));
    let values = values![
        first,
        &user.name,
        user.mode.code(),
        day(user.registration_valid_until),
        &networks,
        &accounts,
        user.suspended_at.map(micros),
        user.signature_required,
    ];
    executor.change_one(statement, values)
}
