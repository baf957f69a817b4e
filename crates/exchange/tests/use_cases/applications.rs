//! Applications by operators: from a draft to rights that hold, and everything that must not happen on the way.

use exchange::{AccountState, Failure, Fingerprint, PersonCertificate, Presented, Staff, UserChange as UserRights};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use ledger::{AccountId, Limits};
use onboarding::{
    AcceptancePolicy, AccessMode, AccountKind, ApplicationId, Contact, Content, Enrolment, FileKind, Institution,
    LiftBlock, LiftSuspension, NewCertificate, OneDayLimits, OnlineUserId, PersonChange, PersonId, PersonRecord,
    Registration, Renewal, Role as PersonRole, Roles, State, TreasuryAccountPlan, UserChange,
};
use rulebook::Code;

use crate::support::messages::{File, payment};
use crate::support::{
    ESTONIAN, MORNING, Place, Role, SetClock, TODAY, TestExchange, group_status, here, ministry_account,
    municipality_account, texts,
};

const FIRST: u8 = 0x51;
/// The certificate of the second operator.
pub const SECOND_OPERATOR: Fingerprint = Fingerprint([FIRST + 1; 32]);

pub fn presented(byte: u8) -> Presented {
    Presented { fingerprint: Fingerprint([byte; 32]), address: here() }
}

/// Two operators, each of whom may enter, check and approve.
pub struct Office {
    pub treasury: TestExchange,
    pub anna: Staff,
    pub janis: Staff,
}

pub fn person(name: &str, roles: &[PersonRole]) -> PersonRecord {
    PersonRecord {
        client: None,
        name: name.to_owned(),
        email: "operators@kase.example.lv".to_owned(),
        roles: Roles::of(roles),
        valid_from: TODAY,
        valid_until: date(2028, 12, 31),
    }
}

impl Office {
    pub async fn open() -> Office {
        Office::at(TestExchange::new().await).await
    }

    pub async fn at(treasury: TestExchange) -> Office {
        Office::until(treasury, date(2028, 12, 31), "2027-06-01T00:00:00Z").await
    }

    /// One whose operators stay until a day, and their certificates until a moment.
    pub async fn until(treasury: TestExchange, valid_until: Date, not_after: &str) -> Office {
        let operator = treasury.exchange.operator();
        for (byte, name) in [(FIRST, "Anna"), (FIRST + 1, "Jānis")] {
            let record = PersonRecord { valid_until, ..person(name, &[PersonRole::Clerk, PersonRole::Approver]) };
            let id = operator.insert_first_operator(record).await.unwrap();
            let certificate = PersonCertificate { not_after: not_after.parse().unwrap(), ..certificate(id, byte) };
            operator.insert_person_certificate(certificate).await.unwrap();
        }
        let staff = async |byte| treasury.exchange.authorise_person(&presented(byte), "office").await.unwrap();
        let (anna, janis) = (staff(FIRST).await, staff(FIRST + 1).await);
        Office { treasury, anna, janis }
    }

    /// Entered by Anna, with its signed file.
    pub async fn submitted(&self, content: Content) -> Result<ApplicationId, Failure> {
        let exchange = &self.treasury.exchange;
        let signed = content.needs_signed_file();
        let id = exchange.enter_application(&self.anna, content, None).await?;
        if signed {
            let (name, how) = ("pieteikums.edoc".to_owned(), "eParakstītājs 3.0: derīgs".to_owned());
            exchange.attach_file(&self.anna, id, FileKind::Signed, name.clone(), b"edoc".to_vec()).await?;
            exchange.verify_signature(&self.anna, id, name, how).await?;
        }
        exchange.submit_application(&self.anna, id).await?;
        Ok(id)
    }

    /// The same, checked by Anna.
    pub async fn checked(&self, content: Content) -> Result<ApplicationId, Failure> {
        let id = self.submitted(content).await?;
        self.treasury.exchange.check_application(&self.anna, id).await?;
        Ok(id)
    }

    pub async fn approve(&self, staff: &Staff, id: ApplicationId) -> Result<State, Failure> {
        let shown = self.treasury.exchange.application(staff, id).await?;
        let seen = shown.application.parts().digest.unwrap();
        self.treasury.exchange.approve_application(staff, id, seen).await
    }

    /// Checked by Anna, approved by Jānis.
    pub async fn done(&self, content: Content) -> Result<ApplicationId, Failure> {
        let id = self.checked(content).await?;
        self.approve(&self.janis, id).await?;
        Ok(id)
    }

