//! One transaction or snapshot, as the contract sees it. What each operation does stands with its subject.

use ::ledger::{Account, AccountId, Book, Journal};
use jiff::Timestamp;
use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, PaymentId, Refusal, Stage};
use rusqlite::Connection;

use super::{
    attempts, audit, directory, duplicates, entries, facts, ledger, lots, messages, reports, retention, settings,
    staging, submissions, upkeep,
};
use crate::loaded::Loaded;
use crate::*;

/// A transaction that its owner has begun and will end.
pub(super) struct Session<'c> {
    connection: &'c Connection,
    loaded: Loaded,
    effects: Effects,
}

/// What the commit brings about outside the database.
#[derive(Default)]
pub(super) struct Effects {
    /// Files to remove.
    pub(super) forgotten_bodies: Vec<String>,
    /// Whether there is something that others may be waiting for.
    pub(super) news: bool,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c Connection) -> Session<'c> {
        Session { connection, loaded: Loaded::default(), effects: Effects::default() }
    }

    pub(super) fn into_effects(self) -> Effects {
        self.effects
    }

    fn connection(&self) -> Result<&'c Connection, StoreError> {
        transaction(self.connection)?;
        Ok(self.connection)
    }

    /// The same for a change that others may be waiting for.
    fn telling(&mut self) -> Result<&'c Connection, StoreError> {
        self.effects.news = true;
        self.connection()
    }
}

/// A full disk and the like end a transaction from below. What followed would commit by itself, statement by statement.
fn transaction(connection: &Connection) -> Result<(), StoreError> {
    if connection.is_autocommit() {
        Err(StoreError::Unavailable("the database ended the transaction".to_owned()))
    } else {
        Ok(())
    }
}

