//! A random history of small messages, decided one by one and together, gives the same answers, books, statements and audit
//! lines of decisions.

use std::collections::HashMap;

use exchange::{AcceptancePolicy, Failure, Limits, Preferences, Settings, Submitted};

use super::waiting::{Sent, groups, one_by_one, sent, together_with_door};
use crate::random_histories::Draws;
use crate::support::messages::{Block, File, Payment, payment, report_request};
use crate::support::*;

/// Each is a history of its own; a failing one is named.
const SEEDS: u64 = 4;
const ROUNDS: usize = 4;

/// All that anybody can see of a history.
#[derive(Debug, PartialEq)]
struct Seen {
    answers: Vec<String>,
    statuses: Vec<String>,
    statements: Vec<String>,
    balances: Vec<(i64, i64)>,
    audit: Vec<String>,
}

#[tokio::test]
async fn a_history_is_the_same_decided_one_by_one_and_together() {
    let (mut refused, mut groups, mut decisions) = (0, 0.0, 0.0);
    for seed in 1..=seeds(SEEDS) {
        let history = History::of(seed);
        let (grouped, rounds, decided) = history.live_together(Place::folder()).await;
        let alone = history.live(Place::folder(), &rounds).await;
        assert_same(seed, &alone, &grouped);
        groups += decided.0;
        decisions += decided.1;
        refused += alone.answers.iter().filter(|answer| !answer.contains("<GrpSts>ACCP")).count();
        let (Some(one), Some(other)) = (Place::database(), Place::database()) else { continue };
        let (grouped, rounds, _) = history.live_together(one).await;
        let alone = history.live(other, &rounds).await;
        assert_same(seed, &renumbered(alone), &renumbered(grouped));
    }
    assert!(refused > 20, "hardly anything was refused: {refused}");
    assert!(groups < decisions / 2.0, "hardly anything was decided together: {groups} groups of {decisions}");
}

fn assert_same(seed: u64, alone: &Seen, grouped: &Seen) {
    let parts = |seen: &Seen| [&seen.answers, &seen.statuses, &seen.statements, &seen.audit].map(Clone::clone);
    for (one, other) in parts(alone).into_iter().flatten().zip(parts(grouped).into_iter().flatten()) {
        assert_eq!(one, other, "seed {seed}");
    }
    assert_eq!(alone, grouped, "seed {seed}");
}

/// What a message's number follows, in answers and in statements.
const IN_ANSWERS: [&str; 1] = ["TDAM"];
const IN_STATEMENTS: [&str; 3] = ["<AcctSvcrRef>P", "<AcctSvcrRef>L", "Return of P"];

/// PostgreSQL's sequences have gaps, and other ones each time: messages are numbered anew, in their order. Audit lines have
/// digests over the numbers.
fn renumbered(seen: Seen) -> Seen {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut renumber = |text: &String, markers: &[&str]| {
        let mut text = text.clone();
        for marker in markers {
            let mut parts = text.split(marker);
            let mut result = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                let digits = part.find(|next: char| !next.is_ascii_digit()).unwrap_or(part.len());
                let (number, rest) = part.split_at(digits);
                let next = numbers.len();
                let number = numbers.entry(number.to_owned()).or_insert(next);
                result += &format!("{marker}#{number}{rest}");
            }
            text = result;
        }
        text
    };
    Seen {
        answers: seen.answers.iter().map(|text| renumber(text, &IN_ANSWERS)).collect(),
        statuses: seen.statuses.iter().map(|text| renumber(text, &IN_ANSWERS)).collect(),
        statements: seen.statements.iter().map(|text| renumber(text, &IN_STATEMENTS)).collect(),
        audit: Vec::new(),
        ..seen
    }
}

struct History {
    acceptance: AcceptancePolicy,
    preferences: Preferences,
    limits: Limits,
    rounds: Vec<Vec<Sent>>,
}

impl History {
    fn of(seed: u64) -> History {
        let mut draws = Draws::of(seed);
        let per_day = draws.chance(50).then_some(900_00);
        let per_payment = draws.chance(30).then_some(190_00);
        let mut writer = Writer { seed, draws, numbers: 0, before: Vec::new() };
        History {
            acceptance: writer.draws.one_of(&[AcceptancePolicy::Partial, AcceptancePolicy::AllOrNothing]),
            preferences: Preferences { lists_every_payment: writer.draws.chance(50), ..Preferences::default() },
            limits: Limits { per_payment, per_day },
            rounds: (0..ROUNDS).map(|_| writer.round()).collect(),
        }
    }

