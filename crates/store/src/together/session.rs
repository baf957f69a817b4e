//! The session in which decisions run together: it answers each from what was loaded and from what those before it
//! decided, and gathers what it writes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::payments::{Event, Lot, MessageId, PaymentId, Refusal};
use jiff::civil::Date;
use ledger::{AccountId, Book, DailyUse};

use super::decided::{Decided, KeptPayment};
use super::ground::Ground;
use super::known::{ByClient, Known};
use crate::unit_of_work::Changes;
use crate::{
    AddAudit, AddEvidence, AddLots, AddSubmissions, AuditLine, Block, BodyHash, ClientId, Deciding, DuplicateHit,
    DuplicateKey, FindMessages, Fingerprint, Identity, Message, MessageName, NewSubmission, PaymentRow, ReadAccounts,
    ReadBusinessDay, ReadDuplicates, ReadIdentity, ReadPayments, RequestEvidence, StoreError, StoredPayment,
    TreasuryAccount, WriteBook, WriteMessages, WriteRefusals, WriteStaging,
};

/// A group of decisions under way.
pub(super) struct Together<'g> {
    ground: &'g mut dyn Ground,
    known: Known,
    /// The decision that runs.
    draft: Draft,
    /// Those that stand.
    decided: Vec<Decided>,
    messages_here: HashMap<MessageId, usize>,
    names_here: ByClient<usize>,
    keys_here: HashMap<i64, PaymentId>,
    blocks_here: ByClient<MessageId>,
    /// What they changed of accounts, and of the use of limits.
    balances: BTreeMap<AccountId, (i64, i64)>,
    daily_use: BTreeMap<(AccountId, Date), DailyUse>,
}

/// What a decision has written so far. Nothing of it counts until the decision has succeeded.
#[derive(Debug, Default)]
struct Draft {
    submission: Option<(MessageId, NewSubmission)>,
    evidence: Option<RequestEvidence>,
    message: Option<Message>,
    is_active: bool,
    blocks: Vec<Block>,
    payments: Vec<KeptPayment>,
    keys: Vec<DuplicateKey>,
    lots: Vec<Lot>,
    events: Vec<Event>,
    refusals: Vec<Refusal>,
    lines: Vec<AuditLine>,
    changes: Option<Changes>,
}

