//! Properties that must hold at any moment, encoded once: for the simulation (after every step), for crash tests and
//! for the operator's check of a database at rest.
//!
//! [`Facts`] take rows in any order and keep only sums, so a database of many millions of entries fits. The caller may
//! add entries one by one or summed by the store. [`check`] returns the violations. The letters are those of
//! ARCHITECTURE.md; e, f, i, j and k concern storing and answering, and the store and the exchange check them.
//!
//! - a: balances, and entries, add up to 0 per currency
//! - b: an account's balance is the sum of its entries
//! - c: a customer's available funds are never below 0; no decision let the use of a day's limit grow beyond the limit
//!   in force then, or accepted a payment over the limit of one payment in force then
//! - d: the holds equal the open amounts of lots that are due and covered; a day's use equals what its lots take
//! - g: no payment is booked twice, or booked and refused; each payment of a finished lot is booked or refused
//! - h: opening + entries = closing for each account and day, and a day opens as the one before it closed

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use ledger::{Account, AccountId, AccountRole, DailyUse, Growth};
use money::Currency;

use crate::{Lot, LotId, PaymentId, Stage};

/// What [`check`] checks, in plain words.
pub const CHECKED: &[&str] = &[
    "a: balances, or entries, that do not add up to 0 in a currency",
    "b: accounts whose balance is not the sum of their entries",
    "c: customers with less than nothing available, more of a day's limit used than there was, or payments over the limit",
    "d: holds that are not what is open of lots that are due; use of a day's limit that is not what lots take",
    "g: payments booked twice, with another amount, booked and refused, in no lot, or otherwise than their lot counts",
    "h: days whose opening balance and entries are not their closing balance, or that do not open as the one before closed",
];

/// Maximum number of violations reported; a broken database has more than a person can read.
pub const VIOLATIONS_MAX: usize = 1_000;

/// The use of one execution date's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyUseFact {
    /// The account.
    pub account: AccountId,
    /// The execution date.
    pub date: Date,
    /// What is spoken for, and which limit allowed it.
    pub used: DailyUse,
}

/// The state of one payment so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentFact {
    /// The payment.
    pub id: PaymentId,
    /// The number of its lot, if it got into one (also when the lot refused it on admission).
    pub lot: Option<u32>,
    /// Minor units it was to move.
    pub minor: i64,
    /// How many entries it has on the payer's account.
    pub debits: u32,
    /// Sum of these entries, negative.
    pub debited: i64,
    /// Whether a refusal covers it.
    pub refused: bool,
}

/// Opening and closing balance of a day as a report states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFact {
    /// The account.
    pub account: AccountId,
    /// The day.
    pub date: Date,
    /// `OPBD` in minor units.
    pub opening: i64,
    /// `CLBD` in minor units.
    pub closing: i64,
}

