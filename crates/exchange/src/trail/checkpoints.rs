//! Checkpoints: what the audit chain was at one moment, signed with a key that signs nothing else.
//!
//! The node signs only what it has verified itself, line by line from the last checkpoint on. So a chain that somebody rewrote since
//! gets no signature, and the time without one grows until monitoring reports it. A node that follows a chain of millions of lines
//! without a checkpoint verifies a page in each round, and holds up no other chore.
//!
//! Each node that has the key does so. Checkpoints are numbered, and of two nodes that make one number one wins.

use jiff::Timestamp;
use jiff::civil::Date;
use store::{AUDIT_CHAIN_START, ChainedAuditLine, Checkpoint, Reading, StoredCheckpoint, audit_hash};
use tokio::time::Instant;

use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{AUDIT_LINES_AT_A_TIME, CHECKPOINT_LOOKED_AT_EVERY};
use crate::settings::Checkpoints;
use crate::{Exchange, Failure, Operator};

/// How far the chain is verified: a line and its hash.
type Verified = (i64, [u8; 32]);

/// Before the first line.
const START: Verified = (0, AUDIT_CHAIN_START);

/// Signs checkpoints: at intervals while the chain grows, and when a business day has been closed.
#[derive(Default)]
pub(crate) struct WriteCheckpoints {
    looked: Option<Instant>,
    verified: Option<Verified>,
}

impl Chore for WriteCheckpoints {
    fn name(&self) -> &'static str {
        "write checkpoints"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.looks_again(self.looked, CHECKPOINT_LOOKED_AT_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            // Also after a failure: a broken chain is reported at each look, not in each round.
            self.looked = Some(Instant::now());
            let Some(checkpoints) = exchange.inner.settings.checkpoints.clone() else { return Ok(false) };
            let step = exchange.verify_page(self.verified).await?;
            self.verified = Some(step.verified);
            if step.is_more {
                self.looked = None;
                return Ok(true);
            }
            if step.is_due(exchange.now(), &checkpoints) {
                exchange.write_checkpoint(&checkpoints, step).await?;
            }
            Ok(false)
        })
    }
}

/// What one look found.
struct Step {
    verified: Verified,
    /// There are more lines behind.
    is_more: bool,
    last: Option<StoredCheckpoint>,
    business_day: Date,
}

impl Step {
    /// Whether what is verified gets a checkpoint now.
    fn is_due(&self, now: Timestamp, checkpoints: &Checkpoints) -> bool {
        let Some(last) = &self.last else { return self.verified.0 > 0 };
        let due_at = last.checkpoint.at.saturating_add(checkpoints.every).unwrap_or(Timestamp::MAX);
        let is_over = now >= due_at || now < last.checkpoint.at;
        let is_of_another_key = last.checkpoint.key != checkpoints.key.public();
        self.verified.0 > last.checkpoint.sequence
            && (is_over || self.business_day > last.business_day || is_of_another_key)
    }
}

impl Exchange {
    /// Verifies the next lines. The first time it begins at the last checkpoint.
    async fn verify_page(&self, verified: Option<Verified>) -> Result<Step, Failure> {
        let look = move |reading: &mut dyn Reading| {
            let last = reading.last_checkpoint()?;
            let from = match (verified, &last) {
                (Some(verified), _) => verified,
                (None, Some(last)) => stated(reading, &last.checkpoint)?,
                (None, None) => START,
            };
            let lines = reading.audit(from.0.saturating_add(1), AUDIT_LINES_AT_A_TIME)?;
            let is_more = lines.len() == AUDIT_LINES_AT_A_TIME as usize;
            let verified = follow(from, &lines)?;
            Ok::<_, Failure>(Step { verified, is_more, last, business_day: reading.business_day()? })
        };
        self.inner.store.read(look).await
    }

    /// Signs what is verified. Another node may have been faster.
    async fn write_checkpoint(&self, checkpoints: &Checkpoints, step: Step) -> Result<(), Failure> {
        let (sequence, hash) = step.verified;
        // The signature is over whole microseconds.
        let at =
            Timestamp::from_microsecond(self.now().as_microsecond()).map_err(|error| Failure::unexpected(error))?;
        let checkpoint = Checkpoint::sign(self.inner.store.identity(), sequence, hash, at, &checkpoints.key);
        let number = step.last.map_or(1, |last| last.number.saturating_add(1));
        let stored = StoredCheckpoint { number, business_day: step.business_day, checkpoint };
        let write = self
            .inner
            .store
            .write_with_reserve(move |writing| writing.insert_checkpoint(&stored).map_err(Failure::from));
        if write.await? {
            tracing::info!(number, sequence, "a checkpoint of the audit chain is signed");
        }
        Ok(())
    }
}

/// The line of a checkpoint, if the chain has it as the checkpoint says.
fn stated(reading: &mut dyn Reading, checkpoint: &Checkpoint) -> Result<Verified, Failure> {
    let line = reading.audit(checkpoint.sequence, 1)?.pop();
    if line.is_some_and(|line| line.sequence == checkpoint.sequence && line.hash == checkpoint.hash) {
        return Ok((checkpoint.sequence, checkpoint.hash));
    }
    let sequence = checkpoint.sequence;
    Err(Failure::unexpected(format!("line {sequence} of the audit chain is not what the last checkpoint says")))
}

/// The last of some lines, if each follows from the one before.
fn follow(from: Verified, lines: &[ChainedAuditLine]) -> Result<Verified, Failure> {
    lines.iter().try_fold(from, |(before, hash), line| {
        let sequence = before.saturating_add(1);
        if line.sequence != sequence || line.hash != audit_hash(&hash, sequence, &line.line) {
            return Err(Failure::unexpected(format!(
                "the audit chain breaks at line {sequence}: it gets no checkpoint"
            )));
        }
        Ok((sequence, line.hash))
    })
}

impl Operator {
    /// Checkpoints from a number on (the first is 1), at most `limit`.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn checkpoints(&self, from: i64, limit: u32) -> Result<Vec<StoredCheckpoint>, Failure> {
        self.exchange().inner.store.read(move |reading| reading.checkpoints(from, limit).map_err(Failure::from)).await
    }
}
