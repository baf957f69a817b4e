//! The remains of a killed server: reads a copy of its database as the next life will find it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use payments::{Lot, MessageId, Stage};
use store::{Reading, SqliteOptions, Store, StoreError};

use crate::orders::{Message, Verdict};
use crate::server::Place;

/// How long the server may take to come back to what an earlier life left unanswered.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(50);
/// More than a round can leave of anything.
const MANY: u32 = 10_000;

/// The contents of the remains.
#[derive(Debug)]
pub(crate) struct Remains {
    /// Body files that no row points to: received, or being received.
    pub(crate) orphans: usize,
    /// Submissions with a row and without an activation.
    pub(crate) not_activated: usize,
    /// Payments staged for them.
    pub(crate) staged_payments: u32,
    /// Lots that were answered for and are not at their end.
    pub(crate) unfinished_lots: usize,
    /// Those among them of which some payments are carried out.
    pub(crate) begun_lots: usize,
    /// The answers of all messages, by `MsgId`.
    answers: BTreeMap<String, Vec<u8>>,
    /// The findings of the store's check.
    objections: Vec<String>,
}

impl Remains {
    /// Reads a copy, so that the server's own recovery finds the state that the kill left. A database server has
    /// nothing to recover; bodies without a row are left for the next node's sweep, and not counted.
    pub(crate) async fn of(place: &Place) -> Remains {
        if place.is_in_a_server() {
            let store = place.store().await.unwrap();
            return tokio::task::spawn_blocking(move || Remains::in_store(&store)).await.unwrap();
        }
        let copy = place.folder().root().join("copy");
        copy_folder(&place.folder().data(), &copy);
        let store = Store::open(&copy, SqliteOptions::default()).unwrap();
        let mut remains = Remains::in_store(&store);
        remains.orphans = store.sweep_orphans().unwrap();
        drop(store);
        fs::remove_dir_all(copy).unwrap();
        remains
    }

    fn in_store(store: &Store) -> Remains {
        let mut remains = store.read_blocking(|reading| facts(reading)).unwrap();
        remains.objections = store.check().unwrap().problems;
        remains
    }

    /// At any moment the invariants hold.
    pub(crate) fn assert_sound(&self) {
        assert!(self.objections.is_empty(), "after the kill: {:#?}", self.objections);
    }

    /// Every answer that a client has got is the answer of the message that took its `MsgId`. Returns how many messages were
    /// decided, and how many were sent and have no answer yet: `(kept, lost)`. Of those the exchange has kept some.
    pub(crate) fn assert_answers_are_kept(&self, messages: &[Message]) -> (usize, usize) {
        let (mut kept, mut lost) = (0, 0);
        for message in messages {
            let stored = self.answers.get(&message.message_id);
            match message.bodies.iter().find_map(|body| body.verdict.as_ref().and_then(Verdict::answer)) {
                Some(answer) => assert_eq!(stored.map(Vec::as_slice), Some(answer), "{}", message.message_id),
                None if stored.is_some() => kept += 1,
                None => lost += 1,
            }
        }
        (kept, lost)
    }

    /// After a graceful stop, with everything answered and settled, there is nothing half done.
    pub(crate) fn assert_nothing_left_over(&self) {
        self.assert_sound();
        let Remains { orphans, not_activated, staged_payments, unfinished_lots, .. } = *self;
        assert_eq!(orphans, 0, "body files without a row");
        assert_eq!((not_activated, staged_payments), (0, 0), "submissions without an answer, payments staged for them");
        assert_eq!(unfinished_lots, 0, "lots that are not at their end");
    }
}

impl fmt::Display for Remains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Remains { orphans, not_activated, staged_payments, unfinished_lots, begun_lots, .. } = self;
        write!(
            f,
            "{orphans} bodies without a row, {not_activated} rows without an activation ({staged_payments} payments staged), \
             {unfinished_lots} lots not settled ({begun_lots} begun)"
        )
    }
}

fn facts(reading: &mut dyn Reading) -> Result<Remains, StoreError> {
    let unanswered = reading.unanswered_submissions(MANY)?;
    let mut staged_payments = 0;
    for submission in &unanswered {
        staged_payments += staged(reading, submission.id)?;
    }
    let mut answers = BTreeMap::new();
    for client in reading.clients()? {
        for id in reading.submissions_of(client.id, None, MANY)? {
            answers.extend(reading.message(id)?.map(|message| (message.message_id, message.answer)));
        }
    }
    let unfinished = unfinished_lots(reading)?;
    Ok(Remains {
        orphans: 0,
        not_activated: unanswered.len(),
        staged_payments,
        unfinished_lots: unfinished.len(),
        begun_lots: unfinished.iter().filter(|lot| lot.booked_count > 0).count(),
        answers,
        objections: Vec::new(),
    })
}

fn staged(reading: &mut dyn Reading, message: MessageId) -> Result<u32, StoreError> {
    reading.payments(message, None, 0, u32::MAX, &mut |_| Ok(()))
}

/// Waits until the running server has ended every submission that an earlier life began. Those whose bytes were sent again,
/// and answered that way, it ends in its own time.
pub(crate) async fn wait_until_all_are_ended(place: &Place) {
    let store = place.store().await.unwrap();
    let until = Instant::now() + PATIENCE;
    loop {
        let left = store.read(|reading| reading.unanswered_submissions(MANY)).await.unwrap();
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "submissions that the server forgot: {left:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether every lot is at its end.
pub(crate) async fn all_lots_are_ended(place: &Place) -> bool {
    let store = place.store().await.unwrap();
    store.read(|reading| unfinished_lots(reading)).await.unwrap().is_empty()
}

fn unfinished_lots(reading: &mut dyn Reading) -> Result<Vec<Lot>, StoreError> {
    let mut unfinished = Vec::new();
    for stage in [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held, Stage::Dispatched] {
        unfinished.extend(reading.lots_in_stage(stage, Date::MAX, None, MANY)?);
    }
    Ok(unfinished)
}

/// Copies files; bodies never change, so they are linked.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir_all(&target).unwrap();
            for body in fs::read_dir(path).unwrap() {
                let body = body.unwrap();
                fs::hard_link(body.path(), target.join(body.file_name())).unwrap();
            }
        } else if path.is_file() {
            // A killed server leaves its socket too.
            fs::copy(path, target).unwrap();
        }
    }
}
