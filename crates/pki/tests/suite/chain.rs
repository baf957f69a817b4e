//! Whether a certificate was to be trusted at a moment.
use jiff::{SignedDuration, Timestamp};
use pki::{CertificateAuthority, ChainFault, Issued, KeyInFile, Reason, Revoked, Subject, Validity};
use pki::{certificate_der, issuers_of, trusted_at};

/// Years ago, as seen from the moment at which evidence is verified.
fn then() -> Timestamp {
    "2019-11-23T08:00:00Z".parse().unwrap()
}

fn later(days: i64) -> Timestamp {
    then() + SignedDuration::from_hours(24 * days)
}

struct House {
    root: CertificateAuthority,
    issuing: CertificateAuthority,
    client: Issued,
}

impl House {
    fn found() -> House {
        let key = || Box::new(KeyInFile::generate().unwrap());
        let root = CertificateAuthority::create_root(&Subject::new("Root"), Validity::of_days(then(), 300), key());
        let root = root.unwrap();
        let issuing = root.create_issuing(&Subject::new("Issuing"), Validity::of_days(then(), 200), key()).unwrap();
        let client = issuing.issue_client(&Subject::new("Horizon"), Validity::of_days(then(), 30)).unwrap();
        House { root, issuing, client }
    }

    fn der(&self) -> Vec<u8> {
        certificate_der(&self.client.certificate_pem).unwrap()
    }

    fn issuers(&self) -> Vec<Vec<u8>> {
        vec![self.issuing.certificate_der().to_vec(), self.root.certificate_der().to_vec()]
    }

    fn list(&self, made: Timestamp, revoked: &[Revoked]) -> Vec<u8> {
        self.issuing.revocation_list(7, made, made + SignedDuration::from_hours(48), revoked).unwrap()
    }

    /// The verdict where the root is trusted.
    fn verdict(&self, list: Option<&[u8]>, moment: Timestamp) -> Result<(), ChainFault> {
        trusted_at(&self.der(), &self.issuers(), &[self.root.certificate_der().to_vec()], list, moment)
    }
}

#[test]
fn the_authorities_above_a_certificate_are_found_among_others_in_any_order() {
    let (house, other) = (House::found(), House::found());
    let mut candidates = [other.issuers(), house.issuers()].concat();
    candidates.reverse();
    candidates.push(b"no certificate".to_vec());
    assert_eq!(issuers_of(&house.der(), &candidates).unwrap(), house.issuers());
    assert_eq!(issuers_of(&house.der(), &other.issuers()).unwrap(), Vec::<Vec<u8>>::new(), "the same names");
    assert!(issuers_of(b"no certificate", &candidates).is_err());
}

#[test]
fn a_certificate_is_trusted_at_its_moment_and_not_outside_its_time() {
    let house = House::found();
    let list = |day| house.list(later(day), &[]);
    assert_eq!(house.verdict(Some(&list(1)), later(1)), Ok(()));
    assert_eq!(house.verdict(Some(&list(31)), later(31)), Err(ChainFault::Expired));
    assert_eq!(house.verdict(Some(&list(-2)), later(-1)), Err(ChainFault::NotYetValid));
    // Who trusts the issuing authority needs no root.
    let below = [house.issuing.certificate_der().to_vec()];
    assert_eq!(trusted_at(&house.der(), &[], &below, Some(&list(1)), later(1)), Ok(()));
}

#[test]
fn another_authority_of_the_same_name_proves_nothing() {
    let (house, other) = (House::found(), House::found());
    let list = house.list(later(1), &[]);
    let trusting_other = [other.root.certificate_der().to_vec()];
    let verdict = trusted_at(&house.der(), &house.issuers(), &trusting_other, Some(&list), later(1));
    assert_eq!(verdict, Err(ChainFault::Untrusted));
    // What lies in the chain is not trusted for that.
    let all = [house.issuers(), other.issuers()].concat();
    assert_eq!(trusted_at(&house.der(), &all, &trusting_other, Some(&list), later(1)), Err(ChainFault::Untrusted));
    assert!(matches!(
        trusted_at(&house.der(), &house.issuers(), &[b"none".to_vec()], Some(&list), later(1)),
        Err(ChainFault::Authority(_))
    ));
}

#[test]
fn a_list_has_to_be_there_be_of_the_moment_and_not_name_the_certificate() {
    let (house, other) = (House::found(), House::found());
    assert_eq!(house.verdict(None, later(1)), Err(ChainFault::NoList));
    let serial = house.client.info.serial.clone();
    let revoked = [Revoked { serial, at: later(0), reason: Reason::KeyCompromise }];
    assert_eq!(house.verdict(Some(&house.list(later(1), &revoked)), later(1)), Err(ChainFault::Revoked));
    assert_eq!(house.verdict(Some(&house.list(later(1), &[])), later(4)), Err(ChainFault::ListEnded));
    assert_eq!(house.verdict(Some(&house.list(later(2), &[])), later(1)), Err(ChainFault::ListLater));
    let foreign = house.verdict(Some(&other.list(later(1), &[])), later(1));
    assert!(matches!(foreign, Err(ChainFault::NoList | ChainFault::List(_))), "{foreign:?}");
    assert!(house.verdict(Some(b"no list"), later(1)).is_err());
}