    pub async fn state(&self, id: ApplicationId) -> State {
        self.treasury.exchange.application(&self.anna, id).await.unwrap().application.state()
    }

    pub async fn accounts(&self) -> Vec<AccountId> {
        let accounts = self.treasury.exchange.operator().accounts(self.treasury.ministry).await.unwrap();
        accounts.into_iter().map(|account| account.ledger.id).collect()
    }

    pub async fn account(&self, iban: &str) -> AccountId {
        let accounts = self.treasury.exchange.operator().accounts(self.treasury.ministry).await.unwrap();
        accounts.into_iter().find(|account| account.iban == iban).unwrap().ledger.id
    }

    async fn users(&self) -> Vec<exchange::OnlineUser> {
        self.treasury.exchange.operator().online_users(self.treasury.ministry).await.unwrap()
    }

    /// The viewer's registration with another mode.
    async fn viewer_manages(&self) -> (OnlineUserId, Content) {
        let user = self.users().await.into_iter().find(|user| user.mode == AccessMode::View).unwrap();
        let to = Registration {
            mode: AccessMode::Manage,
            name: user.name,
            valid_until: user.registration_valid_until,
            networks: user.allowed_networks,
            accounts: user.granted_accounts,
            ..self.registration().await
        };
        (user.id, Content::ChangeOnlineUser(UserChange { user: user.id, to }))
    }

    pub async fn registration(&self) -> Registration {
        Registration {
            client: self.treasury.ministry,
            name: "Lietvedība".to_owned(),
            mode: AccessMode::View,
            contact: Contact { name: "Līga".to_owned(), email: "liga@example.lv".to_owned(), telephone: None },
            networks: vec!["192.0.2.0/24".parse().unwrap()],
            accounts: self.accounts().await.into_iter().take(1).collect(),
            valid_until: date(2029, 11, 23),
        }
    }
}

pub fn certificate(person: PersonId, byte: u8) -> PersonCertificate {
    PersonCertificate {
        fingerprint: Fingerprint([byte; 32]),
        person,
        serial: format!("{byte:x}"),
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2027-06-01T00:00:00Z".parse().unwrap(),
        revoked_at: None,
        authority: None,
    }
}

pub fn code<T: std::fmt::Debug>(result: Result<T, Failure>) -> Code {
    result.unwrap_err().code
}

#[tokio::test]
async fn a_client_an_account_and_an_online_user_come_by_application() {
    let office = Office::open().await;
    let institution = Institution {
        name: "Ogres novads".to_owned(),
        registration_number: "90000024455".to_owned(),
        acceptance: AcceptancePolicy::AllOrNothing,
    };
    let id = office.done(Content::NewClient(institution)).await.unwrap();
    assert_eq!(office.state(id).await, State::InForce);
    let operator = office.treasury.exchange.operator();
    let client = operator.clients().await.unwrap().into_iter().find(|client| client.name == "Ogres novads").unwrap();
    let plan = TreasuryAccountPlan {
        client: client.id,
        iban: "LV07TREL5180453053000".to_owned(),
        owner_name: "Ogres novads".to_owned(),
        kind: AccountKind::Donation,
        currency: money::Currency::EUR,
        limits: Limits { per_payment: None, per_day: Some(7_000) },
    };
    office.done(Content::NewAccount(plan)).await.unwrap();
    let account = operator.accounts(client.id).await.unwrap().remove(0);
    assert_eq!((account.iban.as_str(), account.ledger.limits.per_day), ("LV07TREL5180453053000", Some(7_000)));

    let wanted = Registration { client: client.id, accounts: vec![account.ledger.id], ..office.registration().await };
    let id = office.done(Content::NewOnlineUser(wanted.clone())).await.unwrap();
    let user = operator.online_users(client.id).await.unwrap().remove(0);
    assert_eq!((user.name.as_str(), user.mode), (wanted.name.as_str(), wanted.mode));
    assert_eq!((user.granted_accounts, user.allowed_networks), (wanted.accounts, wanted.networks));
    assert_eq!(user.registration_valid_until, wanted.valid_until);

    let shown = office.treasury.exchange.application(&office.janis, id).await.unwrap();
    assert_eq!(shown.application.parts().online_user, Some(user.id));
    let steps: Vec<&str> = shown.steps.iter().map(|step| step.step.as_str()).collect();
    let expected = ["entered", "attached", "signature-verified", "submitted", "checked", "approved", "in-force"];
    assert_eq!(steps, expected);
    let actions: Vec<String> = office.treasury.audit_lines().await.into_iter().map(|line| line.action).collect();
    for step in expected {
        assert!(actions.contains(&format!("application.{step}")), "{step}: {actions:?}");
    }
}

