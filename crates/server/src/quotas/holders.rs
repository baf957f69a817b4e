//! The buckets of many holders: online users, or addresses. Only those that are not full are worth remembering; when
//! there are too many of them, the fullest is forgotten, since that gives its holder least.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use super::bucket::Bucket;
use crate::quota_settings::{HolderQuotas, Quota};

/// What a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Requests,
    Bytes,
}

pub(super) struct Holders<K> {
    quotas: HolderQuotas,
    remembered_max: usize,
    buckets: HashMap<K, Buckets>,
}

#[derive(Clone, Copy, Default)]
struct Buckets {
    requests: Bucket,
    bytes: Bucket,
}

impl HolderQuotas {
    pub(super) fn of(self, kind: Kind) -> Option<Quota> {
        match kind {
            Kind::Requests => self.requests,
            Kind::Bytes => self.bytes,
        }
    }
}

impl Buckets {
    fn of(&mut self, kind: Kind) -> &mut Bucket {
        match kind {
            Kind::Requests => &mut self.requests,
            Kind::Bytes => &mut self.bytes,
        }
    }

    fn full_in(mut self, quotas: HolderQuotas, now: Duration) -> Duration {
        let of = |kind: Kind, bucket: &mut Bucket| quotas.of(kind).map(|quota| bucket.full_in(quota, now));
        let each = [Kind::Requests, Kind::Bytes].map(|kind| of(kind, self.of(kind)));
        each.into_iter().flatten().max().unwrap_or_default()
    }
}

impl<K: Copy + Eq + Hash> Holders<K> {
    pub(super) fn new(quotas: HolderQuotas, remembered_max: usize) -> Holders<K> {
        Holders { quotas, remembered_max: remembered_max.max(1), buckets: HashMap::new() }
    }

    pub(super) fn quotas(&self) -> HolderQuotas {
        self.quotas
    }

    /// The bucket of a holder; a holder that nobody remembers has a full one.
    pub(super) fn bucket(&self, holder: K, kind: Kind) -> Bucket {
        *self.buckets.get(&holder).copied().unwrap_or_default().of(kind)
    }

    /// How long until the holder's bucket has so many; nothing without a quota.
    pub(super) fn wait_for(&self, holder: K, kind: Kind, tokens: u64, now: Duration) -> Duration {
        let wait = self.quotas.of(kind).map(|quota| self.bucket(holder, kind).wait_for(quota, now, tokens));
        wait.unwrap_or_default()
    }

    pub(super) fn take(&mut self, holder: K, kind: Kind, tokens: u64, now: Duration) {
        let Some(quota) = self.quotas.of(kind) else { return };
        if let Some(buckets) = self.buckets.get_mut(&holder) {
            return buckets.of(kind).take(quota, now, tokens);
        }
        if self.buckets.len() >= self.remembered_max {
            self.make_room(now);
        }
        let mut buckets = Buckets::default();
        buckets.of(kind).take(quota, now, tokens);
        self.buckets.insert(holder, buckets);
    }

    /// Forgets all that are full, or else the fullest one. So nearly always one pass makes room for many.
    fn make_room(&mut self, now: Duration) {
        let quotas = self.quotas;
        self.buckets.retain(|_, buckets| !buckets.full_in(quotas, now).is_zero());
        if self.buckets.len() >= self.remembered_max {
            let fullest = self.buckets.iter().min_by_key(|(_, buckets)| buckets.full_in(quotas, now));
            if let Some(fullest) = fullest.map(|(holder, _)| *holder) {
                self.buckets.remove(&fullest);
            }
        }
    }

    /// Other quotas from now on; what was taken stays taken.
    pub(super) fn set_quotas(&mut self, quotas: HolderQuotas, now: Duration) {
        let old = std::mem::replace(&mut self.quotas, quotas);
        for kind in [Kind::Requests, Kind::Bytes] {
            for buckets in self.buckets.values_mut() {
                let bucket = buckets.of(kind);
                *bucket = match (old.of(kind), quotas.of(kind)) {
                    (Some(old), Some(new)) => bucket.under(old, new, now),
                    _ => Bucket::default(),
                };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REQUESTS: Quota = Quota { per_second: 10, burst: 100 };
    const QUOTAS: HolderQuotas =
        HolderQuotas { requests: Some(REQUESTS), bytes: Some(Quota { per_second: 1000, burst: 10_000 }) };
    const NOW: Duration = Duration::from_secs(1);

    fn left(holders: &Holders<u16>, holder: u16, now: Duration) -> u64 {
        holders.bucket(holder, Kind::Requests).left(REQUESTS, now)
    }

    #[test]
    fn the_fullest_bucket_is_forgotten_by_whichever_of_its_two_is_emptier() {
        let mut holders = Holders::new(QUOTAS, 3);
        holders.take(1, Kind::Requests, 50, NOW);
        // Full in 1 s, but for its bytes in 9 s.
        holders.take(2, Kind::Requests, 10, NOW);
        holders.take(2, Kind::Bytes, 9_000, NOW);
        holders.take(3, Kind::Requests, 20, NOW);
        holders.take(4, Kind::Requests, 1, NOW);
        assert_eq!([1, 2, 3, 4].map(|holder| left(&holders, holder, NOW)), [50, 90, 100, 99]);
    }

    #[test]
    fn full_ones_are_forgotten_first_and_together() {
        let mut holders = Holders::new(QUOTAS, 3);
        holders.take(1, Kind::Requests, 10, NOW);
        holders.take(2, Kind::Requests, 10, NOW);
        holders.take(3, Kind::Requests, 50, NOW);
        let later = NOW + Duration::from_secs(1);
        holders.take(4, Kind::Requests, 1, later);
        assert_eq!(holders.buckets.len(), 2);
        assert_eq!(left(&holders, 3, later), 60);
    }

    proptest! {
        #[test]
        fn so_many_are_remembered_and_no_more(takes in prop::collection::vec((0_u16..500, 1_u64..100, 0_u64..200), 1..400)) {
            let (mut holders, mut now) = (Holders::new(QUOTAS, 16), NOW);
            for (holder, tokens, pause) in takes {
                now += Duration::from_millis(pause);
                let before = left(&holders, holder, now);
                holders.take(holder, Kind::Requests, tokens, now);
                prop_assert_eq!(left(&holders, holder, now), before.saturating_sub(tokens));
                prop_assert!(holders.buckets.len() <= 16);
            }
        }
    }
}
