//! Notices that certificates and registrations end: what is due, and letters on their way.

use jiff::civil::date;
use onboarding::{PersonRecord, Role, Roles};
use store::{Fingerprint, NoticeKey, NoticeOf, NoticeState, PersonCertificate};

use crate::support::*;

fn key(of: NoticeOf, days: u16) -> NoticeKey {
    NoticeKey { of, days }
}

pub fn what_ends_is_found_until_there_is_a_notice_of_it(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let user = treasury.user;
    let today = date(2026, 11, 23);
    let certificates =
        |days| read(&store, |snapshot| snapshot.certificates_to_tell((at(999_999), at(1_000_000)), today, days, 10));
    let ends = at(1_000_000);
    assert_eq!(certificates(60), [(user, ends)]);
    // A second one that ends at the same moment is no second notice.
    write(&store, move |tx| tx.insert_certificate(&certificate(user, 2)));
    assert_eq!(certificates(60), [(user, ends)]);
    assert!(write(&store, move |tx| tx.insert_notice(&key(NoticeOf::Certificate(user, ends), 60), at(1))));
    assert!(!write(&store, move |tx| tx.insert_notice(&key(NoticeOf::Certificate(user, ends), 60), at(2))));
    assert_eq!((certificates(60), certificates(30)), (vec![], vec![(user, ends)]));
    // A later one takes their place, and gives it back when it is revoked.
    let later = store::Certificate { not_after: at(2_000_000), ..certificate(user, 3) };
    write(&store, move |tx| tx.insert_certificate(&later));
    assert_eq!(certificates(30), []);
    write(&store, |tx| tx.revoke_certificate(&Fingerprint([3; 32]), at(5)));
    assert_eq!(certificates(30), [(user, ends)]);
    let after = read(&store, |s| s.certificates_to_tell((at(0), at(2_000_000)), date(2029, 11, 23), 30, 10));
    assert_eq!(after, [], "no longer registered");

    let last_day = date(2029, 11, 22);
    let registrations = |first, last, days| read(&store, |s| s.registrations_to_tell((first, last), days, 10));
    assert_eq!(registrations(last_day, last_day, 14), [(user, last_day)]);
    assert_eq!(registrations(date(2029, 11, 23), date(2029, 12, 31), 14), []);
    assert!(write(&store, move |tx| tx.insert_notice(&key(NoticeOf::Registration(user, last_day), 14), at(1))));
    assert_eq!(registrations(last_day, last_day, 14), []);
    assert_eq!(registrations(last_day, last_day, 7), [(user, last_day)]);
}

pub fn a_persons_certificate_is_found_until_there_is_a_notice_of_it(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let today = date(2026, 11, 23);
    let record = PersonRecord {
        client: None,
        name: "Anna".to_owned(),
        email: "anna@kase.example".to_owned(),
        roles: Roles::of(&[Role::Clerk]),
        valid_from: today,
        valid_until: date(2029, 11, 22),
    };
    let kept = record.clone();
    let person = write(&store, move |tx| tx.insert_person(&kept));
    let insert = |byte: u8, end: i64| {
        let certificate = PersonCertificate {
            fingerprint: Fingerprint([byte; 32]),
            person,
            serial: byte.to_string(),
            not_before: at(0),
            not_after: at(end),
            revoked_at: None,
            authority: None,
        };
        write(&store, move |tx| tx.insert_person_certificate(&certificate));
    };
    insert(0xa1, 1_000);
    let due = |days| read(&store, |s| s.person_certificates_to_tell((at(999), at(1_000)), today, days, 10));
    let ends = at(1_000);
    assert_eq!(due(60), [(person, ends)]);
    // An online user of the same number has notices of its own.
    let user = store::OnlineUserId(person.0);
    let same_number = [NoticeOf::Certificate(user, ends), NoticeOf::PersonCertificate(person, ends)];
    for of in same_number {
        assert!(write(&store, move |tx| tx.insert_notice(&key(of, 60), at(1))));
        assert!(!write(&store, move |tx| tx.insert_notice(&key(of, 60), at(2))));
    }
    let mut waiting = read(&store, |s| s.notices(NoticeState::Waiting, 10));
    waiting.sort_by_key(|notice| notice.id);
    assert_eq!(waiting.iter().map(|notice| notice.key.of).collect::<Vec<_>>(), same_number);
    assert_eq!((due(60), due(30)), (vec![], vec![(person, ends)]));
    insert(0xa2, 5_000);
    assert_eq!(due(30), [], "the later one takes its place");
    write(&store, |tx| tx.revoke_person_certificate(&Fingerprint([0xa2; 32]), at(5)));
    assert_eq!(due(30), [(person, ends)]);
    assert_eq!(read(&store, |s| s.person_certificates_end()), [(person, ends)]);
    assert_eq!(read(&store, |s| s.gauges()).person_certificates_end, [ends]);
    let late = read(&store, |s| s.person_certificates_to_tell((at(0), at(1_000)), date(2029, 11, 23), 30, 10));
    assert_eq!(late, [], "no longer registered");
    write(&store, move |tx| {
        tx.update_person(&store::Person { id: person, record: record.clone(), ended_at: Some(at(9)) })
    });
    assert_eq!((due(30), read(&store, |s| s.gauges()).person_certificates_end), (vec![], vec![]), "ended");
    assert_eq!(treasury.user, read(&store, |s| s.online_users(treasury.client))[0].id);
}

