//! Codes to enrol with, certificates that the house issues, revocation lists.

use jiff::civil::date;
use onboarding::{PersonRecord, Role, Roles};
use store::{
    EnrolmentCode, EnrolmentKind, Fingerprint, IssuedCertificate, PersonCertificate, RevocationList, StoreError,
};

use crate::support::*;

fn code(treasury: &Treasury, selector: &str) -> EnrolmentCode {
    EnrolmentCode {
        selector: selector.to_owned(),
        hash: [7; 32],
        user: treasury.user,
        registration_valid_until: date(2029, 11, 22),
        kind: EnrolmentKind::KeyStoreTripleDes,
        made_at: at(10),
        valid_until: at(20),
        tries_left: 2,
        withdrawn_at: None,
        certificate: None,
    }
}

fn issued(byte: u8) -> IssuedCertificate {
    IssuedCertificate {
        fingerprint: Fingerprint([byte; 32]),
        serial: format!("01{byte:02x}"),
        authority: vec![9; 20],
        der: vec![byte; 300],
        request: Some([byte; 32]),
        issued_at: at(i64::from(byte)),
    }
}

pub fn a_code_is_withdrawn_by_the_next_one_and_used_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (first, second) = (code(&treasury, "first"), code(&treasury, "second"));
    let stored = [first.clone(), second.clone()];
    write(&store, move |tx| stored.iter().try_for_each(|code| tx.insert_enrolment_code(code)));
    let read_back = |selector: &'static str| read(&store, move |snapshot| snapshot.enrolment_code(selector));
    assert_eq!(read_back("first"), Some(EnrolmentCode { withdrawn_at: Some(at(10)), ..first }));
    assert_eq!(read_back("second"), Some(second.clone()));
    assert_eq!(read_back("third"), None);
    let again = second.clone();
    let taken = store.write_blocking(move |tx| tx.insert_enrolment_code(&again));
    assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");

    let tries = |_| write(&store, |tx| tx.spend_try("second"));
    assert_eq!([1, 2, 3].map(tries), [Some(1), Some(0), None]);
    let user = treasury.user;
    write(&store, move |tx| tx.insert_certificate(&certificate(user, 2)));
    let used = |byte| write(&store, move |tx| tx.use_enrolment_code("second", &Fingerprint([byte; 32])));
    assert_eq!([used(2), used(2)], [true, false]);
    assert_eq!(read_back("second").unwrap().certificate, Some(Fingerprint([2; 32])));
}

pub fn what_was_issued_is_found_by_its_request_and_no_serial_comes_twice(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let user = treasury.user;
    write(&store, move |tx| {
        for byte in [2, 3] {
            tx.insert_certificate(&certificate(user, byte))?;
        }
        tx.lock_registration(user)?;
        tx.insert_issued_certificate(&issued(2))
    });
    let found = read(&store, move |snapshot| snapshot.issued_for_request(user, &[2; 32]));
    assert_eq!(found, Some(issued(2)));
    assert_eq!(read(&store, |snapshot| snapshot.issued_certificate(&Fingerprint([2; 32]))), Some(issued(2)));
    assert_eq!(read(&store, move |snapshot| snapshot.issued_for_request(user, &[9; 32])), None);
    let same_serial = IssuedCertificate { serial: issued(2).serial, ..issued(3) };
    let taken = store.write_blocking(move |tx| tx.insert_issued_certificate(&same_serial));
    assert!(matches!(taken, Err(StoreError::Conflict(_))), "{taken:?}");
    let registration = read(&store, move |snapshot| snapshot.registration(user)).unwrap();
    assert_eq!((registration.user.id, registration.client.id), (user, treasury.client));
    assert_eq!(registration.certificates.len(), 3);
}

pub fn revocation_lists_name_what_their_authority_signed(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let user = treasury.user;
    write(&store, move |tx| {
        tx.insert_certificate(&certificate(user, 2))?;
        tx.insert_issued_certificate(&issued(2))?;
        tx.revoke_certificate(&Fingerprint([2; 32]), at(30))?;
        tx.insert_revocation_reason(&Fingerprint([2; 32]), 1)?;
        tx.insert_revocation_reason(&Fingerprint([2; 32]), 4)
    });
    let revoked = |authority: u8, second| {
        let of_authority =
            read(&store, move |snapshot| snapshot.revoked_certificates(&[authority; 20], at(second), authority == 9));
        of_authority.into_iter().map(|one| (one.serial, one.revoked_at, one.reason)).collect::<Vec<_>>()
    };
    assert_eq!(revoked(9, 40), [("0a1b".to_owned(), at(30), Some(1))], "the first reason stays");
    assert_eq!(revoked(8, 40), [], "another authority's");
    assert_eq!(revoked(9, 1_000_001), [], "it has ended");
    // Of one certificate nobody noted who signed it: the list of the first authority names it.
    write(&store, |tx| {
        let record = PersonRecord {
            client: None,
            name: "Anna".to_owned(),
            email: "anna@kase.example.lv".to_owned(),
            roles: Roles::of(&[Role::Auditor]),
            valid_from: MONDAY,
            valid_until: MONDAY,
        };
        let person = tx.insert_person(&record)?;
        for (byte, serial) in [(5, "00ff"), (6, "0c")] {
            let fingerprint = Fingerprint([byte; 32]);
            let (not_before, not_after) = (at(0), at(100));
            let serial = serial.to_owned();
            let row = PersonCertificate {
                fingerprint,
                person,
                serial,
                not_before,
                not_after,
                revoked_at: None,
                authority: None,
            };
            tx.insert_person_certificate(&row)?;
        }
        tx.revoke_person_certificate(&Fingerprint([5; 32]), at(31))
    });
    let of_person = ("00ff".to_owned(), at(31), None);
    assert_eq!(revoked(9, 40), [of_person.clone(), ("0a1b".to_owned(), at(30), Some(1))]);
    assert_eq!((revoked(8, 100), revoked(9, 101).len()), (vec![], 1));

    let list = |number, content| RevocationList {
        authority: vec![9; 20],
        number,
        this_update: at(50),
        next_update: at(60),
        content: [content; 32],
        der: vec![content; 100],
    };
    let insert = |list: RevocationList| write(&store, move |tx| tx.insert_revocation_list(&list));
    assert_eq!([insert(list(7, 1)), insert(list(7, 2)), insert(list(8, 3))], [true, false, true]);
    assert_eq!(read(&store, |snapshot| snapshot.revocation_list(&[9; 20])), Some(list(8, 3)));
    assert_eq!(read(&store, |snapshot| snapshot.revocation_list(&[8; 20])), None);
    assert_eq!(read(&store, |snapshot| snapshot.first_list_at(&[9; 20])), Some(at(50)));
    assert_eq!(read(&store, |snapshot| snapshot.first_list_at(&[8; 20])), None);
    let last = |authority: u8, with_unknown| {
        read(&store, move |snapshot| snapshot.last_end_of_certificates(&[authority; 20], with_unknown))
    };
    assert_eq!([last(9, false), last(8, true), last(8, false)], [Some(at(1_000_000)), last(9, true), None]);
}