impl<'g> Together<'g> {
    pub(super) fn new(ground: &'g mut dyn Ground, known: Known) -> Together<'g> {
        Together {
            ground,
            known,
            draft: Draft::default(),
            decided: Vec::new(),
            messages_here: HashMap::new(),
            names_here: ByClient::default(),
            keys_here: HashMap::new(),
            blocks_here: ByClient::default(),
            balances: BTreeMap::new(),
            daily_use: BTreeMap::new(),
        }
    }

    /// The decision has run: what it wrote stands, or nothing of it happened.
    pub(super) fn end(&mut self, stands: bool) -> Result<(), StoreError> {
        let draft = std::mem::take(&mut self.draft);
        if !stands {
            // The next one may have its id.
            self.known.submission_ids.extend(draft.submission.map(|(id, _)| id));
            self.known.submission_ids.make_contiguous().sort_unstable();
            return Ok(());
        }
        let Draft { submission, message, changes, .. } = draft;
        let (Some((id, submission)), Some(message)) = (submission, message) else {
            return Err(StoreError::Refused("a decision without a submission and its message".to_owned()));
        };
        if let Some(changes) = changes {
            self.known.book.apply(&changes);
            self.balances.extend(changes.accounts.iter().map(|&(account, balance, held)| (account, (balance, held))));
            self.daily_use.extend(changes.daily_use.iter().map(|&(account, date, used)| ((account, date), used)));
        }
        let decided = Decided {
            submission,
            evidence: draft.evidence,
            message,
            is_active: draft.is_active,
            blocks: draft.blocks,
            payments: draft.payments,
            keys: draft.keys,
            lots: draft.lots,
            events: draft.events,
            refusals: draft.refusals,
            lines: draft.lines,
        };
        self.stand(id, decided);
        Ok(())
    }

    /// Shows a decision to those after it.
    fn stand(&mut self, id: MessageId, decided: Decided) {
        let (place, client) = (self.decided.len(), decided.message.client);
        self.messages_here.insert(id, place);
        self.names_here.insert(client, decided.message.message_id.clone(), place);
        for key in decided.keys.iter().filter(|key| decided.counts(key.ordinal)) {
            let payment = PaymentId { message: id, ordinal: key.ordinal };
            self.keys_here.entry(key.hash).and_modify(|last| *last = payment.max(*last)).or_insert(payment);
        }
        if decided.is_active {
            for block in &decided.blocks {
                if self.blocks_here.get(client, &block.payment_information_id).is_none() {
                    self.blocks_here.insert(client, block.payment_information_id.clone(), id);
                }
            }
        }
        self.decided.push(decided);
    }

    /// Writes everything.
    pub(super) fn write(self) -> Result<(), StoreError> {
        let accounts = self.balances.into_iter().map(|(account, (balance, held))| (account, balance, held)).collect();
        let daily_use = self.daily_use.into_iter().map(|((account, date), used)| (account, date, used)).collect();
        if self.decided.is_empty() {
            return Ok(());
        }
        self.ground.write_decided(&self.decided, &Changes { accounts, daily_use })
    }

    fn here(&self, message: MessageId) -> Option<&Decided> {
        self.decided.get(*self.messages_here.get(&message)?)
    }

    /// The draft of the submission that this decision has inserted.
    fn draft_of(&mut self, message: MessageId) -> Result<&mut Draft, StoreError> {
        match &self.draft.submission {
            Some((id, _)) if *id == message => Ok(&mut self.draft),
            _ => Err(StoreError::Refused(format!("message {} is not decided on here", message.0))),
        }
    }
}

impl ReadBusinessDay for Together<'_> {
    fn business_day(&mut self) -> Result<Date, StoreError> {
        if let Some(day) = self.known.business_day {
            return Ok(day);
        }
        let day = self.ground.business_day()?;
        self.known.business_day = Some(day);
        Ok(day)
    }
}

impl ReadIdentity for Together<'_> {
    fn identity(&mut self, fingerprint: &Fingerprint) -> Result<Option<Identity>, StoreError> {
        if let Some(identity) = self.known.identities.get(fingerprint) {
            return Ok(identity.clone());
        }
        let identity = self.ground.identity(fingerprint)?;
        self.known.identities.insert(*fingerprint, identity.clone());
        Ok(identity)
    }
}

impl FindMessages for Together<'_> {
    fn message_by_message_id(&mut self, client: ClientId, message_id: &str) -> Result<Option<Message>, StoreError> {
        if let Some(place) = self.names_here.get(client, message_id) {
            return Ok(self.decided.get(*place).map(|decided| decided.message.clone()));
        }
        if let Some(message) = self.known.messages.get(client, message_id) {
            return Ok(message.clone());
        }
        let message = self.ground.message_by_message_id(client, message_id)?;
        self.known.messages.insert(client, message_id.to_owned(), message.clone());
        Ok(message)
    }

    fn message_by_hash(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Message>, StoreError> {
        let same = |decided: &&Decided| decided.message.client == client && decided.message.hash == *hash;
        match self.decided.iter().rev().find(same) {
            Some(decided) => Ok(Some(decided.message.clone())),
            None => self.ground.message_by_hash(client, hash),
        }
    }

    fn message_names(&mut self, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError> {
        let mut names: Vec<MessageName> = ids.iter().filter_map(|id| self.here(*id)).map(Decided::name).collect();
        let others: Vec<MessageId> = ids.iter().copied().filter(|id| self.here(*id).is_none()).collect();
        if !others.is_empty() {
            names.extend(self.ground.message_names(&others)?);
        }
        Ok(names)
    }
}

impl ReadAccounts for Together<'_> {
    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let wanted: BTreeSet<&str> = ibans.iter().copied().collect();
        let unknown: Vec<&str> = wanted.iter().copied().filter(|iban| self.known.account_of(iban).is_none()).collect();
        if !unknown.is_empty() {
            let found = self.ground.accounts_by_iban(&unknown)?;
            for iban in unknown {
                let account = found.iter().find(|account| account.iban == iban).cloned();
                self.known.remember_account(iban, account);
            }
        }
        Ok(wanted.into_iter().filter_map(|iban| self.known.account_of(iban).flatten()).cloned().collect())
    }

    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let wanted: BTreeSet<AccountId> = ids.iter().copied().collect();
        let unknown: Vec<AccountId> = wanted.iter().copied().filter(|id| self.known.account(*id).is_none()).collect();
        if !unknown.is_empty() {
            for account in self.ground.accounts(&unknown)? {
                let iban = account.iban.clone();
                self.known.remember_account(&iban, Some(account));
            }
        }
        Ok(wanted.into_iter().filter_map(|id| self.known.account(id)).cloned().collect())
    }
}

