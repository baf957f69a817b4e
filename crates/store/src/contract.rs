//! The contract that every store fulfils. What is written here in prose is checked by the contract tests on each.
//!
//! | use case | round trips, whatever the number of payments |
//! |---|---|
//! | authorise a request | 1 |
//! | admit a small message (check duplicates, store, hold, answer) | about 10, in one transaction |
//! | stage 100 000 payments | 2 for each chunk |
//! | flip, execute or settle | about 6 for each chunk |
//!
//! Ordering: sequences of entries and audit lines grow in the order of commits, so a reader that pages by them
//! never misses one.
//!
//! Isolation: a snapshot is one state. A transaction may run beside others. What it has read of the business day, a
//! certificate, a lot, the accounts of a book, and of what is booked stands still until it ends; a change of an account
//! rests on what was read; and once it has asked for a client's flips, or inserted a submission of the client, no other
//! transaction of that kind runs for the same client. The rest it reads as it is at that moment.

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Account, AccountId, Book, Journal};
use payments::{Event, Lot, LotId, MessageId, PaymentId, Refusal, Stage};

use crate::StoreError;
use crate::rows::*;

/// What a transaction or a snapshot can read. All of one call to `read` sees one state; for `write` see above.
pub trait Reading {
    /// The business day. `Err(Missing)` before the first one was set.
    fn business_day(&mut self) -> Result<Date, StoreError>;

