//! Applications with their files and steps, and persons.

use jiff::civil::date;
use ledger::{AccountId, Limits};
use onboarding::{
    Actor, Application, ApplicationId, Attachment, Base, Contact, Content, FileKind, Kind, Moment, PersonId,
    PersonRecord, Registration, RegistrationInForce, Role, Roles, UserChange,
};
use store::{
    AccessMode, ApplicationFilter, ApplicationStep, ClientId, DayLimits, Deciding, Fingerprint, Person,
    PersonCertificate, ReadAhead, Store, StoreError,
};

use crate::support::*;

fn record(name: &str, roles: &[Role]) -> PersonRecord {
    PersonRecord {
        client: None,
        name: name.to_owned(),
        email: "persona@kase.example.lv".to_owned(),
        roles: Roles::of(roles),
        valid_from: MONDAY,
        valid_until: date(2029, 11, 22),
    }
}

/// A clerk and an approver.
fn staff(store: &Store) -> [Actor; 2] {
    [("Anna", Role::Clerk), ("Jānis", Role::Approver)].map(|(name, role)| {
        let person = write(store, move |tx| tx.insert_person(&record(name, &[role])));
        Actor { person, client: None, roles: Roles::of(&[role]) }
    })
}

fn moment() -> Moment {
    Moment { at: at(9), today: MONDAY }
}

fn registration(treasury: &Treasury) -> Registration {
    let user = online_user(treasury.client);
    Registration {
        client: treasury.client,
        name: user.name,
        mode: AccessMode::View,
        contact: Contact { name: "Līga".to_owned(), email: "liga@example.lv".to_owned(), telephone: None },
        networks: user.allowed_networks,
        accounts: vec![treasury.payer],
        valid_until: user.registration_valid_until,
    }
}

/// An application in the store after each of its steps up to its effect, as the last of them.
fn put_in_force(store: &Store, treasury: &Treasury, content: Content, base: &Base) -> Result<Application, StoreError> {
    let [clerk, approver] = staff(store);
    let read_back = |id| read(store, move |snapshot| snapshot.application(id)).unwrap();
    let saved = |application: Application| {
        let written = application.clone();
        store.write_blocking::<_, StoreError, _>(move |tx| tx.update_application(&written))?;
        assert_eq!(read_back(application.id()), application);
        Ok::<_, StoreError>(application)
    };
    let entered = Application::enter(ApplicationId(0), content, None, &clerk, moment(), base).unwrap();
    let id = write(store, move |tx| tx.insert_application(&entered));
    let file = Attachment {
        kind: FileKind::Signed,
        name: "pieteikums.edoc".to_owned(),
        sha256: [3; 32],
        size: 4,
        verification: None,
    };
    let kept = file.clone();
    write(store, move |tx| tx.insert_attachment(id, &kept, b"edoc"));
    assert_eq!(read(store, move |snapshot| snapshot.attachment(id, "pieteikums.edoc")).as_deref(), Some(&b"edoc"[..]));
    let attached = read_back(id);
    assert_eq!(attached.parts().attachments, [file]);
    let verified = attached.verify_signature("pieteikums.edoc", "derīgs", &clerk, moment()).unwrap();
    let noted = verified.parts().attachments[0].clone();
    write(store, move |tx| tx.update_attachment(id, &noted));
    let submitted = saved(verified.submit(&clerk, moment(), base).unwrap())?;
    let checked = saved(submitted.check(&clerk, moment()).unwrap())?;
    let seen = checked.parts().digest.unwrap();
    let approved = saved(checked.approve(seen, &approver, moment(), base).unwrap())?;
    let in_force = approved.put_in_force(moment(), base).unwrap();
    saved(in_force.having_made(treasury.user))
}