/// The rights of the next request are those of the change, the registration before is replaced, and its audit line says both.
#[tokio::test]
async fn a_change_takes_the_place_of_the_registration_before() {
    let office = Office::open().await;
    assert!(!office.treasury.caller(Role::Viewer).await.may_manage());
    let (user, content) = office.viewer_manages().await;
    let first = office.checked(content).await.unwrap();
    let changes = office.treasury.exchange.application(&office.janis, first).await.unwrap().changes;
    let mode = changes.iter().find(|change| change.field == onboarding::Field::Mode).unwrap();
    assert_eq!((mode.before.as_deref(), mode.after.as_deref()), (Some("view"), Some("manage")));
    assert_eq!(office.approve(&office.janis, first).await.unwrap(), State::InForce);
    assert!(office.treasury.caller(Role::Viewer).await.may_manage());

    let now = office.users().await.into_iter().find(|known| known.id == user).unwrap();
    let to = Registration {
        name: now.name,
        accounts: Vec::new(),
        networks: vec!["127.0.0.0/8".parse().unwrap()],
        valid_until: now.registration_valid_until,
        ..office.registration().await
    };
    let second = office.done(Content::ChangeOnlineUser(UserChange { user, to })).await.unwrap();
    assert_eq!((office.state(first).await, office.state(second).await), (State::Replaced, State::InForce));
    let caller = office.treasury.caller(Role::Viewer).await;
    assert!(office.treasury.exchange.accounts(&caller).await.unwrap().is_empty());
    let lines = office.treasury.audit_lines().await;
    let line = lines.iter().rfind(|line| line.action == "application.in-force").unwrap();
    assert!(line.detail.contains("mode=view") && line.detail.contains("was mode=manage"), "{}", line.detail);
    office.treasury.check_invariants().await;
}

#[tokio::test]
async fn nobody_approves_alone_twice_or_what_he_did_not_see() {
    let office = Office::open().await;
    let (_, content) = office.viewer_manages().await;
    let id = office.checked(content).await.unwrap();
    assert_eq!(code(office.approve(&office.anna, id).await), Code::FourEyes);
    let other = onboarding::ApplicationDigest([0; 32]);
    let unseen = office.treasury.exchange.approve_application(&office.janis, id, other).await;
    assert_eq!(code(unseen), Code::ApplicationChanged);
    assert_eq!(office.state(id).await, State::Checked);
    office.approve(&office.janis, id).await.unwrap();
    assert_eq!(code(office.approve(&office.janis, id).await), Code::ApplicationStateWrong);
    let withdrawn = office.treasury.exchange.withdraw_application(&office.anna, id).await;
    assert_eq!(code(withdrawn), Code::ApplicationStateWrong);
    let lines = office.treasury.audit_lines().await;
    let tried: Vec<_> = lines.iter().filter(|line| line.action == "application.refused").collect();
    let [line] = &tried[..] else { panic!("{tried:?}") };
    let about = format!("application {id} to be approved");
    let certificate = format!("certificate {}", Fingerprint([FIRST; 32]));
    for part in ["TDAM-9033", &about, &certificate] {
        assert!(line.detail.contains(part), "{}", line.detail);
    }
}

/// Two applications about one user: the second was made for a registration that is no more.
#[tokio::test]
async fn an_approval_fails_when_what_it_changes_has_moved() {
    let office = Office::open().await;
    let (user, content) = office.viewer_manages().await;
    let slow = office.checked(content.clone()).await.unwrap();
    let quick = office.checked(content).await.unwrap();
    office.approve(&office.janis, quick).await.unwrap();
    assert_eq!(code(office.approve(&office.janis, slow).await), Code::ApplicationChanged);
    let reason = "Jau izmainīts".to_owned();
    assert_eq!(
        office.treasury.exchange.reject_application(&office.janis, slow, reason).await.unwrap(),
        State::Rejected
    );
    assert_eq!(office.users().await.into_iter().filter(|known| known.id == user).count(), 1);
}