impl Reading for Session<'_> {
    fn business_day(&mut self) -> Result<Date, StoreError> {
        directory::business_day(self.connection()?)
    }

    fn identity(&mut self, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError> {
        directory::identity(self.connection()?, fingerprint)
    }

    fn clients(&mut self) -> Result<Vec<Client>, StoreError> {
        directory::clients(self.connection()?)
    }

    fn online_users(&mut self, client: ClientId) -> Result<Vec<OnlineUser>, StoreError> {
        directory::online_users(self.connection()?, client)
    }

    fn certificates(&mut self, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError> {
        directory::certificates(self.connection()?, user)
    }

    fn accounts_of(&mut self, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError> {
        ledger::accounts_of(self.connection()?, client)
    }

    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
        ledger::accounts_by_iban(self.connection()?, ibans)
    }

    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
        ledger::accounts(self.connection()?, ids)
    }

    fn house_account(&mut self, purpose: HousePurpose) -> Result<AccountId, StoreError> {
        ledger::house_account(self.connection()?, purpose)
    }

    fn submission(&mut self, id: MessageId) -> Result<Option<Submission>, StoreError> {
        submissions::submission(self.connection()?, id)
    }

    fn unanswered_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        submissions::unanswered_submissions(self.connection()?, limit)
    }

    fn submissions_of(
        &mut self,
        client: ClientId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<MessageId>, StoreError> {
        submissions::submissions_of(self.connection()?, client, after, limit)
    }

    fn removable_bodies(&mut self, before: Timestamp, limit: u32) -> Result<Vec<RemovableBody>, StoreError> {
        retention::removable_bodies(self.connection()?, before, limit)
    }

    fn removable_bodies_total(&mut self, before: Timestamp) -> Result<(u64, u64), StoreError> {
        retention::removable_bodies_total(self.connection()?, before)
    }

    /// There is no other node.
    fn left_over_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        self.unanswered_submissions(limit)
    }

    fn open_submission_of(&mut self, user: OnlineUserId, hash: &BodyHash) -> Result<Option<Submission>, StoreError> {
        submissions::open_submission_of(self.connection()?, user, hash)
    }

    fn open_submissions(&mut self, client: ClientId, limit: u32) -> Result<Vec<Submission>, StoreError> {
        submissions::open_submissions(self.connection()?, client, limit)
    }

    fn set_aside_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        attempts::set_aside_submissions(self.connection()?, limit)
    }

    fn set_aside_submission_of(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Submission>, StoreError> {
        attempts::set_aside_submission_of(self.connection()?, client, hash)
    }

    fn work_attempts(&mut self) -> Result<Vec<WorkAttempts>, StoreError> {
        attempts::work_attempts(self.connection()?)
    }

    fn message_by_message_id(&mut self, client: ClientId, message_id: &str) -> Result<Option<Message>, StoreError> {
        messages::message_by_message_id(self.connection()?, client, message_id)
    }

    fn message_by_hash(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Message>, StoreError> {
        messages::message_by_hash(self.connection()?, client, hash)
    }

    fn message(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        messages::message(self.connection()?, id)
    }

    fn message_names(&mut self, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError> {
        messages::message_names(self.connection()?, ids)
    }

    fn blocks(&mut self, message: MessageId) -> Result<Vec<Block>, StoreError> {
        messages::blocks(self.connection()?, message)
    }

    fn lots_of(&mut self, message: MessageId) -> Result<Vec<Lot>, StoreError> {
        lots::lots_of(self.connection()?, message)
    }

    fn refusals_of(&mut self, message: MessageId) -> Result<Vec<Refusal>, StoreError> {
        lots::refusals_of(self.connection()?, message)
    }

    fn refusals_between(&mut self, message: MessageId, first: u32, last: u32) -> Result<Vec<Refusal>, StoreError> {
        lots::refusals_between(self.connection()?, message, first, last)
    }

    fn events_of(&mut self, message: MessageId) -> Result<Vec<Event>, StoreError> {
        lots::events_of(self.connection()?, message)
    }

    fn payments(
        &mut self,
        message: MessageId,
        lot: Option<u32>,
        from: u32,
        limit: u32,
        each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        messages::payments(self.connection()?, message, lot, from, limit, each)
    }

    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        messages::payments_of(self.connection()?, ids, each)
    }

    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError> {
        duplicates::duplicates(self.connection()?, except, keys)
    }

    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError> {
        staging::used_payment_information_ids(self.connection()?, client, ids)
    }

    fn flips(&mut self, client: ClientId) -> Result<i64, StoreError> {
        staging::flips(self.connection()?, client)
    }

    fn lots_in_stage(
        &mut self,
        stage: Stage,
        date: Date,
        after: Option<LotId>,
        limit: u32,
    ) -> Result<Vec<Lot>, StoreError> {
        lots::lots_in_stage(self.connection()?, stage, date, after, limit)
    }

    fn lot(&mut self, id: LotId) -> Result<Option<Lot>, StoreError> {
        lots::lot(self.connection()?, id)
    }

    fn last_event(&mut self, id: LotId) -> Result<Option<Event>, StoreError> {
        lots::last_event(self.connection()?, id)
    }

    fn last_sequence(&mut self) -> Result<i64, StoreError> {
        entries::last_sequence(self.connection()?)
    }

    fn balance_before(&mut self, account: AccountId, date: Date) -> Result<i64, StoreError> {
        entries::balance_before(self.connection()?, account, date)
    }

    fn account_days(&mut self, account: AccountId, from: Date, to: Date) -> Result<Vec<AccountDay>, StoreError> {
        entries::account_days(self.connection()?, account, from, to)
    }

    fn entries(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(EntryView<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        entries::entries(self.connection()?, range, each)
    }

    fn report(&mut self, id: i64) -> Result<Option<Report>, StoreError> {
        reports::report(self.connection()?, id)
    }

    fn reports_of(&mut self, user: OnlineUserId, after: i64, limit: u32) -> Result<Vec<Report>, StoreError> {
        reports::reports_of(self.connection()?, user, after, limit)
    }

    fn audit(&mut self, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError> {
        audit::audit(self.connection()?, from, limit)
    }

    fn clock(&mut self) -> Result<ClockRecord, StoreError> {
        upkeep::clock(self.connection()?)
    }

    fn storage_of_clients(&mut self) -> Result<Vec<ClientStorage>, StoreError> {
        upkeep::storage_of_clients(self.connection()?)
    }

    fn audit_is_complete(&mut self) -> Result<bool, StoreError> {
        audit::is_complete(self.connection()?)
    }

    fn facts(&mut self) -> Result<payments::invariants::Facts, StoreError> {
        facts::facts(self.connection()?)
    }
}

impl Writing for Session<'_> {
    fn prove(&mut self) -> Result<(), StoreError> {
        directory::prove(self.connection()?)
    }

    fn set_business_day(&mut self, day: Date) -> Result<(), StoreError> {
        directory::set_business_day(self.telling()?, day)
    }

    fn lock_shared_settings(&mut self) -> Result<Option<String>, StoreError> {
        settings::shared(self.connection()?)
    }

    fn set_shared_settings(&mut self, settings: &str) -> Result<(), StoreError> {
        settings::set_shared(self.connection()?, settings)
    }

    fn other_nodes(&mut self) -> Result<u64, StoreError> {
        // The lock of the folder lets only one serve.
        Ok(0)
    }

    fn set_preferences(&mut self, client: ClientId, to: &Preferences) -> Result<(), StoreError> {
        directory::set_preferences(self.connection()?, client, to)
    }

    fn insert_client(&mut self, client: &Client) -> Result<ClientId, StoreError> {
        directory::insert_client(self.connection()?, client)
    }

    fn insert_online_user(&mut self, user: &OnlineUser) -> Result<OnlineUserId, StoreError> {
        directory::insert_online_user(self.connection()?, user)
    }

    fn insert_certificate(&mut self, certificate: &Certificate) -> Result<(), StoreError> {
        directory::insert_certificate(self.connection()?, certificate)
    }

    fn revoke_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError> {
        directory::revoke_certificate(self.connection()?, fingerprint, at)
    }

    fn insert_account(&mut self, account: &TreasuryAccount) -> Result<AccountId, StoreError> {
        ledger::insert_account(self.connection()?, account)
    }

    fn set_house_account(&mut self, purpose: HousePurpose, account: AccountId) -> Result<(), StoreError> {
        ledger::set_house_account(self.connection()?, purpose, account)
    }

    fn update_account(&mut self, account: &Account) -> Result<(), StoreError> {
        ledger::update_account(self.telling()?, account)
    }

    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError> {
        submissions::insert_submission(self.connection()?, submission)
    }

    fn claim_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        submissions::is_unanswered(self.connection()?, id)
    }

    fn count_attempt(&mut self, id: MessageId) -> Result<u32, StoreError> {
        attempts::count_attempt(self.connection()?, id)
    }

    fn uncount_attempt(&mut self, id: MessageId) -> Result<(), StoreError> {
        attempts::uncount_attempt(self.connection()?, id)
    }

    fn set_aside_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        attempts::set_aside_submission(self.telling()?, id, problem)
    }

    fn retry_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        attempts::retry_submission(self.telling()?, id)
    }

    fn count_work_attempt(&mut self, work: &str) -> Result<Option<WorkAttempts>, StoreError> {
        attempts::count_work_attempt(self.connection()?, work)
    }

    fn set_aside_work(&mut self, work: &str, at: Timestamp) -> Result<(), StoreError> {
        attempts::set_aside_work(self.connection()?, work, at)
    }

    fn clear_work_attempts(&mut self, work: &str) -> Result<bool, StoreError> {
        attempts::clear_work_attempts(self.connection()?, work)
    }

    fn keep_outcome(&mut self, id: MessageId) -> Result<bool, StoreError> {
        submissions::keep_outcome(self.connection()?, id)
    }

    fn discard_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        let Some(file) = submissions::discard_submission(self.telling()?, id)? else { return Ok(false) };
        self.effects.forgotten_bodies.extend(file);
        Ok(true)
    }

    fn refuse_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        let file = submissions::refuse_submission(self.telling()?, id, problem)?;
        self.effects.forgotten_bodies.extend(file);
        Ok(())
    }

    fn remove_body(&mut self, id: MessageId, at: Timestamp) -> Result<(), StoreError> {
        let file = retention::remove_body(self.connection()?, id, at)?;
        self.effects.forgotten_bodies.push(file);
        Ok(())
    }

    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError> {
        messages::insert_message(self.telling()?, message)
    }

    fn stage_blocks(&mut self, message: MessageId, client: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
        staging::stage_blocks(self.connection()?, message, client, blocks)
    }

    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError> {
        staging::stage_payments(self.connection()?, message, payments)
    }

    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError> {
        staging::stage_duplicate_keys(self.connection()?, message, keys)
    }

    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError> {
        staging::discard_stage(self.connection()?, message)
    }

    fn flip(&mut self, message: MessageId, client: ClientId) -> Result<(), StoreError> {
        staging::flip(self.telling()?, message, client)
    }

    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError> {
        transaction(self.connection)?;
        ledger::book(self.connection, &mut self.loaded, accounts, dates)
    }

    fn save_book(&mut self, book: &Book) -> Result<(), StoreError> {
        transaction(self.connection)?;
        ledger::save_book(self.connection, &mut self.loaded, book)
    }

    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError> {
        lots::insert_lots(self.telling()?, lots)
    }

    fn update_lot(&mut self, lot: &Lot) -> Result<(), StoreError> {
        lots::update_lot(self.connection()?, lot)
    }

    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError> {
        lots::insert_refusals(self.connection()?, refusals)
    }

    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() { Ok(()) } else { lots::append_events(self.telling()?, events) }
    }

    fn append_entries(&mut self, journal: &Journal) -> Result<(), StoreError> {
        entries::append_entries(self.connection()?, journal)
    }

    fn insert_incoming(&mut self, credit: &IncomingCredit) -> Result<i64, StoreError> {
        entries::insert_incoming(self.telling()?, credit)
    }

    fn insert_report(&mut self, report: &Report) -> Result<Report, StoreError> {
        reports::insert_report(self.connection()?, report)
    }

    fn trust_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        upkeep::trust_time(self.connection()?, at)
    }

    fn note_clock_jump(&mut self, jump: Option<&ClockJump>) -> Result<(), StoreError> {
        upkeep::note_clock_jump(self.connection()?, jump)
    }

    fn confirm_clock(&mut self, at: Timestamp) -> Result<(), StoreError> {
        upkeep::confirm_clock(self.connection()?, at)
    }

    fn set_sandbox(&mut self, is_sandbox: bool) -> Result<(), StoreError> {
        upkeep::set_sandbox(self.connection()?, is_sandbox)
    }

    fn mark_audit_complete(&mut self) -> Result<(), StoreError> {
        audit::mark_complete(self.connection()?)
    }

    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError> {
        audit::append_audit(self.connection()?, line)
    }
}
