//! The decisions. Each changes portions and desk together, or nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;

use super::card::{Card, CardEntry, Signer};
use super::desk::Desk;
use super::portion::{Given, Portion, SigningState};
use super::refusal::{SigningError, SigningRefusal};

/// Somebody signs or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningAct {
    /// Who.
    pub signer: Signer,
    /// When, by the security clock.
    pub at: Timestamp,
    /// The business day.
    pub today: Date,
}

/// Takes portions of a new message, in file order: authorises those that need no signature.
///
/// # Errors
/// When the desk does not know an account, or a sum is too large.
pub fn receive(portions: &mut [Portion], desk: &mut Desk) -> Result<(), SigningError> {
    all_or_nothing(portions, desk, authorise_complete)
}

/// Signs all portions that wait and lack a signature of the person's level. The caller gives those of what the person
/// signed: of a message, of a block, or the one split off for a payment, in file order.
///
/// # Errors
/// When the person cannot sign: see [`SigningRefusal`]. One account and day outside the band refuses all of it, since one
/// signature covers it.
pub fn sign(
    act: SigningAct,
    card: Option<&Card>,
    portions: &mut [Portion],
    desk: &mut Desk,
) -> Result<(), SigningError> {
    let (card, entry) = authority(act, card)?;
    all_or_nothing(portions, desk, |portions, desk| {
        let waiting = || portions.iter().filter(|portion| portion.is_open_on(act.today));
        if waiting().next().is_none() {
            return Err(SigningRefusal::NothingWaits.into());
        }
        if waiting().all(|portion| portion.is_signed_by(act.signer)) {
            return Err(SigningRefusal::SignedBefore.into());
        }
        let is_signed_now = |portion: &Portion| {
            portion.is_open_on(act.today)
                && !portion.is_signed_by(act.signer)
                && !portion.signed_levels().has(entry.level)
        };
        if !portions.iter().any(is_signed_now) {
            return Err(SigningRefusal::LevelIsSigned.into());
        }
        judge_bands(card, &entry, portions.iter().filter(|portion| is_signed_now(portion)), desk)?;
        for portion in portions.iter_mut().filter(|portion| is_signed_now(portion)) {
            desk.add_waiting(portion, entry.level)?;
            portion.signatures.push(Given { signer: act.signer, level: entry.level, at: act.at });
        }
        authorise_complete(portions, desk)
    })
}

/// Refuses all portions that wait. Any signatory may, whatever the band: refusing gives nothing away.
///
/// # Errors
/// When the person is no signatory today, or nothing waits.
pub fn refuse(
    act: SigningAct,
    card: Option<&Card>,
    portions: &mut [Portion],
    desk: &mut Desk,
) -> Result<(), SigningError> {
    authority(act, card)?;
    all_or_nothing(portions, desk, |portions, desk| {
        let mut waited = false;
        for portion in portions.iter_mut().filter(|portion| portion.is_open_on(act.today)) {
            end(portion, SigningState::Refused, desk)?;
            waited = true;
        }
        if waited { Ok(()) } else { Err(SigningRefusal::NothingWaits.into()) }
    })
}

/// Removes payments from a portion that waits: cancelled, or refused for another reason than a signature. The others keep
/// their signatures, and still need those that they lack.
///
/// # Errors
/// When the portion does not wait or has not so much.
pub fn remove(portion: &mut Portion, count: u32, minor: i64, desk: &mut Desk) -> Result<(), SigningError> {
    all_or_nothing(std::slice::from_mut(portion), desk, |portions, desk| {
        let [portion] = portions else { return Err(SigningError::NotInPortion) };
        let left = portion.count.checked_sub(count).zip(portion.total.checked_sub(minor));
        let Some((count_left, left)) = left.filter(|_| portion.state == SigningState::Awaiting && count > 0) else {
            return Err(SigningError::NotInPortion);
        };
        if minor <= 0 || left < 0 || (count_left == 0) != (left == 0) {
            return Err(SigningError::NotInPortion);
        }
        if count_left == 0 {
            return end(portion, SigningState::Removed, desk);
        }
        desk.take_waiting(portion, minor)?;
        (portion.count, portion.total) = (count_left, left);
        Ok(())
    })
}

