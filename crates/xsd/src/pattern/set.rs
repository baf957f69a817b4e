//! Sets of characters, as sorted ranges.

const LAST: u32 = 0x10_FFFF;

/// Characters, as sorted ranges that neither touch nor overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct CharSet(pub(super) Vec<(u32, u32)>);

impl CharSet {
    pub(super) fn of(ranges: &[(char, char)]) -> CharSet {
        let ranges = ranges.iter().map(|&(from, to)| (u32::from(from), u32::from(to))).collect();
        CharSet(ranges).sorted()
    }

    fn sorted(mut self) -> CharSet {
        self.0.sort_unstable();
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(self.0.len());
        for (from, to) in self.0 {
            match out.last_mut() {
                Some(last) if from <= last.1.saturating_add(1) => last.1 = last.1.max(to),
                _ => out.push((from, to)),
            }
        }
        CharSet(out)
    }

    pub(super) fn add(self, other: CharSet) -> CharSet {
        let mut all = self.0;
        all.extend(other.0);
        CharSet(all).sorted()
    }

    pub(super) fn complement(&self) -> CharSet {
        let mut out = Vec::new();
        let mut next = 0;
        for &(from, to) in &self.0 {
            if from > next {
                out.push((next, from - 1));
            }
            next = to + 1;
        }
        if next <= LAST {
            out.push((next, LAST));
        }
        CharSet(out)
    }

    pub(super) fn without(&self, other: &CharSet) -> CharSet {
        // a \ b = not (not a or b)
        self.complement().add(other.clone()).complement()
    }
}
