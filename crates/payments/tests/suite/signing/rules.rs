//! Each rule of signing by an example.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use ledger::AccountId;
use money::Currency;
use payments::signing::{
    Band, Card, CardEntry, DaySums, Desk, DeskAccount, Level, Levels, Policy, PolicyError, PolicyStep, Portion, Signer,
    SigningAct, SigningError, SigningRefusal, SigningState, TransactionStatus, lapse, postpone, receive, refuse,
    remove, sign,
};

const TODAY: Date = date(2026, 11, 30);
const ACCOUNT: AccountId = AccountId(1);
const OTHER_ACCOUNT: AccountId = AccountId(2);
/// Level 1, up to 10 000.
const ANNA: Signer = Signer(11);
/// Level 1, without an end.
const BAIBA: Signer = Signer(12);
/// Level 2, without an end.
const CIPARS: Signer = Signer(21);
/// Level 2, only above 5 000.
const DACE: Signer = Signer(22);

fn card() -> Card {
    let entry = |signer, level, from_minor, to_minor| CardEntry { signer, level, band: Band { from_minor, to_minor } };
    Card {
        currency: Currency::EUR,
        entries: vec![
            entry(ANNA, Level::One, 0, Some(10_000)),
            entry(BAIBA, Level::One, 0, None),
            entry(CIPARS, Level::Two, 0, None),
            entry(DACE, Level::Two, 5_001, None),
        ],
        valid_from: TODAY,
        valid_until: TODAY + 1.year(),
    }
}

fn desk(policy: &Policy) -> Desk {
    let account = DeskAccount { currency: Currency::EUR, policy: policy.clone() };
    let accounts = [(ACCOUNT, account.clone()), (OTHER_ACCOUNT, account)].into();
    Desk { accounts, ..Desk::default() }
}

fn portion(total: i64) -> Portion {
    Portion {
        block: 0,
        account: ACCOUNT,
        day: TODAY,
        signable_until: TODAY + 10.days(),
        count: 1,
        total,
        needs: Levels::NONE,
        signatures: Vec::new(),
        state: SigningState::Awaiting,
    }
}

fn act(signer: Signer) -> SigningAct {
    SigningAct { signer, at: Timestamp::UNIX_EPOCH, today: TODAY }
}

fn one_and_two() -> Policy {
    Policy::sign_in_portal(Levels::of(&[Level::One, Level::Two]))
}

fn states(portions: &[Portion]) -> Vec<SigningState> {
    portions.iter().map(|portion| portion.state).collect()
}

fn refused(refusal: SigningRefusal) -> Result<(), SigningError> {
    Err(SigningError::Refused(refusal))
}

#[test]
fn without_a_policy_of_signatures_a_portion_is_authorised_at_once() {
    let (mut desk, mut portions) = (desk(&Policy::direct_within_limits()), [portion(7_000)]);
    receive(&mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Authorised]);
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums { authorised: 7_000, awaiting: [0; 3] });
}

#[test]
fn every_level_signs_once_by_another_person() {
    let (mut desk, mut portions) = (desk(&one_and_two()), [portion(7_000)]);
    receive(&mut portions, &mut desk).unwrap();
    assert_eq!(desk.levels_missing(&portions[0]), Ok(Levels::of(&[Level::One, Level::Two])));
    sign(act(ANNA), Some(&card()), &mut portions, &mut desk).unwrap();
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums { authorised: 0, awaiting: [7_000, 0, 0] });
    assert_eq!(desk.levels_missing(&portions[0]), Ok(Levels::of(&[Level::Two])));
    let again = sign(act(ANNA), Some(&card()), &mut portions, &mut desk);
    assert_eq!(again, refused(SigningRefusal::SignedBefore));
    let same_level = sign(act(BAIBA), Some(&card()), &mut portions, &mut desk);
    assert_eq!(same_level, refused(SigningRefusal::LevelIsSigned));
    sign(act(CIPARS), Some(&card()), &mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Authorised]);
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums { authorised: 7_000, awaiting: [0; 3] });
    assert_eq!(sign(act(DACE), Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NothingWaits));
}

