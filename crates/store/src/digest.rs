//! Digests of rows as the audit chain states them, so that the check finds later changes that bypass this program.
//!
//! Every digest begins with a unique label; numbers have their full width, their length precedes texts, and their count
//! precedes lists. So no two different rows have the same bytes. The meaning of a label never changes: a row that gets
//! another column gets another label.

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, AccountRole, AccountState};
use onboarding::PersonRecord;
use payments::{Lot, Refusal, RefusalStage};
use sha2::{Digest, Sha256};

use crate::codec::{Coded, day, micros};
use crate::row_mapping::{accounts_column, networks_column, uniqueness_column};
use crate::{
    Block, Certificate, Client, HousePurpose, Message, OnlineUser, PaymentRow, Person, PersonCertificate, Preferences,
    StoredPayment, TreasuryAccount,
};

/// What an audit line says before the digest of a directory row, and before that of a message.
pub(crate) const ROW: &str = "row";
pub(crate) const CONTENT: &str = "content";

/// A SHA-256 under way.
#[derive(Clone, Debug)]
struct Canonical(Sha256);

impl Canonical {
    fn of(label: &str) -> Canonical {
        let mut hash = Sha256::new();
        hash.update(label.as_bytes());
        hash.update([0]);
        Canonical(hash)
    }

    fn number(mut self, number: i64) -> Canonical {
        self.0.update(number.to_be_bytes());
        self
    }

    fn number_if_any(self, number: Option<i64>) -> Canonical {
        match number {
            None => self.number(0),
            Some(number) => self.number(1).number(number),
        }
    }

    fn bytes(self, bytes: &[u8]) -> Canonical {
        let mut hash = self.number(bytes.len() as i64);
        hash.0.update(bytes);
        hash
    }

    fn text(self, text: &str) -> Canonical {
        self.bytes(text.as_bytes())
    }

    fn text_if_any(self, text: Option<&str>) -> Canonical {
        match text {
            None => self.number(0),
            Some(text) => self.number(1).text(text),
        }
    }

    fn time(self, at: Timestamp) -> Canonical {
        self.number(micros(at))
    }

    fn date(self, date: Date) -> Canonical {
        self.number(day(date))
    }

    fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The payments of a message, in file order, as they are stored. Taken while they are staged: their records are encoded by
/// then, and hashing them costs a few per cent of storing them.
#[derive(Clone, Debug)]
pub struct PaymentsDigest {
    hash: Sha256,
    count: u64,
}

impl Default for PaymentsDigest {
    fn default() -> PaymentsDigest {
        PaymentsDigest { hash: Canonical::of("tdam/payments/1").0, count: 0 }
    }
}

impl PaymentsDigest {
    /// Takes the next payment.
    pub fn add(&mut self, payment: &PaymentRow<'_>) {
        // One piece of fixed width: ordinal, block, lot (0: none), amount, payee's account (0: none), length of the record.
        let lot = payment.lot.map_or(0, |lot| u64::from(lot) + 1);
        let creditor = payment.creditor.map_or(0, |account| account.0);
        let numbers = [
            u64::from(payment.ordinal),
            u64::from(payment.block),
            lot,
            payment.minor.cast_unsigned(),
            creditor.cast_unsigned(),
            payment.record.len() as u64,
        ];
        let mut fixed = [0; 48];
        for (place, number) in fixed.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_be_bytes());
        }
        self.hash.update(fixed);
        self.hash.update(payment.record);
        self.count += 1;
    }

    /// The same for one that was read back.
    pub(crate) fn add_stored(&mut self, payment: &StoredPayment<'_>) {
        let StoredPayment { ordinal, block, lot, minor, creditor, record } = *payment;
        self.add(&PaymentRow { ordinal, block, lot, minor, creditor, record });
    }

    /// The digest, with how many there were.
    #[must_use]
    pub fn end(mut self) -> [u8; 32] {
        self.hash.update(self.count.to_be_bytes());
        self.hash.finalize().into()
    }
}

/// The stored data of a message at its decision, which never change afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Its row, with the answer.
    pub message: &'a Message,
    /// [`PaymentsDigest`]; that of no payments when none are stored.
    pub payments: [u8; 32],
    /// Its blocks, in order.
    pub blocks: &'a [Block],
    /// Its lots, in order. Only what never changes of them counts.
    pub lots: &'a [Lot],
    /// Its refusals, in order. Those that came later do not count.
    pub refusals: &'a [Refusal],
}

