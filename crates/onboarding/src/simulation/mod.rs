//! An office in memory, driven by a seed. Staff enter, check, approve, refuse and take back at random, also what they may
//! not; two approve at once; what an application changes moves; the machine stops before a commit; days go by. After every
//! step the simulation compares the result with its own log of who really did what.
//!
//! A [`Fault`] is a bug planted on purpose: the test of this crate shows that the comparison finds each.

mod contents;
mod fault;
mod office;
mod random;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

pub use self::fault::Fault;
use self::office::{Log, Office, named};
use self::random::Random;
use crate::bounds::APPROVAL_DAYS_MAX;
use crate::{
    Actor, Application, ApplicationDigest, ApplicationId, Attachment, Base, Content, FileKind, Moment, Parts, PersonId,
    Refusal, State, Verification,
};

/// Moves shown when something fails.
const TRACE_MAX: usize = 30;
/// Applications that are looked at: the newest, so that each gets several moves.
const LOOKED_AT: usize = 12;

/// Something did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The seed of the run.
    pub seed: u64,
    /// After how many steps.
    pub step: u64,
    /// What did not hold.
    pub problems: Vec<String>,
    /// The last moves, oldest first.
    pub trace: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, step {}:", self.seed, self.step)?;
        self.problems.iter().try_for_each(|problem| writeln!(f, "  {problem}"))?;
        writeln!(f, "what happened before:")?;
        self.trace.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

impl std::error::Error for Failure {}

/// A simulated office.
#[derive(Debug)]
pub struct Simulation {
    seed: u64,
    random: Random,
    office: Office,
    at: Timestamp,
    fault: Option<Fault>,
    steps: u64,
    census: BTreeMap<String, u64>,
    trace: VecDeque<String>,
}

impl Simulation {
    /// An office, with a bug planted if any.
    #[must_use]
    pub fn new(seed: u64, fault: Option<Fault>) -> Simulation {
        let at = Timestamp::constant(1_790_000_000, 0);
        let office = Office::new(Offset::UTC.to_datetime(at).date());
        let random = Random::new(seed);
        Simulation { seed, random, office, at, fault, steps: 0, census: BTreeMap::new(), trace: VecDeque::new() }
    }

    /// What happened how often.
    #[must_use]
    pub fn census(&self) -> &BTreeMap<String, u64> {
        &self.census
    }

    fn moment(&self) -> Moment {
        Moment { at: self.at, today: self.today() }
    }

    fn today(&self) -> Date {
        Offset::UTC.to_datetime(self.at).date()
    }

    fn happened(&mut self, what: &str, story: impl fmt::Display) {
        *self.census.entry(what.to_owned()).or_default() += 1;
        if self.trace.len() == TRACE_MAX {
            self.trace.pop_front();
        }
        self.trace.push_back(format!("{:>6} {} {what}: {story}", self.steps, self.today()));
    }

    /// One move of somebody, and a look at everything.
    ///
    /// # Errors
    /// When an invariant does not hold.
    pub fn step(&mut self) -> Result<(), Failure> {
        self.steps += 1;
        self.at += SignedDuration::from_mins(self.random.below(40) as i64);
        // The machine stops before the commit.
        let before = self.random.once_in(15).then(|| self.office.clone());
        match self.random.below(24) {
            0 => self.days_go_by(),
            1 | 2 => self.enter(),
            _ => self.act(),
        }
        if let Some(before) = before {
            self.office = before;
            self.happened("crash", "nothing of it happened");
        }
        let problems = self.office.problems(self.steps.is_multiple_of(200));
        if problems.is_empty() {
            return Ok(());
        }
        Err(Failure { seed: self.seed, step: self.steps, problems, trace: self.trace.iter().cloned().collect() })
    }

    fn days_go_by(&mut self) {
        let many = self.random.once_in(6);
        let days = self.random.below(if many { 40 } else { 2 }) + 1;
        self.at += SignedDuration::from_hours(24 * days as i64);
        // The chore that ends what is over may be late.
        let late = self.random.once_in(2);
        let ended = if late { 0 } else { self.office.expire(self.today()) };
        self.happened("days go by", format_args!("{days}, {ended} expire"));
        if ended > 0 {
            *self.census.entry("expired".to_owned()).or_default() += ended as u64;
        }
        // What was approved for a later day takes effect when the day comes.
        let approved = |application: &&Application| application.state() == State::Approved;
        let waiting: Vec<Application> = self.office.applications.values().filter(approved).cloned().collect();
        for application in waiting {
            self.put_in_force(&application);
            let still = self.office.applications.get(&application.id()).filter(|it| it.state() == State::Approved);
            let base = self.office.base(application.content());
            if let Some(Ok(overtaken)) = still.filter(|_| self.fault.is_none()).map(|it| it.overtake(&base)) {
                self.office.applications.insert(overtaken.id(), overtaken);
                self.happened("overtaken", application.id());
            }
        }
    }