/// Ends the portions whose last day for signatures is over.
///
/// # Errors
/// When the sums that were loaded are not those of the portions.
pub fn lapse(today: Date, portions: &mut [Portion], desk: &mut Desk) -> Result<(), SigningError> {
    all_or_nothing(portions, desk, |portions, desk| {
        let is_over = |portion: &&mut Portion| portion.state == SigningState::Awaiting && !portion.is_open_on(today);
        portions.iter_mut().filter(is_over).try_for_each(|portion| end(portion, SigningState::Lapsed, desk))
    })
}

/// Moves portions that wait from days that are over to another one. It authorises nothing, even where the sum of that day
/// needs less.
///
/// # Errors
/// When the sums that were loaded are not those of the portions, or a sum is too large.
pub fn postpone(to: Date, portions: &mut [Portion], desk: &mut Desk) -> Result<(), SigningError> {
    all_or_nothing(portions, desk, |portions, desk| {
        let is_over = |portion: &&mut Portion| portion.state == SigningState::Awaiting && portion.day < to;
        for portion in portions.iter_mut().filter(is_over) {
            desk.take_waiting(portion, portion.total)?;
            portion.day = to;
            for level in portion.signed_levels().iter() {
                desk.add_waiting(portion, level)?;
            }
        }
        Ok(())
    })
}

/// The person's place on a card that is valid today.
fn authority(act: SigningAct, card: Option<&Card>) -> Result<(&Card, CardEntry), SigningRefusal> {
    let card = card.filter(|card| card.is_valid_on(act.today)).ok_or(SigningRefusal::NoCard)?;
    let entry = card.entry(act.signer).ok_or(SigningRefusal::NotOnCard)?;
    Ok((card, *entry))
}

/// Whether the person may sign these portions: with them, the sum of each account and day lies within the band.
fn judge_bands<'p>(
    card: &Card,
    entry: &CardEntry,
    signed: impl Iterator<Item = &'p Portion>,
    desk: &Desk,
) -> Result<(), SigningError> {
    let mut sums: BTreeMap<(AccountId, Date), i64> = BTreeMap::new();
    for portion in signed {
        let sum = sums.entry((portion.account, portion.day)).or_default();
        *sum = sum.checked_add(portion.total).ok_or(SigningError::Overflow)?;
    }
    for ((account, day), more) in sums {
        if desk.account(account)?.currency != card.currency {
            return Err(SigningRefusal::OtherCurrency { account }.into());
        }
        let sum_minor = desk.sum_at(account, day, entry.level, more)?;
        if !entry.band.holds(sum_minor) {
            return Err(SigningRefusal::OutsideBand { account, day, sum_minor }.into());
        }
    }
    Ok(())
}

/// Authorises what waits and lacks nothing, in order: what one portion takes of the day counts for the next. Only an
/// arrival or a signature authorises, so nothing is executed because something else was refused.
fn authorise_complete(portions: &mut [Portion], desk: &mut Desk) -> Result<(), SigningError> {
    for portion in portions.iter_mut().filter(|portion| portion.state == SigningState::Awaiting) {
        portion.needs = desk.needs(portion)?;
        if portion.signed_levels().has_all(portion.needs) {
            end(portion, SigningState::Authorised, desk)?;
            desk.add_authorised(portion)?;
        }
    }
    Ok(())
}

/// The portion waits no more.
fn end(portion: &mut Portion, state: SigningState, desk: &mut Desk) -> Result<(), SigningError> {
    desk.take_waiting(portion, portion.total)?;
    portion.state = state;
    if state == SigningState::Removed {
        (portion.count, portion.total) = (0, 0);
    }
    Ok(())
}

/// A decision that fails leaves portions and desk as they were. Portions are few.
fn all_or_nothing(
    portions: &mut [Portion],
    desk: &mut Desk,
    decide: impl FnOnce(&mut [Portion], &mut Desk) -> Result<(), SigningError>,
) -> Result<(), SigningError> {
    let (mut decided, mut sums) = (portions.to_vec(), desk.clone());
    decide(&mut decided, &mut sums)?;
    portions.clone_from_slice(&decided);
    *desk = sums;
    Ok(())
}