    /// Who stands behind a certificate.
    fn identity(&mut self, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError>;
    /// All clients, by id.
    fn clients(&mut self) -> Result<Vec<Client>, StoreError>;
    /// The online users of a client, by id.
    fn online_users(&mut self, client: ClientId) -> Result<Vec<OnlineUser>, StoreError>;
    /// The certificates of an online user, newest first.
    fn certificates(&mut self, user: OnlineUserId) -> Result<Vec<Certificate>, StoreError>;

    /// A client's accounts, by IBAN.
    fn accounts_of(&mut self, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError>;
    /// The accounts with these (compact) IBANs; unknown ones are left out. Any number in one call.
    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError>;
    /// The accounts with these ids; unknown ones are left out.
    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError>;
    /// The house's account of a purpose. `Err(Missing)` before it was named.
    fn house_account(&mut self, purpose: HousePurpose) -> Result<AccountId, StoreError>;

    /// A submission.
    fn submission(&mut self, id: MessageId) -> Result<Option<Submission>, StoreError>;
    /// Submissions that were received and not answered, oldest first.
    fn unanswered_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError>;
    /// The submissions of a client, by id, after the given one: whatever became of them.
    fn submissions_of(
        &mut self,
        client: ClientId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<MessageId>, StoreError>;
    /// Answered submissions received before a moment whose bodies are still kept outside their row, oldest first.
    fn removable_bodies(&mut self, before: Timestamp, limit: u32) -> Result<Vec<RemovableBody>, StoreError>;
    /// How many those are in all, and their bytes.
    fn removable_bodies_total(&mut self, before: Timestamp) -> Result<(u64, u64), StoreError>;
    /// Those of them that no other living node works on.
    fn left_over_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError>;
    /// The oldest submission of an online user with exactly these bytes that was received and not answered.
    fn open_submission_of(&mut self, user: OnlineUserId, hash: &BodyHash) -> Result<Option<Submission>, StoreError>;
    /// Submissions of a client that wait for their answer or are set aside, newest first.
    fn open_submissions(&mut self, client: ClientId, limit: u32) -> Result<Vec<Submission>, StoreError>;
    /// Submissions that were set aside, oldest first.
    fn set_aside_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError>;
    /// The oldest submission of a client with exactly these bytes that was set aside.
    fn set_aside_submission_of(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Submission>, StoreError>;
    /// Other work that has begun and not ended, by its name.
    fn work_attempts(&mut self) -> Result<Vec<WorkAttempts>, StoreError>;
    /// The message that holds (client, `MsgId`).
    fn message_by_message_id(&mut self, client: ClientId, message_id: &str) -> Result<Option<Message>, StoreError>;
    /// The latest message of this client with exactly these bytes.
    fn message_by_hash(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Message>, StoreError>;
    /// A message by id.
    fn message(&mut self, id: MessageId) -> Result<Option<Message>, StoreError>;
    /// What messages are called, of those ids that are messages. A name alone, without what its seal covers besides.
    fn message_names(&mut self, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError>;
    /// The blocks of a message, in order.
    fn blocks(&mut self, message: MessageId) -> Result<Vec<Block>, StoreError>;
    /// The lots of a message, in order.
    fn lots_of(&mut self, message: MessageId) -> Result<Vec<Lot>, StoreError>;
    /// The refusals of a message, in file order.
    fn refusals_of(&mut self, message: MessageId) -> Result<Vec<Refusal>, StoreError>;
    /// The refusals of a message that touch the payments `first..=last`, in file order. Costs what it finds, and the
    /// ranges of the message, which are few.
    fn refusals_between(&mut self, message: MessageId, first: u32, last: u32) -> Result<Vec<Refusal>, StoreError>;
    /// The events of a message's lots, oldest first.
    fn events_of(&mut self, message: MessageId) -> Result<Vec<Event>, StoreError>;
    /// Payments of a message from `from` on, in file order, at most `limit`; only of `lot` if given. Returns how many.
    fn payments(
        &mut self,
        message: MessageId,
        lot: Option<u32>,
        from: u32,
        limit: u32,
        each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError>;

    /// Payments by their ids, in the order of these; unknown ones are left out. Any number in one call.
    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Which of these keys payments of *accepted* messages (other than `except`) have already. Refused payments and
    /// unflipped stages do not count, nor do payments that came back. At most one hit for each key looked for, the last payment
    /// that has it, in the order of (hash, ordinal).
    ///
    /// A payment that got no lot counts as refused by its refusal: the two are always written together.
    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError>;
    /// Which of these `PmtInfId` the client has used in accepted messages, each with the first of those.
    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError>;
    /// A number that grows with every flip of a client's message; equal means: no flip in between.
    fn flips(&mut self, client: ClientId) -> Result<i64, StoreError>;

    /// Lots in a stage whose execution date is not after `date`, in the order of their ids (oldest message first), after
    /// the given one.
    fn lots_in_stage(
        &mut self,
        stage: Stage,
        date: Date,
        after: Option<LotId>,
        limit: u32,
    ) -> Result<Vec<Lot>, StoreError>;
    /// A lot.
    fn lot(&mut self, id: LotId) -> Result<Option<Lot>, StoreError>;
    /// The newest event of a lot.
    fn last_event(&mut self, id: LotId) -> Result<Option<Event>, StoreError>;

    /// The sequence of the newest entry; 0 when there is none.
    fn last_sequence(&mut self) -> Result<i64, StoreError>;
    /// Booked balance of an account before `date`, from its days.
    fn balance_before(&mut self, account: AccountId, date: Date) -> Result<i64, StoreError>;
    /// An account's days with entries in a period, in order.
    fn account_days(&mut self, account: AccountId, from: Date, to: Date) -> Result<Vec<AccountDay>, StoreError>;
    /// Entries with their causes, by (date, sequence). Returns how many.
    fn entries(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(EntryView<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError>;

    /// A report that was asked for.
    fn report(&mut self, id: i64) -> Result<Option<Report>, StoreError>;
    /// The reports of an online user, by id, after the given one.
    fn reports_of(&mut self, user: OnlineUserId, after: i64, limit: u32) -> Result<Vec<Report>, StoreError>;
    /// Audit lines from a position on.
    fn audit(&mut self, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError>;
    /// What is known of the time.
    fn clock(&mut self) -> Result<ClockRecord, StoreError>;
    /// What the kept bodies of clients take, largest first; clients without any are left out.
    fn storage_of_clients(&mut self) -> Result<Vec<ClientStorage>, StoreError>;
    /// Whether the audit tells of everything that is in the directory: not before a program of this version has said so.
    fn audit_is_complete(&mut self) -> Result<bool, StoreError>;
    /// Everything the invariants speak of, summed by the store (for checks on a database at rest).
    fn facts(&mut self) -> Result<payments::invariants::Facts, StoreError>;
}

/// What a transaction can change. Nothing is seen by others before it is committed, and then it is durable.
pub trait Writing: Reading {
    /// Writes without changing anything, through all that a payment's commit goes through. When the job has ended, the store
    /// writes durably.
    fn prove(&mut self) -> Result<(), StoreError>;
    /// Moves the business day. `Err(Refused)` when it would go back.
    fn set_business_day(&mut self, day: Date) -> Result<(), StoreError>;
    /// The settings that all who serve from the store share, as the exchange wrote them; `None` before anybody served. Who asks
    /// is alone until the end of the transaction.
    fn lock_shared_settings(&mut self) -> Result<Option<String>, StoreError>;
    /// Replaces them.
    fn set_shared_settings(&mut self, settings: &str) -> Result<(), StoreError>;
    /// How many others serve from the store at this moment.
    fn other_nodes(&mut self) -> Result<u64, StoreError>;
    /// Adds a client.
    fn insert_client(&mut self, client: &Client) -> Result<ClientId, StoreError>;

    /// Changes the settings of a client.
    ///
    /// # Errors
    /// When there is no such client.
    fn set_preferences(&mut self, client: ClientId, to: &Preferences) -> Result<(), StoreError>;
    /// Adds an online user.
    fn insert_online_user(&mut self, user: &OnlineUser) -> Result<OnlineUserId, StoreError>;
    /// Adds a certificate.
    fn insert_certificate(&mut self, certificate: &Certificate) -> Result<(), StoreError>;
    /// Revokes a certificate. `false` when there is none, or it was revoked before.
    fn revoke_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError>;
    /// Adds an account with a balance of 0 (the ids in the argument are ignored).
    fn insert_account(&mut self, account: &TreasuryAccount) -> Result<AccountId, StoreError>;
    /// Names the house's account of a purpose.
    fn set_house_account(&mut self, purpose: HousePurpose, account: AccountId) -> Result<(), StoreError>;
    /// Changes state and limits of an account; its balances change by [`Writing::save_book`] alone.
    fn update_account(&mut self, account: &Account) -> Result<(), StoreError>;

    /// Makes a received body durable, and counts that the work on it begins.
    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError>;
    /// Takes over the work on a submission that was left over. `false` when it is answered or gone, or another living node
    /// works on it. From then on nothing is staged or decided by whoever worked on it before:
    /// `Err(Unavailable)`.
    fn claim_submission(&mut self, id: MessageId) -> Result<bool, StoreError>;
    /// Counts that the work on an unanswered submission begins; returns how often it has, this time included. To be
    /// committed before the work begins. `Err(Unavailable)` when another node has taken it over.
    fn count_attempt(&mut self, id: MessageId) -> Result<u32, StoreError>;
    /// Takes an attempt back that ended with its process alive: it says nothing against the submission. Nothing happens
    /// when the submission is answered or gone, or another node has taken it over.
    fn uncount_attempt(&mut self, id: MessageId) -> Result<(), StoreError>;
    /// Sets an unanswered submission aside: nobody takes it up, and its body is kept. What was staged for it is discarded.
    fn set_aside_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError>;
    /// Makes a submission that was set aside one that waits for its answer, with no attempt counted. `false` when it is
    /// not set aside.
    fn retry_submission(&mut self, id: MessageId) -> Result<bool, StoreError>;
    /// Counts that other work begins, by its name. To be committed before it begins. `None` when another living node is at
    /// it: then nothing is counted.
    fn count_work_attempt(&mut self, work: &str) -> Result<Option<WorkAttempts>, StoreError>;
    /// Sets other work aside whose attempts were counted.
    fn set_aside_work(&mut self, work: &str, at: Timestamp) -> Result<(), StoreError>;
    /// Forgets the attempts of other work: it has ended, or is to be tried again. `false` when there were none, or another node
    /// is at it.
    fn clear_work_attempts(&mut self, work: &str) -> Result<bool, StoreError>;
    /// From here on what comes of a submission is kept, whatever that is and whichever node brings it about: somebody will
    /// come back for it. `false` when it is answered or gone.
    fn keep_outcome(&mut self, id: MessageId) -> Result<bool, StoreError>;
    /// Forgets a submission that became no message, with all that was staged for it. Its file is removed after the
    /// commit. `false`, and nothing is changed, when its outcome is to be kept. `Err(Refused)` when it has been answered.
    fn discard_submission(&mut self, id: MessageId) -> Result<bool, StoreError>;
    /// Keeps why a submission became no message, for somebody who was told to come back. Its body
    /// ([`BodyPlace::Forgotten`]) and its stage are not kept.
    fn refuse_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError>;
    /// Removes the body of an answered message that lies outside its row; hash, size and answer stay. Its file is removed
    /// after the commit. `Err(Refused)` when there is no such body, or the submission has not been answered.
    fn remove_body(&mut self, id: MessageId, at: Timestamp) -> Result<(), StoreError>;
    /// Consumes (client, `MsgId`) and stores the answer. `Err(Conflict)` when the key is taken.
    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError>;

    /// Stores blocks of a message that is not flipped yet. All of `stage_…`, `discard_stage` and `flip` give
    /// `Err(Refused)` when it is.
    fn stage_blocks(&mut self, message: MessageId, client: ClientId, blocks: &[Block]) -> Result<(), StoreError>;
    /// Stores payments of a message that is not flipped yet, in file order. `Err(Refused)` also when its submission
    /// is closed: nobody would discard them.
    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError>;
    /// Stores duplicate keys of a message that is not flipped yet; sorts them itself.
    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError>;
    /// Removes all that was staged for a message.
    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError>;
    /// Makes the staged payments of an accepted message count, and the client's flips grow.
    fn flip(&mut self, message: MessageId, client: ClientId) -> Result<(), StoreError>;

    /// Loads accounts for a decision, locked in the order of their ids, with the use of their limits on these dates (0
    /// where there was none yet). Unknown accounts are left out.
    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError>;
    /// Writes back what a decision changed in a book that came from [`Writing::book`] in this transaction.
    /// `Err(Refused)` for an account or a date's use that was not loaded, and for a customer below zero.
    fn save_book(&mut self, book: &Book) -> Result<(), StoreError>;
    /// Stores new lots.
    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError>;
    /// Writes back a lot that was read in this transaction. `Err(Refused)` when its stage would go back.
    fn update_lot(&mut self, lot: &Lot) -> Result<(), StoreError>;
    /// Stores refusals.
    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError>;
    /// Stores events.
    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError>;
    /// Books a balanced journal: entries get sequences, days their totals. Balances are written by `save_book`.
    /// `Err(Refused)` when it does not balance, or an account has another currency.
    fn append_entries(&mut self, journal: &Journal) -> Result<(), StoreError>;
    /// Stores a credit from outside; returns its id. `Err(Conflict)` when the payment that it gives back was returned before.
    fn insert_incoming(&mut self, credit: &IncomingCredit) -> Result<i64, StoreError>;

    /// Stores a report (its id in the argument is ignored) and returns it with id and number.
    fn insert_report(&mut self, report: &Report) -> Result<Report, StoreError>;
    /// Notes a time that is not doubted, unless a later one is noted.
    fn trust_time(&mut self, at: Timestamp) -> Result<(), StoreError>;
    /// Notes a jump of the clock, or that there is none any more. A jump that is noted stays until then.
    fn note_clock_jump(&mut self, jump: Option<&ClockJump>) -> Result<(), StoreError>;
    /// Somebody vouches for the time: it is trusted whatever was noted before, and no jump is noted any more.
    fn confirm_clock(&mut self, at: Timestamp) -> Result<(), StoreError>;
    /// Notes whether this is a sandbox. `Err(Refused)` when the opposite is noted.
    fn set_sandbox(&mut self, is_sandbox: bool) -> Result<(), StoreError>;
    /// From here on the audit tells of everything that is in the directory. Doing so twice is fine.
    fn mark_audit_complete(&mut self) -> Result<(), StoreError>;
    /// Adds a line to the audit chain.
    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError>;
}