pub fn a_notice_is_taken_by_one_sent_once_and_tried_again_when_it_was_refused(open: Open<'_>) {
    let store = open();
    let user = Treasury::found(&store).user;
    for days in [60, 30] {
        write(&store, move |tx| {
            tx.insert_notice(&key(NoticeOf::Registration(user, date(2029, 11, 22)), days), at(i64::from(100 - days)))
        });
    }
    let take = |now, until| write(&store, move |tx| tx.take_notice(at(now), at(until)));
    assert_eq!(take(39, 200), None, "before they are made nobody takes them");
    let (first, second) = (take(100, 200).unwrap(), take(100, 200).unwrap());
    assert_eq!(take(100, 200), None);
    let read_back = |id| read(&store, |snapshot| snapshot.notice(id)).unwrap();
    let notice = read_back(first);
    assert_eq!((notice.key.days, notice.attempts, notice.next_at), (60, 1, at(200)));
    assert_eq!((notice.state, notice.made_at, notice.ended_at), (NoticeState::Waiting, at(40), None));

    // The node that took it is gone: after its lease another one takes it.
    assert_eq!(take(200, 300), Some(first));
    assert!(write(&store, move |tx| tx.postpone_notice(second, at(900), "busy")));
    assert_eq!(read_back(second).why.as_deref(), Some("busy"));
    assert!(write(&store, move |tx| {
        tx.end_notice(first, NoticeState::Sent, at(210), Some("anna@example.org"), None)
    }));
    let sent = read_back(first);
    assert_eq!((sent.state, sent.attempts, sent.ended_at), (NoticeState::Sent, 2, Some(at(210))));
    assert_eq!(sent.receiver.as_deref(), Some("anna@example.org"));
    for again in [
        write(&store, move |tx| tx.end_notice(first, NoticeState::Refused, at(220), None, Some("late"))),
        write(&store, move |tx| tx.postpone_notice(first, at(220), "late")),
        write(&store, move |tx| tx.retry_notice(first, at(220))),
        write(&store, move |tx| tx.retry_notice(second, at(220))),
    ] {
        assert!(!again);
    }
    assert_eq!(read_back(first), sent);

    assert!(write(&store, move |tx| tx.end_notice(second, NoticeState::Refused, at(300), None, Some("550 no such"))));
    assert_eq!(take(1_000, 1_100), None);
    let listed = |state| read(&store, |snapshot| snapshot.notices(state, 10)).len();
    assert_eq!([NoticeState::Waiting, NoticeState::Sent, NoticeState::Refused].map(listed), [0, 1, 1]);
    let gauges = read(&store, |snapshot| snapshot.gauges());
    assert_eq!((gauges.notices_waiting, gauges.notices_waiting_since, gauges.notices_refused), (0, None, 1));
    assert!(write(&store, move |tx| tx.retry_notice(second, at(400))));
    let gauges = read(&store, |snapshot| snapshot.gauges());
    assert_eq!((gauges.notices_waiting, gauges.notices_waiting_since, gauges.notices_refused), (1, Some(at(70)), 0));
    assert_eq!(take(400, 500), Some(second));
    let again = read_back(second);
    assert_eq!((again.attempts, again.ended_at, again.why.as_deref()), (1, None, Some("550 no such")));
}
