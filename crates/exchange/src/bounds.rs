//! Every bound of this crate.

pub use crate::clock::guard::{
    ABSENCE_MAX as CLOCK_ABSENCE_MAX, DIFFERENCE_MAX as CLOCK_DIFFERENCE_MAX, JUMP_MAX as CLOCK_JUMP_MAX,
    WRONG_AND_READY_MAX as CLOCK_WRONG_AND_READY_MAX,
};
pub use crate::operator::day::{AUTOMATIC_DAYS_MAX, CONFIRMED_DAYS_AHEAD_MAX, DAYS_AHEAD_MAX};

use std::time::Duration;

use jiff::SignedDuration;

/// Longest body of a submission in bytes, after inflation: a million payments with room to spare.
pub const BODY_BYTES_MAX: u64 = 2 << 30;

/// Longest body of a report request in bytes.
pub const REPORT_REQUEST_BYTES_MAX: u64 = 1 << 20;

/// Bodies up to this size stay in memory and in the submission's row; larger ones go to a file as they arrive.
pub const INLINE_BODY_BYTES_MAX: usize = 64 << 10;

/// Bodies of at most so many bytes are read where the request is: reading them costs less than handing them to a thread and
/// back.
pub const READ_AT_ONCE_BYTES_MAX: usize = 16 << 10;

/// So many callers stay known between their requests: half a kilobyte each.
pub const CALLERS_KNOWN_MAX: usize = 10_000;

/// So many granted accounts the callers that stay known have together: eight bytes each.
pub const GRANTS_KNOWN_MAX: usize = 1_000_000;

/// How often a node looks whether the nodes of the older version have stopped.
pub const GRANTS_LOOKED_AT_EVERY: Duration = Duration::from_secs(5);

/// So many accounts an online user can be granted. Each decision about its messages reads them.
pub const ACCOUNTS_GRANTED_MAX: usize = 10_000;

/// How often a node verifies new lines of the audit chain, and looks whether they need a checkpoint.
pub const CHECKPOINT_LOOKED_AT_EVERY: Duration = Duration::from_secs(5);

/// So many lines of the audit chain are read at a time.
pub const AUDIT_LINES_AT_A_TIME: u32 = 1000;

/// So many revocations are brought into a restored store in one transaction.
pub const REVOCATIONS_AT_A_TIME: usize = 500;

/// After so many minutes the next checkpoint of the audit chain is signed, if the chain has grown.
pub const CHECKPOINT_MINUTES: u32 = 15;

/// How many bytes of a body the exchange reads to find its root element.
pub const PEEK_BYTES_MAX: usize = 8 << 10;

/// So many blocks (`PmtInf`) may stand in one message: a few hundred bytes are kept of each until the answer is written.
pub const MESSAGE_BLOCKS_MAX: usize = 20_000;

/// Memory of one message while the exchange reads and judges it, in bytes. A message of a million payments takes about
/// 150 MB, and in addition the answer about refused ones.
pub const MESSAGE_MEMORY_BYTES_MAX: usize = 192 << 20;

/// The same of all messages of one client together.
pub const CLIENT_MEMORY_BYTES_MAX: usize = 192 << 20;

/// The same of all messages of this process together.
pub const MEMORY_BYTES_MAX: usize = 256 << 20;

/// One part in so many of the memory of all messages is kept for clients that hold little.
pub const MEMORY_RESERVE_SHARE: usize = 8;

/// Little: a client that holds no more may use the reserve.
pub const MEMORY_LITTLE_BYTES: usize = 4 << 20;

/// Memory is charged in multiples of this.
pub const MEMORY_GRAIN_BYTES: usize = 64 << 10;

/// A chunk ends when its records and reasons take so many bytes, even with few payments. At most five chunks of a
/// message are in memory: one in reading, two waiting, one in assessment, one in storing.
pub const CHUNK_BYTES_MAX: usize = 8 << 20;