/// Something that must not be. Amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the text of each says what it means")]
pub enum Violation {
    BalancesRemain { currency: Currency, remainder: i128 },
    EntriesRemain { currency: Currency, remainder: i128 },
    AccountMissing { account: AccountId },
    OtherCurrency { account: AccountId, currency: Currency },
    BalanceDiffers { account: AccountId, balance: i64, entries: i128 },
    Overdrawn { account: AccountId, balance: i64, held: i64 },
    OverDailyLimit { account: AccountId, date: Date, used: i64, limit: i64 },
    OverPaymentLimit { payment: PaymentId, minor: i64, limit: i64 },
    HoldDiffers { account: AccountId, held: i64, lots: i128 },
    DailyUseDiffers { account: AccountId, date: Date, used: i64, lots: i128 },
    LotContradictsItself { lot: LotId },
    LotDiffers { lot: LotId, booked: (u64, i128), payments: (u64, i128) },
    OpenDiffers { lot: LotId, open: u64, payments: u64 },
    LotMissing { payment: PaymentId, lot: u32 },
    BookedTwice { payment: PaymentId },
    BookedOtherAmount { payment: PaymentId, minor: i64, debited: i64 },
    BookedAndRefused { payment: PaymentId },
    Forgotten { payment: PaymentId },
    LotUnfinished { lot: LotId, stage: Stage },
    DayDoesNotAddUp { account: AccountId, date: Date, opening: i64, entries: i128, closing: i64 },
    DayDoesNotContinue { account: AccountId, date: Date, opening: i64, previous_closing: i64 },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Violation as V;
        match self {
            V::BalancesRemain { currency, remainder } => write!(f, "a: balances in {currency} leave {remainder}"),
            V::EntriesRemain { currency, remainder } => write!(f, "a: entries in {currency} leave {remainder}"),
            V::AccountMissing { account } => write!(f, "b: account {} is named but does not exist", account.0),
            V::OtherCurrency { account, currency } => {
                write!(f, "b: account {} has entries in {currency}, which is not its currency", account.0)
            }
            V::BalanceDiffers { account, balance, entries } => {
                write!(f, "b: account {} has balance {balance}, its entries add up to {entries}", account.0)
            }
            V::Overdrawn { account, balance, held } => {
                write!(f, "c: account {} has {balance} of which {held} on hold", account.0)
            }
            V::OverDailyLimit { account, date, used, limit } => {
                write!(f, "c: account {} was let use {used} of its limit {limit} of {date}", account.0)
            }
            V::OverPaymentLimit { payment, minor, limit } => {
                write!(f, "c: {payment} of {minor} was accepted over the limit {limit} of one payment")
            }
            V::HoldDiffers { account, held, lots } => {
                write!(f, "d: account {} has {held} on hold, its lots need {lots}", account.0)
            }
            V::DailyUseDiffers { account, date, used, lots } => {
                write!(f, "d: account {} uses {used} of its limit of {date}, its lots take {lots}", account.0)
            }
            V::LotContradictsItself { lot } => write!(f, "d: stage and sums of {lot} contradict each other"),
            V::LotDiffers { lot, booked, payments } => write!(
                f,
                "g: {lot} counts {} payments of {} as booked, its payments show {} of {}",
                booked.0, booked.1, payments.0, payments.1
            ),
            V::OpenDiffers { lot, open, payments } => {
                write!(f, "g: {lot} counts {open} payments as open, {payments} are neither booked nor refused")
            }
            V::LotMissing { payment, lot } => write!(f, "g: {payment} is in lot {lot}, which does not exist"),
            V::BookedTwice { payment } => write!(f, "g: {payment} is booked twice"),
            V::BookedOtherAmount { payment, minor, debited } => {
                write!(f, "g: {payment} of {minor} is booked with {debited}")
            }
            V::BookedAndRefused { payment } => write!(f, "g: {payment} is booked and refused"),
            V::Forgotten { payment } => write!(f, "g: {payment} is neither booked nor refused and in no lot"),
            V::LotUnfinished { lot, stage } => write!(f, "g: {lot} is still {stage:?} where all should be finished"),
            V::DayDoesNotAddUp { account, date, opening, entries, closing } => write!(
                f,
                "h: account {} on {date}: opening {opening} + entries {entries} is not closing {closing}",
                account.0
            ),
            V::DayDoesNotContinue { account, date, opening, previous_closing } => write!(
                f,
                "h: account {} opens {date} with {opening}, the day before closed with {previous_closing}",
                account.0
            ),
        }
    }
}

/// What is known of accounts, lots and payments, summed. Add rows in any order, then [`check`].
#[derive(Clone, Debug, Default)]
pub struct Facts {
    accounts: BTreeMap<AccountId, Account>,
    entries: BTreeMap<(AccountId, Currency, Date), i128>,
    lots: BTreeMap<LotId, Lot>,
    daily_use: Vec<DailyUseFact>,
    days: BTreeMap<(AccountId, Date), (i64, i64)>,
    payments_given: bool,
    /// Number and sum of booked payments by lot.
    booked: BTreeMap<LotId, (u64, i128)>,
    /// Payments that are neither booked nor refused, by lot: how many, and the first one.
    open: BTreeMap<LotId, (u64, PaymentId)>,
    /// The largest payment that was not refused, by lot.
    largest: BTreeMap<LotId, (i64, PaymentId)>,
    homeless: Vec<PaymentId>,
    found: Vec<Violation>,
    quiescent: bool,
}

impl Facts {
    /// Nothing is known yet.
    #[must_use]
    pub fn new() -> Facts {
        Facts::default()
    }

    /// Adds an account as it stands.
    pub fn account(&mut self, account: &Account) {
        self.accounts.insert(account.id, account.clone());
    }

    /// Adds an entry, or the sum of an account's entries of a day.
    pub fn entries(&mut self, account: AccountId, currency: Currency, booking_date: Date, minor: i128) {
        *self.entries.entry((account, currency, booking_date)).or_default() += minor;
    }

    /// Adds a lot as it stands.
    pub fn lot(&mut self, lot: &Lot) {
        self.lots.insert(lot.id, lot.clone());
    }

    /// Adds the use of a date's limit.
    pub fn daily_use(&mut self, daily_use: DailyUseFact) {
        self.daily_use.push(daily_use);
    }

