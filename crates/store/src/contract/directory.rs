//! The directory: clients, their online users with certificates, and accounts with their owners.

use jiff::Timestamp;
use ledger::AccountId;

use crate::{
    Certificate, Client, ClientId, Fingerprint, HousePurpose, Identity, OnlineUser, OnlineUserId, Preferences,
    StoreError, TreasuryAccount,
};

/// Reads who calls.
pub trait ReadIdentity {
    /// The client, the online user and the certificate behind a fingerprint, in one round trip. A transaction locks the
    /// certificate and the online user, shared: an operator who revokes the one or changes the rights of the other does so
    /// before or after.
    fn identity(&mut self, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError>;
}

/// Reads the directory.
pub trait ReadDirectory: ReadIdentity {
    /// All clients, by id.
    fn clients(&mut self) -> Result<Vec<Client>, StoreError>;

    /// The online users of a client, by id.
    fn online_users(&mut self, client: ClientId) -> Result<Vec<OnlineUser>, StoreError>;

    /// An online user. A transaction locks it, to change it.
    fn online_user(&mut self, user: OnlineUserId) -> Result<Option<OnlineUser>, StoreError>;

    /// The certificates of an online user, newest first.
    fn certificates(&mut self, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError>;

    /// A client's accounts, by IBAN.
    fn accounts_of(&mut self, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError>;

    /// The house's account of a purpose.
    ///
    /// # Errors
    /// [`StoreError::Missing`] before it was named.
    fn house_account(&mut self, purpose: HousePurpose) -> Result<AccountId, StoreError>;
}

/// Changes the directory. The caller adds the audit line that states the new row in the same transaction.
pub trait WriteDirectory: ReadDirectory {
    /// Until its end no other transaction that calls this goes on: who looks whether a registration number or a name is free, and takes it,
    /// does so alone.
    fn lock_directory(&mut self) -> Result<(), StoreError>;

    /// Adds a client; its id in the argument is ignored.
    fn insert_client(&mut self, client: &Client) -> Result<ClientId, StoreError>;

    /// Changes the settings of a client.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such client.
    fn set_preferences(&mut self, client: ClientId, to: &Preferences) -> Result<(), StoreError>;

    /// Adds an online user; its id in the argument is ignored.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such client.
    fn insert_online_user(&mut self, user: &OnlineUser) -> Result<OnlineUserId, StoreError>;

    /// Changes what an online user is called and may do. Its client stays.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such online user.
    fn update_online_user(&mut self, user: &OnlineUser) -> Result<(), StoreError>;

    /// Adds a certificate.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one with this fingerprint, [`StoreError::Missing`] when there is no such online
    /// user.
    fn insert_certificate(&mut self, certificate: &Certificate) -> Result<(), StoreError>;

    /// Revokes a certificate. `false` when there is none, or it was revoked before.
    fn revoke_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError>;

    /// Adds an account with a balance of 0; its id in the argument is ignored.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the IBAN is taken.
    fn insert_account(&mut self, account: &TreasuryAccount) -> Result<AccountId, StoreError>;

    /// Names the house's account of a purpose.
    fn set_house_account(&mut self, purpose: HousePurpose, account: AccountId) -> Result<(), StoreError>;
}
