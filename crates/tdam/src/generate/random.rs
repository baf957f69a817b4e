//! Random-looking numbers from a seed: the same seed gives the same message on every machine, for ever.
//!
//! SplitMix64 (Steele, Lea, Flood 2014). Each payment has a generator of its own, so that a payment depends on the
//! seed and its place alone, and any of them can be made without those before it.

/// A generator.
#[derive(Clone, Debug)]
pub struct Random(u64);

/// The odd constant of SplitMix64: 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    /// The generator of place `ordinal` under `seed`.
    pub fn of(seed: u64, ordinal: u64) -> Random {
        let mut random = Random(seed ^ ordinal.wrapping_mul(GOLDEN).rotate_left(32));
        // Neighbouring places differ in few bits; one step mixes them.
        random.0 = random.next();
        random
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end`, `end` not included. The bias of a few in 2^64 does not matter here.
    pub fn below(&mut self, end: u64) -> u64 {
        assert!(end > 0, "there is no number below 0");
        self.next() % end
    }

    /// One of a list.
    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        assert!(!list.is_empty(), "one of nothing");
        let at = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list[at]
    }

    /// True `percent` times of a hundred.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_sequence_is_that_of_splitmix64() {
        // Reference values for seed 1234567, as published with the algorithm.
        let mut random = Random(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
