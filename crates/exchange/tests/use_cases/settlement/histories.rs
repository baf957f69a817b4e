//! Random histories of a treasury and its clearing house: processes end at any call of the settlement system, before or after
//! its effect, or between any two steps; they take lots one by one or many together, the clearing house answers in any
//! order, twice, in pieces, and the client cancels at any moment. Each payment ends as it was decided there, once, or was
//! cancelled and never went there.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use exchange::Cancellation;
use exchange::settlement_port::{
    AnswerListId, OutgoingLot, OutgoingPayments, PaymentReference, SettlementAnswer, SettlementError, SettlementSystem,
};
use payments::Refusal;

use super::super::cancellation::refusals;
use super::super::random_histories::Draws;
use super::*;

/// Each is a history of its own; a failing one is named.
const SEEDS: u64 = 5;
const STEPS: usize = 25;

#[tokio::test]
async fn whatever_ends_processes_and_however_answers_come_each_payment_ends_once() {
    let mut census: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 1..=seeds(SEEDS) {
        History::begin(seed).await.live(&mut census).await;
    }
    for kind in [
        "end before a call's effect",
        "end after it",
        "end between two steps",
        "ACSC",
        "RJCT",
        "RTRN",
        "PDNG",
        "answered twice",
        "blocked",
        "paid by hand",
        "cancelled",
        "too late to cancel",
    ] {
        assert!(census.contains_key(kind), "{kind} never happened: {census:?}");
    }
}

/// The files, used by a process that ends at one of its calls.
struct Mortal {
    files: Arc<FileSettlement>,
    calls: AtomicU64,
    /// At which call the process ends, and whether that call has its effect.
    end: (u64, bool),
}

/// A process that does not end.
const NEVER: (u64, bool) = (u64::MAX, false);

/// Lets a process do so many steps between which it waits for something. Returns whether it came to its end.
async fn for_steps(steps: u64, work: impl Future<Output = ()>) -> bool {
    let (mut work, mut left) = (pin!(work), steps);
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|()| true)
    })
    .await
}

impl Mortal {
    fn call<T>(&self, call: impl FnOnce() -> Result<T, SettlementError>) -> Result<T, SettlementError> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let (end, has_effect) = self.end;
        if number < end {
            return call();
        }
        if number == end && has_effect {
            call()?;
        }
        Err(SettlementError::Unavailable("the process has ended".to_owned()))
    }

    fn has_ended(&self) -> bool {
        self.calls.load(Ordering::SeqCst) > self.end.0
    }
}

impl SettlementSystem for Mortal {
    fn hand_over(&self, lot: &OutgoingLot, payments: &mut dyn OutgoingPayments) -> Result<(), SettlementError> {
        self.call(|| self.files.hand_over(lot, payments))
    }

    fn waiting(&self, after: Option<&AnswerListId>, limit: usize) -> Result<Vec<AnswerListId>, SettlementError> {
        self.call(|| self.files.waiting(after, limit))
    }

    fn read(&self, list: &AnswerListId) -> Result<Vec<SettlementAnswer>, SettlementError> {
        self.call(|| self.files.read(list))
    }

    fn confirm(&self, list: &AnswerListId) -> Result<(), SettlementError> {
        self.call(|| self.files.confirm(list))
    }
}

