//! Values as bytes: one form for each value, so that equal values have equal digests and different ones different bytes.
//!
//! Numbers have their full width, highest byte first. Their length precedes texts, their count precedes lists, and a
//! number 0 or 1 precedes what may be absent. What begins with a label never changes: a form with another field gets
//! another label. The reader takes nothing but what the writer writes, to the last byte.

use ipnet::IpNet;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use ledger::{AccountId, Limits};
use money::Currency;

use crate::terms::{AcceptancePolicy, AccessMode, AccountKind};
use crate::{ApplicationId, ClientId, OnlineUserId, PersonId, Roles};

const EPOCH: Date = Date::constant(1970, 1, 1);
const HOURS_A_DAY: i64 = 24;

/// Stored bytes are not what the writer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable at byte {at}: no {wanted}")]
pub struct Unreadable {
    /// Where.
    pub at: usize,
    /// What should stand there.
    pub wanted: &'static str,
}

/// Bytes that are read from the front.
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    pub(crate) fn of(bytes: &'b [u8]) -> Reader<'b> {
        Reader { bytes, at: 0 }
    }

    pub(crate) fn no(&self, wanted: &'static str) -> Unreadable {
        Unreadable { at: self.at, wanted }
    }

    fn bytes(&mut self, count: usize, wanted: &'static str) -> Result<&'b [u8], Unreadable> {
        let end = self.at.checked_add(count).ok_or(self.no(wanted))?;
        let found = self.bytes.get(self.at..end).ok_or(self.no(wanted))?;
        self.at = end;
        Ok(found)
    }

    /// The value, when nothing follows it.
    pub(crate) fn end<T>(self, value: T) -> Result<T, Unreadable> {
        if self.at == self.bytes.len() { Ok(value) } else { Err(self.no("end")) }
    }
}

/// A value with a form of its own.
pub(crate) trait Canonical: Sized {
    fn put(&self, to: &mut Vec<u8>);
    fn take(from: &mut Reader<'_>) -> Result<Self, Unreadable>;
}

impl Canonical for i64 {
    fn put(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_be_bytes());
    }

    fn take(from: &mut Reader<'_>) -> Result<i64, Unreadable> {
        let bytes = from.bytes(size_of::<i64>(), "number")?;
        bytes.try_into().map(i64::from_be_bytes).map_err(|_| from.no("number"))
    }
}

/// Bytes with their length.
pub(crate) fn put_bytes(bytes: &[u8], to: &mut Vec<u8>) {
    (bytes.len() as i64).put(to);
    to.extend_from_slice(bytes);
}

impl Canonical for String {
    fn put(&self, to: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), to);
    }

    fn take(from: &mut Reader<'_>) -> Result<String, Unreadable> {
        let length = usize::try_from(i64::take(from)?).map_err(|_| from.no("length"))?;
        let bytes = from.bytes(length, "text")?;
        String::from_utf8(bytes.to_vec()).map_err(|_| from.no("text in UTF-8"))
    }
}

impl<T: Canonical> Canonical for Option<T> {
    fn put(&self, to: &mut Vec<u8>) {
        match self {
            None => 0_i64.put(to),
            Some(value) => {
                1_i64.put(to);
                value.put(to);
            }
        }
    }

    fn take(from: &mut Reader<'_>) -> Result<Option<T>, Unreadable> {
        match i64::take(from)? {
            0 => Ok(None),
            1 => T::take(from).map(Some),
            _ => Err(from.no("presence")),
        }
    }
}

impl<T: Canonical> Canonical for Vec<T> {
    fn put(&self, to: &mut Vec<u8>) {
        (self.len() as i64).put(to);
        self.iter().for_each(|item| item.put(to));
    }

    fn take(from: &mut Reader<'_>) -> Result<Vec<T>, Unreadable> {
        // A wrong count ends with the bytes: no room is taken ahead for it.
        let count = i64::take(from)?;
        if count < 0 {
            return Err(from.no("count"));
        }
        (0..count).map(|_| T::take(from)).collect()
    }
}

impl Canonical for Date {
    fn put(&self, to: &mut Vec<u8>) {
        (self.duration_since(EPOCH).as_hours() / HOURS_A_DAY).put(to);
    }

    fn take(from: &mut Reader<'_>) -> Result<Date, Unreadable> {
        let day = i64::take(from)?;
        let days = Span::new().try_days(day).map_err(|_| from.no("day"))?;
        EPOCH.checked_add(days).map_err(|_| from.no("day"))
    }
}

impl Canonical for Timestamp {
    fn put(&self, to: &mut Vec<u8>) {
        self.as_microsecond().put(to);
    }

    fn take(from: &mut Reader<'_>) -> Result<Timestamp, Unreadable> {
        Timestamp::from_microsecond(i64::take(from)?).map_err(|_| from.no("time"))
    }
}

impl Canonical for IpNet {
    fn put(&self, to: &mut Vec<u8>) {
        self.to_string().put(to);
    }

    fn take(from: &mut Reader<'_>) -> Result<IpNet, Unreadable> {
        let text = String::take(from)?;
        // Of the ways to write a network only ours counts.
        let network = text.parse::<IpNet>().ok().filter(|network| network.to_string() == text);
        network.ok_or(from.no("network"))
    }
}

impl Canonical for Currency {
    fn put(&self, to: &mut Vec<u8>) {
        self.code().to_owned().put(to);
    }

    fn take(from: &mut Reader<'_>) -> Result<Currency, Unreadable> {
        Currency::new(&String::take(from)?).map_err(|_| from.no("currency"))
    }
}

impl Canonical for Roles {
    fn put(&self, to: &mut Vec<u8>) {
        self.bits().put(to);
    }

    fn take(from: &mut Reader<'_>) -> Result<Roles, Unreadable> {
        Roles::of_bits(i64::take(from)?).ok_or(from.no("set of roles"))
    }
}

macro_rules! canonical_ids {
    ($($name:ident),+) => {
        $(impl Canonical for $name {
            fn put(&self, to: &mut Vec<u8>) {
                self.0.put(to);
            }

            fn take(from: &mut Reader<'_>) -> Result<$name, Unreadable> {
                i64::take(from).map($name)
            }
        })+
    };
}
canonical_ids!(AccountId, ApplicationId, ClientId, OnlineUserId, PersonId);

macro_rules! canonical_words {
    ($($name:ident),+) => {
        $(impl $crate::canonical::Canonical for $name {
            fn put(&self, to: &mut Vec<u8>) {
                self.word().to_owned().put(to);
            }

            fn take(from: &mut $crate::canonical::Reader<'_>) -> Result<$name, $crate::canonical::Unreadable> {
                <$name>::of_word(&String::take(from)?).ok_or(from.no(stringify!($name)))
            }
        })+
    };
}
canonical_words!(AcceptancePolicy, AccessMode, AccountKind);

/// The fields of a struct, in this order for ever.
macro_rules! canonical_fields {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::canonical::Canonical for $name {
            fn put(&self, to: &mut Vec<u8>) {
                let $name { $($field),+ } = self;
                $($field.put(to);)+
            }

            fn take(from: &mut $crate::canonical::Reader<'_>) -> Result<$name, $crate::canonical::Unreadable> {
                Ok($name { $($field: $crate::canonical::Canonical::take(from)?),+ })
            }
        }
    };
}
pub(crate) use canonical_fields;
canonical_fields!(Limits { per_payment, per_day });
