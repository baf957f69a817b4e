//! One transaction or snapshot, as the contract sees it. What each operation does stands with its subject.
//!
//! A snapshot is one state. A transaction sees, at each statement, what is committed by then; what it decides on stands
//! still, because it is locked when it is read:
//!
//! | read by | locked until the end | against |
//! |---|---|---|
//! | `business_day`, `book` | the business day, shared | bookings on a day that is over |
//! | `identity` | the certificate, shared | payments after a revocation |
//! | `insert_submission`, `flips` | the client | two decisions about its messages that do not see each other |
//! | `book` | the accounts, in the order of their ids | balances, holds and use of limits that overwrite each other |
//! | `accounts`, `accounts_by_iban` in a job that runs again | the same | a job that is always overtaken |
//! | `lot` | the lot | steps taken twice |
//! | `last_sequence`, `account_days`, `balance_before`, `entries`, `audit` | the tail | sums that disagree |
//!
//! Locks are taken in this order by every use case, and deadlocks that come about all the same are resolved by the
//! database and by running one of the jobs again. Keys never change, so no lock keeps others from referring to a row.

use ::ledger::{Account, AccountId, Book, Journal};
use jiff::Timestamp;
use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, PaymentId, Refusal, Stage};

use super::connection::Connection;
use super::directory::DayLock;
use super::ledger::Seen;
use super::news::TELL;
use super::node::Own;
use super::tail::Pending;
use super::{
    attempts, audit, directory, duplicates, entries, facts, ledger, lots, messages, reports, retention, settings,
    staging, submissions, upkeep,
};
use crate::loaded::Loaded;
use crate::*;

/// A transaction that its owner has begun and will end.
pub(super) struct Session<'c> {
    connection: &'c Connection,
    own: Own,
    locks: bool,
    again: bool,
    day_lock: DayLock,
    wrote: bool,
    told: bool,
    loaded: Loaded,
    seen: Seen,
    pending: Pending,
    /// A submission that is to be answered here, is not flipped, and stays so as long as this transaction leaves it.
    open: Option<MessageId>,
}

impl<'c> Session<'c> {
    pub(super) fn reading(connection: &'c Connection, own: Own) -> Session<'c> {
        let (loaded, seen, pending) = (Loaded::default(), Seen::default(), Pending::default());
        Session {
            connection,
            own,
            locks: false,
            again: false,
            day_lock: DayLock::None,
            wrote: false,
            told: false,
            loaded,
            seen,
            pending,
            open: None,
        }
    }

    /// `again`: the job has run before, and another one was in its way. `pending`: what the transaction adds by then.
    pub(super) fn writing(connection: &'c Connection, own: Own, again: bool, pending: Pending) -> Session<'c> {
        let day_lock = if again { DayLock::Alone } else { DayLock::Shared };
        Session { locks: true, again, day_lock, pending, ..Session::reading(connection, own) }
    }

    /// Whether there is anything to commit.
    pub(super) fn has_written(&self) -> bool {
        self.wrote
    }

    /// What the transaction adds by now.
    pub(super) fn into_pending(self) -> Pending {
        self.pending
    }

    fn changing(&mut self) -> &'c Connection {
        self.wrote = true;
        self.connection
    }

    /// The same for what others may be waiting for.
    fn telling(&mut self) -> &'c Connection {
        if !std::mem::replace(&mut self.told, true) {
            self.connection.send(TELL);
        }
        self.changing()
    }

    /// For a look at what is booked and noted: nobody books meanwhile, and what this transaction adds is there.
    fn booked(&mut self) -> Result<&'c Connection, StoreError> {
        if self.locks {
            self.pending.settle(self.connection)?;
        }
        Ok(self.connection)
    }

    /// For something that is staged for a submission. Whether that may be is asked once in a transaction.
    fn staging(&mut self, message: MessageId) -> Result<&'c Connection, StoreError> {
        if self.open != Some(message) {
            staging::refuse_closed(self.connection, self.own, message)?;
            self.open = Some(message);
        }
        Ok(self.changing())
    }

    /// Remembers what a change of an account may rest on. A job that runs again locks it: others who change the same account
    /// all the time would else be in its way each time.
    fn see(&mut self, mut accounts: Vec<TreasuryAccount>) -> Result<Vec<TreasuryAccount>, StoreError> {
        if self.again {
            ledger::lock_accounts(self.connection, &mut accounts)?;
        }
        if self.locks {
            let seen = accounts.iter().map(|account| &account.ledger);
            self.seen.extend(seen.map(|account| (account.id, (account.state, account.limits))));
        }
        Ok(accounts)
    }
}