#[test]
fn another_level_on_a_new_card_is_no_second_signature() {
    let (mut desk, mut portions) = (desk(&one_and_two()), [portion(7_000)]);
    sign(act(ANNA), Some(&card()), &mut portions, &mut desk).unwrap();
    let mut promoted = card();
    promoted.entries[0].level = Level::Two;
    let again = sign(act(ANNA), Some(&promoted), &mut portions, &mut desk);
    assert_eq!(again, refused(SigningRefusal::SignedBefore));
    assert_eq!(SigningRefusal::SignedBefore.iso_code(), Some("DS26"));
}

#[test]
fn a_signature_stands_when_its_card_is_over() {
    let (mut desk, mut portions) = (desk(&one_and_two()), [portion(7_000)]);
    sign(act(ANNA), Some(&card()), &mut portions, &mut desk).unwrap();
    let mut without_anna = card();
    without_anna.entries.remove(0);
    sign(act(CIPARS), Some(&without_anna), &mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Authorised]);
}

#[test]
fn only_signatories_of_a_valid_card_sign_or_refuse() {
    let (mut desk, mut portions) = (desk(&one_and_two()), [portion(7_000)]);
    let before = (portions.clone(), desk.clone());
    let (early, late) = (TODAY - 1.day(), TODAY + 1.year() + 1.day());
    for today in [early, late] {
        let act = SigningAct { today, ..act(ANNA) };
        assert_eq!(sign(act, Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NoCard));
        assert_eq!(refuse(act, Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NoCard));
    }
    assert_eq!(sign(act(ANNA), None, &mut portions, &mut desk), refused(SigningRefusal::NoCard));
    let stranger = act(Signer(99));
    assert_eq!(sign(stranger, Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NotOnCard));
    assert_eq!(refuse(stranger, Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NotOnCard));
    assert_eq!((portions, desk), before);
}

#[test]
fn splitting_does_not_widen_a_band() {
    let mut desk = desk(&one_and_two());
    let (mut first, mut second) = ([portion(6_000)], [portion(6_000)]);
    sign(act(ANNA), Some(&card()), &mut first, &mut desk).unwrap();
    let beyond = sign(act(ANNA), Some(&card()), &mut second, &mut desk);
    let outside = SigningRefusal::OutsideBand { account: ACCOUNT, day: TODAY, sum_minor: 12_000 };
    assert_eq!(beyond, refused(outside));
    // Not even when the first one is authorised, or another day or account is signed with it.
    sign(act(CIPARS), Some(&card()), &mut first, &mut desk).unwrap();
    assert_eq!(sign(act(ANNA), Some(&card()), &mut second, &mut desk), refused(outside));
    let mut mixed = [portion(6_000), Portion { account: OTHER_ACCOUNT, ..portion(1) }];
    assert_eq!(sign(act(ANNA), Some(&card()), &mut mixed, &mut desk), refused(outside));
    sign(act(BAIBA), Some(&card()), &mut second, &mut desk).unwrap();
    let mut tomorrow = [Portion { day: TODAY + 1.day(), ..portion(10_000) }];
    sign(act(ANNA), Some(&card()), &mut tomorrow, &mut desk).unwrap();
    let mut elsewhere = [Portion { account: OTHER_ACCOUNT, ..portion(10_000) }];
    sign(act(ANNA), Some(&card()), &mut elsewhere, &mut desk).unwrap();
}