impl Content<'_> {
    /// SHA-256, in hexadecimal, as the message's audit line states it after `content`.
    #[must_use]
    pub fn stated(&self) -> String {
        let refusals = self.refusals.iter().filter(|refusal| refusal.stage == RefusalStage::Admission);
        let mut digest = self.begin(refusals.clone().count());
        refusals.for_each(|refusal| digest.add(refusal));
        digest.stated()
    }

    /// The same for who makes the refusals one by one: so many will come, all of them on admission.
    #[must_use]
    pub fn begin(&self, refusals: usize) -> ContentDigest {
        let Message { id, client, user, message_id, message_type, creation_date_time, hash, .. } = self.message;
        let message = self.message;
        let mut digest = Canonical::of("tdam/message/1")
            .number(id.0)
            .number(client.0)
            .number(user.0)
            .text(message_id)
            .text(message_type)
            .text(creation_date_time)
            .bytes(&hash.0)
            .number(message.number_of_transactions.cast_signed())
            .text_if_any(message.control_sum.as_deref())
            .number(i64::from(message.payments))
            .time(message.consumed_at)
            .bytes(&Sha256::digest(&message.answer))
            .bytes(&self.payments)
            .number(self.blocks.len() as i64);
        for block in self.blocks {
            digest = block_into(digest, block);
        }
        digest = digest.number(self.lots.len() as i64);
        for lot in self.lots {
            digest = lot_into(digest, lot);
        }
        ContentDigest(digest.number(refusals as i64))
    }
}

/// The digest of a message's stored data before its refusals.
#[derive(Clone, Debug)]
pub struct ContentDigest(Canonical);

impl ContentDigest {
    /// Takes the next refusal.
    pub fn add(&mut self, refusal: &Refusal) {
        self.0 = refusal_into(self.0.clone(), refusal);
    }

    /// As [`Content::stated`].
    #[must_use]
    pub fn stated(self) -> String {
        format!("{CONTENT} {}", hexadecimal(&self.0.end()))
    }
}

fn block_into(digest: Canonical, block: &Block) -> Canonical {
    digest
        .number(i64::from(block.number))
        .text(&block.payment_information_id)
        .number(block.number_of_transactions.cast_signed())
        .text_if_any(block.control_sum.as_deref())
        .number_if_any(block.debtor_account.map(|account| account.0))
        .text(&block.debtor_name)
        .text(&block.debtor_iban)
        .number_if_any(block.requested_execution_date.map(day))
        .number(i64::from(block.first))
        .number(i64::from(block.count))
}

fn lot_into(digest: Canonical, lot: &Lot) -> Canonical {
    digest
        .number(i64::from(lot.id.number))
        .number(i64::from(lot.block))
        .number(lot.debtor.0)
        .number(lot.route.code())
        .date(lot.execution_date)
        .number(i64::from(lot.first))
        .number(i64::from(lot.last))
        .number(i64::from(lot.count))
        .number(lot.total)
        .number_if_any(lot.limit_per_payment)
}

fn refusal_into(digest: Canonical, refusal: &Refusal) -> Canonical {
    digest
        .number(i64::from(refusal.first))
        .number(i64::from(refusal.last))
        .number_if_any(refusal.lot.map(i64::from))
        .number(i64::from(refusal.count))
        .text(&refusal.code)
        .text(&refusal.detail)
        .number(i64::from(refusal.line))
}

/// A row of the directory, as audit lines name it and state its digest.
pub trait DirectoryRow {
    /// What it is called: `client 3`, `account 12`.
    fn name(&self) -> String;
    /// SHA-256 over all that only a noted change may alter. Balances are not among it.
    fn digest(&self) -> [u8; 32];

    /// The digest that versions before stated, where the row has got columns since and an upgrade states it anew.
    fn earlier_digest(&self) -> Option<[u8; 32]> {
        None
    }

    /// The statement of an audit line about the row from here on.
    fn stated(&self) -> String {
        format!("{ROW} {} sha256 {}", self.name(), hexadecimal(&self.digest()))
    }
}

impl DirectoryRow for Client {
    fn name(&self) -> String {
        format!("client {}", self.id.0)
    }

