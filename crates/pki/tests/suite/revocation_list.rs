//! Revocation lists, read by us, by webpki's rules and by OpenSSL.
use jiff::{SignedDuration, Timestamp};
use pki::{CertificateAuthority, KeyInFile, PkiError, Reason, Revoked, Subject, Validity, describe_revocation_list};

use crate::programs::{folder, openssl};

fn authority(now: Timestamp) -> CertificateAuthority {
    let key = || Box::new(KeyInFile::generate().unwrap());
    let root = CertificateAuthority::create_root(&Subject::new("Root"), Validity::of_days(now, 30), key()).unwrap();
    root.create_issuing(&Subject::new("Issuing"), Validity::of_days(now, 30), key()).unwrap()
}

fn soon(now: Timestamp) -> Timestamp {
    now + SignedDuration::from_hours(24)
}

#[test]
fn a_list_says_what_was_put_in() {
    // Lists count whole seconds.
    let now: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    let authority = authority(now);
    let revoked: Vec<Revoked> = Reason::ALL
        .into_iter()
        .map(|reason| {
            let serial = authority.issue_client(&Subject::new("H"), Validity::of_days(now, 7)).unwrap().info.serial;
            Revoked { serial, at: now, reason }
        })
        .collect();
    let list = authority.revocation_list(7, now, soon(now), &revoked).unwrap();
    let info = authority.read_revocation_list(&list).unwrap();
    assert_eq!((info.number, info.this_update, info.next_update), (7, now, soon(now)));
    let serials: Vec<String> = revoked.into_iter().map(|revoked| revoked.serial).collect();
    assert_eq!(info.serials, serials);

    let empty = authority.revocation_list(u64::MAX, now, soon(now), &[]).unwrap();
    let info = authority.read_revocation_list(&empty).unwrap();
    assert_eq!((info.number, info.serials.len()), (u64::MAX, 0));

    let other = self::authority(now);
    let foreign = describe_revocation_list(&list, other.certificate_der());
    assert!(matches!(foreign, Err(PkiError::NotARevocationList)), "{foreign:?}");
    assert!(matches!(authority.read_revocation_list(b"nonsense"), Err(PkiError::NotARevocationList)));
    let backwards = authority.revocation_list(8, now, now, &[]);
    assert!(matches!(backwards, Err(PkiError::NotIssued(_))), "{backwards:?}");
    for serial in ["", "0x1", "zz"] {
        let revoked = Revoked { serial: serial.to_owned(), at: now, reason: Reason::Unspecified };
        let outcome = authority.revocation_list(8, now, soon(now), &[revoked]);
        assert!(matches!(outcome, Err(PkiError::SerialWrong(_))), "{serial:?}: {outcome:?}");
    }
}

#[test]
fn reasons_are_known_by_number() {
    for reason in Reason::ALL {
        assert_eq!(Reason::of_code(reason.code()), Some(reason));
    }
    assert_eq!(Reason::KeyCompromise.code(), 1);
    assert_eq!(Reason::of_code(6), None, "nothing is only on hold here");
}

#[test]
fn openssl_verifies_the_list_and_refuses_what_is_on_it() {
    let now = Timestamp::now();
    let authority = authority(now);
    let issue = || authority.issue_client(&Subject::new("Horizon"), Validity::of_days(now, 7)).unwrap();
    let (good, bad) = (issue(), issue());
    let revoked = [Revoked { serial: bad.info.serial.clone(), at: now, reason: Reason::KeyCompromise }];
    let list = authority.revocation_list(3, now, soon(now), &revoked).unwrap();
    let folder = folder(&[
        ("issuing.pem", authority.certificate_pem().as_bytes()),
        ("good.pem", good.certificate_pem.as_bytes()),
        ("bad.pem", bad.certificate_pem.as_bytes()),
        ("list.der", &list),
    ]);
    let Some((made, text)) = openssl(folder.path(), "crl -inform DER -in list.der -out list.pem") else { return };
    assert!(made, "{text}");
    let (verified, text) =
        openssl(folder.path(), "crl -in list.pem -CAfile issuing.pem -verify -noout -crlnumber -text").unwrap();
    assert!(verified && text.contains("verify OK"), "{text}");
    assert!(text.contains("crlNumber=0x03") && text.contains("Key Compromise"), "{text}");
    let serial = bad.info.serial.to_uppercase();
    assert!(text.contains(&format!("Serial Number: {serial}")), "{text}");
    for (file, verdict) in [("good.pem", true), ("bad.pem", false)] {
        let command = format!("verify -partial_chain -CAfile issuing.pem -CRLfile list.pem -crl_check {file}");
        let (verified, text) = openssl(folder.path(), &command).unwrap();
        assert_eq!(verified, verdict, "{file}: {text}");
        assert_eq!(text.contains("certificate revoked"), !verdict, "{text}");
    }
}