#[test]
fn what_goes_without_signature_counts_for_bands_too() {
    let policy = Policy::by_amount(vec![PolicyStep { above_minor: 900, needs: Levels::of(&[Level::One]) }]).unwrap();
    let mut desk = desk(&policy);
    let (mut direct, mut more) = ([portion(900)], [portion(9_101)]);
    receive(&mut direct, &mut desk).unwrap();
    receive(&mut more, &mut desk).unwrap();
    assert_eq!((states(&direct), states(&more)), (vec![SigningState::Authorised], vec![SigningState::Awaiting]));
    let outside = SigningRefusal::OutsideBand { account: ACCOUNT, day: TODAY, sum_minor: 10_001 };
    assert_eq!(sign(act(ANNA), Some(&card()), &mut more, &mut desk), refused(outside));
}

#[test]
fn a_band_has_a_beginning() {
    let (mut desk, mut small, mut large) = (desk(&one_and_two()), [portion(5_000)], [portion(5_001)]);
    let outside = SigningRefusal::OutsideBand { account: ACCOUNT, day: TODAY, sum_minor: 5_000 };
    assert_eq!(sign(act(DACE), Some(&card()), &mut small, &mut desk), refused(outside));
    sign(act(DACE), Some(&card()), &mut large, &mut desk).unwrap();
}

#[test]
fn splitting_does_not_lower_what_a_policy_by_amount_needs() {
    let mut desk = desk(&two_above_ten_thousand());
    let mut halves = [portion(8_000), portion(8_000)];
    sign(act(BAIBA), Some(&card()), &mut halves, &mut desk).unwrap();
    assert_eq!(states(&halves), [SigningState::Authorised, SigningState::Awaiting]);
    assert_eq!(desk.levels_missing(&halves[1]), Ok(Levels::of(&[Level::Two])));
}

#[test]
fn bands_are_in_the_cards_currency() {
    let (mut desk, mut portions) = (desk(&one_and_two()), [portion(7_000)]);
    let card = Card { currency: Currency::new("USD").unwrap(), ..card() };
    let other = SigningRefusal::OtherCurrency { account: ACCOUNT };
    assert_eq!(sign(act(ANNA), Some(&card), &mut portions, &mut desk), refused(other));
}

#[test]
fn a_payment_is_signed_alone_and_the_rest_later() {
    let mut desk = desk(&one_and_two());
    let mut rest = Portion { count: 3, ..portion(9_000) };
    let mut one = rest.split(1, 2_000).unwrap();
    assert_eq!((rest.count, rest.total, one.count, one.total), (2, 7_000, 1, 2_000));
    for signer in [ANNA, CIPARS] {
        sign(act(signer), Some(&card()), std::slice::from_mut(&mut one), &mut desk).unwrap();
    }
    assert_eq!((one.state, rest.state), (SigningState::Authorised, SigningState::Awaiting));
    let mut all = [rest, one];
    sign(act(ANNA), Some(&card()), &mut all, &mut desk).unwrap();
    assert_eq!(all[1].signatures.len(), 2);
    sign(act(CIPARS), Some(&card()), &mut all, &mut desk).unwrap();
    assert_eq!(states(&all), [SigningState::Authorised; 2]);
}

#[test]
fn what_cannot_be_split_stays_whole() {
    let mut whole = Portion { count: 3, ..portion(9_000) };
    for (count, total) in [(0, 1), (3, 9_000), (4, 1), (1, 0), (1, 9_000), (1, -1)] {
        assert_eq!(whole.split(count, total), None, "{count} {total}");
        assert_eq!((whole.count, whole.total), (3, 9_000));
    }
}

#[test]
fn removing_a_payment_leaves_the_signatures_on_the_others() {
    let mut desk = desk(&one_and_two());
    let mut portions = [Portion { count: 3, ..portion(9_000) }];
    sign(act(ANNA), Some(&card()), &mut portions, &mut desk).unwrap();
    remove(&mut portions[0], 1, 2_000, &mut desk).unwrap();
    assert_eq!((portions[0].count, portions[0].total, portions[0].signatures.len()), (2, 7_000, 1));
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)].awaiting, [7_000, 0, 0]);
    sign(act(CIPARS), Some(&card()), &mut portions, &mut desk).unwrap();
    assert_eq!((portions[0].state, desk.sums[&(ACCOUNT, TODAY)].authorised), (SigningState::Authorised, 7_000));
    assert_eq!(remove(&mut portions[0], 1, 1, &mut desk), Err(SigningError::NotInPortion));
}

