//! The specimen-signature card: who of a client signs, at which level, within which band of amounts.
//!
//! Onboarding checks and keeps cards (`onboarding::SignatureCard`); this is what a decision needs of one.

use jiff::civil::Date;
use money::Currency;

/// A person who may sign: the id of the person in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signer(pub i64);

/// The level of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The first.
    One,
    /// The second.
    Two,
    /// The third.
    Three,
}

impl Level {
    /// All, from the first.
    pub const ALL: [Level; 3] = [Level::One, Level::Two, Level::Three];

    /// The level of a number from 1 to 3.
    #[must_use]
    pub fn of_number(number: i64) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.number() == number)
    }

    /// 1 to 3.
    #[must_use]
    pub const fn number(self) -> i64 {
        self as i64 + 1
    }

    pub(super) const fn place(self) -> usize {
        self as usize
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Levels(u8);

impl Levels {
    /// No level: nobody need sign.
    pub const NONE: Levels = Levels(0);

    /// These levels.
    #[must_use]
    pub fn of(levels: &[Level]) -> Levels {
        levels.iter().fold(Levels::NONE, |set, level| set.with(*level))
    }

    /// The set, and this level.
    #[must_use]
    pub const fn with(self, level: Level) -> Levels {
        Levels(self.0 | level.bit())
    }

    /// What is in this set or in the other.
    #[must_use]
    pub const fn and(self, other: Levels) -> Levels {
        Levels(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Levels) -> Levels {
        Levels(self.0 & !other.0)
    }

    /// Whether the level is in it.
    #[must_use]
    pub const fn has(self, level: Level) -> bool {
        self.0 & level.bit() != 0
    }

    /// Whether all of the other set is in it.
    #[must_use]
    pub const fn has_all(self, other: Levels) -> bool {
        other.without(self).is_empty()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Each, from the first.
    pub fn iter(self) -> impl Iterator<Item = Level> {
        Level::ALL.into_iter().filter(move |level| self.has(*level))
    }
}

/// Amounts that a person signs, in minor units of the card's currency, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The smallest.
    pub from_minor: i64,
    /// The largest; `None`: any.
    pub to_minor: Option<i64>,
}

impl Band {
    /// Whether the amount lies in it.
    #[must_use]
    pub fn holds(self, minor: i64) -> bool {
        self.from_minor <= minor && self.to_minor.is_none_or(|to| minor <= to)
    }
}

/// A signatory on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardEntry {
    /// Who.
    pub signer: Signer,
    /// At which level; a person has one.
    pub level: Level,
    /// The sums of a day that the person signs.
    pub band: Band,
}

/// A client's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The currency of the bands.
    pub currency: Currency,
    /// Each person at most once.
    pub entries: Vec<CardEntry>,
    /// The first day.
    pub valid_from: Date,
    /// The last day.
    pub valid_until: Date,
}

impl Card {
    /// Whether it is valid on the day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        (self.valid_from..=self.valid_until).contains(&day)
    }

    /// The person's place on it.
    #[must_use]
    pub fn entry(&self, signer: Signer) -> Option<&CardEntry> {
        self.entries.iter().find(|entry| entry.signer == signer)
    }
}