#[tokio::test]
async fn two_approvals_at_once_take_effect_once() {
    let office = Office::open().await;
    let id = office.checked(Content::NewOnlineUser(office.registration().await)).await.unwrap();
    let before = office.users().await.len();
    let (one, other) = tokio::join!(office.approve(&office.janis, id), office.approve(&office.janis, id));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(code(if one.is_ok() { other } else { one }), Code::ApplicationStateWrong);
    assert_eq!(office.users().await.len(), before + 1);
}

/// Each pair is approved on two nodes at the same moment: a registration number and a name go to one of the two.
#[tokio::test]
async fn two_approvals_at_once_double_neither_a_registration_number_nor_a_name() {
    let office = Office::open().await;
    let other_node = office.treasury.another_node();
    let exchanges = [&office.treasury.exchange, &other_node.exchange];
    for round in 0..6 {
        let institution = Institution {
            name: format!("Iestāde {round}"),
            registration_number: format!("4000000{round:04}"),
            acceptance: AcceptancePolicy::Partial,
        };
        let user = Registration { name: format!("Sistēma {round}"), ..office.registration().await };
        for content in [Content::NewClient(institution), Content::NewOnlineUser(user)] {
            let pair = [office.checked(content.clone()).await.unwrap(), office.checked(content).await.unwrap()];
            let mut seen = Vec::new();
            for id in pair {
                let shown = office.treasury.exchange.application(&office.janis, id).await.unwrap();
                seen.push(shown.application.parts().digest.unwrap());
            }
            let (one, other) = tokio::join!(
                exchanges[0].approve_application(&office.janis, pair[0], seen[0]),
                exchanges[1].approve_application(&office.janis, pair[1], seen[1]),
            );
            assert!(one.is_ok() != other.is_ok(), "{round}: {one:?} {other:?}");
            assert_eq!(code(if one.is_ok() { other } else { one }), Code::ApplicationContentInvalid);
        }
    }
}

#[tokio::test]
async fn without_a_verified_file_or_with_what_is_not_there_nothing_begins() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let content = Content::NewOnlineUser(office.registration().await);
    let id = exchange.enter_application(&office.anna, content, None).await.unwrap();
    assert_eq!(code(exchange.submit_application(&office.anna, id).await), Code::SignedFileNotVerified);
    let name = "pieteikums.pdf".to_owned();
    exchange.attach_file(&office.anna, id, FileKind::Signed, name, b"%PDF".to_vec()).await.unwrap();
    exchange.submit_application(&office.anna, id).await.unwrap();
    assert_eq!(code(exchange.check_application(&office.janis, id).await), Code::SignedFileNotVerified);

    let municipality = exchange.operator().clients().await.unwrap();
    let neighbour = municipality.iter().find(|client| client.id != office.treasury.ministry).unwrap().id;
    let foreign: Vec<AccountId> =
        exchange.operator().accounts(neighbour).await.unwrap().iter().map(|account| account.ledger.id).collect();
    let wanted = Registration { accounts: foreign, ..office.registration().await };
    let refused = exchange.enter_application(&office.anna, Content::NewOnlineUser(wanted), None).await;
    assert_eq!(code(refused), Code::ApplicationContentInvalid, "an account of {}", municipality_account());
}

#[tokio::test]
async fn a_persons_certificate_opens_no_machine_route_and_the_other_way_round() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    assert_eq!(code(exchange.authorise(&presented(FIRST), "x").await), Code::CertificateOfPerson);
    let system = Presented { fingerprint: Fingerprint([Role::Manager as u8 + 1; 32]), address: here() };
    assert!(exchange.authorise(&system, "x").await.is_ok());
    assert_eq!(code(exchange.authorise_person(&system, "x").await), Code::PersonCertificateRequired);
    assert_eq!(code(exchange.authorise_person(&presented(0xee), "x").await), Code::UnknownCertificate);

    // Who was identified before the revocation decides nothing after it.
    exchange.operator().revoke_person_certificate(Fingerprint([FIRST; 32])).await.unwrap();
    assert_eq!(code(exchange.authorise_person(&presented(FIRST), "x").await), Code::CertificateRevoked);
    let content = Content::NewOnlineUser(office.registration().await);
    assert_eq!(code(exchange.enter_application(&office.anna, content, None).await), Code::CertificateRevoked);
}