/// Maximum number of reasons of one payment, block or message: as many as `tdam validate` reports for a whole file.
pub const REASONS_MAX: usize = FINDINGS_MAX;

/// Bytes of names and reasons kept for an answer, of single payments and of the further reasons of blocks. Beyond it
/// blocks count their refused payments. In XML each reason also has its elements and the catalogue's sentence, so the
/// answer itself can be several times as long.
pub const REFUSALS_NAMED_BYTES_MAX: usize = 8 << 20;

/// So many refusals are written in one call.
pub const REFUSALS_AT_A_TIME: usize = 5_000;

/// So many duplicate keys are looked up in one call.
pub const DUPLICATE_KEYS_AT_A_TIME: usize = 100_000;

/// The duplicate keys of so many chunks of a large message are stored together while the store has nothing else to do for
/// the message.
pub const CHUNKS_OF_KEYS_IDLE: usize = 3;

/// Those of so many at most; of half as many after each transaction …
pub const CHUNKS_OF_KEYS_MAX: usize = 10;

/// … that took longer than this, …
pub const STAGING_TIME: Duration = Duration::from_secs(1);

/// … but of so many at least: each transaction writes nearly all pages of an index of a few million keys, however few
/// keys it adds.
pub const CHUNKS_OF_KEYS_MIN: usize = 2;

/// Most payments have so many keys: two identifications and their content.
pub const KEYS_OF_A_PAYMENT: usize = 3;

/// A message of at most so many payments is admitted in one transaction.
pub const SMALL_MESSAGE_PAYMENTS_MAX: u32 = 100;

/// So many payments of a large message are stored at a time.
pub const STAGE_CHUNK_PAYMENTS: u32 = 10_000;

/// So many chunks may wait between reader and writer.
pub const STAGE_CHUNKS_WAITING_MAX: usize = 2;

/// A body is read while it arrives once it is longer than this: five thousand payments, more or less.
pub const READ_AHEAD_BYTES_MIN: u64 = 4 << 20;

/// So many bodies are read while they arrive, one of each client: others are read when they are complete.
pub const READ_AHEADS_MAX: usize = 2;

/// When nothing arrives for so long, the node gives up reading the body ahead: a slow sender holds neither thread nor memory.
pub const READ_AHEAD_PATIENCE: Duration = Duration::from_millis(250);

/// The same when a body has not arrived completely after so long.
pub const READ_AHEAD_TIME_MAX: Duration = Duration::from_secs(10);

/// How much lower the priority of a thread is that reads a large body: beside a busy thread of another request it gets a
/// quarter of a processor, and on an idle machine all of one.
pub const READING_NICENESS: i32 = 5;

/// Room reserved for the record of one payment; most need less.
pub const CHUNK_RECORD_BYTES_RESERVED: usize = 256;

/// So many payments are executed in one transaction.
pub const EXECUTE_CHUNK_PAYMENTS: u32 = 20_000;

/// So many payments of a lot are read at a time when it is handed over to the settlement system.
pub const HANDED_OVER_AT_A_TIME: u32 = 2_000;

/// Maximum number of lists of answers in one request to the settlement system.
pub const ANSWER_LISTS_AT_A_TIME: usize = 200;

/// A list with more answers is not read: an alarm stands until it comes in pieces.
pub const ANSWERS_IN_A_LIST_MAX: usize = 1_000_000;

/// Lists of answers are read until they have so many together, and then booked.
pub const ANSWERS_TAKEN_TOGETHER: usize = EXECUTE_CHUNK_PAYMENTS as usize;

/// So many answers may wait for those of earlier payments; when more do, all are read again later. Each takes some fifty bytes.
pub const ANSWERS_WAITING_MAX: usize = 500_000;

/// Maximum number of answers that one transaction compares with stored data.
pub const ANSWERS_JUDGED_AT_A_TIME: usize = 10_000;

/// So many payments are read at a time to find the one that a cancellation names.
pub const PAYMENTS_SEARCHED_AT_A_TIME: u32 = 5_000;