pub fn an_application_reads_back_after_every_step(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let done =
        put_in_force(&store, &treasury, Content::NewOnlineUser(registration(&treasury)), &Base::Nothing).unwrap();
    let id = done.id();
    let step =
        |step: &str, person| ApplicationStep { at: at(1), person, step: step.to_owned(), detail: "kāpēc".to_owned() };
    let steps = [step("entered", Some(PersonId(1))), step("in-force", None)];
    let written = steps.clone();
    write(&store, move |tx| written.iter().try_for_each(|step| tx.add_application_step(id, step)));
    assert_eq!(read(&store, move |snapshot| snapshot.application_steps(id)), steps);
    assert_eq!(read(&store, move |snapshot| snapshot.registration_in_force(treasury.user)), Some(id));
    assert_eq!(read(&store, move |snapshot| snapshot.card_in_force(treasury.client)), None);

    let list = |filter| read(&store, move |snapshot| snapshot.applications(&filter, 10));
    assert_eq!(list(ApplicationFilter::default()), std::slice::from_ref(&done));
    let kind = done.content().kind();
    let all = ApplicationFilter {
        state: Some(done.state()),
        kind: Some(kind),
        client: Some(treasury.client),
        before: Some(ApplicationId(id.0 + 1)),
    };
    assert_eq!(list(all), std::slice::from_ref(&done));
    let others = Kind::ALL.iter().filter(|other| **other != kind);
    for kind in others {
        assert!(list(ApplicationFilter { kind: Some(*kind), ..all }).is_empty(), "{kind:?}");
    }
    assert!(list(ApplicationFilter { before: Some(id), ..ApplicationFilter::default() }).is_empty());
    // The day after the registration's last one.
    let due = |day| read(&store, move |snapshot| snapshot.due_applications(day, 10));
    assert!(due(date(2029, 11, 22)).is_empty());
    assert_eq!(due(date(2029, 11, 23)), [id]);
}

pub fn what_is_submitted_stands(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let done =
        put_in_force(&store, &treasury, Content::NewOnlineUser(registration(&treasury)), &Base::Nothing).unwrap();
    let mut parts = done.parts().clone();
    let mut other = registration(&treasury);
    other.mode = AccessMode::Manage;
    parts.content = Content::NewOnlineUser(other);
    let forged = Application::from_parts(parts);
    assert!(store.write_blocking::<_, StoreError, _>(move |tx| tx.update_application(&forged)).is_err());
    let mut parts = done.parts().clone();
    parts.approved = parts.submitted;
    let forged = Application::from_parts(parts);
    assert!(store.write_blocking::<_, StoreError, _>(move |tx| tx.update_application(&forged)).is_err());
    let id = done.id();
    assert_eq!(read(&store, move |snapshot| snapshot.application(id)), Some(done));
}

pub fn one_registration_of_a_user_is_in_force(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let now = registration(&treasury);
    let first = put_in_force(&store, &treasury, Content::NewOnlineUser(now.clone()), &Base::Nothing).unwrap();
    let base = Base::OnlineUser(RegistrationInForce { by: Some(first.id()), registration: now.clone() });
    let to = Registration { mode: AccessMode::Manage, ..now };
    let change = Content::ChangeOnlineUser(UserChange { user: treasury.user, to });
    assert!(put_in_force(&store, &treasury, change.clone(), &base).is_err(), "two registrations in force");
    let replaced = first.replace().unwrap();
    write(&store, move |tx| tx.update_application(&replaced));
    let second = put_in_force(&store, &treasury, change, &base).unwrap();
    assert_eq!(read(&store, move |snapshot| snapshot.registration_in_force(treasury.user)), Some(second.id()));
}

pub fn contacts_and_limits_of_a_day(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let done =
        put_in_force(&store, &treasury, Content::NewOnlineUser(registration(&treasury)), &Base::Nothing).unwrap();
    assert_eq!(read(&store, move |snapshot| snapshot.contact(treasury.user)), None);
    for telephone in [None, Some("+371 6".to_owned())] {
        let contact = Contact { name: "Līga".to_owned(), email: "liga@example.lv".to_owned(), telephone };
        let expected = contact.clone();
        write(&store, move |tx| tx.set_contact(treasury.user, &contact));
        assert_eq!(read(&store, move |snapshot| snapshot.contact(treasury.user)), Some(expected));
    }
    for per_payment in [None, Some(500)] {
        let limits = DayLimits { by: done.id(), limits: Limits { per_payment, per_day: Some(9_000) } };
        write(&store, move |tx| tx.set_day_limits(treasury.payer, MONDAY, &limits));
        assert_eq!(read(&store, move |snapshot| snapshot.day_limits(treasury.payer, MONDAY)), Some(limits));
    }
    assert_eq!(read(&store, move |snapshot| snapshot.day_limits(treasury.payer, date(2026, 11, 24))), None);
    assert_eq!(read(&store, move |snapshot| snapshot.day_limits(AccountId(9_999), MONDAY)), None);
    let of = |client, day| {
        let all = read(&store, move |snapshot| snapshot.day_limits_of(client, day));
        all.into_iter().map(|(account, of_day)| (account, of_day.limits.per_payment)).collect::<Vec<_>>()
    };
    assert_eq!(of(treasury.client, MONDAY), [(treasury.payer, Some(500))]);
    assert_eq!(of(treasury.client, date(2026, 11, 24)), []);
    assert_eq!(of(ClientId(9_999), MONDAY), []);
}