fn two_above_ten_thousand() -> Policy {
    let steps = vec![
        PolicyStep { above_minor: 0, needs: Levels::of(&[Level::One]) },
        PolicyStep { above_minor: 10_000, needs: Levels::of(&[Level::One, Level::Two]) },
    ];
    Policy::by_amount(steps).unwrap()
}

#[test]
fn what_was_needed_once_is_needed_for_good() {
    let mut desk = desk(&two_above_ten_thousand());
    let mut portions = [Portion { count: 2, ..portion(16_000) }];
    receive(&mut portions, &mut desk).unwrap();
    let one = portions[0].split(1, 8_000).unwrap();
    let mut portions = [portions[0].clone(), one];
    sign(act(BAIBA), Some(&card()), &mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Awaiting; 2]);
    refuse(act(ANNA), Some(&card()), &mut portions[1..], &mut desk).unwrap();
    remove(&mut portions[1], 1, 8_000, &mut desk).unwrap_err();
    postpone(TODAY + 1.day(), &mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Awaiting, SigningState::Refused]);
    assert_eq!((portions[0].day, portions[1].day), (TODAY + 1.day(), TODAY));
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums::default());
    assert_eq!(desk.sums[&(ACCOUNT, TODAY + 1.day())].awaiting, [8_000, 0, 0]);
    assert_eq!(desk.levels_missing(&portions[0]), Ok(Levels::of(&[Level::Two])));
    sign(act(CIPARS), Some(&card()), &mut portions[..1], &mut desk).unwrap();
    assert_eq!(portions[0].state, SigningState::Authorised);
}

#[test]
fn removing_all_payments_ends_a_portion() {
    let mut desk = desk(&one_and_two());
    let mut portions = [Portion { count: 2, ..portion(9_000) }];
    sign(act(ANNA), Some(&card()), &mut portions, &mut desk).unwrap();
    let before = (portions.clone(), desk.clone());
    for (count, minor) in [(0, 1), (3, 9_000), (2, 8_999), (1, 9_000), (1, 0), (1, -1)] {
        assert_eq!(remove(&mut portions[0], count, minor, &mut desk), Err(SigningError::NotInPortion));
    }
    assert_eq!((portions.clone(), desk.clone()), before);
    remove(&mut portions[0], 2, 9_000, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Removed]);
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums::default());
}

#[test]
fn a_signatory_refuses_what_waits_whatever_the_band() {
    let mut desk = desk(&one_and_two());
    let mut portions = [portion(50_000), portion(7_000)];
    sign(act(BAIBA), Some(&card()), &mut portions[..1], &mut desk).unwrap();
    refuse(act(ANNA), Some(&card()), &mut portions[..1], &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Refused, SigningState::Awaiting]);
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums::default());
    let again = refuse(act(ANNA), Some(&card()), &mut portions[..1], &mut desk);
    assert_eq!(again, refused(SigningRefusal::NothingWaits));
}

#[test]
fn an_order_that_nobody_signs_in_time_lapses() {
    let mut desk = desk(&one_and_two());
    let mut portions = [portion(7_000)];
    sign(act(ANNA), Some(&card()), &mut portions, &mut desk).unwrap();
    let last = portions[0].signable_until;
    lapse(last, &mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Awaiting]);
    // Whether the chore has come or not.
    let late = SigningAct { today: last + 1.day(), ..act(CIPARS) };
    assert_eq!(sign(late, Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NothingWaits));
    assert_eq!(refuse(late, Some(&card()), &mut portions, &mut desk), refused(SigningRefusal::NothingWaits));
    lapse(last + 1.day(), &mut portions, &mut desk).unwrap();
    assert_eq!(states(&portions), [SigningState::Lapsed]);
    assert_eq!(desk.sums[&(ACCOUNT, TODAY)], DaySums::default());
}