/// So many reasons an answer to a cancellation has, each about the payments of a lot.
pub const NOT_CANCELLED_NAMED_MAX: usize = 100;

/// So many payments more than are wanted of a lot are read at once, since some may be refused, …
pub const REFUSED_PASSED_OVER: u32 = 16;

/// … and so many at a time where all of these are.
pub const REFUSED_READ_AT_A_TIME: u32 = 2_000;

/// So many answers of one list that cannot be true are named in the log and the audit; the others are counted.
pub const REFUSED_ANSWERS_NAMED_MAX: usize = 20;

/// So many payments the simulator answers for in one list: as many as are booked in one transaction.
pub const SIMULATED_ANSWERS_IN_A_LIST: u32 = EXECUTE_CHUNK_PAYMENTS;

/// So many lots are executed or settled in one transaction, however few payments they have: it holds their accounts.
pub const LOTS_TOGETHER_MAX: u32 = 200;

/// Maximum number of listed findings of the schema or the guideline; the answer counts the others.
pub const FINDINGS_MAX: usize = 100;

/// Maximum number of refused payments that a pain.002 names one by one; beyond it the blocks have their number.
pub const REFUSALS_NAMED_MAX: usize = 10_000;

/// So many entries stand on one page of a report.
pub const ENTRIES_PER_PAGE: u32 = 5_000;

/// So many reports can be asked for in one camt.060.
pub const REPORT_REQUESTS_MAX: u32 = 100;

/// Poll interval of the background work when something may be due by the clock, or other nodes may have written work
/// without a notification.
pub const TICK: Duration = Duration::from_millis(250);

/// Poll interval while notifications work and nothing waits for the clock. Notifications can get lost, so the work
/// never relies on them alone.
pub const TICK_WITH_NEWS: Duration = Duration::from_secs(2);

/// Waiters treat notifications within this time together.
pub const NEWS_GATHERED: Duration = Duration::from_millis(20);

/// Time from the beginning of a round of the background work to that of the next: what submissions and notifications bring
/// meanwhile is done together.
pub const ROUNDS_APART: Duration = Duration::from_millis(20);

/// How often the background work looks at all lots that wait for funds or for the settlement system; in between at those that
/// it moved itself.
pub const WAITING_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);

/// How often it asks the settlement system for answers while it knows of no dispatched lot.
pub const SETTLEMENT_ASKED_EVERY: Duration = TICK;

/// How often it looks for work that is set aside.
pub const SET_ASIDE_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);

/// How many lots the background work asks the store for at a time.
pub const LOTS_AT_A_TIME: u32 = 2_000;

/// How many lots of one stage the background work looks at in one round.
pub const LOTS_LOOKED_AT_MAX: usize = 50_000;

/// How often a decision is made again when the business day changed under it.
pub const ATTEMPTS_MAX: u32 = 3;

/// `Retry-After` for a client when the store is busy or unavailable.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Characters of one `AddtlInf` line of a pain.002.
pub const ADDITIONAL_INFORMATION_CHARS_MAX: usize = 105;

/// How many submissions that a restart left unanswered are taken up at a time.
pub const TAKEN_UP_MAX: u32 = 16;

/// Messages of one client that wait for their answer whose beginnings are read to find one by its `MsgId`, the newest.
pub const OPEN_SUBMISSIONS_LOOKED_AT_MAX: u32 = 32;

/// So many processes may end while they work on a submission, over all nodes, before it is set aside.
pub const SUBMISSION_ATTEMPTS_MAX: u32 = 3;

/// The same of other work: a lot, a chore.
pub const WORK_ATTEMPTS_MAX: u32 = 2;

/// Returns that waited for an account, booked at a time once it is open again.
pub const RETURNS_BOOKED_AT_A_TIME: u32 = 500;
/// How often the background work looks for such returns: an operator may open an account from another machine.
pub const RETURNS_LOOKED_EVERY: Duration = Duration::from_secs(5);
/// Returns that wait, as many as an operator is shown at a time.
pub const WAITING_RETURNS_SHOWN_MAX: u32 = 1_000;

