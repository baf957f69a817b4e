//! A bucket of tokens: so many flow in each second, up to a most, and what a caller does takes some out.
//!
//! Time is an argument. The arithmetic is exact, so no rounding adds up to a gift or a loss: a bucket is the moment at
//! which it is full again, on a clock that counts billionths of a token, of which `per_second` pass in a nanosecond.

use std::time::Duration;

use crate::quota_settings::Quota;

/// A bucket; the default is a full one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    /// When it is full, in billionths of a token since the clock began.
    full_at: u128,
}

/// Billionths of one token.
const TOKEN: u128 = 1_000_000_000;

impl Quota {
    /// The moment in billionths of a token. A clock of centuries times the largest rate fits.
    fn at(self, now: Duration) -> u128 {
        now.as_nanos().saturating_mul(u128::from(self.rate()))
    }

    fn rate(self) -> u64 {
        self.per_second.max(1)
    }

    fn capacity(self) -> u128 {
        u128::from(self.burst) * TOKEN
    }

    fn time_for(self, billionths: u128) -> Duration {
        Duration::from_nanos(u64::try_from(billionths.div_ceil(u128::from(self.rate()))).unwrap_or(u64::MAX))
    }
}

impl Bucket {
    fn missing(self, quota: Quota, now: Duration) -> u128 {
        self.full_at.saturating_sub(quota.at(now))
    }

    /// Whole tokens in it.
    pub(super) fn left(self, quota: Quota, now: Duration) -> u64 {
        let left = quota.capacity().saturating_sub(self.missing(quota, now)) / TOKEN;
        u64::try_from(left).unwrap_or(u64::MAX)
    }

    /// How long until it holds so many, if nobody takes any. Nobody need wait for more than a full bucket.
    pub(super) fn wait_for(self, quota: Quota, now: Duration, tokens: u64) -> Duration {
        let wanted = u128::from(tokens.min(quota.burst)) * TOKEN;
        quota.time_for((self.missing(quota, now) + wanted).saturating_sub(quota.capacity()))
    }

    /// How long until it is full.
    pub(super) fn full_in(self, quota: Quota, now: Duration) -> Duration {
        quota.time_for(self.missing(quota, now))
    }

    /// Takes so many, or all that it holds if that is less.
    pub(super) fn take(&mut self, quota: Quota, now: Duration, tokens: u64) {
        let full_at = self.full_at.max(quota.at(now)) + u128::from(tokens) * TOKEN;
        self.full_at = full_at.min(quota.at(now) + quota.capacity());
    }

    /// The bucket under another quota: what was taken stays taken.
    pub(super) fn under(self, old: Quota, new: Quota, now: Duration) -> Bucket {
        Bucket { full_at: new.at(now) + self.missing(old, now).min(new.capacity()) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quotas() -> impl Strategy<Value = Quota> {
        (1_u64..5_000_000_000, 1_u64..20_000_000_000).prop_map(|(per_second, burst)| Quota { per_second, burst })
    }

    /// Pauses in nanoseconds, and how many tokens are asked for after each.
    fn callers() -> impl Strategy<Value = Vec<(u64, u64)>> {
        prop::collection::vec((0_u64..3_000_000_000, 0_u64..2_000_000_000), 1..60)
    }

    proptest! {
        #[test]
        fn no_caller_gets_more_than_a_full_bucket_and_what_flowed_in(quota in quotas(), calls in callers()) {
            let (mut bucket, mut now, mut granted) = (Bucket::default(), Duration::from_secs(5), 0_u128);
            let begun = now;
            for (pause, tokens) in calls {
                now += Duration::from_nanos(pause);
                if tokens <= quota.burst && bucket.wait_for(quota, now, tokens).is_zero() {
                    bucket.take(quota, now, tokens);
                    granted += u128::from(tokens);
                }
                let flowed_in = (now - begun).as_nanos() * u128::from(quota.per_second);
                prop_assert!(granted * TOKEN <= quota.capacity() + flowed_in);
            }
        }

        #[test]
        fn a_caller_that_waits_as_long_as_it_is_told_succeeds_and_not_a_nanosecond_earlier(
            quota in quotas(), calls in callers(), tokens in 1_u64..20_000_000_000
        ) {
            let (mut bucket, mut now) = (Bucket::default(), Duration::ZERO);
            for (pause, tokens) in calls {
                now += Duration::from_nanos(pause);
                bucket.take(quota, now, tokens);
            }
            let tokens = tokens.min(quota.burst);
            let wait = bucket.wait_for(quota, now, tokens);
            prop_assert!(bucket.left(quota, now + wait) >= tokens);
            prop_assert!(bucket.wait_for(quota, now + wait, tokens).is_zero());
            if let Some(earlier) = wait.checked_sub(Duration::from_nanos(1)) {
                prop_assert!(bucket.left(quota, now + earlier) < tokens);
            }
        }

        #[test]
        fn left_and_full_agree(quota in quotas(), tokens in 0_u64..30_000_000_000) {
            let (mut bucket, now) = (Bucket::default(), Duration::from_secs(1));
            bucket.take(quota, now, tokens);
            prop_assert_eq!(bucket.left(quota, now), quota.burst.saturating_sub(tokens));
            prop_assert_eq!(bucket.left(quota, now + bucket.full_in(quota, now)), quota.burst);
        }

        #[test]
        fn a_new_quota_gives_nothing_back(old in quotas(), new in quotas(), tokens in 0_u64..30_000_000_000) {
            let (mut bucket, now) = (Bucket::default(), Duration::from_secs(1));
            bucket.take(old, now, tokens);
            let taken = old.burst - bucket.left(old, now);
            prop_assert_eq!(bucket.under(old, new, now).left(new, now), new.burst.saturating_sub(taken));
        }
    }
}