#[tokio::test]
async fn persons_come_change_and_end_by_application() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let record = person("Maija", &[PersonRole::Clerk]);
    office.done(Content::Person(PersonChange { person: None, of: None, record: Some(record.clone()) })).await.unwrap();
    let maija = exchange.persons(&office.anna).await.unwrap().pop().unwrap();
    assert_eq!(maija.record, record);
    exchange.operator().insert_person_certificate(certificate(maija.id, 0x60)).await.unwrap();
    let staff = exchange.authorise_person(&presented(0x60), "x").await.unwrap();

    // About herself she decides nothing.
    let more = PersonRecord { roles: Roles::of(&[PersonRole::Clerk, PersonRole::Approver]), ..record };
    let about = Content::Person(PersonChange { person: Some(maija.id), of: None, record: Some(more) });
    assert_eq!(code(exchange.enter_application(&staff, about, None).await), Code::FourEyes);

    let end = Content::Person(PersonChange { person: Some(maija.id), of: None, record: None });
    office.done(end).await.unwrap();
    assert_eq!(code(exchange.authorise_person(&presented(0x60), "x").await), Code::PersonNotRegistered);
    let content = Content::NewOnlineUser(office.registration().await);
    assert_eq!(code(exchange.enter_application(&staff, content, None).await), Code::PersonNotRegistered);
}

/// A person of a later day waits for it; limits of one day take effect at once and end with the day; a renewal comes near the
/// end.
#[tokio::test]
async fn days_bring_applications_on() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let account = office.accounts().await[0];
    let day = date(2026, 11, 25);
    let record = PersonRecord { valid_from: day, ..person("Maija", &[PersonRole::Clerk]) };
    let maija =
        office.done(Content::Person(PersonChange { person: None, of: None, record: Some(record) })).await.unwrap();
    let limits = Limits { per_payment: Some(99), per_day: None };
    let id = office.done(Content::OneDayLimits(OneDayLimits { account, day, limits })).await.unwrap();
    let stored = async || {
        let read = move |reading: &mut dyn store::Reading| Ok::<_, Failure>(reading.day_limits(account, day)?);
        office.treasury.store.read(read).await.unwrap().map(|limits| limits.limits)
    };
    for (hours, of_person, of_limits) in [
        (0, State::Approved, State::InForce),
        (48, State::InForce, State::InForce),
        (24, State::InForce, State::Expired),
    ] {
        office.treasury.clock.advance(SignedDuration::from_hours(hours));
        exchange.work_now().await.unwrap();
        assert_eq!((office.state(maija).await, office.state(id).await), (of_person, of_limits));
        assert_eq!(stored().await, Some(limits));
    }
    let (user, _) = office.viewer_manages().await;
    let early = Content::Renewal(Renewal { user, valid_until: date(2030, 1, 1) });
    assert_eq!(code(exchange.enter_application(&office.anna, early, None).await), Code::ApplicationNotInTime);
    let wanted = Content::NewCertificate(NewCertificate { user, enrolment: Enrolment::Request });
    let id = office.done(wanted).await.unwrap();
    assert_eq!(office.state(id).await, State::InForce);
}

/// An approval that cannot take effect any more ends once, with a step and a line; others are brought on all the same.
#[tokio::test]
async fn an_approval_ends_when_its_base_has_moved_before_its_day() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let wanted = |person: Option<PersonId>, valid_from, email: &str| {
        let record = self::person("Maija", &[PersonRole::Clerk]);
        let record = Some(PersonRecord { valid_from, email: email.to_owned(), ..record });
        Content::Person(PersonChange { person, of: None, record })
    };
    office.done(wanted(None, TODAY, "maija@kase.example.lv")).await.unwrap();
    let maija = exchange.persons(&office.anna).await.unwrap().pop().unwrap().id;
    let day = date(2026, 11, 25);
    let moved = office.done(wanted(Some(maija), day, "vecais@kase.example.lv")).await.unwrap();
    let other = office.done(wanted(None, day, "cita@kase.example.lv")).await.unwrap();
    office.done(wanted(Some(maija), TODAY, "jaunais@kase.example.lv")).await.unwrap();
    exchange.work_now().await.unwrap();
    assert_eq!(office.state(moved).await, State::Approved, "its day has not come");
    office.treasury.clock.advance(SignedDuration::from_hours(48));
    for _ in 0..3 {
        exchange.work_now().await.unwrap();
    }
    assert_eq!((office.state(moved).await, office.state(other).await), (State::Overtaken, State::InForce));
    let steps = exchange.application(&office.anna, moved).await.unwrap().steps;
    let last = steps.last().unwrap();
    assert_eq!((last.step.as_str(), last.person), ("overtaken", None));
    let lines = office.treasury.audit_lines().await;
    assert_eq!(lines.iter().filter(|line| line.action == "application.overtaken").count(), 1);
    let persons = exchange.persons(&office.anna).await.unwrap();
    assert_eq!(persons.into_iter().find(|person| person.id == maija).unwrap().record.email, "jaunais@kase.example.lv");
}

