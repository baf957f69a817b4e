//! The decisions against the second implementation: all short histories of a small world, and long random ones of a larger.

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use ledger::AccountId;
use money::Currency;
use payments::signing::{
    Band, Card, CardEntry, Desk, DeskAccount, Level, Levels, Policy, PolicyStep, Portion, Signer, SigningAct,
    SigningError, SigningState, lapse, postpone, receive, refuse, remove, sign,
};
use proptest::prelude::*;

use super::second::{Mark, Payment, Second};

const FIRST_DAY: Date = date(2026, 11, 30);
/// Days for which an order can be signed, after the first.
const SIGNABLE_DAYS: i64 = 3;

/// What happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A message of two blocks of an account each, each with two payments.
    Submit {
        account: i64,
        day: u8,
        minor: [i64; 4],
    },
    Sign(Signer, Target),
    Refuse(Signer, Target),
    /// The payment, by its place among all.
    Remove(usize),
    /// Another card takes the place of the one in force.
    Card(usize),
    NextDay,
    Lapse,
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Message(usize),
    Block(usize, u32),
    Payment(usize),
}

/// A portion, and which payments of the second implementation it holds.
#[derive(Clone)]
struct Held {
    portion: Portion,
    payments: Vec<usize>,
    message: usize,
}

struct World {
    desk: Desk,
    held: Vec<Held>,
    second: Second,
    cards: Vec<Card>,
    card: usize,
    today: Date,
    messages: usize,
    groups: usize,
}

impl World {
    fn new() -> World {
        let levels = |levels: &[Level]| Levels::of(levels);
        let (one, two, three) = (Level::One, Level::Two, Level::Three);
        let step = |above_minor, needs| PolicyStep { above_minor, needs };
        let by_amount =
            vec![step(5, levels(&[one])), step(12, levels(&[one, two])), step(30, levels(&[one, two, three]))];
        let policies = vec![
            Policy::direct_within_limits(),
            Policy::sign_in_portal(levels(&[one, two])),
            Policy::by_amount(by_amount).unwrap(),
        ];
        let accounts = (0_i64..)
            .zip(&policies)
            .map(|(id, policy)| (AccountId(id), DeskAccount { currency: Currency::EUR, policy: policy.clone() }));
        let entry = |signer, level, from_minor, to_minor| CardEntry {
            signer: Signer(signer),
            level,
            band: Band { from_minor, to_minor },
        };
        let card = |entries| Card {
            currency: Currency::EUR,
            entries,
            valid_from: FIRST_DAY,
            valid_until: FIRST_DAY + 6.days(),
        };
        World {
            desk: Desk { accounts: accounts.collect(), ..Desk::default() },
            held: Vec::new(),
            second: Second { payments: Vec::new(), policies },
            cards: vec![
                card(vec![
                    entry(0, one, 0, Some(10)),
                    entry(1, one, 0, None),
                    entry(2, two, 0, Some(20)),
                    entry(3, two, 8, None),
                    entry(4, three, 0, None),
                ]),
                card(vec![entry(0, two, 0, Some(16)), entry(1, three, 0, Some(40)), entry(2, one, 0, Some(20))]),
            ],
            card: 0,
            today: FIRST_DAY,
            messages: 0,
            groups: 0,
        }
    }

