//! Random histories of an office beside payments: staff enter, check, approve on two nodes at once, refuse and take back, also what
//! they may not; an operator suspends and blocks; days go by; an act is cut off before its end, and the node starts again. After
//! each step the stored data hold all invariants, of applications and of money, and each payment is decided as a model of the
//! limits, rights and states says that never looks at the exchange.
//!
//! `TDAM_SEEDS` and `TDAM_OFFICE_STEPS` make a long search of it.

use std::collections::{BTreeMap, BTreeSet};
use std::task::{Context, Poll, Waker};

use exchange::{AccountState, Failure, Fingerprint, Limits, PersonCertificate, Presented, Staff, UserChange};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use ledger::AccountId;
use onboarding::{
    ApplicationDigest, ApplicationId, Content, FileKind, LiftBlock, LiftSuspension, OneDayLimits, OnlineUserId,
    PersonChange, PersonId, PersonRecord, Role as PersonRole, Roles, State,
};
use rulebook::Code;

use super::random_histories::Draws;
use super::support::messages::{File, payment};
use super::support::*;

const SEEDS: u64 = 3;
const STEPS: u64 = 100;
/// Who works there: what one may do, another may not. The first two are there from the beginning.
const STAFF: [&[PersonRole]; 4] = [
    &[PersonRole::Clerk, PersonRole::Approver],
    &[PersonRole::Clerk, PersonRole::Approver],
    &[PersonRole::Clerk],
    &[PersonRole::Approver],
];
/// The last working day of the week.
const FRIDAY: Date = Date::constant(2026, 11, 27);

/// Who really did what with an application.
#[derive(Debug)]
struct Log {
    content: Content,
    entered: usize,
    checked: Option<usize>,
    approved: Option<usize>,
    /// Who began to check it and was cut off: it may have happened, or may happen yet while the node ends.
    perhaps_checked: Vec<usize>,
    /// Nothing can come of it any more.
    ended: bool,
}

/// An office, and what it should have come to. Over PostgreSQL it has two nodes.
struct Office {
    draws: Draws,
    nodes: Vec<TestExchange>,
    staff: Vec<Staff>,
    log: BTreeMap<ApplicationId, Log>,
    account: AccountId,
    user: OnlineUserId,
    today: Date,
    /// The model: what holds, and what of each day is used.
    own: Limits,
    of_days: BTreeMap<Date, (ApplicationId, Limits)>,
    used: BTreeMap<Date, i64>,
    is_suspended: bool,
    is_blocked: bool,
    messages: u32,
    seen: BTreeSet<&'static str>,
}