impl Reading for Session<'_> {
    fn business_day(&mut self) -> Result<Date, StoreError> {
        directory::business_day(self.connection, self.day_lock)
    }

    fn identity(&mut self, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError> {
        directory::identity(self.connection, fingerprint, self.locks)
    }

    fn clients(&mut self) -> Result<Vec<Client>, StoreError> {
        directory::clients(self.connection)
    }

    fn online_users(&mut self, client: ClientId) -> Result<Vec<OnlineUser>, StoreError> {
        directory::online_users(self.connection, client)
    }

    fn certificates(&mut self, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError> {
        directory::certificates(self.connection, user)
    }

    fn accounts_of(&mut self, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError> {
        ledger::accounts_of(self.connection, client)
    }

    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let found = ledger::accounts_by_iban(self.connection, ibans)?;
        self.see(found)
    }

    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let found = ledger::accounts(self.connection, ids)?;
        self.see(found)
    }

    fn house_account(&mut self, purpose: HousePurpose) -> Result<AccountId, StoreError> {
        ledger::house_account(self.connection, purpose)
    }

    fn submission(&mut self, id: MessageId) -> Result<Option<Submission>, StoreError> {
        submissions::submission(self.connection, id)
    }

    fn unanswered_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        submissions::unanswered_submissions(self.connection, limit)
    }

    fn submissions_of(
        &mut self,
        client: ClientId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<MessageId>, StoreError> {
        submissions::submissions_of(self.connection, client, after, limit)
    }

    fn removable_bodies(&mut self, before: Timestamp, limit: u32) -> Result<Vec<RemovableBody>, StoreError> {
        retention::removable_bodies(self.connection, before, limit)
    }

    fn removable_bodies_total(&mut self, before: Timestamp) -> Result<(u64, u64), StoreError> {
        retention::removable_bodies_total(self.connection, before)
    }

    fn left_over_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        submissions::left_over_submissions(self.connection, self.own, limit)
    }

    fn open_submission_of(&mut self, user: OnlineUserId, hash: &BodyHash) -> Result<Option<Submission>, StoreError> {
        submissions::open_submission_of(self.connection, user, hash)
    }

    fn open_submissions(&mut self, client: ClientId, limit: u32) -> Result<Vec<Submission>, StoreError> {
        submissions::open_submissions(self.connection, client, limit)
    }

    fn set_aside_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        attempts::set_aside_submissions(self.connection, limit)
    }

    fn set_aside_submission_of(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Submission>, StoreError> {
        attempts::set_aside_submission_of(self.connection, client, hash)
    }

    fn work_attempts(&mut self) -> Result<Vec<WorkAttempts>, StoreError> {
        attempts::work_attempts(self.connection)
    }

    fn message_by_message_id(&mut self, client: ClientId, message_id: &str) -> Result<Option<Message>, StoreError> {
        messages::message_by_message_id(self.connection, client, message_id)
    }

    fn message_by_hash(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Message>, StoreError> {
        messages::message_by_hash(self.connection, client, hash)
    }

    fn message(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        messages::message(self.connection, id)
    }

    fn message_names(&mut self, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError> {
        messages::message_names(self.connection, ids)
    }

    fn blocks(&mut self, message: MessageId) -> Result<Vec<Block>, StoreError> {
        messages::blocks(self.connection, message)
    }

    fn lots_of(&mut self, message: MessageId) -> Result<Vec<Lot>, StoreError> {
        lots::lots_of(self.connection, message)
    }

    fn refusals_of(&mut self, message: MessageId) -> Result<Vec<Refusal>, StoreError> {
        lots::refusals_of(self.connection, message)
    }

    fn refusals_between(&mut self, message: MessageId, first: u32, last: u32) -> Result<Vec<Refusal>, StoreError> {
        lots::refusals_between(self.connection, message, first, last)
    }

    fn events_of(&mut self, message: MessageId) -> Result<Vec<Event>, StoreError> {
        lots::events_of(self.connection, message)
    }

    fn payments(
        &mut self,
        message: MessageId,
        lot: Option<u32>,
        from: u32,
        limit: u32,
        each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        messages::payments(self.connection, message, lot, from, limit, each)
    }

    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        messages::payments_of(self.connection, ids, each)
    }

    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError> {
        duplicates::duplicates(self.connection, except, keys)
    }

    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError> {
        staging::used_payment_information_ids(self.connection, client, ids)
    }

    fn flips(&mut self, client: ClientId) -> Result<i64, StoreError> {
        staging::flips(self.connection, client, self.locks)
    }

    fn lots_in_stage(
        &mut self,
        stage: Stage,
        date: Date,
        after: Option<LotId>,
        limit: u32,
    ) -> Result<Vec<Lot>, StoreError> {
        lots::lots_in_stage(self.connection, stage, date, after, limit)
    }

    fn lot(&mut self, id: LotId) -> Result<Option<Lot>, StoreError> {
        lots::lot(self.connection, id, self.locks)
    }

    fn last_event(&mut self, id: LotId) -> Result<Option<Event>, StoreError> {
        lots::last_event(self.connection, id)
    }

    fn last_sequence(&mut self) -> Result<i64, StoreError> {
        entries::last_sequence(self.booked()?)
    }

    fn balance_before(&mut self, account: AccountId, date: Date) -> Result<i64, StoreError> {
        entries::balance_before(self.booked()?, account, date)
    }

    fn account_days(&mut self, account: AccountId, from: Date, to: Date) -> Result<Vec<AccountDay>, StoreError> {
        entries::account_days(self.booked()?, account, from, to)
    }

    fn entries(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(EntryView<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        entries::entries(self.booked()?, range, each)
    }

    fn report(&mut self, id: i64) -> Result<Option<Report>, StoreError> {
        reports::report(self.connection, id)
    }

    fn reports_of(&mut self, user: OnlineUserId, after: i64, limit: u32) -> Result<Vec<Report>, StoreError> {
        reports::reports_of(self.connection, user, after, limit)
    }

    fn audit(&mut self, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError> {
        audit::audit(self.booked()?, from, limit)
    }

    fn clock(&mut self) -> Result<ClockRecord, StoreError> {
        upkeep::clock(self.connection)
    }

    fn storage_of_clients(&mut self) -> Result<Vec<ClientStorage>, StoreError> {
        upkeep::storage_of_clients(self.connection)
    }

    fn audit_is_complete(&mut self) -> Result<bool, StoreError> {
        audit::is_complete(self.connection)
    }

    fn facts(&mut self) -> Result<payments::invariants::Facts, StoreError> {
        facts::facts(self.connection)
    }
}

impl Writing for Session<'_> {
    fn prove(&mut self) -> Result<(), StoreError> {
        directory::prove(self.changing(), self.day_lock)?;
        self.pending.prove();
        Ok(())
    }

    fn set_business_day(&mut self, day: Date) -> Result<(), StoreError> {
        directory::set_business_day(self.telling(), day)
    }

    fn lock_shared_settings(&mut self) -> Result<Option<String>, StoreError> {
        settings::lock_shared(self.connection)
    }

    fn set_shared_settings(&mut self, settings: &str) -> Result<(), StoreError> {
        settings::set_shared(self.changing(), settings)
    }

    fn other_nodes(&mut self) -> Result<u64, StoreError> {
        settings::other_nodes(self.connection, self.own)
    }

    fn set_preferences(&mut self, client: ClientId, to: &Preferences) -> Result<(), StoreError> {
        directory::set_preferences(self.changing(), client, to)
    }

    fn insert_client(&mut self, client: &Client) -> Result<ClientId, StoreError> {
        directory::insert_client(self.changing(), client)
    }

    fn insert_online_user(&mut self, user: &OnlineUser) -> Result<OnlineUserId, StoreError> {
        directory::insert_online_user(self.changing(), user)
    }

    fn insert_certificate(&mut self, certificate: &Certificate) -> Result<(), StoreError> {
        directory::insert_certificate(self.changing(), certificate)
    }

    fn revoke_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError> {
        directory::revoke_certificate(self.changing(), fingerprint, at)
    }

    fn insert_account(&mut self, account: &TreasuryAccount) -> Result<AccountId, StoreError> {
        ledger::insert_account(self.changing(), account)
    }

    fn set_house_account(&mut self, purpose: HousePurpose, account: AccountId) -> Result<(), StoreError> {
        ledger::set_house_account(self.changing(), purpose, account)
    }

    fn update_account(&mut self, account: &Account) -> Result<(), StoreError> {
        ledger::update_account(self.telling(), &mut self.seen, account)
    }

    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError> {
        let message = submissions::insert_submission(self.changing(), self.own, submission)?;
        self.open = Some(message);
        Ok(message)
    }

    fn claim_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        submissions::claim_submission(self.changing(), self.own, id)
    }

    fn count_attempt(&mut self, id: MessageId) -> Result<u32, StoreError> {
        attempts::count_attempt(self.changing(), self.own, id)
    }

    fn uncount_attempt(&mut self, id: MessageId) -> Result<(), StoreError> {
        attempts::uncount_attempt(self.changing(), self.own, id)
    }

    fn set_aside_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        self.open = None;
        attempts::set_aside_submission(self.telling(), self.own, id, problem)
    }

    fn retry_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        attempts::retry_submission(self.telling(), id)
    }

    fn count_work_attempt(&mut self, work: &str) -> Result<Option<WorkAttempts>, StoreError> {
        attempts::count_work_attempt(self.changing(), self.own, work)
    }

    fn set_aside_work(&mut self, work: &str, at: Timestamp) -> Result<(), StoreError> {
        attempts::set_aside_work(self.changing(), work, at)
    }

    fn clear_work_attempts(&mut self, work: &str) -> Result<bool, StoreError> {
        attempts::clear_work_attempts(self.changing(), self.own, work)
    }

    fn keep_outcome(&mut self, id: MessageId) -> Result<bool, StoreError> {
        submissions::keep_outcome(self.changing(), id)
    }

    fn discard_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        self.open = None;
        submissions::discard_submission(self.telling(), self.own, id)
    }

    fn refuse_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        self.open = None;
        submissions::refuse_submission(self.telling(), self.own, id, problem)
    }

    fn remove_body(&mut self, id: MessageId, at: Timestamp) -> Result<(), StoreError> {
        retention::remove_body(self.changing(), id, at)
    }

    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError> {
        self.open = None;
        messages::insert_message(self.telling(), self.own, message)
    }

    fn stage_blocks(&mut self, message: MessageId, client: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
        if self.open != Some(message) {
            staging::refuse_flipped(self.connection, message)?;
        }
        staging::stage_blocks(self.changing(), message, client, blocks)
    }

    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError> {
        staging::stage_payments(self.staging(message)?, message, payments)
    }

    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError> {
        staging::stage_duplicate_keys(self.staging(message)?, message, keys)
    }

    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError> {
        staging::discard_stage(self.changing(), self.own, message)
    }

    fn flip(&mut self, message: MessageId, client: ClientId) -> Result<(), StoreError> {
        self.open = None;
        staging::flip(self.telling(), message, client)
    }

    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError> {
        ledger::book(self.connection, self.day_lock, &mut self.loaded, accounts, dates)
    }

    fn save_book(&mut self, book: &Book) -> Result<(), StoreError> {
        ledger::save_book(self.changing(), &mut self.loaded, book)
    }

    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError> {
        lots::insert_lots(self.telling(), lots)
    }

    fn update_lot(&mut self, lot: &Lot) -> Result<(), StoreError> {
        lots::update_lot(self.changing(), lot)
    }

    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError> {
        lots::insert_refusals(self.changing(), refusals)
    }

    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() { Ok(()) } else { lots::append_events(self.telling(), events) }
    }

    fn append_entries(&mut self, journal: &Journal) -> Result<(), StoreError> {
        journal.check().map_err(|error| StoreError::Refused(error.to_string()))?;
        ledger::check_currency(self.changing(), &self.loaded, journal)?;
        self.pending.book(journal);
        Ok(())
    }

    fn insert_incoming(&mut self, credit: &IncomingCredit) -> Result<i64, StoreError> {
        entries::insert_incoming(self.telling(), credit)
    }

    fn insert_report(&mut self, report: &Report) -> Result<Report, StoreError> {
        reports::insert_report(self.changing(), report)
    }

    fn trust_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        upkeep::trust_time(self.changing(), at)
    }

    fn note_clock_jump(&mut self, jump: Option<&ClockJump>) -> Result<(), StoreError> {
        upkeep::note_clock_jump(self.changing(), jump)
    }

    fn confirm_clock(&mut self, at: Timestamp) -> Result<(), StoreError> {
        upkeep::confirm_clock(self.changing(), at)
    }

    fn set_sandbox(&mut self, is_sandbox: bool) -> Result<(), StoreError> {
        upkeep::set_sandbox(self.changing(), is_sandbox)
    }

    fn mark_audit_complete(&mut self) -> Result<(), StoreError> {
        audit::mark_complete(self.changing())
    }

    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError> {
        self.changing();
        self.pending.note(line);
        Ok(())
    }
}
