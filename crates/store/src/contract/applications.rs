//! Applications with their files and steps, and what they put in force beside the directory.

use jiff::civil::Date;
use ledger::AccountId;
use onboarding::{Application, ApplicationId, Attachment, ClientId, Contact, Content, OnlineUserId};

use crate::{ApplicationFilter, ApplicationStep, DayLimits, StoreError};

/// Reads applications.
pub trait ReadApplications {
    /// An application, with its files but for their bytes. A transaction locks it.
    fn application(&mut self, id: ApplicationId) -> Result<Option<Application>, StoreError>;

    /// Applications, newest first, at most `limit`. Locks nothing.
    fn applications(&mut self, filter: &ApplicationFilter, limit: u32) -> Result<Vec<Application>, StoreError>;

    /// Those that are to be looked at by this day, at most `limit`. Locks nothing.
    fn due_applications(&mut self, day: Date, limit: u32) -> Result<Vec<ApplicationId>, StoreError>;

    /// The bytes of a file.
    fn attachment(&mut self, application: ApplicationId, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The steps of an application, oldest first.
    fn application_steps(&mut self, application: ApplicationId) -> Result<Vec<ApplicationStep>, StoreError>;

    /// The application whose registration of an online user is in force.
    fn registration_in_force(&mut self, user: OnlineUserId) -> Result<Option<ApplicationId>, StoreError>;

    /// The application whose specimen-signature card of a client is in force.
    fn card_in_force(&mut self, client: ClientId) -> Result<Option<ApplicationId>, StoreError>;

    /// The last application of a client in force that asked for just this.
    fn last_in_force(&mut self, client: ClientId, content: &Content) -> Result<Option<ApplicationId>, StoreError>;

    /// Who looks after an online user; nobody is known of one that is older than applications.
    fn contact(&mut self, user: OnlineUserId) -> Result<Option<Contact>, StoreError>;

    /// The limits of an account for a day, in place of its own.
    fn day_limits(&mut self, account: AccountId, day: Date) -> Result<Option<DayLimits>, StoreError>;

    /// The same of all accounts of a client that have some.
    fn day_limits_of(&mut self, client: ClientId, day: Date) -> Result<Vec<(AccountId, DayLimits)>, StoreError>;
}

/// Changes applications. The caller adds the audit line in the same transaction.
pub trait WriteApplications: ReadApplications {
    /// Adds an application; its id in the argument is ignored.
    fn insert_application(&mut self, application: &Application) -> Result<ApplicationId, StoreError>;

    /// Writes how an application stands now; its files have methods of their own.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such application, [`StoreError::Conflict`] when another registration of the
    /// online user, or another card of the client, is in force.
    fn update_application(&mut self, application: &Application) -> Result<(), StoreError>;

    /// Keeps a file.
    fn insert_attachment(&mut self, of: ApplicationId, file: &Attachment, bytes: &[u8]) -> Result<(), StoreError>;

    /// Writes who verified the signature of a file, and how.
    fn update_attachment(&mut self, of: ApplicationId, file: &Attachment) -> Result<(), StoreError>;

    /// Adds a step.
    fn add_application_step(&mut self, of: ApplicationId, step: &ApplicationStep) -> Result<(), StoreError>;

    /// Notes who looks after an online user.
    fn set_contact(&mut self, user: OnlineUserId, contact: &Contact) -> Result<(), StoreError>;

    /// Puts limits of an account in force for a day.
    fn set_day_limits(&mut self, account: AccountId, day: Date, limits: &DayLimits) -> Result<(), StoreError>;
}