/// A decision gets them with the account, alone or among others, whether it said so in advance or not.
pub fn limits_of_a_day_come_with_the_book(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let content = Content::NewOnlineUser(registration(&treasury));
    let by = put_in_force(&store, &treasury, content, &Base::Nothing).unwrap().id();
    let (account, tuesday) = (treasury.payer, date(2026, 11, 24));
    let limits = Limits { per_payment: None, per_day: Some(9_000) };
    write(&store, move |tx| tx.set_day_limits(account, tuesday, &DayLimits { by, limits }));
    let own = read(&store, move |snapshot| snapshot.accounts(&[account])).remove(0).ledger.limits;
    assert_ne!(own, limits);
    let found = |book: &ledger::Book| [MONDAY, tuesday].map(|on| book.limits_on(account, on).unwrap());
    let alone = write(&store, move |tx| tx.book(&[account], &[MONDAY, tuesday]));
    assert_eq!(found(&alone), [own, limits]);
    for foreseen in [vec![], vec![MONDAY, tuesday]] {
        let ahead = ReadAhead {
            certificate: treasury.certificate,
            client: treasury.client,
            message_id: "MSG-1".to_owned(),
            debtor_ibans: foreseen.first().map(|_| "LV10TREL0000000000001".to_owned()).into_iter().collect(),
            creditor_ibans: Vec::new(),
            dates: foreseen,
            keys: Vec::new(),
            payment_information_ids: Vec::new(),
            payments: 1,
        };
        let (sender, seen) = std::sync::mpsc::channel();
        let job = move |tx: &mut dyn Deciding| {
            // The second look is answered from what the group holds.
            for _ in 0..2 {
                sender.send(tx.book(&[account], &[MONDAY, tuesday])?).ok();
            }
            Err::<(), _>(StoreError::Refused("nothing is decided".to_owned()))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(store.decide_for(treasury.client, ahead, job)).unwrap_err();
        let seen: Vec<_> = seen.iter().map(|book| found(&book)).collect();
        assert!(seen.len() >= 2 && seen.iter().all(|seen| *seen == [own, limits]), "{seen:?}");
    }
}

pub fn persons_with_certificates(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let of_client =
        PersonRecord { client: Some(treasury.client), ..record("Līga", &[Role::Signatory, Role::Administrator]) };
    let stored = of_client.clone();
    let id = write(&store, move |tx| tx.insert_person(&stored));
    let person = Person { id, record: of_client, ended_at: None };
    assert_eq!(read(&store, move |snapshot| snapshot.person(id)), Some(person.clone()));
    let ended = Person { ended_at: Some(at(7)), ..person };
    let written = ended.clone();
    write(&store, move |tx| tx.update_person(&written));
    assert_eq!(read(&store, |snapshot| snapshot.persons()), [ended]);

    let fingerprint = Fingerprint([8; 32]);
    let certificate = PersonCertificate {
        fingerprint,
        person: id,
        serial: "0c".to_owned(),
        not_before: at(0),
        not_after: at(1_000),
        revoked_at: None,
        authority: Some(vec![9; 20]),
    };
    let added = certificate.clone();
    write(&store, move |tx| tx.insert_person_certificate(&added));
    let again = certificate.clone();
    let twice = store.write_blocking::<_, StoreError, _>(move |tx| tx.insert_person_certificate(&again));
    assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    assert_eq!(read(&store, move |snapshot| snapshot.person_certificate(&fingerprint)), Some(certificate));
    let of = |person| read(&store, move |snapshot| snapshot.person_certificates(person));
    assert_eq!((of(id).len(), of(PersonId(id.0 + 1)).len()), (1, 0));
    assert!(write(&store, move |tx| tx.revoke_person_certificate(&fingerprint, at(5))));
    assert!(!write(&store, move |tx| tx.revoke_person_certificate(&fingerprint, at(6))));
    let revoked = read(&store, move |snapshot| snapshot.person_certificate(&fingerprint)).unwrap();
    assert_eq!(revoked.revoked_at, Some(at(5)));
}