    /// Decides each round together. Returns with what is seen the messages in the order in which they were decided, and how
    /// many groups there were of how many decisions.
    async fn live_together(&self, place: Place) -> (Seen, Vec<Vec<Sent>>, (f64, f64)) {
        let mut rounds = Vec::new();
        let (seen, treasury) = self.live_with(place, &self.rounds, Some(&mut rounds)).await;
        (seen, rounds, groups(&treasury))
    }

    /// Decides one message after another.
    async fn live(&self, place: Place, rounds: &[Vec<Sent>]) -> Seen {
        self.live_with(place, rounds, None).await.0
    }

    async fn live_with(
        &self,
        place: Place,
        rounds: &[Vec<Sent>],
        mut in_order: Option<&mut Vec<Vec<Sent>>>,
    ) -> (Seen, TestExchange) {
        let treasury = TestExchange::placed(place, self.acceptance, Settings::default()).await;
        let operator = treasury.exchange.operator();
        operator.set_preferences(treasury.ministry, self.preferences).await.unwrap();
        operator.set_account_limits(&ministry_account(), self.limits).await.unwrap();
        treasury.credit(&municipality_account(), 700_00).await;
        let (mut answers, mut accepted) = (Vec::new(), Vec::new());
        for (round, all) in rounds.iter().enumerate() {
            // A node that does not know the new day yet decides a message twice: this one, and no other.
            let first = File::new(&format!("DAY-{round}"), vec![payment(&format!("DAY-{round}"), 1, ESTONIAN)]);
            answers.push(treasury.answer(&first.xml()).await);
            let decided = match &mut in_order {
                Some(in_order) => {
                    let decided = as_decided(together_with_door(&treasury, round, all).await);
                    in_order.push(decided.iter().map(|(one, _)| one.clone()).collect());
                    decided
                }
                None => one_by_one(&treasury, all).await,
            };
            for (one, result) in decided {
                answers.push(said(&result));
                if result.is_ok() {
                    accepted.push(one);
                }
            }
            treasury.carry_out().await;
            if round + 1 < ROUNDS {
                operator.advance_business_day().await.unwrap();
            }
        }
        let mut statuses = Vec::new();
        for one in &accepted {
            let caller = treasury.caller(one.role).await;
            let message_id = texts(&one.xml, "MsgId")[0];
            let status = treasury.exchange.status(&caller, message_id).await.unwrap();
            statuses.push(String::from_utf8(status.pain002).unwrap());
        }
        let mut statements = Vec::new();
        for (role, iban) in [
            (Role::Manager, ministry_account()),
            (Role::Manager, ministry_second_account()),
            (Role::Neighbour, municipality_account()),
        ] {
            let today = operator.business_day().await.unwrap();
            let request = report_request("camt.052.001.08", &iban, TODAY, today);
            let (caller, received) = treasury.receive(role, request.as_bytes()).await.unwrap();
            let handle = treasury.exchange.order_reports(&caller, received).await.unwrap().remove(0);
            for number in 1..=handle.pages {
                let page = treasury.exchange.report_page(&caller, handle.report, number).await.unwrap();
                statements.push(String::from_utf8(page.xml).unwrap());
            }
        }
        let mut balances = Vec::new();
        for iban in [ministry_account(), ministry_second_account(), municipality_account()] {
            balances.push(treasury.balance(&iban).await);
        }
        // Those about bodies that became no message come when their senders have their answers.
        let lines = treasury.audit_lines().await.into_iter();
        let of_decisions =
            lines.filter(|line| ["payments.accepted", "payments.refused"].contains(&line.action.as_str()));
        let audit = of_decisions.map(|line| format!("{line:?}")).collect();
        treasury.check_invariants().await;
        (Seen { answers, statuses, statements, balances, audit }, treasury)
    }
}

/// A message and its result.
type Decided = (Sent, Result<Submitted, Failure>);