fn from_environment(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

#[tokio::test]
async fn an_office_and_payments_beside_it_hold_all_invariants() {
    let mut seen = BTreeSet::new();
    for seed in 1..=seeds(SEEDS) {
        let mut office = Office::open(seed).await;
        for step in 1..=from_environment("TDAM_OFFICE_STEPS", STEPS) {
            let what = office.step().await;
            office.check(&format!("seed {seed}, step {step}, {what}")).await;
        }
        seen.extend(office.seen);
    }
    let expected =
        ["limits", "lifted", "four eyes", "moved", "twice", "accepted", "refused", "cut off", "withdrawn", "rejected"];
    let missing: Vec<&&str> = expected.iter().filter(|what| !seen.contains(**what)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}");
}

impl Office {
    async fn open(seed: u64) -> Office {
        let clock = SetClock::showing(MORNING.parse().unwrap());
        let treasury = TestExchange::in_production(Place::chosen(), clock).await;
        let operator = treasury.exchange.operator();
        let own = Limits { per_payment: Some(50_00), per_day: Some(200_00) };
        operator.set_account_limits(&ministry_account(), own).await.unwrap();
        let mut staff = Vec::new();
        for (number, roles) in STAFF.into_iter().enumerate() {
            staff.push(hired(&treasury, number, roles, &staff).await);
        }
        let accounts = operator.accounts(treasury.ministry).await.unwrap();
        let account = accounts.into_iter().find(|account| account.iban == ministry_account()).unwrap().ledger.id;
        let user = treasury.caller(Role::Manager).await.identity().user.id;
        let node = treasury.database().map(|_| treasury.another_node());
        Office {
            draws: Draws::of(seed),
            nodes: [treasury].into_iter().chain(node).collect(),
            staff,
            log: BTreeMap::new(),
            account,
            user,
            today: TODAY,
            own,
            of_days: BTreeMap::new(),
            used: BTreeMap::new(),
            is_suspended: false,
            is_blocked: false,
            messages: 0,
            seen: BTreeSet::new(),
        }
    }

    fn somebody(&mut self) -> usize {
        usize::try_from(self.draws.below(STAFF.len() as u64)).unwrap()
    }

    fn node(&mut self) -> usize {
        usize::try_from(self.draws.below(self.nodes.len() as u64)).unwrap()
    }

    async fn step(&mut self) -> String {
        match self.draws.below(20) {
            0..=2 => {
                let who = self.somebody();
                self.enter(who).await.1
            }
            3..=7 => self.act().await,
            8..=11 => self.pay().await,
            12..=15 => self.as_usual().await,
            16 => self.suspend().await,
            17 => self.block().await,
            18 => self.a_day_goes_by().await,
            _ => self.cut_off().await,
        }
    }

    /// An application takes the way that most of them take: a clerk enters it, one checks it, and two approve it at once, of whom one
    /// may not.
    async fn as_usual(&mut self) -> String {
        let (who, checker, approver) = self.draws.one_of(&[(0, 0, 1), (1, 1, 0), (2, 1, 0), (2, 0, 1), (0, 2, 1)]);
        let other = if self.draws.chance(60) { checker } else { 3 };
        let (Some(id), story) = self.enter(who).await else { return String::new() };
        self.nodes[0].exchange.check_application(&self.staff[checker], id).await.unwrap();
        self.log.get_mut(&id).unwrap().checked = Some(checker);
        format!("{story}; {}", self.approve(id, other, approver).await)
    }

    fn content(&mut self) -> Content {
        let amount = |draws: &mut Draws, amounts: &[Option<i64>]| draws.one_of(amounts);
        match self.draws.below(8) {
            0..=3 => {
                let limits = Limits {
                    per_payment: amount(&mut self.draws, &[None, Some(10_00), Some(120_00)]),
                    per_day: amount(&mut self.draws, &[None, Some(60_00), Some(900_00)]),
                };
                let day = if self.draws.chance(80) { self.today } else { next(self.today) };
                Content::OneDayLimits(OneDayLimits { account: self.account, day, limits })
            }
            4..=5 => Content::LiftSuspension(LiftSuspension { user: self.user }),
            _ => Content::LiftBlock(LiftBlock { account: self.account }),
        }
    }

    /// Enters and submits, as a clerk; what cannot be is refused and leaves nothing submitted.
    async fn enter(&mut self, who: usize) -> (Option<ApplicationId>, String) {
        let (content, node) = (self.content(), self.node());
        let (exchange, staff) = (self.nodes[node].exchange.clone(), self.staff[who].clone());
        let id = match exchange.enter_application(&staff, content.clone(), None).await {
            Ok(id) => id,
            Err(refused) => return (None, format!("{content:?} by {who} refused: {:?}", refused.code)),
        };
        if content.needs_signed_file() {
            let name = "pieteikums.edoc".to_owned();
            exchange.attach_file(&staff, id, FileKind::Signed, name.clone(), b"edoc".to_vec()).await.unwrap();
            exchange.verify_signature(&staff, id, name, "derīgs".to_owned()).await.unwrap();
        }
        exchange.submit_application(&staff, id).await.unwrap();
        self.log.insert(
            id,
            Log {
                content: content.clone(),
                entered: who,
                checked: None,
                approved: None,
                perhaps_checked: vec![],
                ended: false,
            },
        );
        (Some(id), format!("{id} entered by {who}: {content:?}"))
    }

    /// An application that can still come to something.
    fn open_application(&mut self) -> Option<ApplicationId> {
        let open: Vec<ApplicationId> = self
            .log
            .iter()
            .rev()
            .filter(|(_, log)| log.approved.is_none() && !log.ended)
            .map(|(id, _)| *id)
            .take(4)
            .collect();
        (!open.is_empty()).then(|| self.draws.one_of(&open))
    }

    async fn act(&mut self) -> String {
        let (Some(id), who, node) = (self.open_application(), self.somebody(), self.node()) else {
            return String::new();
        };
        let (exchange, staff) = (self.nodes[node].exchange.clone(), self.staff[who].clone());
        let next = if self.log[&id].checked.is_some() && self.draws.chance(60) { 9 } else { self.draws.below(10) };
        match next {
            0 => {
                // Mostly who entered it.
                let who = if self.draws.chance(70) { self.log[&id].entered } else { who };
                let done = exchange.withdraw_application(&self.staff[who], id).await;
                assert!(done.is_err() || self.log[&id].entered == who, "{id} withdrawn by {who}");
                self.seen.extend(done.is_ok().then_some("withdrawn"));
                self.log.get_mut(&id).unwrap().ended |= done.is_ok();
                format!("{id} withdrawn by {who}: {done:?}")
            }
            1 | 6 => {
                let done = exchange.reject_application(&staff, id, "Nav pamatots".to_owned()).await;
                self.seen.extend(done.is_ok().then_some("rejected"));
                self.log.get_mut(&id).unwrap().ended |= done.is_ok();
                format!("{id} rejected by {who}: {done:?}")
            }
            2..=5 => {
                let done = exchange.check_application(&staff, id).await;
                if done.is_ok() {
                    self.log.get_mut(&id).unwrap().checked = Some(who);
                }
                format!("{id} checked by {who}: {done:?}")
            }
            _ => {
                // Also who checked it tries.
                let checker = self.log[&id].checked.filter(|_| self.draws.chance(30));
                let (who, other) = (checker.unwrap_or(who), self.somebody());
                self.approve(id, who, other).await
            }
        }
    }

    /// Two approve what both have on the screen, at the same moment on two nodes.
    async fn approve(&mut self, id: ApplicationId, who: usize, other: usize) -> String {
        let shown = self.nodes[0].exchange.application(&self.staff[who], id).await.unwrap();
        let Some(seen) = shown.application.parts().digest else { return format!("{id} is a draft") };
        let seen = if self.draws.chance(5) { ApplicationDigest([7; 32]) } else { seen };
        let approve = |node: usize, who: usize| {
            let (exchange, staff) = (self.nodes[node].exchange.clone(), self.staff[who].clone());
            async move { exchange.approve_application(&staff, id, seen).await }
        };
        let (one, two) = tokio::join!(approve(0, who), approve(self.nodes.len() - 1, other));
        let approved: Vec<usize> =
            [(&one, who), (&two, other)].into_iter().filter(|(done, _)| done.is_ok()).map(|(_, who)| who).collect();
        assert!(approved.len() <= 1, "{id} was approved twice: {one:?}, {two:?}");
        for refused in [&one, &two].into_iter().filter_map(|done| done.as_ref().err()) {
            match refused.code {
                Code::FourEyes => self.seen.insert("four eyes"),
                Code::ApplicationChanged => {
                    // Unless what was on the screen was another one.
                    self.log.get_mut(&id).unwrap().ended |= Some(seen) == shown.application.parts().digest;
                    self.seen.insert("moved")
                }
                Code::ApplicationStateWrong if !approved.is_empty() => self.seen.insert("twice"),
                _ => false,
            };
        }
        let story = format!("{id} approved by {who} and {other}: {one:?}, {two:?}");
        let Some(approver) = approved.first() else { return story };
        let log = self.log.get_mut(&id).unwrap();
        assert!(log.entered != *approver, "{story}: he entered it");
        let mut may_have_checked = log.checked.iter().chain(&log.perhaps_checked);
        assert!(may_have_checked.any(|checked| checked != approver), "{story}: two are needed");
        assert!(STAFF[*approver].contains(&PersonRole::Approver), "{story}: no approver");
        assert!(one.or(two).is_ok_and(|state| state == State::InForce), "{story}");
        log.approved = Some(*approver);
        match &log.content {
            Content::OneDayLimits(wanted) => {
                self.seen.insert("limits");
                self.of_days.insert(wanted.day, (id, wanted.limits));
            }
            Content::LiftSuspension(_) => {
                self.seen.insert("lifted");
                assert!(std::mem::take(&mut self.is_suspended), "{story}: there was nothing to lift");
            }
            Content::LiftBlock(_) => {
                self.seen.insert("lifted");
                assert!(std::mem::take(&mut self.is_blocked), "{story}: there was nothing to lift");
            }
            other => panic!("{other:?}"),
        }
        story
    }

    /// A message of one payment, on either node: the model knows what comes of it.
    async fn pay(&mut self) -> String {
        self.messages += 1;
        let (node, id) = (self.node(), format!("O-{}", self.messages));
        let day = if self.draws.chance(70) { self.today } else { next(self.today) };
        let cents = self.draws.one_of(&[5_00, 10_00, 10_01, 50_00, 50_01, 61_00, 120_00, 120_01]);
        let limits = self.of_days.get(&day).map_or(self.own, |(_, limits)| *limits);
        let used = self.used.get(&day).copied().unwrap_or_default();
        let fits = limits.per_payment.is_none_or(|limit| cents <= limit)
            && limits.per_day.is_none_or(|limit| used + cents <= limit);
        let file = File::new(&id, vec![payment(&id, cents, ESTONIAN).saying(&id)]).on(day);
        let story = format!("{cents} for {day} under {limits:?}, of which {used} is used");
        let submitted = self.nodes[node].submit(Role::Manager, &file.xml()).await;
        if self.is_suspended {
            assert_eq!(submitted.unwrap_err().code, Code::OnlineUserSuspended, "{story}: o");
            return story;
        }
        let (answer, _) = answered(submitted);
        let accepted = group_status(&answer) != "RJCT";
        assert_eq!(accepted, fits && !self.is_blocked, "{story}: blocked {}: {answer}", self.is_blocked);
        self.seen.insert(if accepted { "accepted" } else { "refused" });
        if accepted {
            *self.used.entry(day).or_default() += cents;
        }
        story
    }

    async fn suspend(&mut self) -> String {
        let node = self.node();
        let operator = self.nodes[node].exchange.operator();
        operator.change_online_user(self.user, UserChange::Suspend).await.unwrap();
        self.is_suspended = true;
        let resumed = operator.change_online_user(self.user, UserChange::Resume).await;
        assert_eq!(resumed.unwrap_err().code, Code::LiftingNeedsTwo);
        "suspended".to_owned()
    }

    async fn block(&mut self) -> String {
        let node = self.node();
        let operator = self.nodes[node].exchange.operator();
        operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
        self.is_blocked = true;
        "blocked".to_owned()
    }

    async fn a_day_goes_by(&mut self) -> String {
        if next(self.today) >= FRIDAY {
            return "the week ends".to_owned();
        }
        // No node in production changes the day by a clock that differs from the database's, and that one does not move.
        if self.nodes[0].database().is_some() {
            return "it stays the same day".to_owned();
        }
        self.nodes[0].clock.advance(SignedDuration::from_hours(24));
        self.today = next(self.today);
        self.nodes[0].exchange.operator().set_business_day(self.today).await.unwrap();
        for node in &self.nodes {
            node.exchange.work_now().await.unwrap();
        }
        format!("{} begins", self.today)
    }

    /// An act is begun and dropped, and a node starts again: of the act all is there, or nothing.
    async fn cut_off(&mut self) -> String {
        let (content, who) = (self.content(), self.somebody());
        let last = self.nodes.len() - 1;
        let (exchange, staff) = (self.nodes[last].exchange.clone(), self.staff[who].clone());
        let polled = {
            let mut entering = std::pin::pin!(exchange.enter_application(&staff, content, None));
            matches!(entering.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending)
        };
        if let (Some(id), true) = (self.open_application(), polled) {
            let mut checking = std::pin::pin!(exchange.check_application(&staff, id));
            let _ = checking.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            self.log.get_mut(&id).unwrap().perhaps_checked.push(who);
        }
        drop(exchange);
        let node = self.nodes.pop().unwrap();
        let again = if last == 0 { node.restart() } else { self.nodes[0].another_node() };
        self.nodes.push(again);
        self.seen.insert("cut off");
        // A check that was cut off may have happened.
        for (id, log) in &mut self.log {
            let shown = self.nodes[0].exchange.application(&self.staff[0], *id).await.unwrap().application;
            if let (None, Some(check)) = (log.checked, shown.parts().checked) {
                log.checked = self.staff.iter().position(|staff| staff.person().id == check.by);
                assert!(log.perhaps_checked.contains(&log.checked.unwrap()), "{id} was checked by somebody else");
            }
        }
        "cut off".to_owned()
    }

    /// The stored data hold, and say of each application what really happened.
    async fn check(&self, story: &str) {
        for node in &self.nodes {
            let suspended =
                matches!(node.authorise(Role::Manager).await, Err(Failure { code: Code::OnlineUserSuspended, .. }));
            assert_eq!(suspended, self.is_suspended, "{story}: o");
        }
        for (id, log) in &self.log {
            let shown = self.nodes[0].exchange.application(&self.staff[0], *id).await.unwrap().application;
            let took_effect = matches!(shown.state(), State::InForce | State::Replaced)
                || (shown.state() == State::Expired && shown.parts().approved.is_some());
            assert_eq!(took_effect, log.approved.is_some(), "{story}: {id} is {:?}", shown.state());
        }
        let report = self.nodes[0].store.check().unwrap();
        assert_eq!(report.problems, Vec::<String>::new(), "{story}");
    }
}

/// A person with a certificate. The installation makes the first two, applications make the others.
async fn hired(treasury: &TestExchange, number: usize, roles: &[PersonRole], staff: &[Staff]) -> Staff {
    let (exchange, operator) = (&treasury.exchange, treasury.exchange.operator());
    let record = PersonRecord {
        client: None,
        name: format!("Operators {number}"),
        email: "operators@kase.example.lv".to_owned(),
        roles: Roles::of(roles),
        valid_from: TODAY,
        valid_until: date(2028, 12, 31),
    };
    let person = match staff {
        [first, second, ..] => {
            let content = Content::Person(PersonChange { person: None, of: None, record: Some(record) });
            let id = exchange.enter_application(first, content, None).await.unwrap();
            exchange.submit_application(first, id).await.unwrap();
            exchange.check_application(first, id).await.unwrap();
            let seen = exchange.application(second, id).await.unwrap().application.parts().digest.unwrap();
            exchange.approve_application(second, id, seen).await.unwrap();
            exchange.persons(first).await.unwrap().iter().map(|person| person.id).max().unwrap()
        }
        _ => operator.insert_first_operator(record).await.unwrap(),
    };
    let fingerprint = Fingerprint([0x51 + u8::try_from(number).unwrap(); 32]);
    operator.insert_person_certificate(certificate(person, fingerprint)).await.unwrap();
    exchange.authorise_person(&Presented { fingerprint, address: here() }, "office").await.unwrap()
}

fn certificate(person: PersonId, fingerprint: Fingerprint) -> PersonCertificate {
    PersonCertificate {
        fingerprint,
        person,
        serial: format!("5{}", person.0),
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2027-06-01T00:00:00Z".parse().unwrap(),
        revoked_at: None,
        authority: None,
    }
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap()
}
