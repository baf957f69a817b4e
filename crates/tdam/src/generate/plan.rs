//! The plan of a generated message.

use std::ops::Range;
use std::str::FromStr;

use iso20022::MessageType;
use jiff::civil::Date;
use rulebook::{Ekk, Iban, Route};
use sha2::{Digest as _, Sha256};

use super::flaw::Flaw;
use super::random::Random;
use super::{DEBTOR_ACCOUNT, PAYEE_ACCOUNTS, TRANSACTIONS_MAX};

/// Most payments of a block, and how many blocks a message has at least, so that there is something to see.
const BLOCK_TRANSACTIONS_MAX: u32 = 2_500;
const BLOCKS_MIN: u32 = 4;
/// Of the 35 characters of an identifier the longest suffix, `-I10000000`, takes ten.
const MESSAGE_ID_CHARACTERS_MAX: usize = 25;

/// The sandbox's institution whose account [`DEBTOR_ACCOUNT`] is.
pub(crate) const DEBTOR_NAME: &str = "Daugavas novada pašvaldība";

/// A bulk payment message to be made. All that is not set is decided by the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PaymentBatch {
    /// pain.001.001.09, or .03.
    pub message_type: MessageType,
    /// How many payments, 1 to [`TRANSACTIONS_MAX`].
    pub transactions: u32,
    /// Decides names, amounts, accounts, texts.
    pub seed: u64,
    /// The requested execution date of every block; the message says that it was made at nine that morning.
    pub date: Date,
    /// `MsgId`, and with a suffix every other reference.
    pub message_id: String,
    /// Who sends it.
    pub initiating_party: String,
    /// Accounts that are debited, in turn.
    pub debtor_accounts: Vec<Iban>,
    /// Accounts of the Treasury that are credited; when there is none, every payment goes to a bank.
    pub payee_accounts: Vec<PayeeAccount>,
    /// Payments made wrong on purpose, spread over the message.
    pub flaws: Vec<Flaw>,
    /// Whether the status report names every payment, or refused ones only: a setting of the client in the exchange.
    pub lists_every_payment: bool,
}

/// An account of the Treasury that internal payments go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayeeAccount {
    /// The account.
    pub iban: Iban,
    /// The classification of the payee's side.
    pub classification: Ekk,
}

impl FromStr for PayeeAccount {
    type Err = String;

    /// Reads `IBAN` or `IBAN=CODE`; without a code it is F22010010, demand deposits.
    fn from_str(text: &str) -> Result<PayeeAccount, String> {
        let (iban, code) = text.split_once('=').unwrap_or((text, "F22010010"));
        let iban = Iban::parse(iban).map_err(|error| format!("{iban}: {error}"))?;
        let classification = Ekk::parse(code).map_err(|error| format!("{code}: {error}"))?;
        Ok(PayeeAccount { iban, classification })
    }
}

/// A block of the message: which payments it holds and how they travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) number: u32,
    pub(super) first: u32,
    pub(super) transactions: u32,
    pub(super) route: Route,
    pub(super) debtor_account: Iban,
    /// By how much the numbers of documents in its texts are moved on.
    pub(super) document_offset: u64,
}

impl Block {
    /// Its payments.
    pub(super) fn ordinals(&self) -> Range<u32> {
        self.first..self.first + self.transactions
    }
}

impl PaymentBatch {
    /// A batch for the sandbox: its accounts, both routes, no flaws.
    ///
    /// # Panics
    /// Never: the accounts of the sandbox are valid (tested).
    #[must_use]
    pub fn new(transactions: u32, seed: u64, date: Date) -> PaymentBatch {
        let debtor = Iban::parse(DEBTOR_ACCOUNT).expect("the sandbox's accounts are valid");
        let payees = PAYEE_ACCOUNTS.iter().map(|(iban, code)| PayeeAccount {
            iban: Iban::parse(iban).expect("the sandbox's accounts are valid"),
            classification: Ekk::parse(code).expect("the sandbox's classification codes are valid"),
        });
        PaymentBatch {
            message_type: MessageType::Pain001V09,
            transactions,
            seed,
            date,
            message_id: message_id(transactions, seed, date),
            initiating_party: DEBTOR_NAME.to_owned(),
            debtor_accounts: vec![debtor],
            payee_accounts: payees.collect(),
            flaws: Vec::new(),
            lists_every_payment: false,
        }
    }

    /// The default `MsgId` of these settings. Settings that make other bytes have another one, so that the exchange can
    /// distinguish the messages.
    #[must_use]
    pub fn own_message_id(&self) -> String {
        let plain = message_id(self.transactions, self.seed, self.date);
        match self.variant() {
            0 => plain,
            variant => told_apart(&plain, variant),
        }
    }

