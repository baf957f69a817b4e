//! A second implementation of signing, naive: payment by payment, no sums kept, everything counted anew. It also checks
//! what must hold after each step.

use jiff::civil::Date;
use ledger::AccountId;
use payments::signing::{Card, Level, Policy, Signer, SigningState};

/// A signature, and the end of the person's band when it was given.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) signer: Signer,
    pub(super) level: Level,
    pub(super) to_minor: Option<i64>,
    /// The day of the payment then.
    pub(super) day: Date,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Payment {
    pub(super) message: usize,
    /// Payments that are judged together.
    pub(super) group: usize,
    pub(super) account: AccountId,
    pub(super) day: Date,
    pub(super) until: Date,
    pub(super) minor: i64,
    pub(super) needs: Vec<Level>,
    pub(super) marks: Vec<Mark>,
    pub(super) state: SigningState,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Second {
    pub(super) payments: Vec<Payment>,
    /// The policy of an account is at the place of its id.
    pub(super) policies: Vec<Policy>,
}

impl Second {
    fn policy(&self, account: AccountId) -> &Policy {
        &self.policies[usize::try_from(account.0).unwrap()]
    }

    fn total(&self, is_counted: impl Fn(&Payment) -> bool) -> i64 {
        self.payments.iter().filter(|payment| is_counted(payment)).map(|payment| payment.minor).sum()
    }

    /// The groups of these payments, in the order of their numbers.
    fn groups(&self, chosen: &[usize]) -> Vec<usize> {
        let mut groups: Vec<usize> = chosen.iter().map(|place| self.payments[*place].group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// Authorises the groups of these payments that lack nothing.
    pub(super) fn authorise(&mut self, chosen: &[usize]) {
        for group in self.groups(chosen) {
            let members = self.members(group, SigningState::Awaiting);
            let Some(first) = members.first().map(|place| self.payments[*place].clone()) else { continue };
            let same_day = |it: &Payment| (it.account, it.day) == (first.account, first.day);
            let sum = self.total(|it| same_day(it) && it.state == SigningState::Authorised)
                + self.total(|it| it.group == group && it.state == SigningState::Awaiting);
            let steps = self.policy(first.account).steps();
            let is_reached = |level: Level| steps.iter().any(|it| sum > it.above_minor && it.needs.has(level));
            let needs = |level: &Level| first.needs.contains(level) || is_reached(*level);
            let needs: Vec<Level> = Level::ALL.into_iter().filter(needs).collect();
            let is_signed = |level: &Level| first.marks.iter().any(|mark| mark.level == *level);
            let is_complete = needs.iter().all(is_signed);
            for place in members {
                self.payments[place].needs.clone_from(&needs);
                if is_complete {
                    self.payments[place].state = SigningState::Authorised;
                }
            }
        }
    }

    fn members(&self, group: usize, state: SigningState) -> Vec<usize> {
        let numbered = self.payments.iter().enumerate();
        numbered.filter(|(_, it)| it.group == group && it.state == state).map(|(place, _)| place).collect()
    }

    /// Signs; says whether the person could.
    pub(super) fn sign(&mut self, signer: Signer, card: Option<&Card>, today: Date, chosen: &[usize]) -> bool {
        let Some(entry) = card
            .filter(|it| it.valid_from <= today && today <= it.valid_until)
            .and_then(|it| it.entries.iter().find(|entry| entry.signer == signer).copied())
        else {
            return false;
        };
        let is_new = |it: &Payment| {
            it.state == SigningState::Awaiting
                && today <= it.until
                && it.marks.iter().all(|mark| mark.signer != signer && mark.level != entry.level)
        };
        let signed: Vec<usize> = chosen.iter().copied().filter(|place| is_new(&self.payments[*place])).collect();
        if signed.is_empty() {
            return false;
        }
        for place in &signed {
            let (account, day) = (self.payments[*place].account, self.payments[*place].day);
            let numbered = self.payments.iter().enumerate();
            let counted = numbered.filter(|(place, it)| {
                let has_level = it.marks.iter().any(|mark| mark.level == entry.level);
                (it.account, it.day) == (account, day)
                    && (it.state == SigningState::Authorised
                        || it.state == SigningState::Awaiting && has_level
                        || signed.contains(place))
            });
            let sum: i64 = counted.map(|(_, it)| it.minor).sum();
            if sum < entry.band.from_minor || entry.band.to_minor.is_some_and(|to| sum > to) {
                return false;
            }
        }
        for place in signed {
            let payment = &mut self.payments[place];
            let (level, to_minor) = (entry.level, entry.band.to_minor);
            payment.marks.push(Mark { signer, level, to_minor, day: payment.day });
        }
        self.authorise(chosen);
        true
    }

    pub(super) fn refuse(&mut self, signer: Signer, card: Option<&Card>, today: Date, chosen: &[usize]) -> bool {
        let is_signatory = card.is_some_and(|it| {
            it.valid_from <= today && today <= it.valid_until && it.entries.iter().any(|entry| entry.signer == signer)
        });
        let is_open = |it: &Payment| it.state == SigningState::Awaiting && today <= it.until;
        let open: Vec<usize> = chosen.iter().copied().filter(|place| is_open(&self.payments[*place])).collect();
        if !is_signatory || open.is_empty() {
            return false;
        }
        open.iter().for_each(|place| self.payments[*place].state = SigningState::Refused);
        true
    }

    pub(super) fn remove(&mut self, place: usize) -> bool {
        if self.payments[place].state != SigningState::Awaiting {
            return false;
        }
        self.payments[place].state = SigningState::Removed;
        true
    }

    pub(super) fn postpone(&mut self, to: Date) {
        for payment in &mut self.payments {
            if payment.state == SigningState::Awaiting && payment.day < to {
                payment.day = to;
            }
        }
    }

    pub(super) fn lapse(&mut self, today: Date) {
        for payment in &mut self.payments {
            if payment.state == SigningState::Awaiting && today > payment.until {
                payment.state = SigningState::Lapsed;
            }
        }
    }

    /// What must hold at every moment, from the payments alone.
    pub(super) fn check(&self) {
        for payment in &self.payments {
            for (place, mark) in payment.marks.iter().enumerate() {
                let others = &payment.marks[place + 1..];
                assert!(others.iter().all(|other| other.signer != mark.signer), "one person twice: {payment:?}");
                assert!(others.iter().all(|other| other.level != mark.level), "one level twice: {payment:?}");
            }
            if payment.state == SigningState::Authorised {
                self.check_policy(payment.account, payment.day);
                payment.marks.iter().for_each(|mark| self.check_band(payment.account, mark));
            }
        }
    }

    /// What was authorised within bands that end no later adds up to no more: of the days that the payments had when they
    /// were signed.
    fn check_band(&self, account: AccountId, mark: &Mark) {
        let Some(end) = mark.to_minor else { return };
        let is_within = |other: &Mark| {
            (other.level, other.day) == (mark.level, mark.day) && other.to_minor.is_some_and(|to| to <= end)
        };
        let is_counted = |it: &Payment| it.account == account && it.marks.iter().any(is_within);
        let sum = self.total(|it| it.state == SigningState::Authorised && is_counted(it));
        assert!(sum <= end, "{sum} by bands that end at {end}: {:#?}", self.payments);
    }

    /// What was authorised without a level adds up to what the policy allows without it.
    fn check_policy(&self, account: AccountId, day: Date) {
        let authorised = |it: &Payment| (it.account, it.day) == (account, day) && it.state == SigningState::Authorised;
        for level in Level::ALL {
            let mark_of = |it: &Payment| it.marks.iter().find(|mark| mark.level == level).cloned();
            let steps = self.policy(account).steps();
            if let Some(step) = steps.iter().find(|step| step.needs.has(level)) {
                let without = self.total(|it| authorised(it) && mark_of(it).is_none());
                assert!(without <= step.above_minor, "{without} without level {level:?}: {:#?}", self.payments);
            }
        }
    }
}
