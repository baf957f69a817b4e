//! Assesses the pieces of a message against accounts and earlier messages: the accounts to debit and credit,
//! duplicates, and the lot of each payment.
//!
//! Looking up ([`look_up`]) is separate from concluding ([`Assessment::conclude`]): a look-up runs in a snapshot or a
//! transaction and may run again; the conclusion happens once. The final decision checks everything again; it may still
//! refuse a payment, but never gives it another lot.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use ledger::{AccountId, AccountState};
use money::Currency;
use payments::{MessageId, NewLot, NewPayment, PaymentRecord};
use rulebook::classification::Side;
use rulebook::rules::Rule;
use rulebook::{Code, Route};
use store::{AccountKind, ClientId, DuplicateKey, LookingUp, StoreError, TreasuryAccount};

use crate::Failure;
use crate::access::caller::grants;
use crate::admission::duplicates::{self, Duplicate, EarlierMessages, EndToEndIds};
use crate::admission::payment_in_file::PaymentInFile;
use crate::bounds::REFUSALS_NAMED_BYTES_MAX;
use crate::check::key_kind::KeyKind;
use crate::check::pieces::{
    BlockHead, Chunk, ExecutionPlan, MessageEnd, PaymentKey, PaymentLabel, PaymentPiece, reasons_bytes,
};
use crate::failure::damaged;
use crate::status::reason::RefusalReason;
use crate::submission::memory::{Charge, MessageMemory, vector_bytes};

/// The look-up's result for one chunk.
#[derive(Debug)]
pub(crate) struct Found {
    accounts: Vec<TreasuryAccount>,
    asked: Vec<String>,
    duplicates: Vec<Duplicate>,
    earlier: EarlierMessages,
    used_payment_information_ids: Vec<(String, MessageId)>,
}

/// Where a payment goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Placement {
    pub(crate) lot: Option<u32>,
    pub(crate) creditor: Option<AccountId>,
}

/// A payment that is refused before admission. There may be a million of them, so it holds little.
#[derive(Clone, Debug)]
pub(crate) struct RefusedPayment {
    pub(crate) ordinal: u32,
    pub(crate) block: u32,
    /// The first reason: its code, the value concerned, the line.
    pub(crate) code: Code,
    pub(crate) value: Box<str>,
    pub(crate) line: u32,
    /// The answer's entry for it; `None` beyond the bound of named payments.
    pub(crate) named: Option<Box<NamedRefusal>>,
}

/// A refused payment as the answer names it.
#[derive(Clone, Debug)]
pub(crate) struct NamedRefusal {
    /// How the file calls it.
    pub(crate) named: PaymentLabel,
    /// All reasons.
    pub(crate) reasons: Vec<RefusalReason>,
}

/// A block as far as it is known.
#[derive(Clone, Debug)]
pub(crate) struct BlockState {
    pub(crate) head: BlockHead,
    pub(crate) debtor: Option<AccountId>,
    pub(crate) currency: Currency,
    /// Why all of it is refused.
    pub(crate) reasons: Vec<RefusalReason>,
}

/// The assessment of a message so far. Grows by a few dozen bytes for each payment, which count towards the message's
/// memory.
#[derive(Debug)]
pub(crate) struct Assessment {
    client: ClientId,
    /// The accounts that the sender may debit, as of the last look; ascending.
    granted: Vec<AccountId>,
    policy: EndToEndIds,
    charge: Charge,
    /// Bytes of the texts that it keeps.
    text_bytes: usize,
    /// How many refused payments are named at most.
    named_max: usize,
    /// Bytes of the answer's texts about single payments, and about blocks beside their first reason.
    named_bytes: usize,
    accounts: HashMap<String, Option<Account>>,
    pub(crate) blocks: Vec<BlockState>,
    pub(crate) lots: Vec<NewLot>,
    lot_numbers: BTreeMap<(u32, Route, Date), u32>,
    /// Payments that nothing refused so far.
    pub(crate) candidates: Vec<NewPayment>,
    /// Payments that something refused, in file order.
    pub(crate) refused: Vec<RefusedPayment>,
    /// Keys of the candidates.
    pub(crate) keys: Vec<PaymentKey>,
}

/// Bytes of an entry of the map of lot numbers, with its share of the tree's nodes.
const LOT_NUMBER_BYTES: usize = 2 * size_of::<((u32, Route, Date), u32)>();

