//! Duplicates across messages: 64-bit keys of equal payments, and the proof of a hit.
//!
//! A key is a hash; the store finds equal ones fast. The exchange trusts a hit only after it has read the earlier
//! payment and compared it, so that it never confuses two values with one hash.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use payments::{MessageId, PaymentId, PaymentRecord};
use store::{Client, ClientId, DuplicateHit, DuplicateKey, EndToEndIdUniqueness, LookingUp, MessageName, StoreError};

use crate::bounds::{DUPLICATE_KEYS_AT_A_TIME, EARLIER_MESSAGES_NAMED_MAX, READ_BACK_PAYMENTS};
use crate::check::key_kind::KeyKind;
use crate::check::pieces::{Chunk, PaymentKey};
use crate::failure::damaged;
use crate::local_time;
use crate::status::reason::RefusalReason;

/// `EndToEndId` of a payment whose sender gave it none: never a duplicate (ISO 20022, external rule).
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// Which earlier payments may not share their `EndToEndId` with those of a message. A setting of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndToEndIds {
    /// Those of all messages.
    ForEver,
    /// Those of messages received on this business day or later.
    Since(Date),
    /// None; the check of the message itself looks at its own.
    WithinMessage,
}

impl EndToEndIds {
    /// The policy for a message received on a business day. Days are counted from business day to business day, by the calendar:
    /// the clock of the machine has no part in it, so that a sandbox whose day moves on counts on too.
    pub(crate) fn of(client: &Client, business_day: Date) -> EndToEndIds {
        match client.preferences.end_to_end_ids {
            EndToEndIdUniqueness::ForEver => EndToEndIds::ForEver,
            EndToEndIdUniqueness::WithinMessage => EndToEndIds::WithinMessage,
            EndToEndIdUniqueness::Days(days) => {
                // The day itself is the first of them.
                let before = i64::from(days.saturating_sub(1)).days();
                EndToEndIds::Since(business_day.checked_sub(before).unwrap_or(business_day))
            }
        }
    }
}

/// What of a payment its keys are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) client: ClientId,
    pub(crate) ordinal: u32,
    pub(crate) debtor_iban: &'a str,
    pub(crate) minor: i64,
    /// `ReqdExctnDt`, as days since the epoch: two equal payments of different days are two payments.
    pub(crate) requested_execution_day: i32,
    pub(crate) record: &'a PaymentRecord<'a>,
}

impl Subject<'_> {
    /// The payment's keys.
    pub(crate) fn keys(&self, keys: &mut Vec<PaymentKey>) {
        let Subject { ordinal, record, .. } = *self;
        if record.end_to_end_id != NOT_PROVIDED {
            keys.push(PaymentKey {
                kind: KeyKind::EndToEndId,
                hash: self.hash(1, &[record.end_to_end_id.as_bytes()]),
                ordinal,
            });
        }
        if !record.instruction_id.is_empty() {
            keys.push(PaymentKey {
                kind: KeyKind::InstructionId,
                hash: self.hash(2, &[record.instruction_id.as_bytes()]),
                ordinal,
            });
        }
        let content: [&[u8]; 7] = [
            self.debtor_iban.as_bytes(),
            record.creditor_iban.as_bytes(),
            &self.minor.to_le_bytes(),
            &self.requested_execution_day.to_le_bytes(),
            record.remittance.as_bytes(),
            record.creditor_reference.as_bytes(),
            record.creditor_name.as_bytes(),
        ];
        let details = details(record);
        let hash = self.hash(3, &content);
        if has_no_details(record) {
            keys.push(PaymentKey { kind: KeyKind::Content, hash, ordinal });
            return;
        }
        // Under the key without details it would hide a payment that has none: the store names the last payment of a key.
        let whole: Vec<&[u8]> = content.into_iter().chain(details.map(str::as_bytes)).collect();
        keys.push(PaymentKey { kind: KeyKind::Content, hash: self.hash(4, &whole), ordinal });
        keys.push(PaymentKey { kind: KeyKind::PlainContent, hash, ordinal });
    }

    fn hash(&self, kind: u8, values: &[&[u8]]) -> i64 {
        let mut hash = Fnv::new();
        hash.write(&[kind]);
        hash.write(&self.client.0.to_le_bytes());
        for value in values {
            hash.write(value);
            // 0xFF is in no UTF-8 text, so ("ab", "c") and ("a", "bc") differ.
            hash.write(&[0xFF]);
        }
        hash.finish()
    }
}

