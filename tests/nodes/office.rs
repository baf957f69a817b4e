//! Random histories of an office on three nodes, one of which is killed again and again and started anew: staff enter, check,
//! approve on two nodes at once and withdraw applications about rights, an operator suspends, and the online users whose rights
//! these are pay. A node may die between any two steps of an act, so a member of staff whose answer got lost looks what came of
//! it on another node.
//!
//! After each decision: nobody approves what he entered, two people were at it, and it was approved once (m); of two changes of
//! one registration one at most took effect (n); once a change has returned, every node that lives holds to it (o). In the end
//! the books, the audit chain, and its lines about each application are whole.
//!
//! `TDAM_NODES_OFFICE_SEED` and `TDAM_NODES_OFFICE_KILLS` are optional.

mod people;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use exchange::{Exchange, SystemClock, UserChange};
use onboarding::OnlineUserId;
use protocol::applications::{ApplicationDetail, StepOverview};
use serde_json::{Value, json};
use store::Fingerprint;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::draws::Draws;
use crate::node::{House, Node, OTHER_USER, USER};
use crate::{PATIENCE, PAUSE, cluster, groups, quiet};
use people::{People, Reply, Staff};

const NODES: usize = 3;
/// How often a node is killed.
const KILLS: u64 = 3;
/// What a history goes on for until it has happened.
const EXPECTED: [&str; 6] = ["changed", "lifted", "four eyes", "suspended", "refused", "accepted"];
const SEED: u64 = 1;
/// A node is killed after so many further answers at most, and started again after so many at most.
const KILLED_WITHIN: u64 = 60;
const AWAY_WITHIN: u64 = 20;
/// Codes of the refusals that rights make.
const SUSPENDED: &str = "TDAM-1007";
const MAY_NOT_PAY: &str = "TDAM-1009";
/// Codes of refused decisions: another state, the same person, what it changes has changed.
const REFUSED_DECISIONS: [&str; 3] = ["TDAM-9032", "TDAM-9033", "TDAM-9034"];

