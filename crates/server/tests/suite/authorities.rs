//! The change from one authority of the house to the next, as clients see it over TLS.
use std::sync::Arc;
use std::time::Duration;

use exchange::{Issuing, NextAuthority};
use jiff::{SignedDuration, Timestamp};
use pki::{CertificateAuthority, Issued, Subject, Validity};

use super::support::{self, *};

const WARNING: &str = "x-exchange-warning";
const PUBLISHED_DAYS: u32 = 20;

/// A world whose next authority is published, and issues from a moment on.
struct Change {
    world: World,
    next: Arc<CertificateAuthority>,
}

impl Change {
    async fn published() -> Change {
        let world = World::start().await;
        let validity = Validity::of_days(Timestamp::now(), 400);
        let next = Arc::new(CertificateAuthority::create(&Subject::new("Next authority"), validity).unwrap());
        let change = Change { world, next };
        change.issues_from(Timestamp::MAX);
        change.show_certificate_of(&change.world.authority);
        change.world.exchange.work_now().await.unwrap();
        change
    }

    fn issues_from(&self, issues_from: Timestamp) {
        let issuing = Issuing {
            authority: Arc::clone(&self.world.authority),
            next: Some(NextAuthority { authority: Arc::clone(&self.next), issues_from }),
            published_days: PUBLISHED_DAYS,
            certificate_days: 7,
            revocation_list_valid: Duration::from_secs(24 * 3600),
        };
        self.world.exchange.take_up_authorities(Some(issuing));
    }

    fn bundle(&self) -> String {
        format!("{}{}", self.world.authority.certificate_pem(), self.next.certificate_pem())
    }

    /// The server shows a certificate of this authority, and accepts those of both.
    fn show_certificate_of(&self, authority: &CertificateAuthority) {
        let material = server::TlsMaterial { client_authorities_pem: self.bundle(), ..material(authority) };
        self.world.reload.certificates(&material).unwrap();
        self.world.reload.authority(&self.bundle());
        self.world.exchange.note_server_authority(authority.key_identifier().to_vec());
    }

    /// A client that trusts these authorities.
    fn client_trusting(&self, authorities: &[&CertificateAuthority]) -> reqwest::Client {
        let tls = tls_trusting(authorities, rustls::DEFAULT_VERSIONS, Some(&self.world.manage), &["http/1.1"]);
        reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
    }
}

/// A request for a certificate, and its key.
fn request() -> (Vec<u8>, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap();
    (request.der().to_vec(), key.serialize_pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_of_both_authorities_work_and_both_lists_are_published() {
    let change = Change::published().await;
    let Change { world, next } = &change;
    let old = world.client(&world.manage);
    let bundle = get(&world.anonymous(), world.plain_url("/ca.pem")).await.text;
    let published = pki::certificates_der(&bundle).unwrap();
    assert_eq!(published, [world.authority.certificate_der(), next.certificate_der()]);

    // Until its moment the next authority issues nothing; from then on everything.
    change.issues_from(Timestamp::now() - SignedDuration::from_secs(1));
    let (body, key) = request();
    let renewed = old.post(world.url("/v1/certificates")).header("content-type", "application/pkcs10").body(body);
    let answer = support::Answer::of(renewed.send().await.unwrap()).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    let info = pki::describe(&pki::certificate_der(&answer.text).unwrap()).unwrap();
    assert_eq!(info.authority_key_identifier, next.key_identifier());
    let chain = pki::certificates_der(&answer.text).unwrap();
    assert_eq!(chain[1], next.certificate_der(), "with the authority that signed it");
    let renewed = Issued {
        certificate_pem: pki::certificate_pem(&chain[0]),
        private_key_pem: Some(key),
        info: info.clone(),
        ..world.manage.clone()
    };
    for identity in [&world.manage, &renewed] {
        assert_eq!(get(&world.client(identity), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    }

    // Each authority's list names what it has signed, and nothing else.
    assert!(world.exchange.operator().revoke_certificate(fingerprint(&renewed)).await.unwrap());
    world.exchange.work_now().await.unwrap();
    let lists = get(&world.anonymous(), world.plain_url("/crl.pem")).await;
    assert_eq!(lists.header("content-type"), Some("application/pem-certificate-chain"));
    let end = "-----END X509 CRL-----\n";
    let lists: Vec<String> = lists.text.split_inclusive(end).map(str::to_owned).collect();
    let read = |pem: &str, authority: &CertificateAuthority| {
        authority.read_revocation_list(&pki::revocation_list_der(pem).unwrap()).unwrap().serials
    };
    assert_eq!(lists.len(), 2);
    assert_eq!(read(&lists[0], &world.authority), Vec::<String>::new());
    assert_eq!(read(&lists[1], next), [info.serial]);
    get(&world.client(&renewed), world.url("/v1/heartbeat")).await.problem(401, "TDAM-1003");
    assert_eq!(get(&old, world.url("/v1/heartbeat")).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_when_the_servers_authority_changes_until_it_has() {
    let change = Change::published().await;
    let Change { world, next } = &change;
    let both = change.client_trusting(&[&world.authority, next]);
    let answer = get(&both, world.url("/v1/heartbeat")).await;
    let heartbeat: protocol::Heartbeat = serde_json::from_str(&answer.text).unwrap();
    let warning = heartbeat.caller.warnings.iter().find(|warning| warning.code == "TDAM-1034").unwrap();
    assert!((19..=20).contains(&warning.days_left), "{warning:?}");
    assert!(warning.remedy.contains("/ca.pem"), "{warning:?}");
    let said = format!("TDAM-1034;days={};ends=\"{}\"", warning.days_left, warning.ends);
    assert!(answer.header(WARNING).unwrap().contains(&said), "{:?}", answer.header(WARNING));

    // Not before its time, and an authority that nobody published never.
    let may = async |key: &[u8]| world.exchange.may_show_certificate_of(key, None).await.unwrap();
    assert_eq!(may(world.authority.key_identifier()).await, Ok(()));
    let day = may(next.key_identifier()).await.unwrap_err().unwrap();
    assert_eq!(day.yesterday().unwrap().to_string(), warning.ends);

    change.show_certificate_of(next);
    let both = change.client_trusting(&[&world.authority, next]);
    let answer = get(&both, world.url("/v1/heartbeat")).await;
    assert!(!answer.header(WARNING).unwrap_or_default().contains("TDAM-1034"), "{answer:?}");
    let old_bundle = change.client_trusting(&[&world.authority]);
    let error = old_bundle.get(world.url("/v1/heartbeat")).send().await.unwrap_err();
    assert!(format!("{error:?}").contains("UnknownIssuer"), "{error:?}");
}
