//! Jobs that wait for a writer: one line for each client and one for the exchange itself. Clients share the writer's
//! *time*: next is the line whose owner has had least of it. So a client with sixty payments under way delays its own
//! payments, and another client's payment by only one of them; and a client whose jobs take long delays the others by no
//! more than one whose jobs are short.
//!
//! This is start-time fair queueing (Goyal, Vin and Cheng, 1996): a clock of writing time stands where the last job
//! began; each job moves its owner's next one on by the time that it took. An owner that was idle begins at the clock, so
//! that nobody saves up time.
//!
//! Work without a waiting caller goes behind all jobs that waited when it came, and no further back: in turn it
//! would get half of the writer beside a single busy client.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use crate::ClientId;
use crate::bounds::{CHARGED_JOB_DURATION_MAX, OWNERS_IN_DEBT_MAX};

/// What a job counts for until its time is known: so owners of short jobs alternate.
const TURN: Duration = Duration::from_micros(1);

/// Whose job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    /// A client waits for it.
    Client(ClientId),
    /// An operator waits for it, or the exchange itself.
    Exchange,
    /// No caller waits for it.
    Background,
}

/// What waits, by whom it is for.
#[derive(Debug)]
pub(crate) struct Lines<T> {
    lines: HashMap<Owner, Line<T>>,
    /// Whose lines are not empty, by when they are due; of several that are due at once, the one that waits longest is first.
    due: BTreeMap<Place, Owner>,
    /// The owners whose next job is due after the clock.
    debts: HashMap<Owner, Debt>,
    /// When the job was due that was served last.
    clock: Duration,
    number: u64,
    /// How many stand in these lines, and how many have been served from them.
    waiting: u64,
    served: u64,
    /// Work of the background, each with the number of others that must be served before.
    background: VecDeque<(u64, T)>,
    /// How long the last job of the background took.
    background_took: Duration,
}

/// When a line is due, and since when it waits for that.
type Place = (Duration, u64);

#[derive(Clone, Copy, Debug, Default)]
struct Debt {
    /// When the owner's next job is due.
    due: Duration,
    /// How long its last one took.
    last: Duration,
}

#[derive(Debug)]
struct Line<T> {
    place: Place,
    jobs: VecDeque<T>,
}

impl<T> Default for Lines<T> {
    fn default() -> Lines<T> {
        Lines {
            lines: HashMap::new(),
            due: BTreeMap::new(),
            debts: HashMap::new(),
            clock: Duration::ZERO,
            number: 0,
            waiting: 0,
            served: 0,
            background: VecDeque::new(),
            background_took: Duration::ZERO,
        }
    }
}

impl<T> Lines<T> {
    pub(crate) fn push(&mut self, of: Owner, waits: T) {
        if of == Owner::Background {
            self.background.push_back((self.served + self.waiting, waits));
            return;
        }
        self.waiting += 1;
        match self.lines.get_mut(&of) {
            Some(line) => line.jobs.push_back(waits),
            None => self.line_up(of, VecDeque::from([waits])),
        }
    }

    fn line_up(&mut self, of: Owner, jobs: VecDeque<T>) {
        let due = self.debts.get(&of).copied().unwrap_or_default().due.max(self.clock);
        let place = (due, self.number);
        self.number += 1;
        self.due.insert(place, of);
        self.lines.insert(of, Line { place, jobs });
    }