impl ReadDuplicates for Together<'_> {
    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError> {
        let mut wanted = keys.to_vec();
        wanted.sort_unstable();
        // No message that is decided on here has a row yet, so what is found does not depend on `except`.
        let unknown: Vec<DuplicateKey> = wanted
            .iter()
            .copied()
            .filter(|key| !self.keys_here.contains_key(&key.hash) && !self.known.keys.contains_key(&key.hash))
            .collect();
        if !unknown.is_empty() {
            let found = self.ground.duplicates(except, &unknown)?;
            self.known.keys.extend(unknown.iter().map(|key| (key.hash, None)));
            self.known.keys.extend(found.iter().map(|hit| (hit.hash, Some(hit.earlier))));
        }
        // What was decided here is later than anything that has a row.
        let hit = |key: DuplicateKey| {
            let here = self.keys_here.get(&key.hash).copied();
            let earlier = here.or_else(|| self.known.keys.get(&key.hash).copied().flatten())?;
            Some(DuplicateHit { hash: key.hash, ordinal: key.ordinal, earlier })
        };
        Ok(wanted.into_iter().filter_map(hit).collect())
    }

    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError> {
        let unknown: Vec<&str> = ids.iter().copied().filter(|id| self.known.blocks.get(client, id).is_none()).collect();
        if !unknown.is_empty() {
            let found: HashMap<String, MessageId> =
                self.ground.used_payment_information_ids(client, &unknown)?.into_iter().collect();
            for id in unknown {
                self.known.blocks.insert(client, id.to_owned(), found.get(id).copied());
            }
        }
        let used = |id: &&str| {
            let known = self.known.blocks.get(client, id).copied().flatten();
            let first = known.or_else(|| self.blocks_here.get(client, id).copied())?;
            Some(((*id).to_owned(), first))
        };
        Ok(ids.iter().filter_map(used).collect())
    }
}

