//! Choices that a seed makes (SplitMix64).

use std::time::Duration;

pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub(crate) fn half(&mut self) -> bool {
        self.below(2) == 0
    }

    /// From nothing to `longest`, each order of magnitude equally likely: what matters happens within milliseconds in
    /// a release build on a quiet machine, and within seconds in a debug build on a busy one.
    pub(crate) fn moment(&mut self, longest: Duration) -> Duration {
        let part = f64::from(u32::try_from(self.below(1001)).unwrap()) / 1000.0;
        longest.mul_f64(10_f64.powf(-4.0 * part))
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}