/// Values that distinguish payments of one payee, amount, day and text.
fn details<'r>(record: &PaymentRecord<'r>) -> [&'r str; 5] {
    let PaymentRecord { reference_code, reference_proprietary, reference_issuer, .. } = *record;
    [reference_code, reference_proprietary, reference_issuer, record.document_numbers, record.additional_remittance]
}

/// Lengths alone decide: many payments have none, and comparing empty texts is slow (see `PartyRecord::is_empty`).
fn has_no_details(record: &PaymentRecord<'_>) -> bool {
    details(record).iter().all(|detail| detail.is_empty())
}

/// The keys that are kept with payments.
pub(crate) fn kept(keys: &[PaymentKey]) -> Vec<DuplicateKey> {
    let kept = keys.iter().filter(|key| key.kind.is_kept());
    kept.map(|key| DuplicateKey { hash: key.hash, ordinal: key.ordinal }).collect()
}

/// FNV-1a with a final mixing. Kept in databases: never to be changed.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> i64 {
        let mut hash = self.0;
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        (hash ^ (hash >> 33)).cast_signed()
    }
}

/// A payment that duplicates one of an accepted message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duplicate {
    pub(crate) ordinal: u32,
    pub(crate) kind: KeyKind,
    /// The message that had it.
    pub(crate) earlier: MessageId,
}

/// What earlier messages are called and when they came, as reasons name them.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlierMessages(HashMap<MessageId, (String, String)>);

impl EarlierMessages {
    /// The earlier messages that duplicates and used `PmtInfId` name. Duplicates of so many earlier messages in one
    /// piece can only be a trial: beyond the bound the answer does not name them.
    pub(crate) fn of(
        reading: &mut dyn LookingUp,
        duplicates: &[Duplicate],
        used_blocks: &[(String, MessageId)],
    ) -> Result<EarlierMessages, StoreError> {
        let of_payments = duplicates.iter().map(|duplicate| duplicate.earlier);
        let ids: BTreeSet<MessageId> = of_payments.chain(used_blocks.iter().map(|(_, message)| *message)).collect();
        let ids: Vec<MessageId> = ids.into_iter().take(EARLIER_MESSAGES_NAMED_MAX).collect();
        if ids.is_empty() {
            return Ok(EarlierMessages::default());
        }
        let names = reading.message_names(&ids)?.into_iter();
        let name = |found: MessageName| (found.id, (found.message_id.clone(), received_on(&found).to_string()));
        Ok(EarlierMessages(names.map(name).collect()))
    }

    /// Why a payment with this duplicate is refused: the value that was used, where, and when.
    pub(crate) fn reason(&self, duplicate: &Duplicate, value: &str, line: u32) -> RefusalReason {
        self.naming(duplicate.earlier, RefusalReason::new(duplicate.kind.code(), value, line))
    }

    /// The reason with the earlier message that it is about, and its day.
    pub(crate) fn naming(&self, earlier: MessageId, reason: RefusalReason) -> RefusalReason {
        match self.0.get(&earlier) {
            Some((message, day)) => reason.with_expected(message.as_str()).with_given(day.as_str()),
            None => reason,
        }
    }
}

/// Where the checked payments are.
enum Own<'a> {
    Chunk(&'a Chunk),
    /// Staged already.
    Stage(MessageId),
}

/// Amount and record of payments, by their ids.
type Payments = HashMap<PaymentId, (i64, Vec<u8>)>;

/// Which payments of a chunk are duplicates of earlier ones, in file order.
pub(crate) fn of_chunk(
    reading: &mut dyn LookingUp,
    except: MessageId,
    policy: EndToEndIds,
    chunk: &Chunk,
) -> Result<Vec<Duplicate>, StoreError> {
    find(reading, except, policy, &chunk.keys, &Own::Chunk(chunk))
}

