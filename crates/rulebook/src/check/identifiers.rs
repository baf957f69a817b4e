//! Finds an identifier that occurred before in the message.
//!
//! The check keeps 96 bits of a keyed hash of each identifier, not the identifiers: 12 bytes each, 14 MB for a million.
//! A wrong refusal would need two identifiers with the same 96 bits: at a million identifiers that happens once in
//! 10^17 messages. The caller gives an unpredictable key, so no client can prepare identifiers that collide or crowd
//! one place.

use std::hash::{DefaultHasher, Hasher};

use crate::bounds::IDENTIFIERS_RESERVED_MAX;

/// 96 bits of a hash; all zero marks a free place.
type Fingerprint = [u32; 3];

const FREE: Fingerprint = [0; 3];

/// The places of the smallest table.
const PLACES_MIN: usize = 64;

/// A set of identifiers: open addressing with linear probing, at most seven eighths full.
#[derive(Debug)]
pub(super) struct Identifiers {
    places: Vec<Fingerprint>,
    used: usize,
    key: u64,
    /// For how many identifiers there should be room once an eighth of them has come.
    announced: usize,
}

impl Identifiers {
    pub(super) fn new(key: u64) -> Identifiers {
        Identifiers { places: Vec::new(), used: 0, key, announced: 0 }
    }

    /// Bytes that the table occupies.
    pub(super) fn heap_bytes(&self) -> usize {
        self.places.capacity() * size_of::<Fingerprint>()
    }

    /// The message says how many identifiers there will be. Believed only up to a bound, and not before an eighth of
    /// them is there.
    pub(super) fn announce(&mut self, identifiers: u64) {
        self.announced = usize::try_from(identifiers).unwrap_or(usize::MAX).min(IDENTIFIERS_RESERVED_MAX);
    }

    /// Adds an identifier; `false` when it was there before.
    pub(super) fn insert(&mut self, identifier: &str) -> bool {
        if self.used >= self.places.len() / 8 * 7 {
            self.grow();
        }
        let fingerprint = fingerprint(self.key, identifier);
        let added = place_in(&mut self.places, fingerprint);
        self.used += usize::from(added);
        added
    }

    fn grow(&mut self) {
        let announced = (self.announced / 7 * 8 + 16).max(PLACES_MIN);
        let is_believable = self.used * 8 >= self.announced && announced > self.places.len();
        let places = if is_believable { announced } else { (self.places.len() * 2).max(PLACES_MIN) };
        let before = std::mem::replace(&mut self.places, vec![FREE; places]);
        for fingerprint in before.into_iter().filter(|place| *place != FREE) {
            place_in(&mut self.places, fingerprint);
        }
    }
}

fn fingerprint(key: u64, identifier: &str) -> Fingerprint {
    let hash = |salt: u64| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(key ^ salt);
        hasher.write(identifier.as_bytes());
        hasher.finish()
    };
    let (first, second) = (hash(0), hash(u64::MAX));
    // The lowest bit is given away so that no fingerprint looks like a free place.
    [first as u32 | 1, (first >> 32) as u32, second as u32]
}

/// Puts a fingerprint into a table that has a free place; `false` when it was there.
fn place_in(places: &mut [Fingerprint], fingerprint: Fingerprint) -> bool {
    let hash = u64::from(fingerprint[2]) << 32 | u64::from(fingerprint[1]);
    // The high half of the product spreads the hash evenly over any number of places.
    let mut at = ((u128::from(hash) * places.len() as u128) >> 64) as usize;
    loop {
        match &mut places[at] {
            place if *place == FREE => {
                *place = fingerprint;
                return true;
            }
            place if *place == fingerprint => return false,
            _ => at = if at + 1 == places.len() { 0 } else { at + 1 },
        }
    }
}