    fn enter(&mut self) {
        let today = self.today();
        let content = contents::content(&mut self.random, &self.office, today);
        let Some(actor) = self.somebody() else { return };
        let applicant = content.client().filter(|_| content.needs_signed_file()).map(|client| PersonId(100 + client.0));
        let id = ApplicationId(self.office.applications.len() as i64 + 1);
        let base = self.office.base(&content);
        let kind = content.kind().word();
        match Application::enter(id, content, applicant, &actor, self.moment(), &base) {
            Ok(application) => {
                let log =
                    Log { entered_by: actor.person, applicant, checked_by: None, approved: None, effects: Vec::new() };
                self.office.log.insert(id, log);
                self.office.applications.insert(id, application);
                self.happened(&format!("entered {kind}"), format_args!("{id} by {}", actor.person));
            }
            Err(refusal) => self.refused("enter", id, &actor, &refusal),
        }
    }

    fn refused(&mut self, what: &str, id: ApplicationId, actor: &Actor, refusal: &Refusal) {
        let name = format!("{what} refused: {}", named(refusal));
        self.happened(&name, format_args!("{id} by {}: {refusal}", actor.person));
    }

    fn somebody(&mut self) -> Option<Actor> {
        let persons: Vec<PersonId> = self.office.persons.keys().copied().collect();
        // Mostly the staff of the first day.
        let person = if self.random.once_in(5) {
            self.random.pick(&persons)?
        } else {
            PersonId(self.random.below(4) as i64 + 1)
        };
        self.office.actor(person, self.today())
    }

    fn act(&mut self) {
        // Mostly those that can still come to something.
        let ended = self.random.once_in(12);
        let open = |application: &&Application| {
            ended || !(application.state().is_final() || application.state() == State::InForce)
        };
        let newest = self.office.applications.values().rev().filter(open).take(LOOKED_AT);
        let ids: Vec<ApplicationId> = newest.map(Application::id).collect();
        let Some(id) = self.random.pick(&ids) else { return };
        let Some(application) = self.office.applications.get(&id).cloned() else { return };
        let Some(mut actor) = self.somebody() else { return };
        let entered_by = application.parts().entered.by;
        let drafting = application.state() == State::Draft && !self.random.once_in(5);
        if let Some(own) = self.office.actor(entered_by, self.today()).filter(|_| drafting) {
            actor = own;
        }
        // Mostly what comes next.
        let next = match application.state() {
            State::Draft if self.random.once_in(6) => 2,
            State::Draft if application.parts().attachments.is_empty() => 0,
            State::Draft if application.parts().attachments.iter().any(|file| file.verification.is_none()) => 1,
            State::Draft => 2,
            State::Submitted => 3,
            State::Checked => 4,
            _ => 5,
        };
        let what = if self.random.once_in(4) { self.random.below(8) } else { next };
        match what {
            0 => self.attach(&application, &actor),
            1 => self.verify(&application, &actor),
            2 => self.submit(&application, &actor),
            3 => self.check(&application, &actor),
            4 => self.approve(&application, &actor),
            5 => self.put_in_force(&application),
            6 => {
                let result = application.reject("Nav pamatots", &actor);
                self.done("reject", &application, &actor, result);
            }
            _ if self.random.once_in(3) => {
                let result = application.withdraw(&actor);
                self.done("withdraw", &application, &actor, result);
            }
            _ => self.rewrite(&application, &actor),
        }
    }

    fn done(&mut self, what: &str, of: &Application, actor: &Actor, result: Result<Application, Refusal>) -> bool {
        match result {
            Ok(next) => {
                self.office.applications.insert(of.id(), next);
                self.happened(what, format_args!("{} by {}", of.id(), actor.person));
                true
            }
            Err(refusal) => {
                self.refused(what, of.id(), actor, &refusal);
                false
            }
        }
    }

    fn attach(&mut self, application: &Application, actor: &Actor) {
        let number = self.random.below(3);
        let attachment = Attachment {
            kind: if number == 2 { FileKind::Supporting } else { FileKind::Signed },
            name: format!("pieteikums{number}.edoc"),
            sha256: [self.random.below(256) as u8; 32],
            size: self.random.below(5_000) as u64,
            verification: None,
        };
        let result = application.attach(attachment, actor);
        self.done("attach", application, actor, result);
    }

    fn verify(&mut self, application: &Application, actor: &Actor) {
        let files = &application.parts().attachments;
        let Some(name) = files.get(self.random.below(files.len())).map(|file| file.name.clone()) else { return };
        let result = application.verify_signature(&name, "eParakstītājs 3.0: derīgs", actor, self.moment());
        self.done("verify", application, actor, result);
    }

    fn rewrite(&mut self, application: &Application, actor: &Actor) {
        let today = self.today();
        let content = contents::content(&mut self.random, &self.office, today);
        let base = self.office.base(&content);
        let result = application.rewrite(content, actor, self.moment(), &base);
        if self.done("rewrite", application, actor, result) {
            // Who applied for the new content is who applied for the old one.
            self.happened("rewritten", application.id());
        }
    }

    fn submit(&mut self, application: &Application, actor: &Actor) {
        let base = self.office.base(application.content());
        let result = application.submit(actor, self.moment(), &base);
        self.done("submit", application, actor, result);
    }