/// Which of the staged payments with these keys are duplicates, in file order.
pub(crate) fn of_stage(
    reading: &mut dyn LookingUp,
    message: MessageId,
    policy: EndToEndIds,
    keys: &[PaymentKey],
) -> Result<Vec<Duplicate>, StoreError> {
    find(reading, message, policy, keys, &Own::Stage(message))
}

/// A file sent twice has as many hits as keys, so the payments that prove them are read many at a time.
fn find(
    reading: &mut dyn LookingUp,
    except: MessageId,
    policy: EndToEndIds,
    keys: &[PaymentKey],
    own: &Own<'_>,
) -> Result<Vec<Duplicate>, StoreError> {
    let mut duplicates = Vec::new();
    for keys in keys.chunks(DUPLICATE_KEYS_AT_A_TIME) {
        find_some(reading, except, policy, keys, own, &mut duplicates)?;
    }
    duplicates.sort_by_key(|duplicate: &Duplicate| (duplicate.ordinal, duplicate.kind));
    // Two keys may have found the same content.
    duplicates.dedup_by_key(|duplicate| (duplicate.ordinal, duplicate.kind.code()));
    Ok(duplicates)
}

/// The store's hits. The exchange asks for each hash once, for any number of payments with it. Otherwise the store
/// would scan the whole stage for each payment of a message of a million equal payments.
fn hits_of(
    reading: &mut dyn LookingUp,
    except: MessageId,
    policy: EndToEndIds,
    keys: &[PaymentKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    let is_asked = |key: &&PaymentKey| policy != EndToEndIds::WithinMessage || key.kind != KeyKind::EndToEndId;
    // Sorted, so that the payments of a hash lie side by side, without a list of its own for each.
    let mut sorted: Vec<(i64, u32)> = keys.iter().filter(is_asked).map(|key| (key.hash, key.ordinal)).collect();
    sorted.sort_unstable();
    let groups = || sorted.chunk_by(|(hash, _), (next, _)| hash == next);
    let asked: Vec<DuplicateKey> =
        groups().filter_map(|group| group.first()).map(|&(hash, ordinal)| DuplicateKey { hash, ordinal }).collect();
    let hits = reading.duplicates(except, &asked)?;
    let of_all = |hit: DuplicateHit| {
        let from = sorted.partition_point(|(hash, _)| *hash < hit.hash);
        let with_hash = sorted.iter().skip(from).take_while(move |(hash, _)| *hash == hit.hash);
        with_hash.map(move |(_, ordinal)| DuplicateHit { ordinal: *ordinal, ..hit })
    };
    Ok(hits.into_iter().flat_map(of_all).collect())
}

fn find_some(
    reading: &mut dyn LookingUp,
    except: MessageId,
    policy: EndToEndIds,
    keys: &[PaymentKey],
    own: &Own<'_>,
    duplicates: &mut Vec<Duplicate>,
) -> Result<(), StoreError> {
    let mut hits = hits_of(reading, except, policy, keys)?;
    if hits.is_empty() {
        return Ok(());
    }
    // The hits of a payment lie side by side, so the exchange reads each payment once.
    hits.sort_unstable_by_key(|hit| (hit.earlier, hit.ordinal));
    let kinds: HashMap<(i64, u32), KeyKind> = keys.iter().map(|key| ((key.hash, key.ordinal), key.kind)).collect();
    let places: HashMap<u32, usize> = match own {
        Own::Chunk(chunk) => chunk.items.iter().enumerate().map(|(place, item)| (item.ordinal, place)).collect(),
        Own::Stage(_) => HashMap::new(),
    };
    for some in hits.chunks(READ_BACK_PAYMENTS as usize) {
        let earlier = read(reading, some.iter().map(|hit| hit.earlier))?;
        let past = past_messages(reading, policy, some)?;
        let staged = match own {
            Own::Chunk(_) => Payments::new(),
            Own::Stage(message) => {
                read(reading, some.iter().map(|hit| PaymentId { message: *message, ordinal: hit.ordinal }))?
            }
        };
        // The hits of two payments, by one key after another.
        for hits in some.chunk_by(|hit, next| (hit.earlier, hit.ordinal) == (next.earlier, next.ordinal)) {
            let Some(&DuplicateHit { ordinal, earlier: of, .. }) = hits.first() else { continue };
            let mine = match own {
                Own::Chunk(chunk) => places
                    .get(&ordinal)
                    .and_then(|place| chunk.items.get(*place))
                    .map(|item| (item.minor, &chunk.records[item.record.clone()])),
                Own::Stage(message) => {
                    let id = PaymentId { message: *message, ordinal };
                    staged.get(&id).map(|(minor, record)| (*minor, record.as_slice()))
                }
            };
            let theirs = earlier.get(&of).map(|(minor, record)| (*minor, record.as_slice()));
            let (Some(mine), Some(theirs)) = (mine, theirs) else { continue };
            let pair = Pair { left: decoded(mine)?, right: decoded(theirs)? };
            for kind in hits.iter().filter_map(|hit| kinds.get(&(hit.hash, ordinal))) {
                // The hit is the last payment that has the identifier, so none that counts came since.
                let is_free_again = *kind == KeyKind::EndToEndId && past.contains(&of.message);
                if !is_free_again && pair.is_same(*kind) {
                    duplicates.push(Duplicate { ordinal, kind: *kind, earlier: of.message });
                }
            }
        }
    }
    Ok(())
}

/// The messages whose identifiers are free again by the client's policy.
fn past_messages(
    reading: &mut dyn LookingUp,
    policy: EndToEndIds,
    hits: &[DuplicateHit],
) -> Result<HashSet<MessageId>, StoreError> {
    let EndToEndIds::Since(first_day) = policy else { return Ok(HashSet::new()) };
    let ids: BTreeSet<MessageId> = hits.iter().map(|hit| hit.earlier.message).collect();
    let names = reading.message_names(&ids.into_iter().collect::<Vec<_>>())?;
    let past = names.into_iter().filter(|name| received_on(name) < first_day);
    Ok(past.map(|name| name.id).collect())
}

/// The business day of receipt: the policy counts by it, and reasons name it.
fn received_on(message: &MessageName) -> Date {
    message.business_day.unwrap_or_else(|| local_time(message.consumed_at).date())
}

fn read(reading: &mut dyn LookingUp, ids: impl Iterator<Item = PaymentId>) -> Result<Payments, StoreError> {
    let ids: Vec<PaymentId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    let mut payments = Payments::with_capacity(ids.len());
    reading.payments_of(&ids, &mut |id, payment| {
        payments.insert(id, (payment.minor, payment.record.to_vec()));
        Ok(())
    })?;
    Ok(payments)
}

/// Amount and details of a payment.
type Decoded<'r> = (i64, PaymentRecord<'r>);