/// One operator suspends and blocks. Two lift it, by applications that name this suspension and no other one.
#[tokio::test]
async fn what_one_operator_laid_on_two_lift() {
    let clock = SetClock::showing(MORNING.parse().unwrap());
    let office = Office::at(TestExchange::in_production(Place::chosen(), clock).await).await;
    let (exchange, operator) = (&office.treasury.exchange, office.treasury.exchange.operator());
    let user = office.treasury.caller(Role::Manager).await.identity().user.id;
    let account = office.account(&ministry_account()).await;
    let suspension = Content::LiftSuspension(LiftSuspension { user });
    let block = Content::LiftBlock(LiftBlock { account });
    assert_eq!(code(office.submitted(suspension.clone()).await), Code::ApplicationContentInvalid, "nothing to lift");
    assert_eq!(code(office.submitted(block.clone()).await), Code::ApplicationContentInvalid);

    assert!(operator.change_online_user(user, UserRights::Suspend).await.unwrap());
    operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    assert_eq!(code(operator.change_online_user(user, UserRights::Resume).await), Code::LiftingNeedsTwo);
    assert_eq!(code(operator.set_account_state(&ministry_account(), AccountState::Open).await), Code::LiftingNeedsTwo);
    assert_eq!(office.treasury.authorise(Role::Manager).await.unwrap_err().code, Code::OnlineUserSuspended);

    // Two applications about one suspension: the second one finds another suspension than it names.
    let (first, second) =
        (office.checked(suspension.clone()).await.unwrap(), office.checked(suspension).await.unwrap());
    assert_eq!(code(office.approve(&office.anna, first).await), Code::FourEyes);
    let changes = exchange.application(&office.janis, first).await.unwrap().changes;
    let [of_user, change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(of_user.field, onboarding::Field::OnlineUser);
    assert!(change.field.word() == "suspended" && change.before.is_some() && change.after.is_none(), "{change:?}");
    assert_eq!(office.approve(&office.janis, first).await.unwrap(), State::InForce);
    office.treasury.caller(Role::Manager).await;
    office.treasury.clock.advance(SignedDuration::from_secs(1));
    assert!(operator.change_online_user(user, UserRights::Suspend).await.unwrap());
    assert_eq!(code(office.approve(&office.janis, second).await), Code::ApplicationChanged);
    assert_eq!(office.treasury.authorise(Role::Manager).await.unwrap_err().code, Code::OnlineUserSuspended);

    let (first, second) = (office.checked(block.clone()).await.unwrap(), office.checked(block).await.unwrap());
    assert_eq!(code(office.approve(&office.anna, first).await), Code::FourEyes);
    assert_eq!(office.approve(&office.janis, first).await.unwrap(), State::InForce);
    let accounts = operator.accounts(office.treasury.ministry).await.unwrap();
    let state = accounts.iter().find(|known| known.ledger.id == account).map(|known| known.ledger.state);
    assert_eq!(state, Some(AccountState::Open));
    operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    assert_eq!(code(office.approve(&office.janis, second).await), Code::ApplicationChanged);
    office.treasury.check_invariants().await;
}

/// Limits for one day hold for payments that are executed on that day, and for no others: for a message alone, among others,
/// and for a staged one.
#[tokio::test]
async fn limits_of_one_day_decide_about_the_payments_of_that_day() {
    let office = Office::at(TestExchange::with_small_chunks().await).await;
    let treasury = &office.treasury;
    let own = Limits { per_payment: Some(50_00), per_day: Some(60_00) };
    treasury.exchange.operator().set_account_limits(&ministry_account(), own).await.unwrap();
    let account = office.account(&ministry_account()).await;
    let tomorrow = date(2026, 11, 24);
    let refused = async |id: &str, day, amounts: &[i64]| {
        let payments = (1..).zip(amounts);
        let payments = payments.map(|(n, cents)| payment(&format!("{id}-{n}"), *cents, ESTONIAN)).collect();
        let answer = treasury.answer(&File::new(id, payments).on(day).xml()).await;
        texts(&answer, "OrgnlEndToEndId").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let for_day = |day, per_payment, per_day| {
        let limits = Limits { per_payment, per_day };
        Content::OneDayLimits(OneDayLimits { account, day, limits })
    };
    let wanted = |per_payment, per_day| for_day(TODAY, per_payment, per_day);
    // Nothing that waits for an approval holds.
    let id = office.checked(wanted(None, Some(200_00))).await.unwrap();
    assert_eq!(refused("A", TODAY, &[50_01]).await, ["A-1"]);
    assert_eq!(office.approve(&office.janis, id).await.unwrap(), State::InForce);
    let shown = treasury.exchange.accounts(&treasury.caller(Role::Manager).await).await.unwrap();
    let shown = shown.into_iter().find(|account| account.iban == ministry_account()).unwrap();
    assert_eq!(shown.limits, Limits { per_payment: None, per_day: Some(200_00) }, "its client sees what holds today");
    assert_eq!(refused("B", TODAY, &[150_00, 50_00, 1]).await, ["B-3"]);
    // Later days have the account's own, or theirs, which count for payments that are sent ahead.
    assert_eq!(refused("C", tomorrow, &[50_01, 50_00, 10_01, 10_00]).await, ["C-1", "C-3", "C-4"]);
    office.done(for_day(date(2026, 11, 25), Some(70_00), None)).await.unwrap();
    assert_eq!(refused("H", date(2026, 11, 25), &[70_00, 70_01, 69_99]).await, ["H-2"]);
    // Lower ones bite at once, and what was allowed before stays.
    let lower = office.done(wanted(Some(10_00), None)).await.unwrap();
    assert_eq!((office.state(id).await, office.state(lower).await), (State::Replaced, State::InForce));
    let many: Vec<i64> = (9_91..=10_01).rev().collect();
    assert_eq!(refused("D", TODAY, &many).await, ["D-1"]);
    let files = ["E", "F", "G"].map(|id| File::new(id, vec![payment(id, 10_01, ESTONIAN)]).xml());
    let [e, f, g] = &files;
    let answers = tokio::join!(treasury.answer(e), treasury.answer(f), treasury.answer(g));
    for answer in [answers.0, answers.1, answers.2] {
        assert!(group_status(&answer) == "RJCT" && answer.contains("TDAM-4010"), "{answer}");
    }
    treasury.check_invariants().await;
}

/// An act that is cut off before its commit leaves the application where the last one put it.
#[tokio::test]
async fn a_restart_between_two_acts_loses_nothing() {
    let Office { treasury, anna, janis } = Office::open().await;
    let office = Office { treasury, anna, janis };
    let id = office.checked(Content::NewOnlineUser(office.registration().await)).await.unwrap();
    let Office { treasury, anna, janis } = office;
    let office = Office { treasury: treasury.restart(), anna, janis };
    assert_eq!(office.state(id).await, State::Checked);
    assert_eq!(office.approve(&office.janis, id).await.unwrap(), State::InForce);
    let _: Timestamp = office.treasury.exchange.application(&office.anna, id).await.unwrap().steps[0].at;
}

#[tokio::test]
async fn only_the_first_two_operators_come_without_an_application() {
    let treasury = TestExchange::new().await;
    let operator = treasury.exchange.operator();
    let record = person("Pirmā", &[PersonRole::Clerk, PersonRole::Approver]);
    let of_client =
        PersonRecord { client: Some(treasury.ministry), roles: Roles::of(&[PersonRole::Viewer]), ..record.clone() };
    assert_eq!(code(operator.insert_first_operator(of_client).await), Code::RequestParameterInvalid);
    let nameless = PersonRecord { name: String::new(), ..record.clone() };
    assert_eq!(code(operator.insert_first_operator(nameless).await), Code::ApplicationContentInvalid);
    // At once, as when two machines make an installation in one database.
    let all = [(); 4].map(|()| {
        let (operator, record) = (treasury.exchange.operator(), record.clone());
        tokio::spawn(async move { operator.insert_first_operator(record).await })
    });
    let mut made = 0;
    for one in all {
        match one.await.unwrap() {
            Ok(_) => made += 1,
            Err(failure) => assert_eq!(failure.code, Code::OperatorsExist),
        }
    }
    assert_eq!(made, 2);
    assert_eq!(code(operator.insert_first_operator(record).await), Code::OperatorsExist);
}

/// Nobody ends the last who approve or enter, whether by one application or by two that were entered before.
#[tokio::test]
async fn enough_operators_are_left_whatever_is_applied_for() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let janis = office.janis.person().id;
    let end = |person| Content::Person(PersonChange { person: Some(person), of: None, record: None });
    let with_roles = |person, roles: &[PersonRole]| {
        let record = self::person("Jānis", roles);
        Content::Person(PersonChange { person: Some(person), of: None, record: Some(record) })
    };
    for content in [end(janis), with_roles(janis, &[PersonRole::Auditor])] {
        assert_eq!(code(office.submitted(content).await), Code::OperatorsTooFew);
    }
    // One who only enters beside one who does both is enough.
    let id = office.submitted(with_roles(janis, &[PersonRole::Approver])).await.unwrap();
    exchange.withdraw_application(&office.anna, id).await.unwrap();

    let record = person("Maija", &[PersonRole::Clerk, PersonRole::Approver]);
    office.done(Content::Person(PersonChange { person: None, of: None, record: Some(record) })).await.unwrap();
    let maija = exchange.persons(&office.anna).await.unwrap().pop().unwrap().id;
    exchange.operator().insert_person_certificate(certificate(maija, 0x61)).await.unwrap();
    let by_maija = exchange.authorise_person(&presented(0x61), "office").await.unwrap();
    // Each of the two is possible while the other one has not taken effect.
    let one = office.checked(end(janis)).await.unwrap();
    let other = office.checked(end(maija)).await.unwrap();
    let (one, other) = tokio::join!(office.approve(&by_maija, one), office.approve(&office.janis, other));
    let refused = match (one, other) {
        (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused.code,
        both => panic!("{both:?}"),
    };
    // Who was first also ended the person who approves the other one.
    assert!([Code::OperatorsTooFew, Code::PersonNotRegistered].contains(&refused), "{refused:?}");
    let left = exchange.persons(&office.anna).await.unwrap();
    assert_eq!(left.iter().filter(|person| person.ended_at.is_none()).count(), 2);
    office.treasury.check_invariants().await;
}

/// What was approved for a later day leaves enough operators on that day too, or lapses.
#[tokio::test]
async fn an_approval_for_a_later_day_does_not_leave_too_few() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let record = person("Maija", &[PersonRole::Clerk, PersonRole::Approver]);
    office.done(Content::Person(PersonChange { person: None, of: None, record: Some(record) })).await.unwrap();
    let maija = exchange.persons(&office.anna).await.unwrap().pop().unwrap().id;
    let later = PersonRecord { valid_from: date(2026, 11, 25), ..person("Maija", &[PersonRole::Auditor]) };
    let change = Content::Person(PersonChange { person: Some(maija), of: None, record: Some(later) });
    let id = office.done(change).await.unwrap();
    assert_eq!(office.state(id).await, State::Approved);
    // Meanwhile Jānis loses his roles; then nobody but Anna and Maija can decide.
    let janis = office.janis.person().id;
    exchange.operator().insert_person_certificate(certificate(maija, 0x62)).await.unwrap();
    let by_maija = exchange.authorise_person(&presented(0x62), "office").await.unwrap();
    let end = Content::Person(PersonChange { person: Some(janis), of: None, record: None });
    let ended = office.checked(end).await.unwrap();
    assert_eq!(office.approve(&by_maija, ended).await.unwrap(), State::InForce);
    office.treasury.clock.advance(SignedDuration::from_hours(48));
    exchange.work_now().await.unwrap();
    assert_eq!(office.state(id).await, State::Approved);
    let roles = exchange.person(&office.anna, maija).await.unwrap().record.roles;
    assert!(roles.has(PersonRole::Approver), "the change would leave one operator");
}

/// What an act would do on trial: the same answer, and nothing behind it.
#[tokio::test]
async fn an_act_on_trial_changes_nothing() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    let (user, content) = office.viewer_manages().await;
    let id = office.checked(content).await.unwrap();
    let seen = exchange.application(&office.janis, id).await.unwrap();
    let trying = office.janis.clone().on_trial();
    let digest = seen.application.parts().digest.unwrap();
    assert_eq!(exchange.approve_application(&trying, id, digest).await.unwrap(), State::InForce);
    assert_eq!(exchange.application(&office.janis, id).await.unwrap(), seen);
    assert!(!office.treasury.caller(Role::Viewer).await.may_manage());
    let lines = office.treasury.audit_lines().await;
    assert!(lines.iter().all(|line| line.action != "application.approved"), "{lines:?}");
    assert_eq!(exchange.registration(&office.janis, user).await.unwrap().mode, AccessMode::View);
}