fn from_environment(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// What all work on.
struct World {
    house: House,
    people: People,
    /// The port of each node that lives.
    nodes: Mutex<[Option<u16>; NODES]>,
    /// The operator's commands on a machine of its own.
    operator: Exchange,
    /// How many answers have come.
    answers: watch::Sender<u64>,
    /// What has happened.
    seen: Mutex<BTreeSet<&'static str>>,
    ends: AtomicBool,
}

/// The rights of one online user, and who changes them: nobody else does.
struct Registration {
    world: Arc<World>,
    draws: Draws,
    user: &'static str,
    id: OnlineUserId,
    number: usize,
    may_pay: bool,
    is_suspended: bool,
    contacts: u32,
    applications: Vec<i64>,
    accepted: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_office_on_three_nodes_survives_the_death_of_any() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let mut nodes: Vec<Option<Node>> = (1..=3).map(|number| Some(house.start(number))).collect();
    let ports = [0, 1, 2].map(|at: usize| nodes[at].as_ref().map(Node::port));
    let store = house.store().await;
    let operator = Exchange::new(store.clone(), house.configuration().exchange_settings(), Arc::new(SystemClock));
    let mut people = People::of(&house);
    people.hire_a_third(ports[0].unwrap(), house.day).await;
    let (answers, seen, ends) = (watch::Sender::new(0), Mutex::default(), AtomicBool::new(false));
    let world = Arc::new(World { people, nodes: Mutex::new(ports), operator, answers, seen, ends, house });
    let seed = from_environment("TDAM_NODES_OFFICE_SEED", SEED);
    let mut registrations = Vec::new();
    for (number, user) in [USER, OTHER_USER].into_iter().enumerate() {
        let fingerprint = Fingerprint(world.house.fingerprint_of(user));
        let identity = store.read(move |reading| reading.identity(&fingerprint)).await.unwrap().unwrap();
        registrations.push(Registration::of(&world, user, identity.user.id, number, seed));
    }
    let mut living: JoinSet<Registration> = registrations.into_iter().map(Registration::live).collect();
    let mut draws = Draws::of(seed);
    for kill in 0..from_environment("TDAM_NODES_OFFICE_KILLS", KILLS) {
        world.further_answers(draws.below(KILLED_WITHIN), &mut living).await;
        let victim = usize::try_from(draws.below(NODES as u64)).unwrap();
        println!("kill {kill}: node {} after {} answers", victim + 1, *world.answers.borrow());
        nodes[victim].take().unwrap().kill();
        world.living()[victim] = None;
        world.further_answers(draws.below(AWAY_WITHIN), &mut living).await;
        let (number, starting) = (u32::try_from(victim).unwrap() + 1, Arc::clone(&world));
        let started = tokio::task::spawn_blocking(move || starting.house.start(number)).await.unwrap();
        world.living()[victim] = Some(started.port());
        nodes[victim] = Some(started);
    }
    world.ends.store(true, Ordering::SeqCst);
    let registrations = living.join_all().await;

    quiet(&world.house).await;
    assert_eq!(world.house.check(), "");
    let accepted: usize = registrations.iter().map(|registration| registration.accepted).sum();
    assert_eq!(world.house.accepted().await, accepted, "messages accepted");
    for registration in &registrations {
        registration.stands_in_the_store(&store).await;
    }
    nodes.into_iter().flatten().for_each(Node::stop);
}

impl World {
    fn living(&self) -> MutexGuard<'_, [Option<u16>; NODES]> {
        self.nodes.lock().unwrap()
    }

    /// The ports of the nodes that live, the one with this number first.
    fn ports(&self, first: usize) -> Vec<u16> {
        let mut ports = *self.living();
        ports.rotate_left(first % NODES);
        ports.into_iter().flatten().collect()
    }

    /// Returns after so many further answers; fails when one of those who ask has failed.
    async fn further_answers(&self, count: u64, living: &mut JoinSet<Registration>) {
        let mut answers = self.answers.subscribe();
        let until = *answers.borrow() + count;
        tokio::select! {
            come = answers.wait_for(|come| *come >= until) => drop(come.unwrap()),
            ended = living.join_next() => panic!("{:?}", ended.map(|ended| ended.map(drop))),
            () = tokio::time::sleep(PATIENCE) => panic!("nobody gets answers any more"),
        }
    }

    fn saw(&self, what: &'static str) {
        self.seen.lock().unwrap().insert(what);
    }

    fn is_over(&self) -> bool {
        let seen = self.seen.lock().unwrap();
        self.ends.load(Ordering::SeqCst) && EXPECTED.iter().all(|what| seen.contains(what))
    }

    fn answered(&self) {
        self.answers.send_modify(|come| *come += 1);
    }

    /// What a node says; `None` when it is lost what it said, or it could not do it now.
    async fn ask(&self, port: u16, who: &Staff, path: &str, body: Option<Vec<u8>>) -> Option<Reply> {
        let reply = who.ask(port, path, body).await.filter(|reply| reply.status < 500)?;
        self.answered();
        Some(reply)
    }

    /// The same of any node, until one answers.
    async fn ask_any(&self, first: usize, who: &Staff, path: &str, body: Option<Vec<u8>>) -> Reply {
        let until = Instant::now() + PATIENCE;
        loop {
            for port in self.ports(first) {
                // 202: the message is being processed.
                if let Some(reply) = self.ask(port, who, path, body.clone()).await
                    && reply.status != 202
                {
                    return reply;
                }
            }
            assert!(Instant::now() < until, "{path}: no answer");
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn show(&self, id: i64) -> ApplicationDetail {
        let reply = self.ask_any(0, self.people.staff(0), &people::path(id, ""), None).await;
        assert_eq!(reply.status, 200, "{id}: {}", reply.text);
        serde_json::from_str(&reply.text).unwrap()
    }
}

impl Registration {
    fn of(world: &Arc<World>, user: &'static str, id: OnlineUserId, number: usize, seed: u64) -> Registration {
        Registration {
            world: Arc::clone(world),
            draws: Draws::of(seed.wrapping_mul(1_000) + number as u64),
            user,
            id,
            number,
            may_pay: true,
            is_suspended: false,
            contacts: 0,
            applications: Vec::new(),
            accepted: 0,
        }
    }

    async fn live(mut self) -> Registration {
        let mut until = None;
        while !self.world.is_over() {
            if self.world.ends.load(Ordering::SeqCst) {
                let until = *until.get_or_insert_with(|| Instant::now() + PATIENCE);
                assert!(Instant::now() < until, "it never came to all: {:?}", self.world.seen.lock().unwrap());
            }
            match self.draws.below(10) {
                0..=3 => self.changes().await,
                4 | 5 if !self.is_suspended => self.suspend().await,
                4..=6 if self.is_suspended => self.lift().await,
                _ => self.pay().await,
            }
        }
        self
    }

    fn first(&mut self) -> usize {
        usize::try_from(self.draws.below(NODES as u64)).unwrap()
    }

    fn somebody(&mut self) -> usize {
        usize::try_from(self.draws.below(people::STAFF as u64)).unwrap()
    }

    /// One or two applications for a change of the registration, prepared one after the other and decided at once.
    async fn changes(&mut self) {
        let id = self.id.0;
        let mode = if self.may_pay { "view" } else { "manage" };
        let mut contact = || {
            self.contacts += 1;
            json!({ "name": format!("Līga {}", self.contacts), "email": "liga@example.lv" })
        };
        let kind = "change-of-online-user";
        let mut wanted = vec![json!({ "kind": kind, "online_user": id, "contact": contact(), "mode": mode })];
        let other = json!({ "kind": kind, "online_user": id, "contact": contact() });
        if self.draws.chance(40) {
            wanted.push(other);
        }
        // The first one changes the mode.
        let (mut checked, mut changes_mode) = (Vec::new(), Vec::new());
        for (at, content) in wanted.into_iter().enumerate() {
            let Some(id) = self.checked(content, true).await else { continue };
            checked.push(id);
            changes_mode.push(at == 0);
        }
        let returned = self.decide(&checked).await;
        let mut in_force = 0;
        for ((application, changes_mode), returned) in checked.iter().zip(changes_mode).zip(returned) {
            if self.took_effect(*application, returned).await {
                in_force += 1;
                self.may_pay ^= changes_mode;
                self.world.saw("changed");
                self.rights_hold(returned).await;
            }
        }
        assert!(in_force <= 1, "{checked:?}: of two changes of one registration both took effect (n)");
    }

    async fn lift(&mut self) {
        let content = json!({ "kind": "lift-suspension", "online_user": self.id.0 });
        let Some(id) = self.checked(content, false).await else { return };
        let returned = self.decide(&[id]).await[0];
        if self.took_effect(id, returned).await {
            self.is_suspended = false;
            self.world.saw("lifted");
            self.rights_hold(returned).await;
        }
    }

    async fn suspend(&mut self) {
        let operator = self.world.operator.operator();
        operator.change_online_user(self.id, UserChange::Suspend).await.unwrap();
        self.is_suspended = true;
        self.world.saw("suspended");
        self.rights_hold(true).await;
    }

    /// An application that is entered and checked, as a clerk does it who finds out what became of lost answers. `None` when it got
    /// lost whether it was entered.
    async fn checked(&mut self, content: Value, needs_file: bool) -> Option<i64> {
        let (world, who, first) = (Arc::clone(&self.world), self.somebody(), self.first());
        let port = world.ports(first)[0];
        let body = content.to_string().into_bytes();
        let entered = world.ask(port, world.people.staff(who), people::APPLICATIONS, Some(body)).await?;
        assert_eq!(entered.status, 200, "{content}: {}", entered.text);
        let id = entered.json()["id"].as_i64().unwrap();
        self.applications.push(id);
        if needs_file {
            let attach = format!("files/{}?kind=signed", people::FILE);
            self.step(id, who, &attach, b"edoc", |shown| !shown.files.is_empty()).await;
            let how = json!({ "file": people::FILE, "how": "derīgs" }).to_string();
            self.step(id, who, "verify", how.as_bytes(), |shown| shown.files[0].verified.is_some()).await;
        }
        self.step(id, who, "submit", b"", |shown| shown.overview.submitted.is_some()).await;
        let checker = self.somebody();
        self.step(id, checker, "check", b"", |shown| shown.overview.checked.is_some()).await;
        Some(id)
    }

    /// A step that must succeed, once: a lost answer may be that of a step that was done.
    async fn step(&mut self, id: i64, who: usize, act: &str, body: &[u8], is_done: fn(&ApplicationDetail) -> bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let first = self.first();
            let Some(port) = self.world.ports(first).first().copied() else { continue };
            let staff = self.world.people.staff(who);
            let reply = self.world.ask(port, staff, &people::path(id, act), Some(body.to_vec())).await;
            if reply.as_ref().is_some_and(|reply| reply.status == 200) || is_done(&self.world.show(id).await) {
                return;
            }
            assert!(reply.is_none(), "{id} {act} by {who}: {reply:?}");
            assert!(Instant::now() < until, "{id} {act}: no answer");
        }
    }

    /// Two people approve each of these at once on two nodes, and sometimes one withdraws or rejects it in the same moment. Returns of which an
    /// approval has returned.
    async fn decide(&mut self, applications: &[i64]) -> Vec<bool> {
        let mut deciding = JoinSet::new();
        let world = Arc::clone(&self.world);
        let mut asked = Vec::new();
        for (at, id) in applications.iter().enumerate() {
            let digest = json!({ "digest": world.show(*id).await.digest.unwrap() }).to_string();
            for approver in [self.somebody(), self.somebody()] {
                asked.push((at, approver, people::path(*id, "approve"), digest.clone()));
            }
            if self.draws.chance(20) {
                asked.push((at, self.somebody(), people::path(*id, "withdraw"), String::new()));
            }
        }
        for (turn, (at, who, path, body)) in asked.into_iter().enumerate() {
            let ports = world.ports(turn);
            let (staff, port) = (world.people.staff(who).clone(), ports[0]);
            deciding.spawn(async move { (at, path.clone(), staff.ask(port, &path, Some(body.into_bytes())).await) });
        }
        let mut returned = vec![0; applications.len()];
        for (at, path, reply) in deciding.join_all().await {
            let Some(reply) = reply.filter(|reply| reply.status < 500) else {
                // The database may still commit what the dead node asked for. A trial waits for that.
                let trial = people::path(applications[at], "withdraw?mode=test");
                world.ask_any(0, world.people.staff(0), &trial, Some(Vec::new())).await;
                continue;
            };
            world.answered();
            if reply.status == 200 && path.ends_with("approve") {
                returned[at] += 1;
            } else if reply.status != 200 {
                let code = reply.code();
                assert!(REFUSED_DECISIONS.contains(&code.as_str()), "{path}: {}", reply.text);
                if code == "TDAM-9033" {
                    world.saw("four eyes");
                }
            }
        }
        assert!(returned.iter().all(|times| *times <= 1), "{applications:?} approved twice: {returned:?}");
        returned.into_iter().map(|times| times == 1).collect()
    }

    /// Whether an application took effect, with all that must be true of it then.
    async fn took_effect(&mut self, id: i64, returned: bool) -> bool {
        let shown = self.world.show(id).await;
        let took_effect = shown.overview.state == "in-force";
        assert!(took_effect || !returned, "{id} was approved and is {}", shown.overview.state);
        if took_effect {
            four_eyes(id, &shown);
        }
        took_effect
    }

    /// Every node that lives holds to the user's rights: at once when their change has returned, and soon when its answer got lost.
    async fn rights_hold(&mut self, returned: bool) {
        let until = Instant::now() + PATIENCE;
        loop {
            let wrong = self.wrong_about_rights().await;
            if wrong.is_empty() {
                return;
            }
            assert!(!returned, "{}: the change has returned, but {wrong:?} (o)", self.user);
            assert!(Instant::now() < until, "{}: {wrong:?}", self.user);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What nodes say to a trial that is not what the rights are.
    async fn wrong_about_rights(&mut self) -> Vec<String> {
        let message = self.message();
        let expected = self.refusal();
        let mut wrong = Vec::new();
        for port in self.world.ports(0) {
            let user = self.world.people.user(self.user);
            let reply = self.world.ask(port, user, "/v1/payments?mode=test", Some(message.clone())).await;
            let Some(reply) = reply else { continue };
            let found = if reply.status == 200 { String::new() } else { reply.code() };
            if found != expected {
                wrong.push(format!("a node says {found:?} instead of {expected:?}: {}", reply.text));
            }
        }
        wrong
    }

    /// The code by which the user's payments are refused now; empty: they are not.
    fn refusal(&self) -> &'static str {
        match (self.is_suspended, self.may_pay) {
            (true, _) => SUSPENDED,
            (false, false) => MAY_NOT_PAY,
            (false, true) => "",
        }
    }

    fn message(&mut self) -> Vec<u8> {
        // Even numbers are messages of the first user, odd ones of the other.
        let xml = groups::message(self.number, self.world.house.day).xml;
        self.number += 2;
        xml
    }

    /// A message: any node that lives takes it in once, or refuses it as the rights say.
    async fn pay(&mut self) {
        let (message, first) = (self.message(), self.first());
        let user = self.world.people.user(self.user);
        let reply = self.world.ask_any(first, user, "/v1/payments", Some(message)).await;
        if self.refusal().is_empty() {
            assert_eq!(reply.status, 200, "{}: {}", self.user, reply.text);
            self.accepted += usize::from(reply.text.contains("<GrpSts>ACCP</GrpSts>"));
            self.world.saw("accepted");
        } else {
            assert_eq!(reply.code(), self.refusal(), "{}: {}", self.user, reply.text);
            self.world.saw("refused");
        }
    }

    /// The stored rights are those of the registration in force, and the audit chain has each decision once.
    async fn stands_in_the_store(&self, store: &store::Store) {
        let id = self.id;
        let (user, lines) = store
            .read(move |reading| Ok::<_, store::StoreError>((reading.online_user(id)?, reading.audit(1, u32::MAX)?)))
            .await
            .unwrap();
        let user = user.unwrap();
        assert_eq!(user.suspended_at.is_some(), self.is_suspended, "{}", self.user);
        let mut in_force = 0;
        for application in &self.applications {
            let shown = self.world.show(*application).await;
            let state = shown.overview.state.as_str();
            let is_change = shown.overview.kind == "change-of-online-user";
            in_force += usize::from(is_change && state == "in-force");
            let took_effect = shown.overview.approved.is_some();
            let about = format!("application {application} ");
            for action in ["application.approved", "application.in-force"] {
                let of_it = lines
                    .iter()
                    .filter(|chained| chained.line.action == action && chained.line.detail.starts_with(&about));
                assert_eq!(of_it.count(), usize::from(took_effect), "{action} of {application}, which is {state}");
            }
            if took_effect {
                four_eyes(*application, &shown);
            }
        }
        assert!(in_force <= 1, "{}: {in_force} registrations are in force (n)", self.user);
    }
}

/// Approved once, by somebody who did not enter it, and not alone.
fn four_eyes(id: i64, shown: &ApplicationDetail) {
    let of = |step: &str| -> Vec<i64> {
        let by = |found: &StepOverview| found.by.as_ref().map(|by| by.id).unwrap_or_default();
        shown.steps.iter().filter(|found| found.step == step).map(by).collect()
    };
    let (entered, checked, approved) = (of("entered"), of("checked"), of("approved"));
    assert_eq!((entered.len(), checked.len(), approved.len()), (1, 1, 1), "{id}: {:?}", shown.steps);
    assert!(entered != approved && checked != approved, "{id}: one person did it alone (m): {:?}", shown.steps);
}