    /// Adds a day's balances as they are stated.
    pub fn day(&mut self, day: DayFact) {
        self.days.insert((day.account, day.date), (day.opening, day.closing));
    }

    /// Adds a payment of a message that was decided on. Give all of them, or none: then g is checked on lots only.
    pub fn payment(&mut self, payment: PaymentFact) {
        self.payments_given = true;
        let PaymentFact { id, lot, minor, debits, debited, refused } = payment;
        if debits > 1 {
            self.found(Violation::BookedTwice { payment: id });
        } else if debits == 1 && debited.checked_neg() != Some(minor) {
            self.found(Violation::BookedOtherAmount { payment: id, minor, debited });
        }
        if debits > 0 && refused {
            self.found(Violation::BookedAndRefused { payment: id });
        }
        let lot = lot.map(|number| LotId { message: id.message, number });
        if let Some(lot) = lot.filter(|_| !refused) {
            let largest = self.largest.entry(lot).or_insert((minor, id));
            *largest = (*largest).max((minor, id));
        }
        match lot {
            Some(lot) if debits > 0 => {
                let (count, sum) = self.booked.entry(lot).or_default();
                *count += 1;
                *sum -= i128::from(debited);
            }
            Some(lot) if !refused => self.open.entry(lot).or_insert((0, id)).0 += 1,
            None if !refused && self.homeless.len() < VIOLATIONS_MAX => self.homeless.push(id),
            _ => {}
        }
    }

    /// States that nothing is to be done any more: each payment must have its final status.
    pub fn quiescent(&mut self) {
        self.quiescent = true;
    }

    fn found(&mut self, violation: Violation) {
        if self.found.len() < VIOLATIONS_MAX {
            self.found.push(violation);
        }
    }
}

/// What does not hold; empty when all is well. At most [`VIOLATIONS_MAX`].
#[must_use]
pub fn check(facts: &Facts) -> Vec<Violation> {
    let mut found = facts.found.clone();
    found.extend(check_sums(facts));
    found.extend(check_accounts(facts));
    found.extend(check_daily_use(facts));
    found.extend(check_lots(facts));
    found.extend(facts.homeless.iter().map(|&payment| Violation::Forgotten { payment }));
    found.extend(check_days(facts));
    found.truncate(VIOLATIONS_MAX);
    found
}

fn check_sums(facts: &Facts) -> Vec<Violation> {
    let mut balances: BTreeMap<Currency, i128> = BTreeMap::new();
    for account in facts.accounts.values() {
        *balances.entry(account.currency).or_default() += i128::from(account.balance);
    }
    let mut entries: BTreeMap<Currency, i128> = BTreeMap::new();
    for ((_, currency, _), minor) in &facts.entries {
        *entries.entry(*currency).or_default() += minor;
    }
    let left = |sums: BTreeMap<Currency, i128>| sums.into_iter().filter(|(_, remainder)| *remainder != 0);
    let balances = left(balances).map(|(currency, remainder)| Violation::BalancesRemain { currency, remainder });
    let entries = left(entries).map(|(currency, remainder)| Violation::EntriesRemain { currency, remainder });
    balances.chain(entries).collect()
}

fn check_accounts(facts: &Facts) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut sums: BTreeMap<AccountId, i128> = BTreeMap::new();
    for (&(account, currency, _), minor) in &facts.entries {
        match facts.accounts.get(&account) {
            None => found.push(Violation::AccountMissing { account }),
            Some(known) if known.currency != currency => found.push(Violation::OtherCurrency { account, currency }),
            Some(_) => *sums.entry(account).or_default() += minor,
        }
    }
    let mut holds: BTreeMap<AccountId, i128> = BTreeMap::new();
    for lot in facts.lots.values() {
        if !facts.accounts.contains_key(&lot.debtor) {
            found.push(Violation::AccountMissing { account: lot.debtor });
        }
        *holds.entry(lot.debtor).or_default() += i128::from(lot.open_hold());
    }
    for (&id, account) in &facts.accounts {
        let (balance, held) = (account.balance, account.held);
        let entries = sums.get(&id).copied().unwrap_or(0);
        if i128::from(balance) != entries {
            found.push(Violation::BalanceDiffers { account: id, balance, entries });
        }
        let overdrawn = account.role == AccountRole::Customer && account.available().is_none_or(|minor| minor < 0);
        if overdrawn || held < 0 {
            found.push(Violation::Overdrawn { account: id, balance, held });
        }
        let lots = holds.get(&id).copied().unwrap_or(0);
        if i128::from(held) != lots {
            found.push(Violation::HoldDiffers { account: id, held, lots });
        }
    }
    found
}