struct History {
    seed: u64,
    draws: Draws,
    treasury: TestExchange,
    clearing: Arc<FileSettlement>,
    _folder: TempDir,
    /// What the clearing house has decided of each payment: its end, and whether its money came back.
    decided: BTreeMap<String, (i64, &'static str, bool)>,
    /// Answers that are on their way.
    to_send: Vec<(String, &'static str)>,
    files: usize,
    /// Cents that came back and that the operator has paid by hand.
    paid_by_hand: i64,
    /// What the client has sent.
    messages: Vec<String>,
}

impl History {
    async fn begin(seed: u64) -> History {
        let mut draws = Draws::of(seed);
        let settings = Settings {
            execute_chunk_payments: draws.one_of(&[AT_A_TIME, 8, 1_000]),
            lots_together_max: draws.one_of(&[1, 3, 200]),
            ..Settings::default()
        };
        let (treasury, clearing, folder) = treasury_with(settings).await;
        let (decided, to_send) = (BTreeMap::new(), Vec::new());
        History {
            seed,
            draws,
            treasury,
            clearing,
            _folder: folder,
            decided,
            to_send,
            files: 0,
            paid_by_hand: 0,
            messages: Vec::new(),
        }
    }

    async fn live(mut self, census: &mut BTreeMap<&'static str, usize>) {
        for step in 0..STEPS {
            match self.draws.below(14) {
                0..=2 => {
                    for number in 0..=self.draws.below(6) {
                        let payments = i64::try_from(1 + self.draws.below(8)).unwrap();
                        let id = format!("H{step}-{number}");
                        self.treasury.answer(&of_payments(&id, payments).xml()).await;
                        self.messages.push(id);
                    }
                }
                3..=6 => self = self.work(census).await,
                7..=9 => self.clear(census),
                10 => self = self.block_or_open(census).await,
                11 => self.pay_by_hand(census).await,
                _ => self.cancel(census).await,
            }
        }
        // The exchange ends all open work.
        set_state(&self.treasury, AccountState::Open).await;
        for _ in 0..2 {
            self = self.work_on(NEVER).await;
            self.clear(census);
            self.send(self.to_send.len());
        }
        self = self.work_on(NEVER).await;
        self.check().await;
    }

    /// While the account is blocked, money that comes back waits. Answers that are on their way arrive right then.
    async fn block_or_open(mut self, census: &mut BTreeMap<&'static str, usize>) -> History {
        let state = self.draws.one_of(&[AccountState::Blocked, AccountState::Open]);
        // What waits is booked soon after the account opens.
        if state == AccountState::Open {
            self.pay_by_hand(census).await;
        }
        set_state(&self.treasury, state).await;
        if state == AccountState::Open {
            *census.entry("opened").or_default() += 1;
            return self;
        }
        *census.entry("blocked").or_default() += 1;
        self.clear(census);
        self.send(self.to_send.len());
        self.work(census).await
    }

    /// The client cancels a message, or a payment of it; mostly one of the last.
    async fn cancel(&mut self, census: &mut BTreeMap<&'static str, usize>) {
        let back = self.draws.below(4);
        let place = self.messages.len().checked_sub(1 + usize::try_from(back).unwrap());
        let Some(id) = place.and_then(|place| self.messages.get(place)).cloned() else { return };
        let number = self.draws.chance(60).then(|| u32::try_from(1 + self.draws.below(3)).unwrap());
        let asked = Cancellation { message_id: id, number, ..Cancellation::default() };
        let caller = self.treasury.caller(Role::Manager).await;
        let kind = match self.treasury.exchange.cancel(&caller, asked, None, [0; 32]).await {
            Ok(outcome) if outcome.cancelled > outcome.cancelled_before => "cancelled",
            Ok(_) => "cancelled before",
            Err(failure) if failure.code == Code::NotFound => "no such payment",
            Err(failure) => {
                assert_eq!(failure.code, Code::CancellationTooLate, "seed {}", self.seed);
                "too late to cancel"
            }
        };
        *census.entry(kind).or_default() += 1;
        self.treasury.check_invariants().await;
    }

    async fn pay_by_hand(&mut self, census: &mut BTreeMap<&'static str, usize>) {
        let operator = self.treasury.exchange.operator();
        let Some(waiting) = operator.waiting_returns().await.unwrap().into_iter().next() else { return };
        operator.note_return_paid_by_hand(&waiting.payment).await.unwrap();
        self.paid_by_hand += self.decided[&waiting.payment].0;
        *census.entry("paid by hand").or_default() += 1;
    }

    /// A process works, and may end meanwhile.
    async fn work(mut self, census: &mut BTreeMap<&'static str, usize>) -> History {
        if self.draws.chance(30) {
            self.treasury = self.treasury.settled_by(self.clearing.clone());
            let steps = 1 + self.draws.below(60);
            let work = async { self.treasury.exchange.work_now().await.unwrap() };
            if !for_steps(steps, work).await {
                *census.entry("end between two steps").or_default() += 1;
            }
            self.treasury = self.treasury.restart();
            self.treasury.check_invariants().await;
            return self;
        }
        let has_effect = self.draws.chance(50);
        let end = if self.draws.chance(75) { (self.draws.below(6), has_effect) } else { NEVER };
        let (history, ended) = self.work_until(end).await;
        if ended {
            *census.entry(if has_effect { "end after it" } else { "end before a call's effect" }).or_default() += 1;
        }
        history
    }

    async fn work_on(self, end: (u64, bool)) -> History {
        self.work_until(end).await.0
    }

    async fn work_until(mut self, end: (u64, bool)) -> (History, bool) {
        let process = Arc::new(Mortal { files: Arc::clone(&self.clearing), calls: AtomicU64::new(0), end });
        self.treasury = self.treasury.settled_by(process.clone());
        work(&self.treasury).await;
        let is_refused = self.treasury.exchange.health().stands(Alarm::SettlementAnswersRefused);
        assert!(!is_refused, "seed {}: {:?}", self.seed, lines(&self.treasury, "settlement.answers-refused").await);
        (self, process.has_ended())
    }

    /// The clearing house decides about what came, and sends some of its answers.
    fn clear(&mut self, census: &mut BTreeMap<&'static str, usize>) {
        for payment in self.clearing.cleared() {
            if self.decided.contains_key(&payment.reference) {
                continue;
            }
            let end = self.draws.one_of(&["ACSC", "ACSC", "ACSC", "RJCT AC04", "RJCT MS03"]);
            let comes_back = end == "ACSC" && self.draws.chance(30);
            let reference = payment.reference;
            let mut said = vec![(if end == "ACSC" { "ACSC" } else { "RJCT" }, end)];
            said.extend(comes_back.then_some(("RTRN", "RTRN AC04")));
            said.extend(self.draws.chance(20).then_some(("PDNG", "PDNG")));
            for (kind, said) in said {
                self.to_send.push((reference.clone(), said));
                *census.entry(kind).or_default() += 1;
                if self.draws.chance(20) {
                    self.to_send.push((reference.clone(), said));
                    *census.entry("answered twice").or_default() += 1;
                }
            }
            self.decided.insert(reference, (payment.cents, end, comes_back));
        }
        let some = self.draws.below(self.to_send.len() as u64 + 1);
        self.send(usize::try_from(some).unwrap());
    }

    /// Sends so many of the answers that are on their way, in any order and in files of any size.
    fn send(&mut self, count: usize) {
        let mut sent: Vec<(String, &str)> = Vec::new();
        for _ in 0..count {
            let at = usize::try_from(self.draws.below(self.to_send.len() as u64)).unwrap();
            sent.push(self.to_send.swap_remove(at));
            if self.draws.chance(40) {
                self.put(&std::mem::take(&mut sent));
            }
        }
        self.put(&sent);
    }

    fn put(&mut self, answers: &[(String, &str)]) {
        if !answers.is_empty() {
            // In no order that the names would tell.
            let name = format!("{:04x}-{}.xml", self.draws.below(1 << 16), self.files);
            self.files += 1;
            let answers: Vec<(&str, &str)> = answers.iter().map(|(payment, said)| (payment.as_str(), *said)).collect();
            self.clearing.answer(&name, &answers);
        }
    }

    async fn check(&self) {
        assert_eq!(self.clearing.cleared().len(), self.decided.len(), "seed {}", self.seed);
        assert_eq!(self.clearing.unconfirmed(), Vec::<String>::new(), "seed {}", self.seed);
        let paid =
            |(cents, end, comes_back): &(i64, &str, bool)| if *end == "ACSC" && !comes_back { *cents } else { 0 };
        let paid = self.decided.values().map(paid).sum::<i64>() + self.paid_by_hand;
        assert_eq!(waiting(&self.treasury).await, Vec::<String>::new(), "seed {}", self.seed);
        assert_eq!(self.treasury.balance(&ministry_account()).await, (OPENING - paid, 0), "seed {}", self.seed);
        let open = self.treasury.store.read(|reading| {
            let mut open = 0;
            for stage in [payments::Stage::Held, payments::Stage::Dispatched] {
                open += reading.lots_in_stage(stage, TODAY, None, 1_000)?.len();
            }
            Ok::<_, Failure>(open)
        });
        assert_eq!(open.await.unwrap(), 0, "seed {}", self.seed);
        let cancelled: Vec<Refusal> = refusals(&self.treasury).await;
        let cancelled: Vec<&Refusal> = cancelled.iter().filter(|it| it.code == Code::CancelledByClient.id()).collect();
        for reference in self.decided.keys() {
            let PaymentReference { lot, ordinal } = reference.parse().unwrap();
            let covers = |it: &&&Refusal| it.message == lot.message && it.covers(ordinal, Some(lot.number));
            assert_eq!(cancelled.iter().find(covers), None, "seed {}: {reference} went out", self.seed);
        }
    }
}
