//! What simulated people apply for.

use ipnet::{IpNet, Ipv4Net};
use jiff::Span;
use jiff::civil::Date;
use ledger::{AccountId, Limits};
use money::Currency;

use super::office::{ACCOUNTS, CLIENTS, Office};
use super::random::Random;
use crate::{
    AcceptancePolicy, AccessMode, AccountKind, ClientId, Contact, Content, Enrolment, Institution, NewCertificate,
    OneDayLimits, OnlineUserId, PersonChange, PersonId, PersonRecord, Registration, Renewal, Role, Roles, Signatory,
    SignatureCard, TreasuryAccountPlan, UserChange,
};

/// Any content: mostly one that could take effect.
pub(super) fn content(random: &mut Random, office: &Office, today: Date) -> Content {
    let days = |count: i32| today.saturating_add(Span::new().days(count));
    let client = ClientId(random.below(CLIENTS as usize) as i64 + 1);
    // Few, so that applications about one user meet.
    let users: Vec<OnlineUserId> = office.rights.keys().rev().take(2).copied().collect();
    let user = random.pick(&users);
    let kind = random.below(18);
    match (kind, user) {
        (0, _) => Content::NewClient(Institution {
            name: format!("Iestāde {}", random.below(100)),
            registration_number: "90000000000".to_owned(),
            acceptance: AcceptancePolicy::Partial,
        }),
        (1, _) => Content::NewAccount(TreasuryAccountPlan {
            client,
            iban: "LV07TREL5180453053000".to_owned(),
            owner_name: "Iestāde".to_owned(),
            kind: AccountKind::Donation,
            currency: Currency::EUR,
            limits: Limits { per_payment: None, per_day: Some(random.below(10_000) as i64 - 100) },
        }),
        (2, _) | (_, None) => Content::NewOnlineUser(registration(random, client, days(300))),
        (3..=6, Some(user)) => match office.rights.get(&user) {
            Some(now) => {
                let as_now = now.registration.clone();
                let to = registration(random, as_now.client, as_now.valid_until);
                Content::ChangeOnlineUser(UserChange { user, to })
            }
            None => Content::NewOnlineUser(registration(random, client, days(100))),
        },
        (7, Some(user)) => {
            let last = office.rights.get(&user).map_or(today, |now| now.registration.valid_until);
            Content::Renewal(Renewal { user, valid_until: last.saturating_add(Span::new().days(200)) })
        }
        (8, Some(user)) => Content::NewCertificate(NewCertificate { user, enrolment: Enrolment::Request }),
        (9 | 12 | 14, _) => Content::OneDayLimits(OneDayLimits {
            account: AccountId(random.below(2) as i64 + 1),
            day: days(random.below(6) as i32 - 1),
            limits: Limits { per_payment: Some(random.below(1_000_000) as i64), per_day: None },
        }),
        (10 | 13 | 15 | 16, _) => Content::SignatureCard(SignatureCard {
            client: ClientId(1),
            currency: Currency::EUR,
            signatories: vec![Signatory {
                person: PersonId(101),
                level: random.below(4) as i64,
                from_minor: 0,
                to_minor: None,
            }],
            valid_from: days(random.below(20).saturating_sub(4) as i32),
            valid_until: days(400),
        }),
        _ => Content::Person(person(random, office, today)),
    }
}

fn registration(random: &mut Random, client: ClientId, valid_until: Date) -> Registration {
    let network = Ipv4Net::new([192, 0, 2, random.below(200) as u8].into(), 32);
    Registration {
        client,
        name: format!("Grāmatvedība {}", random.below(50)),
        mode: if random.once_in(2) { AccessMode::Manage } else { AccessMode::View },
        contact: Contact {
            name: "Anna Bērziņa".to_owned(),
            email: format!("anna{}@example.lv", random.below(9)),
            telephone: None,
        },
        networks: network.map(IpNet::V4).into_iter().collect(),
        accounts: (1..=ACCOUNTS).map(|n| AccountId((client.0 - 1) * ACCOUNTS + n)).take(random.below(3)).collect(),
        valid_until,
    }
}

fn person(random: &mut Random, office: &Office, today: Date) -> PersonChange {
    let known: Vec<PersonId> = office.persons.keys().copied().collect();
    let person = random.pick(&known).filter(|_| random.once_in(2));
    let of = match person.and_then(|person| office.persons.get(&person)) {
        Some(record) => record.client,
        None => random.once_in(2).then_some(ClientId(1)),
    };
    let roles: &[Role] = match of {
        Some(_) => &[Role::Viewer, Role::Signatory],
        None if random.once_in(8) => &[Role::Viewer],
        None => &[Role::Clerk, Role::Approver],
    };
    let record = PersonRecord {
        client: of,
        name: format!("Persona {}", random.below(99)),
        email: "persona@example.lv".to_owned(),
        roles: Roles::of(roles),
        valid_from: today,
        valid_until: today.saturating_add(Span::new().years(3)),
    };
    // The two who can always enter and approve stay, or the office would come to a stop.
    let ends = person.is_some_and(|person| person.0 > 6) && random.once_in(6);
    PersonChange { person, of, record: (!ends).then_some(record) }
}