    /// A number for everything but number, seed and date; 0 for what [`PaymentBatch::new`] sets.
    fn variant(&self) -> u64 {
        let usual = PaymentBatch::new(self.transactions, self.seed, self.date);
        let is_usual = self.message_type == usual.message_type
            && self.initiating_party == usual.initiating_party
            && self.debtor_accounts == usual.debtor_accounts
            && self.payee_accounts == usual.payee_accounts
            && self.flaws.is_empty();
        if is_usual {
            return 0;
        }
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text);
            hash.update([0]);
        };
        add(self.message_type.name());
        add(&self.initiating_party);
        self.debtor_accounts.iter().for_each(|account| add(account.as_str()));
        for payee in &self.payee_accounts {
            add(payee.iban.as_str());
            add(payee.classification.as_str());
        }
        self.flaws.iter().for_each(|flaw| add(flaw.code().id()));
        let hash: [u8; 32] = hash.finalize().into();
        hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)).max(1)
    }

    /// Two messages of one seed have the same payees and amounts in the same places. The numbers of documents in their texts
    /// differ, or the exchange would refuse the second one's payments as made already.
    fn document_offset(&self) -> u64 {
        Random::of(self.variant(), u64::from(self.transactions)).next()
    }

    /// Why the settings cannot be followed; `None` when they can.
    pub(super) fn objection(&self) -> Option<String> {
        if !matches!(self.message_type, MessageType::Pain001V03 | MessageType::Pain001V09) {
            return Some(format!(
                "{} is no bulk payment message: pain.001.001.03 or pain.001.001.09",
                self.message_type
            ));
        }
        if !(1..=TRANSACTIONS_MAX).contains(&self.transactions) {
            return Some(format!("{} payments: 1 to {TRANSACTIONS_MAX} can be made", self.transactions));
        }
        if self.debtor_accounts.is_empty() {
            return Some("no account to be debited".to_owned());
        }
        if !(1..=MESSAGE_ID_CHARACTERS_MAX).contains(&self.message_id.chars().count()) {
            return Some(format!(
                "the message id `{}` must have 1 to {MESSAGE_ID_CHARACTERS_MAX} characters",
                self.message_id
            ));
        }
        (self.flaws.len() as u64 > u64::from(self.transactions))
            .then(|| format!("{} flaws in {} payments", self.flaws.len(), self.transactions))
    }

    /// The blocks: at least four where there are payments enough; every second one internal.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let count = self.transactions.div_ceil(BLOCK_TRANSACTIONS_MAX).max(BLOCKS_MIN.min(self.transactions));
        let (each, more) = (self.transactions / count, self.transactions % count);
        let document_offset = self.document_offset();
        let mut first = 0;
        (0..count)
            .map(|number| {
                let transactions = each + u32::from(number < more);
                // A debtor takes its turn for a block of either route.
                let debtor_account = self.debtor_accounts[number as usize / 2 % self.debtor_accounts.len()];
                let internal = number % 2 == 1 && self.payees_of(debtor_account).next().is_some();
                let route = if internal { Route::Internal } else { Route::Sepa };
                let block = Block { number, first, transactions, route, debtor_account, document_offset };
                first += transactions;
                block
            })
            .collect()
    }

    /// `PmtInfId` of a block.
    pub(super) fn block_id(&self, block: &Block) -> String {
        format!("{}-P{}", self.message_id, block.number + 1)
    }

    /// The possible payees of an account: all but itself.
    pub(super) fn payees_of(&self, debtor_account: Iban) -> impl Iterator<Item = &PayeeAccount> {
        self.payee_accounts.iter().filter(move |payee| payee.iban != debtor_account)
    }
}

/// The same `MsgId` with five hexadecimal digits of a variant; where that is too long, the variant is mixed into it.
fn told_apart(message_id: &str, variant: u64) -> String {
    let id = format!("{message_id}-{:05X}", variant >> 44);
    if id.len() <= MESSAGE_ID_CHARACTERS_MAX {
        return id;
    }
    let mixed = message_id.bytes().fold(variant, |mixed, byte| Random::of(mixed, u64::from(byte)).next());
    format!("G-{mixed:016X}")
}

/// A `MsgId` that names the settings of the message or, where that is too long, holds a hash of them.
pub(super) fn message_id(transactions: u32, seed: u64, date: Date) -> String {
    let id = format!("GEN{}-{transactions}-{seed}", date.strftime("%Y%m%d"));
    if id.len() <= MESSAGE_ID_CHARACTERS_MAX {
        return id;
    }
    format!("G{}-{:016X}", date.strftime("%y%m%d"), Random::of(seed, u64::from(transactions)).next())
}