#[test]
fn statuses_are_those_of_the_generation() {
    let mut desk = desk(&one_and_two());
    let status = |status, reason| Some(TransactionStatus { status, reason });
    let mut signed = [portion(7_000)];
    assert_eq!(signed[0].status(true), status("PDNG", None));
    sign(act(ANNA), Some(&card()), &mut signed, &mut desk).unwrap();
    assert_eq!((signed[0].status(false), signed[0].status(true)), (status("PDNG", None), status("PATC", None)));
    for (state, older, newer) in [
        (SigningState::Authorised, None, None),
        (SigningState::Refused, status("RJCT", Some("DS02")), status("CANC", Some("DS02"))),
        (SigningState::Removed, status("RJCT", Some("DS02")), status("CANC", Some("DS02"))),
        (SigningState::Lapsed, status("RJCT", Some("DS24")), status("RJCT", Some("DS24"))),
    ] {
        signed[0].state = state;
        assert_eq!((signed[0].status(false), signed[0].status(true)), (older, newer), "{state:?}");
    }
}

#[test]
fn a_larger_sum_never_needs_less() {
    let step = |above_minor, levels: &[Level]| PolicyStep { above_minor, needs: Levels::of(levels) };
    let (one, two) = (Level::One, Level::Two);
    let by_amount = |steps: &[PolicyStep]| Policy::by_amount(steps.to_vec()).map(drop);
    assert_eq!(by_amount(&[]), Err(PolicyError::Steps));
    assert_eq!(by_amount(&[step(5, &[one]); 9]), Err(PolicyError::Steps));
    assert_eq!(by_amount(&[step(-1, &[one])]), Err(PolicyError::Amounts));
    assert_eq!(by_amount(&[step(5, &[one]), step(5, &[one, two])]), Err(PolicyError::Amounts));
    assert_eq!(by_amount(&[step(5, &[])]), Err(PolicyError::Levels));
    assert_eq!(by_amount(&[step(5, &[one]), step(6, &[two])]), Err(PolicyError::Levels));
    let policy = Policy::by_amount(vec![step(5, &[one]), step(9, &[one, two])]).unwrap();
    let needed = [(5, 0), (6, 1), (9, 1), (10, 2)];
    needed.iter().for_each(|(sum, levels)| assert_eq!(policy.needs(*sum).count(), *levels, "{sum}"));
}

#[test]
fn what_the_caller_did_not_load_or_cannot_be_added_changes_nothing() {
    let (mut desk, mut portions) = (desk(&one_and_two()), [Portion { account: AccountId(9), ..portion(7_000) }]);
    let unknown = Err(SigningError::UnknownAccount(AccountId(9)));
    assert_eq!(receive(&mut portions, &mut desk), unknown);
    assert_eq!(sign(act(ANNA), Some(&card()), &mut portions, &mut desk), unknown);
    let mut huge = [portion(i64::MAX), portion(1)];
    let before = (huge.clone(), desk.clone());
    assert_eq!(sign(act(BAIBA), Some(&card()), &mut huge, &mut desk), Err(SigningError::Overflow));
    assert_eq!((huge, desk.clone()), before);
    let mut signed = [portion(7_000)];
    sign(act(ANNA), Some(&card()), &mut signed, &mut desk).unwrap();
    desk.sums.clear();
    assert_eq!(refuse(act(ANNA), Some(&card()), &mut signed, &mut desk), Err(SigningError::SumsDiffer(ACCOUNT)));
    assert_eq!(states(&signed), [SigningState::Awaiting]);
}