/// Kept values of an account.
#[derive(Clone, Copy, Debug)]
struct Account {
    id: AccountId,
    client: Option<ClientId>,
    currency: Currency,
    state: AccountState,
    kind: AccountKind,
}

/// Looks up the data for the conclusion about a chunk.
pub(crate) fn look_up(
    reading: &mut dyn LookingUp,
    client: ClientId,
    (except, policy): (MessageId, EndToEndIds),
    chunk: &Chunk,
    ibans: &[String],
) -> Result<Found, StoreError> {
    let asked: Vec<&str> = ibans.iter().map(String::as_str).collect();
    let accounts = if asked.is_empty() { Vec::new() } else { reading.accounts_by_iban(&asked)? };
    let duplicates = duplicates::of_chunk(reading, except, policy, chunk)?;
    let ids: Vec<&str> = chunk.blocks.iter().map(|block| block.payment_information_id.as_str()).collect();
    let used_payment_information_ids =
        if ids.is_empty() { Vec::new() } else { reading.used_payment_information_ids(client, &ids)? };
    let earlier = EarlierMessages::of(reading, &duplicates, &used_payment_information_ids)?;
    Ok(Found { accounts, asked: ibans.to_vec(), duplicates, earlier, used_payment_information_ids })
}

impl Assessment {
    pub(crate) fn new(client: ClientId, policy: EndToEndIds, memory: &MessageMemory, named_max: usize) -> Assessment {
        Assessment {
            client,
            granted: Vec::new(),
            policy,
            charge: memory.charge(),
            text_bytes: 0,
            named_max,
            named_bytes: 0,
            accounts: HashMap::new(),
            blocks: Vec::new(),
            lots: Vec::new(),
            lot_numbers: BTreeMap::new(),
            candidates: Vec::new(),
            refused: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// The same once more, for changes that may be void. Duplicate keys, the larger part, stay where they are.
    pub(crate) fn copy(&self, memory: &MessageMemory) -> Result<Assessment, Failure> {
        let mut copy = Assessment {
            client: self.client,
            granted: self.granted.clone(),
            policy: self.policy,
            charge: memory.charge(),
            text_bytes: self.text_bytes,
            named_max: self.named_max,
            named_bytes: self.named_bytes,
            accounts: HashMap::new(),
            blocks: self.blocks.clone(),
            lots: self.lots.clone(),
            lot_numbers: BTreeMap::new(),
            candidates: Vec::new(),
            refused: Vec::new(),
            keys: Vec::new(),
        };
        copy.charge.set(copy.heap_bytes() + vector_bytes(&self.candidates) + vector_bytes(&self.refused))?;
        copy.candidates.clone_from(&self.candidates);
        copy.refused.clone_from(&self.refused);
        Ok(copy)
    }

    /// What is concluded from now on rests on these grants.
    pub(crate) fn set_granted(&mut self, granted: Vec<AccountId>) {
        self.granted = granted;
    }

    /// Bytes that it keeps.
    fn heap_bytes(&self) -> usize {
        vector_bytes(&self.blocks)
            + vector_bytes(&self.granted)
            + vector_bytes(&self.lots)
            + vector_bytes(&self.candidates)
            + vector_bytes(&self.refused)
            + vector_bytes(&self.keys)
            + self.accounts.capacity() * size_of::<(String, Option<Account>)>()
            + self.lot_numbers.len() * LOT_NUMBER_BYTES
            + self.text_bytes
    }

    /// The IBANs of a chunk without a look-up so far.
    pub(crate) fn unknown_ibans(&self, chunk: &Chunk) -> Vec<String> {
        let debtors = chunk.blocks.iter().map(|block| block.debtor_iban.as_str());
        let internal = |item: &PaymentPiece| item.plan.filter(|plan| plan.route == Route::Internal);
        let mut unknown: HashSet<&str> = debtors.filter(|iban| !self.accounts.contains_key(*iban)).collect();
        let plans: Vec<ExecutionPlan> = chunk.items.iter().filter_map(internal).collect();
        unknown.extend(
            plans.iter().map(|plan| plan.creditor_iban.as_str()).filter(|iban| !self.accounts.contains_key(*iban)),
        );
        let mut unknown: Vec<String> = unknown.into_iter().map(str::to_owned).collect();
        unknown.sort();
        unknown
    }

    /// Draws the conclusions about a chunk; returns where its payments go, in order.
    ///
    /// # Errors
    /// When a record of the chunk cannot be read back, or the message's memory is used up.
    pub(crate) fn conclude(&mut self, chunk: &Chunk, found: Found) -> Result<Vec<Placement>, Failure> {
        let Found { accounts, asked, duplicates, earlier, used_payment_information_ids } = found;
        self.text_bytes += asked.iter().map(String::capacity).sum::<usize>();
        self.accounts.extend(asked.into_iter().map(|iban| (iban, None)));
        for account in accounts {
            self.accounts.insert(account.iban.clone(), Some(Account::from(&account)));
        }
        let used: HashMap<&str, MessageId> =
            used_payment_information_ids.iter().map(|(id, message)| (id.as_str(), *message)).collect();
        for head in &chunk.blocks {
            let used =
                used.get(head.payment_information_id.as_str()).map(|message| used_block(head, *message, &earlier));
            let block = self.block(head, used);
            self.text_bytes += block.head.text_bytes() + reasons_bytes(&block.reasons);
            self.blocks.push(block);
        }
        let mut duplicates = duplicates.into_iter().peekable();
        let mut refused_here = HashSet::new();
        let mut placements = Vec::with_capacity(chunk.items.len());
        for item in &chunk.items {
            let mut reasons = item.reasons.clone();
            let mut creditor = None;
            if let Some(plan) = item.plan {
                match self.creditor(item, plan) {
                    Ok(account) => creditor = account,
                    Err(reason) => reasons.push(reason),
                }
            }
            while let Some(duplicate) = duplicates.next_if(|duplicate| duplicate.ordinal <= item.ordinal) {
                if duplicate.ordinal == item.ordinal {
                    reasons.push(duplicate_reason(chunk, item, &duplicate, &earlier)?);
                }
            }
            let lot = match item.plan {
                Some(plan) if reasons.is_empty() => self.lot(item, plan),
                _ => None,
            };
            if let Some(lot) = lot {
                let PaymentPiece { ordinal, minor, line, .. } = *item;
                self.candidates.push(NewPayment { ordinal, lot, minor, line });
            } else {
                refused_here.insert(item.ordinal);
                // A payment that its block's refusal explains needs no line of its own.
                if !reasons.is_empty() {
                    let named = if self.names_more(&reasons) { Some(named(chunk, item)?) } else { None };
                    self.refuse(item.ordinal, item.block, named, reasons);
                }
            }
            placements.push(Placement { lot, creditor });
        }
        self.keys.extend(chunk.keys.iter().filter(|key| !refused_here.contains(&key.ordinal)));
        self.charge.set(self.heap_bytes())?;
        Ok(placements)
    }

    /// Whether the answer has room to name another refused payment.
    fn names_more(&self, reasons: &Vec<RefusalReason>) -> bool {
        self.refused.len() < self.named_max && self.named_bytes + reasons_bytes(reasons) < REFUSALS_NAMED_BYTES_MAX
    }

    fn refuse(&mut self, ordinal: u32, block: u32, named: Option<PaymentLabel>, reasons: Vec<RefusalReason>) {
        let (code, value, line) = match reasons.first() {
            Some(first) => (first.code, first.value.clone(), first.line),
            None => (Code::RefusedWithBlock, Box::default(), 0),
        };
        let named = named.map(|named| {
            let bytes = size_of::<NamedRefusal>() + named.text_bytes() + reasons_bytes(&reasons);
            self.named_bytes += bytes;
            self.text_bytes += bytes;
            Box::new(NamedRefusal { named, reasons })
        });
        self.text_bytes += value.len();
        self.refused.push(RefusedPayment { ordinal, block, code, value, line, named });
    }

    /// Applies the end of the message: blocks refused for their totals lose their payments.
    ///
    /// # Errors
    /// When the message's memory is used up.
    pub(crate) fn end(&mut self, end: &MessageEnd) -> Result<(), Failure> {
        for (block, totals) in self.blocks.iter_mut().zip(&end.blocks) {
            for reason in &totals.reasons {
                let bytes = size_of::<RefusalReason>() + reason.text_bytes();
                if self.named_bytes + bytes < REFUSALS_NAMED_BYTES_MAX {
                    self.named_bytes += bytes;
                    block.reasons.push(reason.clone());
                } else if block.reasons.is_empty() {
                    // The catalogue has words for it.
                    block.reasons.push(RefusalReason::new(reason.code, "", reason.line));
                }
                self.text_bytes += bytes;
            }
        }
        self.drop_candidates_of_refused_blocks();
        self.charge.set(self.heap_bytes())
    }

    /// Whether something was refused already.
    pub(crate) fn refuses_something(&self) -> bool {
        !self.refused.is_empty() || self.blocks.iter().any(|block| !block.reasons.is_empty())
    }

    /// The accounts that are debited.
    pub(crate) fn debtors(&self) -> Vec<AccountId> {
        let mut debtors: Vec<AccountId> = self.lots.iter().map(|lot| lot.debtor).collect();
        debtors.sort_unstable();
        debtors.dedup();
        debtors
    }

    /// How long identifiers are unique for the client.
    pub(crate) fn policy(&self) -> EndToEndIds {
        self.policy
    }

    pub(crate) fn client(&self) -> ClientId {
        self.client
    }

    /// The keys of those payments of a chunk that nothing refused. To be asked for right after the chunk's conclusion.
    pub(crate) fn keys_of(&self, chunk: &Chunk) -> Vec<DuplicateKey> {
        let first = chunk.items.first().map_or(u32::MAX, |item| item.ordinal);
        let start = self.keys.partition_point(|key| key.ordinal < first);
        duplicates::kept(&self.keys[start..])
    }

    /// Refuses a candidate that duplicates a payment of a message that came in between.
    pub(crate) fn refuse_duplicate(
        &mut self,
        payment: &PaymentInFile,
        duplicate: &Duplicate,
        earlier: &EarlierMessages,
    ) {
        let PaymentInFile { ordinal, block, line, ref named, .. } = *payment;
        let value = match duplicate.kind {
            KeyKind::EndToEndId => named.end_to_end_id.as_str(),
            KeyKind::InstructionId => named.instruction_id.as_str(),
            KeyKind::Content | KeyKind::PlainContent => "",
        };
        let reason = earlier.reason(duplicate, value, line);
        // Candidates alone have keys, so only the payment itself can have been refused just before.
        match self.refused.last_mut() {
            Some(item) if item.ordinal == ordinal => {
                if let Some(named) = &mut item.named {
                    named.reasons.push(reason);
                }
            }
            _ => {
                let reasons = vec![reason];
                let named = self.names_more(&reasons).then(|| named.clone());
                self.refuse(ordinal, block, named, reasons);
            }
        }
    }

    /// Refuses the blocks whose `PmtInfId` a message that came in between has used.
    pub(crate) fn refuse_used_blocks(&mut self, used: &[(String, MessageId)], earlier: &EarlierMessages) {
        let used: HashMap<&str, MessageId> = used.iter().map(|(id, message)| (id.as_str(), *message)).collect();
        for block in &mut self.blocks {
            if let Some(message) = used.get(block.head.payment_information_id.as_str()) {
                block.reasons.push(used_block(&block.head, *message, earlier));
            }
        }
        self.drop_candidates_of_refused_blocks();
    }

    /// Puts the refused payments back into file order, and takes them from the candidates.
    pub(crate) fn drop_refused_candidates(&mut self) {
        self.refused.sort_by_key(|item| item.ordinal);
        let refused = &self.refused;
        self.candidates.retain(|payment| refused.binary_search_by_key(&payment.ordinal, |item| item.ordinal).is_err());
    }

    fn drop_candidates_of_refused_blocks(&mut self) {
        let refused: HashSet<u32> =
            self.blocks.iter().filter(|block| !block.reasons.is_empty()).map(|block| block.head.number).collect();
        if !refused.is_empty() {
            let lots = &self.lots;
            self.candidates
                .retain(|payment| lots.get(payment.lot as usize).is_some_and(|lot| !refused.contains(&lot.block)));
        }
    }

    fn block(&self, head: &BlockHead, used: Option<RefusalReason>) -> BlockState {
        let mut reasons = Vec::new();
        let account = self.accounts.get(&head.debtor_iban).copied().flatten();
        // The answer must not reveal whether another client's account exists.
        let own = account.filter(|account| account.client == Some(self.client));
        let granted = own.is_some_and(|account| grants(&self.granted, account.id));
        let about_account = |code| RefusalReason::new(code, head.debtor_iban.clone(), head.line);
        match own.map(|account| account.state) {
            None => reasons.push(about_account(Code::AccountNotYours)),
            Some(_) if !granted => reasons.push(about_account(Code::AccountNotGranted)),
            Some(AccountState::Blocked) => reasons.push(about_account(Code::DebtorAccountBlocked)),
            Some(AccountState::Closed) => reasons.push(about_account(Code::DebtorAccountClosed)),
            Some(AccountState::Open) => {}
        }
        reasons.extend(used);
        let debtor = own.map(|account| account.id);
        let currency = own.map_or(Currency::EUR, |account| account.currency);
        BlockState { head: head.clone(), debtor, currency, reasons }
    }

    /// The payee's account where it is one of ours, or why it cannot be credited.
    fn creditor(&self, item: &PaymentPiece, plan: ExecutionPlan) -> Result<Option<AccountId>, RefusalReason> {
        let refusal = |code| RefusalReason::new(code, plan.creditor_iban.as_str(), item.line);
        let refuse = |code| Err(refusal(code));
        let debtor = self.blocks.get(item.block as usize);
        let currency = item.amount.map(|amount| amount.currency);
        if debtor.is_some_and(|block| block.debtor.is_some() && Some(block.currency) != currency) {
            return refuse(Code::CurrencyNotAllowed);
        }
        if plan.route != Route::Internal {
            return Ok(None);
        }
        let Some(Some(account)) = self.accounts.get(plan.creditor_iban.as_str()) else {
            return refuse(Code::CreditorAccountUnknown);
        };
        // The house's own accounts are never payees.
        if account.client.is_none() {
            return refuse(Code::CreditorAccountUnknown);
        }
        // The reason is the account holder's affair: a payer must not learn, not even by trials, that another client's
        // account is blocked.
        if account.state != AccountState::Open {
            return refuse(Code::CreditorAccountNotReachable);
        }
        if debtor.is_some_and(|block| block.debtor == Some(account.id)) {
            return refuse(Code::CreditorIsDebtor);
        }
        if Some(account.currency) != currency {
            return refuse(Code::CurrencyNotAllowed);
        }
        if let (AccountKind::Bailiff, Some(code)) = (account.kind, plan.lacks_for_bailiff) {
            let reason = refusal(Code::BailiffCodeRequired).with_expected(code).with_given(Side::Payee.indicator());
            let element = Rule::of(reason.code).and_then(|rule| rule.elements.first()).copied().unwrap_or_default();
            return Err(RefusalReason { element: element.into(), ..reason });
        }
        Ok(Some(account.id))
    }

    /// The lot of a payment; `None` when its block is refused already.
    fn lot(&mut self, item: &PaymentPiece, plan: ExecutionPlan) -> Option<u32> {
        let block = self.blocks.get(item.block as usize)?;
        let debtor = block.debtor.filter(|_| block.reasons.is_empty())?;
        let next = u32::try_from(self.lots.len()).ok()?;
        let number = *self.lot_numbers.entry((item.block, plan.route, plan.execution_date)).or_insert(next);
        if number == next {
            let ExecutionPlan { route, execution_date, .. } = plan;
            self.lots.push(NewLot { block: item.block, debtor, route, execution_date });
        }
        Some(number)
    }
}

/// Why a block is refused whose `PmtInfId` an earlier message had.
fn used_block(head: &BlockHead, earlier: MessageId, messages: &EarlierMessages) -> RefusalReason {
    let id = head.payment_information_id.clone();
    messages.naming(earlier, RefusalReason::new(Code::PaymentInformationIdUsed, id, head.line))
}

impl From<&TreasuryAccount> for Account {
    fn from(account: &TreasuryAccount) -> Account {
        Account {
            id: account.ledger.id,
            client: account.client,
            currency: account.ledger.currency,
            state: account.ledger.state,
            kind: account.kind,
        }
    }
}

fn record<'c>(chunk: &'c Chunk, item: &PaymentPiece) -> Result<PaymentRecord<'c>, StoreError> {
    PaymentRecord::decode(&chunk.records[item.record.clone()]).map_err(|error| damaged(&error))
}

fn named(chunk: &Chunk, item: &PaymentPiece) -> Result<PaymentLabel, StoreError> {
    Ok(PaymentLabel::of(&record(chunk, item)?, item.amount))
}

fn duplicate_reason(
    chunk: &Chunk,
    item: &PaymentPiece,
    duplicate: &Duplicate,
    earlier: &EarlierMessages,
) -> Result<RefusalReason, StoreError> {
    let record = record(chunk, item)?;
    let value = match duplicate.kind {
        KeyKind::EndToEndId => record.end_to_end_id,
        KeyKind::InstructionId => record.instruction_id,
        KeyKind::Content | KeyKind::PlainContent => "",
    };
    Ok(earlier.reason(duplicate, value, item.line))
}