    fn card(&self) -> Card {
        self.cards[self.card].clone()
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Submit { account, day, minor } => self.submit(account, day, minor),
            Step::Sign(signer, target) => self.act(signer, target, true),
            Step::Refuse(signer, target) => self.act(signer, target, false),
            Step::Remove(place) => self.remove(place),
            Step::Card(card) => self.card = card % self.cards.len(),
            Step::NextDay => {
                self.today += 1.day();
                self.all(postpone);
                self.second.postpone(self.today);
            }
            Step::Lapse => {
                self.all(lapse);
                self.second.lapse(self.today);
            }
        }
        self.compare(step);
    }

    /// Takes a decision that the day asks for on all portions.
    fn all(&mut self, decide: fn(Date, &mut [Portion], &mut Desk) -> Result<(), SigningError>) {
        let mut portions: Vec<Portion> = self.held.iter().map(|held| held.portion.clone()).collect();
        decide(self.today, &mut portions, &mut self.desk).unwrap();
        self.held.iter_mut().zip(portions).for_each(|(held, portion)| held.portion = portion);
    }

    fn submit(&mut self, account: i64, day: u8, minor: [i64; 4]) {
        let day = self.today + i64::from(day).days();
        let until = self.today + SIGNABLE_DAYS.days();
        let mut portions = Vec::new();
        for (block, pair) in (0_u32..).zip(minor.chunks(2)) {
            // The second block is of the next account.
            let account = AccountId((account + i64::from(block)) % 3);
            portions.push(Portion {
                block,
                account,
                day,
                signable_until: until,
                count: 2,
                total: pair.iter().sum(),
                needs: Levels::NONE,
                signatures: Vec::new(),
                state: SigningState::Awaiting,
            });
        }
        receive(&mut portions, &mut self.desk).unwrap();
        let mut arrived = Vec::new();
        for (portion, pair) in portions.into_iter().zip(minor.chunks(2)) {
            let first = self.second.payments.len();
            for minor in pair {
                self.second.payments.push(Payment {
                    message: self.messages,
                    group: self.groups,
                    account: portion.account,
                    day,
                    until,
                    minor: *minor,
                    needs: Vec::new(),
                    marks: Vec::new(),
                    state: SigningState::Awaiting,
                });
            }
            let payments: Vec<usize> = (first..self.second.payments.len()).collect();
            arrived.extend(&payments);
            self.held.push(Held { portion, payments, message: self.messages });
            self.groups += 1;
        }
        self.second.authorise(&arrived);
        self.messages += 1;
    }

    /// The payments of a target, and the portions after what is signed alone was split off.
    fn targeted(&self, target: Target) -> (Vec<Held>, Vec<bool>, Vec<usize>) {
        let mut held = self.held.clone();
        let is_targeted: Box<dyn Fn(&Held) -> bool> = match target {
            Target::Message(message) => {
                let message = message % self.messages.max(1);
                Box::new(move |held: &Held| held.message == message)
            }
            Target::Block(message, block) => {
                let message = message % self.messages.max(1);
                Box::new(move |held: &Held| held.message == message && held.portion.block == block)
            }
            Target::Payment(place) => {
                let place = place % self.second.payments.len().max(1);
                if let Some(at) = held.iter().position(|held| held.payments.contains(&place)) {
                    let minor = self.second.payments[place].minor;
                    let is_open = held[at].portion.state == SigningState::Awaiting;
                    if let Some(alone) = is_open.then(|| held[at].portion.split(1, minor)).flatten() {
                        held[at].payments.retain(|other| *other != place);
                        let message = held[at].message;
                        held.push(Held { portion: alone, payments: vec![place], message });
                    }
                }
                Box::new(move |held: &Held| held.payments == [place])
            }
        };
        let chosen: Vec<bool> = held.iter().map(is_targeted).collect();
        let payments = held.iter().zip(&chosen).filter(|(_, is)| **is).flat_map(|(held, _)| held.payments.clone());
        let payments = payments.collect();
        (held, chosen, payments)
    }

    fn act(&mut self, signer: Signer, target: Target, signs: bool) {
        let (mut held, chosen, payments) = self.targeted(target);
        let card = self.card();
        let act = SigningAct { signer, at: Timestamp::UNIX_EPOCH, today: self.today };
        let places: Vec<usize> = (0..held.len()).filter(|place| chosen[*place]).collect();
        let mut portions: Vec<Portion> = places.iter().map(|place| held[*place].portion.clone()).collect();
        let decide = if signs { sign } else { refuse };
        let decided = decide(act, Some(&card), &mut portions, &mut self.desk);
        let mut second = self.second.clone();
        // What was split off is judged by itself.
        if held.len() > self.held.len() {
            second.payments[payments[0]].group = self.groups;
        }
        let could = if signs {
            second.sign(signer, Some(&card), self.today, &payments)
        } else {
            second.refuse(signer, Some(&card), self.today, &payments)
        };
        match decided {
            Ok(()) => {
                assert!(could, "only the code lets {signer:?} act on {target:?}: {:#?}", self.second);
                self.groups += usize::from(held.len() > self.held.len());
                for (place, portion) in places.into_iter().zip(portions) {
                    held[place].portion = portion;
                }
                self.held = held;
                self.second = second;
            }
            Err(SigningError::Refused(refusal)) => {
                assert!(!could, "only the code says {refusal:?} to {signer:?} and {target:?}: {:#?}", self.second);
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn remove(&mut self, place: usize) {
        let place = place % self.second.payments.len().max(1);
        let Some(held) = self.held.iter_mut().find(|held| held.payments.contains(&place)) else { return };
        let minor = self.second.payments[place].minor;
        let is_there = self.second.payments[place].state == SigningState::Awaiting;
        let decided = if is_there {
            remove(&mut held.portion, 1, minor, &mut self.desk)
        } else {
            Err(SigningError::NotInPortion)
        };
        assert_eq!(decided.is_ok(), self.second.remove(place));
        if is_there && held.payments.len() > 1 {
            held.payments.retain(|other| *other != place);
        }
    }

    /// Both know the same, and what must hold holds.
    fn compare(&self, step: Step) {
        for held in &self.held {
            for place in &held.payments {
                let payment = &self.second.payments[*place];
                let signed: Vec<(Signer, Level)> =
                    held.portion.signatures.iter().map(|given| (given.signer, given.level)).collect();
                let marks: Vec<(Signer, Level)> =
                    payment.marks.iter().map(|Mark { signer, level, .. }| (*signer, *level)).collect();
                let ours = (held.portion.state, held.portion.day, signed);
                assert_eq!(ours, (payment.state, payment.day, marks), "payment {place} after {step:?}");
            }
        }
        self.second.check();
    }
}

/// Steps of the small world, after one message of 6, 8, 3 and 9 from the account with a policy by amount.
fn small_steps() -> Vec<Step> {
    let targets = [Target::Message(0), Target::Block(0, 0), Target::Payment(0)];
    let signs = (0..5).flat_map(|signer| targets.map(|target| Step::Sign(Signer(signer), target)));
    let others = [
        Step::Refuse(Signer(0), Target::Block(0, 0)),
        Step::Remove(1),
        Step::Card(1),
        Step::Submit { account: 2, day: 0, minor: [3, 3, 6, 1] },
    ];
    signs.chain(others).collect()
}

#[test]
fn all_short_histories_of_a_small_world_agree() {
    let steps = small_steps();
    let histories = steps.len().pow(3);
    for history in 0..histories {
        let mut world = World::new();
        world.take(Step::Submit { account: 2, day: 0, minor: [6, 8, 3, 9] });
        let mut rest = history;
        for _ in 0..3 {
            world.take(steps[rest % steps.len()]);
            rest /= steps.len();
        }
    }
}

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        3 => (0_usize..6).prop_map(Target::Message),
        2 => (0_usize..6, 0_u32..2).prop_map(|(message, block)| Target::Block(message, block)),
        3 => (0_usize..24).prop_map(Target::Payment),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let signer = || (0_i64..6).prop_map(Signer);
    prop_oneof![
        4 => (0_i64..3, 0_u8..2, prop::array::uniform4(1_i64..12))
            .prop_map(|(account, day, minor)| Step::Submit { account, day, minor }),
        20 => (signer(), any_target()).prop_map(|(signer, target)| Step::Sign(signer, target)),
        2 => (signer(), any_target()).prop_map(|(signer, target)| Step::Refuse(signer, target)),
        3 => (0_usize..24).prop_map(Step::Remove),
        2 => (0_usize..2).prop_map(Step::Card),
        1 => Just(Step::NextDay),
        1 => Just(Step::Lapse),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn long_histories_agree(steps in prop::collection::vec(any_step(), 1..60)) {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.take(step));
    }
}