/// How many submissions that are set aside an operator is shown at a time.
pub const SET_ASIDE_SHOWN_MAX: u32 = 1_000;

/// How often the background work searches submissions left unanswered while the store was unavailable.
pub const TAKE_UP_EVERY: Duration = Duration::from_secs(10);

/// How often a waiter for another node's answer checks whether that node is still alive.
pub const CLAIM_EVERY: Duration = Duration::from_secs(1);

/// How often health is proved.
pub const PROBE_EVERY: Duration = Duration::from_secs(1);

/// A probe that takes longer has failed. With [`PROBE_EVERY`] it bounds how long a failure goes unseen: less than 5 s.
pub const PROBE_TIME_MAX: Duration = Duration::from_secs(3);

/// The background work counts as delayed when none of its steps has ended for so long.
pub const WORK_HELD_UP_AFTER: Duration = Duration::from_secs(15);

/// It stands still, and only a restart helps, when none ended for so long. The longest wait for a lock or a statement of the
/// database is shorter.
pub const WORK_STANDS_STILL_AFTER: Duration = Duration::from_secs(300);

/// How often the background work searches bodies beyond their retention.
pub const REMOVE_BODIES_EVERY: Duration = Duration::from_secs(60);

/// So many bodies are removed in one transaction.
pub const BODIES_REMOVED_AT_A_TIME: u32 = 50;

/// How long a lot is left alone after something went wrong with it, so that it does not keep others waiting.
pub const LEFT_ALONE: Duration = Duration::from_secs(60);

/// The same when the store was away, or another transaction in the way: nothing is wrong with the lot.
pub const LEFT_ALONE_BRIEFLY: Duration = Duration::from_secs(1);

/// How many reports remember where their pages begin.
pub const REPORTS_REMEMBERED_MAX: usize = 1_000;

/// So many payments are read back at a time when an answer names them.
pub const READ_BACK_PAYMENTS: u32 = 10_000;

/// Characters of a name, as all messages have them (`Max140Text`).
pub const NAME_CHARS_MAX: usize = 140;

/// Characters of an identification (`Max35Text`).
pub const IDENTIFICATION_CHARS_MAX: usize = 35;

/// Characters of a remittance text (`Max140Text`).
pub const REMITTANCE_CHARS_MAX: usize = 140;

/// Largest amount that the operator may enter, in minor units: a report can still state the sum of a thousand of them
/// (18 digits).
pub const ENTERED_MINOR_MAX: i64 = 999_999_999_999_999;

/// Refusals of requests that have a line of their own in the audit at once, in a minute.
pub const REFUSAL_LINES_AT_ONCE_MAX: usize = 32;

/// Kinds of refusals (who, and why) that are counted apart in a minute. Each leaves one line more at most.
pub const REFUSAL_KINDS_MAX: usize = 64;

/// Lines about refusals that wait while the store is away.
pub const REFUSAL_LINES_KEPT_MAX: usize = 1_000;

/// Rows of the directory that one line of the audit takes over after an upgrade.
pub const ROWS_ADOPTED_AT_A_TIME: usize = 100;

/// Audit lines read together when the check compares bodies with stored data.
pub const COMPARED_LINES: u32 = 1_000;

/// Payments compared at a time.
pub const COMPARED_PAYMENTS: usize = 2_000;

/// Maximum number of listed problems of such a comparison.
pub const COMPARISON_PROBLEMS_MAX: usize = 1_000;

/// How often the exchange checks whether the daily check of stored data is due.
pub const CHECK_LOOKED_AT_EVERY: Duration = Duration::from_secs(20);

/// A check that the store was away for is begun again after so long.
pub const CHECK_AGAIN_AFTER: Duration = Duration::from_secs(600);

/// Earlier messages that the duplicates of one piece name.
pub const EARLIER_MESSAGES_NAMED_MAX: usize = 1_000;