fn check_daily_use(facts: &Facts) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut lots: BTreeMap<(AccountId, Date), i128> = BTreeMap::new();
    for lot in facts.lots.values() {
        *lots.entry((lot.debtor, lot.execution_date)).or_default() += i128::from(lot.limit_use());
    }
    for &DailyUseFact { account, date, used: DailyUse { minor: used, growth } } in &facts.daily_use {
        if let Some(Growth { to, limit }) = growth.filter(|growth| growth.to > growth.limit) {
            found.push(Violation::OverDailyLimit { account, date, used: to, limit });
        }
        let lots = lots.remove(&(account, date)).unwrap_or(0);
        if i128::from(used) != lots {
            found.push(Violation::DailyUseDiffers { account, date, used, lots });
        }
    }
    let unrecorded = lots.into_iter().filter(|(_, lots)| *lots != 0);
    found.extend(unrecorded.map(|((account, date), lots)| Violation::DailyUseDiffers { account, date, used: 0, lots }));
    found
}

fn check_lots(facts: &Facts) -> Vec<Violation> {
    let mut found = Vec::new();
    for (&id, lot) in &facts.lots {
        if contradicts_itself(lot) {
            found.push(Violation::LotContradictsItself { lot: id });
        }
        let finished = matches!(lot.stage, Stage::Completed | Stage::Refused);
        if facts.quiescent && !finished {
            found.push(Violation::LotUnfinished { lot: id, stage: lot.stage });
        }
        if let (Some(limit), Some(&(minor, payment))) = (lot.limit_per_payment, facts.largest.get(&id))
            && minor > limit
        {
            found.push(Violation::OverPaymentLimit { payment, minor, limit });
        }
        if !facts.payments_given {
            continue;
        }
        let booked = (u64::from(lot.booked_count), i128::from(lot.booked));
        let payments = facts.booked.get(&id).copied().unwrap_or((0, 0));
        if booked != payments {
            found.push(Violation::LotDiffers { lot: id, booked, payments });
        }
        let payments = facts.open.get(&id).map_or(0, |(count, _)| *count);
        let open = u64::from(lot.count).saturating_sub(u64::from(lot.booked_count) + u64::from(lot.refused_count));
        if payments != open {
            found.push(Violation::OpenDiffers { lot: id, open, payments });
        }
    }
    let homeless = facts.open.iter().filter(|(id, _)| !facts.lots.contains_key(id));
    found.extend(homeless.map(|(id, (_, payment))| Violation::LotMissing { payment: *payment, lot: id.number }));
    let strays = facts.booked.keys().filter(|id| !facts.lots.contains_key(id));
    found.extend(strays.map(|id| Violation::LotDiffers { lot: *id, booked: (0, 0), payments: facts.booked[id] }));
    found
}

fn contradicts_itself(lot: &Lot) -> bool {
    let amounts = lot.total > 0 && lot.booked >= 0 && lot.refused >= 0;
    let sums = i128::from(lot.booked) + i128::from(lot.refused) <= i128::from(lot.total);
    let counts = u64::from(lot.booked_count) + u64::from(lot.refused_count) <= u64::from(lot.count);
    if !amounts || !sums || !counts {
        return true;
    }
    let open = (lot.open_count(), lot.open_minor());
    match lot.stage {
        // Single payments may have been cancelled.
        Stage::Scheduled | Stage::AwaitingFunds => lot.booked_count > 0 || lot.booked > 0 || open.0 == 0 || open.1 <= 0,
        Stage::Held | Stage::Dispatched => open.0 == 0 || open.1 <= 0,
        Stage::Completed => open != (0, 0) || lot.booked_count == 0,
        Stage::Refused => open != (0, 0) || lot.booked_count > 0,
    }
}

fn check_days(facts: &Facts) -> Vec<Violation> {
    let mut sums: BTreeMap<(AccountId, Date), i128> = BTreeMap::new();
    for (&(account, _, date), minor) in &facts.entries {
        *sums.entry((account, date)).or_default() += minor;
    }
    let mut found = Vec::new();
    let mut previous: Option<(AccountId, i64)> = None;
    for (&(account, date), &(opening, closing)) in &facts.days {
        let entries = sums.get(&(account, date)).copied().unwrap_or(0);
        if i128::from(opening) + entries != i128::from(closing) {
            found.push(Violation::DayDoesNotAddUp { account, date, opening, entries, closing });
        }
        match previous {
            Some((before, previous_closing)) if before == account && previous_closing != opening => {
                found.push(Violation::DayDoesNotContinue { account, date, opening, previous_closing });
            }
            _ => {}
        }
        previous = Some((account, closing));
    }
    found
}