    fn check(&mut self, application: &Application, actor: &Actor) {
        let result = match self.fault {
            Some(Fault::SignatureTaken) => as_if_verified(application, |taken| taken.check(actor, self.moment())),
            _ => application.check(actor, self.moment()),
        };
        if self.done("check", application, actor, result)
            && let Some(log) = self.office.log.get_mut(&application.id())
        {
            log.checked_by = Some(actor.person);
        }
    }

    /// What the approver sees, and what is stored by then, may differ; so may what two approvers do at once.
    fn approve(&mut self, application: &Application, actor: &Actor) {
        let shown = match (application.parts().digest, self.random.once_in(12)) {
            (_, true) | (None, _) => ApplicationDigest([7; 32]),
            (Some(digest), false) => digest,
        };
        let base = self.office.base(application.content());
        let (stored, taken_for, compared) = self.with_fault(application, actor, &base);
        let decide = |stored: &Application| stored.approve(shown, &taken_for, self.moment(), &compared);
        let result = match self.fault {
            Some(Fault::SignatureTaken) => as_if_verified(&stored, decide),
            _ => decide(&stored),
        };
        if !self.done("approve", application, actor, result) {
            return;
        }
        let today = self.today();
        if let Some(log) = self.office.log.get_mut(&application.id()) {
            log.approved = Some((actor.person, shown, base, today));
        }
        let approved = self.office.applications.get(&application.id()).cloned();
        approved.iter().for_each(|approved| self.put_in_force(approved));
        // A second approver has the same page open, and presses at the same moment.
        if self.random.once_in(3)
            && let Some(other) = self.somebody()
        {
            let now = self.office.applications.get(&application.id()).cloned();
            let held = if self.fault == Some(Fault::UsedTwice) { Some(stored) } else { now };
            let Some(held) = held else { return };
            let again = held.approve(shown, &other, self.moment(), &compared);
            match again {
                Ok(approved) => self.put_in_force(&approved),
                Err(refusal) => self.refused("second approval", application.id(), &other, &refusal),
            }
        }
    }

    /// What a decision looks at, when a bug is planted in it.
    fn with_fault(&self, application: &Application, actor: &Actor, base: &Base) -> (Application, Actor, Base) {
        let recorded = application.parts().base.clone().unwrap_or(Base::Nothing);
        match self.fault {
            Some(Fault::OwnApproval) => {
                (application.clone(), Actor { person: PersonId(i64::MAX), ..*actor }, base.clone())
            }
            Some(Fault::BaseNotCompared | Fault::UsedTwice) => (application.clone(), *actor, recorded),
            _ => (application.clone(), *actor, base.clone()),
        }
    }

    fn put_in_force(&mut self, application: &Application) {
        let mut application = application.clone();
        let mut base = self.office.base(application.content());
        let mut moment = self.moment();
        match self.fault {
            Some(Fault::BaseNotCompared | Fault::UsedTwice) => {
                base = application.parts().base.clone().unwrap_or(Base::Nothing);
            }
            Some(Fault::NeverLapses) => application = as_if_approved_today(&application, moment),
            Some(Fault::ContentSwapped) => application = swapped(&application),
            _ => {}
        }
        if moment.today < self.today() {
            moment.today = self.today();
        }
        match application.put_in_force(moment, &base) {
            Ok(next) => {
                self.office.applications.insert(next.id(), next.clone());
                self.office.take_effect(&next, moment.today, self.fault);
                self.happened(&format!("in force {}", next.content().kind().word()), next.id());
            }
            Err(refusal) => {
                let name = format!("effect refused: {}", named(&refusal));
                self.happened(&name, format_args!("{}: {refusal}", application.id()));
            }
        }
    }
}

/// A decision that takes every file for verified.
fn as_if_verified(
    application: &Application,
    decide: impl FnOnce(&Application) -> Result<Application, Refusal>,
) -> Result<Application, Refusal> {
    let taken = application.with(|parts| {
        let verification = Verification { by: parts.entered.by, at: parts.entered.at, how: "?".to_owned() };
        parts.attachments.iter_mut().for_each(|file| file.verification = Some(verification.clone()));
    });
    let files = application.parts().attachments.clone();
    decide(&taken).map(|next| next.with(|parts| parts.attachments = files))
}

/// An approval whose date nobody looks at.
fn as_if_approved_today(application: &Application, moment: Moment) -> Application {
    application.with(|parts: &mut Parts| {
        if let Some(approved) = parts.approved.as_mut() {
            approved.at = moment.at;
        }
    })
}

/// Other content under a digest that is computed again instead of compared.
fn swapped(application: &Application) -> Application {
    application.with(|parts: &mut Parts| {
        if let (Content::NewOnlineUser(registration), Some(base)) = (&mut parts.content, &parts.base) {
            registration.mode = crate::AccessMode::Manage;
            registration.name.push('!');
            parts.digest = Some(ApplicationDigest::of(&parts.content, &parts.attachments, base));
        }
    })
}

/// Days that a run must be able to skip, so that approvals lapse in it.
const _: () = assert!(APPROVAL_DAYS_MAX < 40);