/// How often the gauges of what is stored are read. So old at least are they when the store stands still.
pub const GAUGES_READ_EVERY: Duration = Duration::from_secs(5);

/// How often the exchange looks for applications whose day has come.
pub const APPLICATIONS_LOOKED_AT_EVERY: Duration = Duration::from_secs(10);

/// So many of them it takes on at a time.
pub const DUE_APPLICATIONS_AT_A_TIME: u32 = 100;

/// So many operators are registered without an application: one enters, the other one approves.
pub const FIRST_OPERATORS: usize = 2;

/// Outside sandboxes nobody has been able to decide for so long before operators come back by the local way: nobody revokes the certificates of all
/// and takes their place before anybody wonders.
pub const RECOVERY_WAIT_HOURS: i64 = 24;
/// For so many days an operator is back who came by the local way; applications follow by then.
pub const RECOVERED_DAYS: i32 = 30;

/// So many applications a list has; the next page begins before the last one.
pub const APPLICATIONS_SHOWN_MAX: u32 = 100;
pub use pki::REQUEST_BYTES_MAX as CERTIFICATE_REQUEST_BYTES_MAX;

/// For so many days certificates of online users are valid unless configured otherwise.
pub const CERTIFICATE_DAYS: u32 = 730;
/// For so many days the next authority is published before the server shows a certificate of it, unless configured otherwise.
pub const AUTHORITY_PUBLISHED_DAYS: u32 = 90;
/// An alarm asks for the next authority so many days before certificates would end with the authority and not by their own time.
pub(crate) const AUTHORITY_REPLACED_DAYS: u32 = 180;
/// A list of another house's authority may be made so long after our clock's time: clocks differ.
pub(crate) const OUTSIDE_LIST_EARLY_MAX: SignedDuration = SignedDuration::from_secs(60);
/// For so many hours a revocation list is valid unless configured otherwise.
pub const REVOCATION_LIST_HOURS: u32 = 168;
/// A revocation list is followed by the next one after this part of its validity.
pub(crate) const REVOCATION_LIST_RENEWED_AFTER_PART: u32 = 7;
/// How often a node looks for revocations that nobody announced.
pub(crate) const REVOCATIONS_LOOKED_AT_EVERY: Duration = Duration::from_secs(30);
/// Certificates of an online user that are valid at once: the one in use, and the next one.
pub(crate) const CERTIFICATES_OVERLAP_MAX: usize = 2;
/// Wrong codes that an enrolment code bears.
pub(crate) const ENROLMENT_TRIES: u32 = 5;
/// For so long an enrolment code can be used.
pub(crate) const ENROLMENT_CODE_VALID: SignedDuration = SignedDuration::from_hours(72);
/// How often the exchange looks whether somebody is to be told of an end.
pub const NOTICES_LOOKED_FOR_EVERY: Duration = Duration::from_secs(60);
/// So many notices of one kind it looks for at a time.
pub const NOTICES_MADE_AT_A_TIME: u32 = 100;
/// So many notices that say nothing any more end in one transaction.
pub(crate) const NOTICES_LAPSED_AT_A_TIME: u32 = 100;
/// So many notices of a state an operator is shown.
pub const NOTICES_SHOWN_MAX: u32 = 200;
/// How often a node looks for letters that nobody announced.
pub const LETTERS_LOOKED_AT_EVERY: Duration = Duration::from_secs(10);
/// A node that took a letter has so long to say what became of it: longer than a handover can take.
pub const LETTER_LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Pauses after the first attempts to send a letter; the last one comes again and again.
pub const LETTER_PAUSES: [Duration; 5] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(3600),
    Duration::from_secs(4 * 3600),
];
/// After so many attempts a letter waits for an operator.
pub const LETTER_ATTEMPTS_MAX: u32 = 20;
/// A node that stops waits so long for a letter on its way.
pub(crate) const LETTERS_STOP_GRACE: Duration = Duration::from_secs(10);
