//! People, moments and applications of the tests.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use ledger::AccountId;
use onboarding::{
    AccessMode, Actor, Application, ApplicationId, Attachment, Base, ClientId, Contact, Content, FileKind, Moment,
    OnlineUserId, PersonId, Registration, RegistrationInForce, Role, Roles, UserChange,
};

pub const TODAY: Date = date(2026, 11, 30);

/// So many days after the first one, at noon in UTC.
pub fn day(number: i64) -> Moment {
    let noon: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
    let days = jiff::Span::new().days(number);
    Moment { at: noon + SignedDuration::from_hours(24 * number), today: TODAY.checked_add(days).unwrap() }
}

pub fn operator(person: i64, roles: &[Role]) -> Actor {
    Actor { person: PersonId(person), client: None, roles: Roles::of(roles) }
}

/// Enters and checks.
pub fn clerk() -> Actor {
    operator(1, &[Role::Clerk])
}

/// Approves; may enter and check too.
pub fn approver() -> Actor {
    operator(2, &[Role::Clerk, Role::Approver])
}

pub fn registration() -> Registration {
    Registration {
        client: ClientId(1),
        name: "Grāmatvedība".to_owned(),
        mode: AccessMode::View,
        contact: Contact {
            name: "Anna Bērziņa".to_owned(),
            email: "anna.berzina@daugava.example.lv".to_owned(),
            telephone: Some("+371 60000000".to_owned()),
        },
        networks: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/64".parse().unwrap()],
        accounts: vec![AccountId(1), AccountId(2)],
        valid_until: date(2029, 11, 30),
    }
}

pub fn in_force() -> Base {
    Base::OnlineUser(RegistrationInForce { by: Some(ApplicationId(7)), registration: registration() })
}

/// A change from view to manage.
pub fn change() -> Content {
    let to = Registration { mode: AccessMode::Manage, ..registration() };
    Content::ChangeOnlineUser(UserChange { user: OnlineUserId(5), to })
}

pub fn signed_file() -> Attachment {
    Attachment {
        kind: FileKind::Signed,
        name: "pieteikums.edoc".to_owned(),
        sha256: [9; 32],
        size: 20_000,
        verification: None,
    }
}

pub fn draft(content: Content, base: &Base) -> Application {
    Application::enter(ApplicationId(8), content, Some(PersonId(101)), &clerk(), day(0), base).unwrap()
}

/// Entered, with a verified file, and submitted.
pub fn submitted(content: Content, base: &Base) -> Application {
    let attached = draft(content, base).attach(signed_file(), &clerk()).unwrap();
    let verified = attached.verify_signature("pieteikums.edoc", "eParakstītājs 3.0: derīgs", &clerk(), day(0)).unwrap();
    verified.submit(&clerk(), day(0), base).unwrap()
}

pub fn checked(content: Content, base: &Base) -> Application {
    submitted(content, base).check(&clerk(), day(0)).unwrap()
}

pub fn approved(content: Content, base: &Base) -> Application {
    let checked = checked(content, base);
    let seen = checked.parts().digest.unwrap();
    checked.approve(seen, &approver(), day(0), base).unwrap()
}