/// The messages of a group in the order in which they were decided: that of their numbers. One that got none follows the one
/// before it of the same client; nothing of another client depends on it.
fn as_decided(all: Vec<Decided>) -> Vec<Decided> {
    let (mut of_neighbour, mut of_ministry) = (0, 0);
    let mut decided: Vec<(u64, Decided)> = Vec::new();
    for (one, result) in all {
        let before = if matches!(one.role, Role::Neighbour) { &mut of_neighbour } else { &mut of_ministry };
        let answer = said(&result);
        let number = answer.split("<MsgId>TDAM").nth(1).and_then(|rest| rest.split('-').next()?.parse().ok());
        *before = number.unwrap_or(*before);
        decided.push((*before, (one, result)));
    }
    decided.sort_by_key(|(number, _)| *number);
    decided.into_iter().map(|(_, decided)| decided).collect()
}

fn said(result: &Result<Submitted, Failure>) -> String {
    match result {
        Ok(Submitted::Answer { pain002, .. }) => String::from_utf8(pain002.clone()).unwrap(),
        Ok(other) => panic!("no answer: {other:?}"),
        Err(failure) => format!("{:?} {:?} {:?}", failure.code, failure.detail, failure.given),
    }
}

/// Writes the messages of a history.
struct Writer {
    seed: u64,
    draws: Draws,
    numbers: u32,
    /// Identifiers that were used: of messages, blocks and payments.
    before: Vec<(Role, String)>,
}

impl Writer {
    /// Messages of both clients.
    fn round(&mut self) -> Vec<Sent> {
        let many = 2 + self.draws.below(5);
        let mut all = Vec::new();
        for _ in 0..many {
            all.push(self.message(Role::Neighbour));
            all.push(self.message(Role::Manager));
        }
        for _ in 0..self.draws.below(4) {
            let role = self.draws.one_of(&[Role::Manager, Role::OtherManager]);
            all.push(self.message(role));
        }
        all
    }

    fn message(&mut self, role: Role) -> Sent {
        let id = self.identifier(role, 10);
        let blocks = 1 + self.draws.below(2);
        let mut file = File::new(&id, Vec::new());
        file.blocks = (0..blocks).map(|_| self.block(role)).collect();
        if self.draws.chance(20) {
            file = file.older();
        }
        if self.draws.chance(5) {
            file.stated_payments = Some(99);
        }
        sent(role, &file)
    }

    fn block(&mut self, role: Role) -> Block {
        let of_ministry = self.draws.one_of(&[1, 1, 1, 2]);
        let debtor_iban = match role {
            Role::Neighbour if self.draws.chance(95) => municipality_account(),
            Role::Neighbour => ministry_account(),
            _ if of_ministry == 1 => ministry_account(),
            _ => ministry_second_account(),
        };
        let ahead = i64::try_from(self.draws.one_of(&[0_u64, 0, 0, 0, 1, 4])).unwrap();
        let date = TODAY.checked_add(jiff::Span::new().days(ahead)).unwrap();
        let payments = (0..=self.draws.below(3)).map(|_| self.payment(role)).collect();
        Block { id: self.identifier(role, 6), debtor_iban, date, payments }
    }

    fn payment(&mut self, role: Role) -> Payment {
        let creditor = match self.draws.below(10) {
            0..=3 => ESTONIAN.to_owned(),
            4 | 5 => municipality_account(),
            6 | 7 => ministry_account(),
            8 => ministry_second_account(),
            _ => treasury_iban(77),
        };
        let cents = i64::try_from(1 + self.draws.below(200_00)).unwrap();
        let id = self.identifier(role, 12);
        let payment = payment(&id, cents, &creditor);
        // Some have nothing of their own but their identifier.
        if self.draws.chance(20) { payment.saying("Nodoklis") } else { payment }
    }

    /// One that is new, or that this client has used before.
    fn identifier(&mut self, role: Role, used_percent: u64) -> String {
        if self.draws.chance(used_percent) {
            let of_client =
                |other: &&(Role, String)| matches!(other.0, Role::Neighbour) == matches!(role, Role::Neighbour);
            let used: Vec<&(Role, String)> = self.before.iter().filter(of_client).collect();
            if !used.is_empty() {
                let place = usize::try_from(self.draws.below(used.len() as u64)).unwrap();
                return used[place].1.clone();
            }
        }
        self.numbers += 1;
        let new = format!("E{}-{}", self.seed, self.numbers);
        self.before.push((role, new.clone()));
        new
    }
}