    fn digest(&self) -> [u8; 32] {
        let Preferences { lists_every_payment, daily_balances, end_to_end_ids } = self.preferences;
        let row = |label| {
            let digest = Canonical::of(label).number(self.id.0).text(&self.name);
            digest.text(&self.registration_number).number(self.acceptance.code())
        };
        // Lines of versions before settings stay true: what they state had none.
        if self.preferences == Preferences::default() {
            return row("tdam/client/1").end();
        }
        row("tdam/client/2")
            .number(lists_every_payment.into())
            .number(daily_balances.into())
            .number_if_any(uniqueness_column(end_to_end_ids))
            .end()
    }
}

impl OnlineUser {
    fn digest_of(&self, label: &str) -> Canonical {
        Canonical::of(label)
            .number(self.id.0)
            .number(self.client.0)
            .text(&self.name)
            .number(self.mode.code())
            .date(self.registration_valid_until)
            .text(&networks_column(&self.allowed_networks))
    }
}

impl DirectoryRow for OnlineUser {
    fn name(&self) -> String {
        format!("online user {}", self.id.0)
    }

    fn digest(&self) -> [u8; 32] {
        self.digest_of("tdam/online-user/2")
            .text(&accounts_column(&self.granted_accounts))
            .number_if_any(self.suspended_at.map(micros))
            .number(self.signature_required.into())
            .end()
    }

    /// Until grants are in effect, the last line about a user may be of a version that knew none.
    fn earlier_digest(&self) -> Option<[u8; 32]> {
        Some(self.digest_of("tdam/online-user/1").end())
    }
}

impl DirectoryRow for Certificate {
    fn name(&self) -> String {
        format!("certificate {}", self.fingerprint)
    }

    fn digest(&self) -> [u8; 32] {
        Canonical::of("tdam/certificate/1")
            .bytes(&self.fingerprint.0)
            .number(self.user.0)
            .text(&self.serial)
            .time(self.not_before)
            .time(self.not_after)
            .number_if_any(self.revoked_at.map(micros))
            .end()
    }
}

impl DirectoryRow for Person {
    fn name(&self) -> String {
        format!("person {}", self.id)
    }

    fn digest(&self) -> [u8; 32] {
        let PersonRecord { client, name, email, roles, valid_from, valid_until } = &self.record;
        Canonical::of("tdam/person/1")
            .number(self.id.0)
            .number_if_any(client.map(|client| client.0))
            .text(name)
            .text(email)
            .number(roles.bits())
            .date(*valid_from)
            .date(*valid_until)
            .number_if_any(self.ended_at.map(micros))
            .end()
    }
}

impl DirectoryRow for PersonCertificate {
    fn name(&self) -> String {
        format!("person's certificate {}", self.fingerprint)
    }

    fn digest(&self) -> [u8; 32] {
        Canonical::of("tdam/person-certificate/1")
            .bytes(&self.fingerprint.0)
            .number(self.person.0)
            .text(&self.serial)
            .time(self.not_before)
            .time(self.not_after)
            .number_if_any(self.revoked_at.map(micros))
            .end()
    }
}

impl DirectoryRow for TreasuryAccount {
    fn name(&self) -> String {
        format!("account {}", self.ledger.id.0)
    }

    fn digest(&self) -> [u8; 32] {
        let ledger = &self.ledger;
        let (role, state): (AccountRole, AccountState) = (ledger.role, ledger.state);
        Canonical::of("tdam/account/1")
            .number(ledger.id.0)
            .text(&self.iban)
            .number_if_any(self.client.map(|client| client.0))
            .text(&self.owner_name)
            .number(self.kind.code())
            .text(ledger.currency.code())
            .number(role.code())
            .number(state.code())
            .number_if_any(ledger.limits.per_payment)
            .number_if_any(ledger.limits.per_day)
            .end()
    }
}

/// Which account the house uses for a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseAccount {
    /// What for.
    pub purpose: HousePurpose,
    /// The account.
    pub account: AccountId,
}

impl DirectoryRow for HouseAccount {
    fn name(&self) -> String {
        format!("house account {}", self.purpose.code())
    }

    fn digest(&self) -> [u8; 32] {
        Canonical::of("tdam/house-account/1").number(self.purpose.code()).number(self.account.0).end()
    }
}

pub(crate) fn hexadecimal(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