    /// The job whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.pop_by(|_, _| true)
    }

    /// The same among lines whose first one may be taken; the others keep their turn.
    pub(crate) fn pop_where(&mut self, may: impl Fn(&T) -> bool) -> Option<T> {
        self.pop_by(|first, _| may(first))
    }

    /// The same, by the first one and how long its owner's last one took.
    fn pop_by(&mut self, may: impl Fn(&T, Duration) -> bool) -> Option<T> {
        let is_due = self.background.front().is_some_and(|(after, first)| {
            (self.waiting == 0 || *after <= self.served) && may(first, self.background_took)
        });
        if is_due {
            return self.background.pop_front().map(|(_, first)| first);
        }
        let is_next = |of: &Owner| {
            let first = self.lines.get(of).and_then(|line| line.jobs.front());
            first.is_some_and(|first| may(first, self.debts.get(of).copied().unwrap_or_default().last))
        };
        let (&place, &of) = self.due.iter().find(|(_, of)| is_next(of))?;
        self.due.remove(&place);
        let mut line = self.lines.remove(&of)?;
        self.clock = self.clock.max(place.0);
        let first = line.jobs.pop_front();
        let last = self.debts.get(&of).copied().unwrap_or_default().last;
        self.remember(of, Debt { due: self.clock + TURN, last });
        if !line.jobs.is_empty() {
            self.line_up(of, line.jobs);
        }
        self.waiting -= 1;
        self.served += 1;
        first
    }

    /// A job that shares the transaction of others, who wait for all of it: the first whose owner's last job took no longer
    /// than this. Another begins a transaction of its own.
    pub(crate) fn pop_joining(&mut self, duration_max: Duration, may: impl Fn(&T) -> bool) -> Option<T> {
        self.pop_by(|first, last| last <= duration_max && may(first))
    }

    /// A job of this owner has taken so long.
    pub(crate) fn took(&mut self, of: Owner, time: Duration) {
        if of == Owner::Background {
            self.background_took = time;
            return;
        }
        let due = self.debts.get(&of).copied().unwrap_or_default().due.max(self.clock);
        // A job that took very long counts for less: its owner's next one must not wait for ever.
        self.remember(of, Debt { due: due + time.min(CHARGED_JOB_DURATION_MAX), last: time });
        if let Some(line) = self.lines.remove(&of) {
            self.due.remove(&line.place);
            self.line_up(of, line.jobs);
        }
    }

    fn remember(&mut self, of: Owner, debt: Debt) {
        self.debts.insert(of, debt);
        // Those that the clock has passed say nothing. The bound only keeps the pass over all of them rare.
        if self.debts.len() > OWNERS_IN_DEBT_MAX {
            let clock = self.clock;
            self.debts.retain(|_, debt| debt.due > clock);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.due.is_empty() && self.background.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEDY: Owner = Owner::Client(ClientId(1));
    const OTHER: Owner = Owner::Client(ClientId(2));

    #[test]
    fn each_owner_in_turn_and_each_line_in_its_order() {
        let mut lines = Lines::default();
        for (of, waits) in
            [(GREEDY, 1), (GREEDY, 2), (GREEDY, 3), (OTHER, 4), (Owner::Exchange, 5), (Owner::Exchange, 6)]
        {
            lines.push(of, waits);
        }
        let first: Vec<i32> = std::iter::from_fn(|| lines.pop()).take(2).collect();
        assert_eq!(first, [1, 4], "the other client waits for one");
        lines.push(OTHER, 7);
        let rest: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(rest, [5, 2, 7, 6, 3]);
        assert!(lines.is_empty() && lines.lines.is_empty());
    }

    #[test]
    fn the_background_goes_behind_what_waited_when_it_came() {
        let mut lines = Lines::default();
        for (of, waits) in [(GREEDY, 1), (GREEDY, 2), (Owner::Background, 3), (GREEDY, 4), (Owner::Background, 5)] {
            lines.push(of, waits);
        }
        lines.push(OTHER, 6);
        let all: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(all, [1, 6, 3, 2, 5, 4]);
        lines.push(Owner::Background, 7);
        assert_eq!(lines.pop(), Some(7), "alone it is served at once");
        assert!(lines.is_empty());
    }

    #[test]
    fn who_may_not_be_taken_now_keeps_its_turn() {
        let mut lines = Lines::default();
        for (of, waits) in [(GREEDY, 1), (GREEDY, 2), (OTHER, 3), (OTHER, 4), (Owner::Exchange, 5)] {
            lines.push(of, waits);
        }
        assert_eq!(lines.pop_where(|waits| *waits >= 3), Some(3));
        assert_eq!(lines.pop_where(|waits| *waits == 2), None, "it stands behind another one");
        let rest: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(rest, [1, 5, 4, 2]);
    }

    const LONG: Duration = Duration::from_millis(150);
    const SHORT: Duration = Duration::from_millis(1);
    const JOINING_MAX: Duration = Duration::from_millis(10);

    /// Serves so many jobs, of which each takes its owner's time; in this order.
    fn served(lines: &mut Lines<Owner>, jobs: usize) -> Vec<Owner> {
        let serve = || {
            let of = lines.pop()?;
            lines.took(of, if of == GREEDY { LONG } else { SHORT });
            Some(of)
        };
        std::iter::from_fn(serve).take(jobs).collect()
    }

    #[test]
    fn who_takes_long_leaves_others_their_time() {
        let mut lines = Lines::default();
        for _ in 0..10 {
            lines.push(GREEDY, GREEDY);
        }
        for _ in 0..400 {
            lines.push(OTHER, OTHER);
        }
        let order = served(&mut lines, 310);
        let long = order.iter().filter(|of| **of == GREEDY).count();
        assert!((2..=3).contains(&long), "half of the time, whatever the number of jobs: {long}");
        let rest = served(&mut lines, 100);
        assert!(rest.contains(&GREEDY) && rest.contains(&OTHER), "none of them waits for ever");
    }

    #[test]
    fn a_newcomer_is_next_and_time_that_nobody_asked_for_is_not_saved_up() {
        let mut lines = Lines::default();
        for _ in 0..4 {
            lines.push(GREEDY, GREEDY);
        }
        assert_eq!(served(&mut lines, 3), [GREEDY; 3]);
        lines.push(OTHER, OTHER);
        assert_eq!(served(&mut lines, 1), [OTHER], "it does not wait for the line that was there");
        for _ in 0..1000 {
            lines.push(OTHER, OTHER);
        }
        let order = served(&mut lines, 200);
        assert!(order.contains(&GREEDY), "the newcomer has no claim on the time before it came");
    }

    #[test]
    fn what_takes_long_does_not_join_a_transaction() {
        let mut lines = Lines::default();
        lines.push(GREEDY, GREEDY);
        lines.push(GREEDY, GREEDY);
        assert_eq!(served(&mut lines, 1), [GREEDY]);
        lines.push(OTHER, OTHER);
        assert_eq!(lines.pop(), Some(OTHER));
        assert_eq!(lines.pop_joining(JOINING_MAX, |_| true), None);
        lines.push(OTHER, OTHER);
        assert_eq!(lines.pop_joining(JOINING_MAX, |_| true), Some(OTHER), "short ones still share");
        assert_eq!(lines.pop(), Some(GREEDY));
        lines.push(Owner::Background, Owner::Background);
        assert_eq!(
            lines.pop_joining(JOINING_MAX, |_| true),
            Some(Owner::Background),
            "nobody knows yet how long it takes"
        );
        lines.took(Owner::Background, LONG);
        lines.push(Owner::Background, Owner::Background);
        lines.push(GREEDY, GREEDY);
        lines.push(OTHER, OTHER);
        assert_eq!(lines.pop_joining(JOINING_MAX, |_| true), Some(OTHER), "those that would take long keep their turn");
        assert_eq!(lines.pop_joining(JOINING_MAX, |_| true), None);
        assert_eq!((lines.pop(), lines.pop()), (Some(Owner::Background), Some(GREEDY)));
    }

    #[test]
    fn the_remembered_owners_are_few() {
        let mut lines = Lines::default();
        for client in 0..100_000 {
            let of = Owner::Client(ClientId(client));
            lines.push(of, of);
            lines.pop();
            lines.took(of, SHORT);
            lines.push(GREEDY, GREEDY);
            lines.pop();
            lines.took(GREEDY, LONG);
            assert!(lines.debts.len() <= OWNERS_IN_DEBT_MAX + 1);
        }
    }
}