impl ReadPayments for Together<'_> {
    fn payments(
        &mut self,
        message: MessageId,
        lot: Option<u32>,
        from: u32,
        limit: u32,
        each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        let Some(decided) = self.here(message) else {
            return self.ground.payments(message, lot, from, limit, each);
        };
        let wanted =
            decided.payments.iter().filter(|payment| payment.ordinal >= from && (lot.is_none() || payment.lot == lot));
        let mut given = 0;
        for payment in wanted.take(limit as usize) {
            each(payment.stored())?;
            given += 1;
        }
        Ok(given)
    }

    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if ids.iter().all(|id| self.here(id.message).is_none()) {
            return self.ground.payments_of(ids, each);
        }
        for id in ids {
            match self.here(id.message) {
                None => self.ground.payments_of(&[*id], each)?,
                Some(decided) => {
                    if let Some(payment) = decided.payment(id.ordinal) {
                        each(*id, payment.stored())?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl WriteBook for Together<'_> {
    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError> {
        let day = self.business_day()?;
        let missing: Vec<AccountId> = accounts.iter().copied().filter(|id| !self.known.book.has(*id, dates)).collect();
        if !missing.is_empty() {
            let loaded = self.ground.book(&missing, dates)?;
            self.known.book.remember_missing(&loaded);
        }
        Ok(self.known.book.book(day, accounts, dates))
    }

    fn save_book(&mut self, book: &Book) -> Result<(), StoreError> {
        self.draft.changes = Some(self.known.book.changes_to(book)?);
        Ok(())
    }
}

impl AddSubmissions for Together<'_> {
    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError> {
        submission.body.place.columns()?;
        if self.draft.submission.is_some() {
            return Err(StoreError::Refused("a decision about two submissions".to_owned()));
        }
        if self.known.submission_ids.is_empty() {
            let drawn = self.ground.submission_ids(1)?;
            self.known.submission_ids.extend(drawn);
        }
        let id = self.known.submission_ids.pop_front().ok_or(StoreError::Missing("id of a submission"))?;
        self.draft.submission = Some((id, submission.clone()));
        Ok(id)
    }
}

impl AddEvidence for Together<'_> {
    fn insert_evidence(&mut self, submission: MessageId, evidence: &RequestEvidence) -> Result<(), StoreError> {
        self.draft_of(submission)?.evidence = Some(evidence.clone());
        Ok(())
    }

    fn is_signed(&mut self, submission: MessageId) -> Result<bool, StoreError> {
        match &self.draft.submission {
            Some((id, _)) if *id == submission => Ok(self.draft.evidence.is_some()),
            _ => self.ground.is_signed(submission),
        }
    }
}

impl WriteStaging for Together<'_> {
    fn stage_blocks(&mut self, message: MessageId, _: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
        if let Some(block) = blocks.iter().find(|block| block.message != message) {
            return Err(StoreError::Refused(format!("a block of message {}", block.message.0)));
        }
        self.draft_of(message)?.blocks.extend_from_slice(blocks);
        Ok(())
    }

    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError> {
        let kept = payments.iter().map(|row| {
            let PaymentRow { ordinal, block, lot, minor, creditor, record } = *row;
            KeptPayment { ordinal, block, lot, minor, creditor, record: record.to_vec() }
        });
        self.draft_of(message)?.payments.extend(kept);
        Ok(())
    }

    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError> {
        keys.sort_unstable();
        self.draft_of(message)?.keys.extend_from_slice(keys);
        Ok(())
    }

    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError> {
        let draft = self.draft_of(message)?;
        draft.blocks.clear();
        draft.payments.clear();
        draft.keys.clear();
        Ok(())
    }

    fn activate(&mut self, message: MessageId, _: ClientId) -> Result<(), StoreError> {
        self.draft_of(message)?.is_active = true;
        Ok(())
    }
}

impl WriteMessages for Together<'_> {
    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError> {
        if self.message_by_message_id(message.client, &message.message_id)?.is_some() {
            return Err(StoreError::Conflict(message.message_id.clone()));
        }
        self.draft_of(message.id)?.message = Some(message.clone());
        Ok(())
    }
}

impl AddLots for Together<'_> {
    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError> {
        self.draft.lots.extend_from_slice(lots);
        Ok(())
    }

    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError> {
        self.draft.events.extend_from_slice(events);
        Ok(())
    }
}

impl WriteRefusals for Together<'_> {
    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError> {
        self.draft.refusals.extend_from_slice(refusals);
        Ok(())
    }
}

impl AddAudit for Together<'_> {
    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError> {
        self.draft.lines.push(line.clone());
        Ok(())
    }
}

impl Deciding for Together<'_> {}
