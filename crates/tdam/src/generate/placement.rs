//! Which payments of a message are made wrong, and how.

use super::flaw::Flaw;
use super::plan::Block;

/// Which payments are wrong in which way, in file order.
pub(super) type Placed = Vec<(u32, Flaw)>;

/// Finds a payment for each flaw: spread evenly, and where the payment there cannot be wrong in that way or already is, the next that
/// can. A flaw that suits no payment is left out.
pub(super) fn place(flaws: &[Flaw], blocks: &[Block], transactions: u32) -> Placed {
    let mut placed: Placed = Vec::new();
    let parts = flaws.len() as u64 + 1;
    for (number, flaw) in flaws.iter().enumerate() {
        let wanted = u64::from(transactions) * (number as u64 + 1) / parts;
        let wanted = u32::try_from(wanted).unwrap_or(0);
        let suits = |ordinal: u32| {
            let route = blocks.iter().find(|block| block.ordinals().contains(&ordinal)).map(|block| block.route);
            route.is_some_and(|route| flaw.suits(route)) && placed.iter().all(|(taken, _)| *taken != ordinal)
        };
        if let Some(ordinal) = (wanted..transactions).chain(0..wanted).find(|ordinal| suits(*ordinal)) {
            placed.push((ordinal, *flaw));
        }
    }
    placed.sort_unstable_by_key(|(ordinal, _)| *ordinal);
    placed
}