fn decoded<'r>((minor, record): (i64, &'r [u8])) -> Result<Decoded<'r>, StoreError> {
    Ok((minor, PaymentRecord::decode(record).map_err(|error| damaged(&error))?))
}

/// A payment, and an earlier one that has a key of it.
struct Pair<'r> {
    left: Decoded<'r>,
    right: Decoded<'r>,
}

impl Pair<'_> {
    /// Whether they have the same value of this kind.
    fn is_same(&self, kind: KeyKind) -> bool {
        let (own, left) = &self.left;
        let (earlier, right) = &self.right;
        match kind {
            KeyKind::EndToEndId => left.end_to_end_id == right.end_to_end_id,
            KeyKind::InstructionId => left.instruction_id == right.instruction_id,
            KeyKind::Content | KeyKind::PlainContent => {
                own == earlier
                    && left.creditor_iban == right.creditor_iban
                    && left.creditor_name == right.creditor_name
                    && left.remittance == right.remittance
                    && left.creditor_reference == right.creditor_reference
                    // Of what earlier versions accepted the details are not known. A file that they accepted must be found
                    // when it comes again, at the price that a payment with details is refused after the same one
                    // without any.
                    && (kind == KeyKind::PlainContent || has_no_details(left) || details(left) == details(right))
            }
        }
    }
}
