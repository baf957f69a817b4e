//! What settling a restore changes: revocations, codes to enrol with, and the line that says who answers for it.

use exchange::{
    BroughtRevocations, Clock as _, Fingerprint, LaterRevocation, RevocationReason, RevokedCertificateName, Settling,
};
use jiff::SignedDuration;
use rulebook::Code;
use store::{EnrolmentCode, EnrolmentKind};

use super::support::*;

fn settling() -> Settling {
    Settling { by: "Anna Ozola".to_owned(), why: "the list".to_owned(), source: "ca.crl".to_owned() }
}

fn by(certificate: RevokedCertificateName) -> LaterRevocation {
    LaterRevocation { certificate, at: None, reason: RevocationReason::KeyCompromise }
}

fn fingerprint(role: Role) -> RevokedCertificateName {
    RevokedCertificateName::Fingerprint(Fingerprint([role as u8 + 1; 32]))
}

async fn marked() -> TestExchange {
    let treasury = TestExchange::new().await;
    assert!(treasury.exchange.operator().mark_restored(MORNING.parse().unwrap()).await.unwrap());
    treasury
}

#[tokio::test]
async fn revocations_are_brought_in_once_and_the_restore_is_settled() {
    let treasury = marked().await;
    let operator = treasury.exchange.operator();
    assert!(!operator.mark_restored(MORNING.parse().unwrap()).await.unwrap(), "it is marked");
    treasury.revoke(Role::Viewer).await;
    let earlier = treasury.clock.now() - SignedDuration::from_hours(1);
    let later = treasury.clock.now() + SignedDuration::from_hours(1);
    let revocations = [
        LaterRevocation { at: Some(earlier), ..by(RevokedCertificateName::Serial("Manager".to_owned())) },
        LaterRevocation { at: Some(later), ..by(fingerprint(Role::OtherManager)) },
        by(fingerprint(Role::Viewer)),
        by(RevokedCertificateName::Serial("of a certificate from after the copy".to_owned())),
        by(RevokedCertificateName::Fingerprint(Fingerprint([0xee; 32]))),
    ];
    let brought = operator.settle_restore(&revocations, settling()).await.unwrap();
    assert_eq!(brought, Some(BroughtRevocations { revoked: 2, known: 1, unknown: 2, codes: 0 }));
    for (role, code) in [(Role::Manager, Code::CertificateRevoked), (Role::OtherManager, Code::CertificateRevoked)] {
        assert_eq!(treasury.authorise(role).await.unwrap_err().code, code);
    }
    treasury.caller(Role::Neighbour).await;
    let revoked_at = |role: Role| {
        let fingerprint = Fingerprint([role as u8 + 1; 32]);
        let identity = treasury.store.read_blocking(move |reading| reading.identity(&fingerprint)).unwrap();
        identity.unwrap().certificate.revoked_at.unwrap()
    };
    assert_eq!(revoked_at(Role::Manager), earlier, "as the source says");
    assert_eq!(revoked_at(Role::OtherManager), treasury.clock.now(), "not in the future");

    assert_eq!(operator.unsettled_restore().await.unwrap(), None);
    assert_eq!(operator.settle_restore(&revocations, settling()).await.unwrap(), None, "once");
    let lines = treasury.audit_lines().await;
    let settled = lines.iter().find(|line| line.action == "restore.settled").unwrap();
    for part in ["from ca.crl", "2 certificates revoked, 1 known, 2 unknown", "\"Anna Ozola\"", "\"the list\""] {
        assert!(settled.detail.contains(part), "{}", settled.detail);
    }
    treasury.check_invariants().await;
}

#[tokio::test]
async fn codes_that_were_open_in_the_copy_are_withdrawn() {
    let treasury = marked().await;
    let user = treasury.caller(Role::Manager).await.identity().user.id;
    let code = EnrolmentCode {
        selector: "selector".to_owned(),
        hash: [7; 32],
        user,
        registration_valid_until: jiff::civil::date(2028, 12, 31),
        kind: EnrolmentKind::Request,
        made_at: treasury.clock.now(),
        valid_until: treasury.clock.now() + SignedDuration::from_hours(72),
        tries_left: 5,
        withdrawn_at: None,
        certificate: None,
    };
    treasury.store.write_blocking(move |writing| writing.insert_enrolment_code(&code)).unwrap();
    let brought = treasury.exchange.operator().settle_restore(&[], settling()).await.unwrap();
    assert_eq!(brought, Some(BroughtRevocations { codes: 1, ..BroughtRevocations::default() }));
    let code = treasury.store.read_blocking(|reading| reading.enrolment_code("selector")).unwrap().unwrap();
    assert_eq!(code.withdrawn_at, Some(treasury.clock.now()));
}
