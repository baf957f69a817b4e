//! What those get whose certificate is no good: in TLS, or at their next request.
//!
//! Which test shows which attack on certificates, rights, signatures, codes and applications (`tests/tidy` looks for the names):
//!
//! | attack | test |
//! |---|---|
//! | expired, not yet valid, self-signed, of an authority of the same name, for another use, a chain without end | `certificates_out_of_time_of_nobody_or_of_another_kind_fail_in_tls` |
//! | weak key, SHA-1 | `certificates_with_weak_keys_or_signatures_fail_in_tls`, `keys_and_signatures_that_are_not_accepted_are_named` |
//! | revoked, on an open connection of HTTP/1.1 and HTTP/2 | `an_open_connection_opens_nothing_after_a_revocation_in_both_versions_of_http` |
//! | revoked, with a resumed session | `a_resumed_session_opens_nothing_after_a_revocation` |
//! | revoked on another node, or while a message is decided on | `revoked_on_one_is_refused_on_all`, `a_certificate_revoked_between_request_and_decision_stops_the_message` |
//! | a person's, revoked by command, and after a restore | `a_persons_certificate_is_revoked_by_command`, `a_persons_certificate_stays_revoked_whatever_names_it` |
//! | a person's on a machine's route, and the other way round | `a_persons_certificate_opens_no_machine_route_and_the_other_way_round` |
//! | another client's account | `somebody_elses_account_cannot_be_debited` |
//! | an account that is not granted | `an_account_that_is_not_granted_has_its_own_code_and_another_clients_does_not_exist` |
//! | wrong mode, wrong network | `each_way_of_not_being_allowed_has_its_code` |
//! | a PROXY header of somebody who is no proxy | `a_header_from_elsewhere_is_no_handshake` |
//! | a signature on another request | `a_recorded_signature_is_good_for_its_own_request_only` |
//! | a body that was changed, `created` in the future | `a_signature_over_something_else_is_refused_also_where_none_is_demanded`, `each_way_of_not_being_signed_has_its_fault` |
//! | codes that are guessed, used again, used by two, made by two | `codes_open_nothing_when_they_are_missing_guessed_or_used_elsewhere`, `a_code_bears_five_wrong_tries_and_nobody_elses`, `of_two_requests_at_once_one_gets_the_certificate`, `of_codes_that_are_made_at_once_one_is_open` |
//! | approving the own entry, twice, or what was not seen | `nobody_approves_alone_twice_or_what_he_did_not_see`, `two_approvals_at_once_take_effect_once` |
//! | approving what was changed meanwhile | `an_approval_fails_when_what_it_changes_has_moved` |
//! | approving against a withdrawal, and as somebody who ends | `of_an_approval_and_what_stands_against_it_one_happens` |
//! | being two operators | `no_operator_takes_a_further_certificate_of_a_person_alone` |
//! | ending operators until one is left | `only_operators_with_a_certificate_count`, `enough_operators_are_left_whatever_is_applied_for` |
//! | names that nobody sees | `what_nobody_sees_is_in_no_name` |
//! | evidence and exports that were changed | `evidence_is_verified_without_the_exchange_and_each_change_of_it_is_found`, `another_byte_anywhere_is_found`, `an_export_brings_what_was_taken_away_and_a_wrong_one_is_refused` |
//! | another user of the machine at the operator's socket | `another_user_of_the_machine_gets_no_answer_at_the_socket` |
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pki::{CertificateAuthority, Issued, Subject, Validity};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{World, fingerprint, get, material};

/// Certificates beside the client's own: more than any chain needs.
const CHAIN_PADDING: usize = 200;

async fn fails_in_tls(world: &World, identity: &Issued, what: &str) {
    let outcome = world.client(identity).get(world.url("/v1/heartbeat")).send().await;
    assert!(outcome.is_err(), "{what}: {outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_out_of_time_of_nobody_or_of_another_kind_fail_in_tls() {
    let world = World::start().await;
    let (now, subject) = (Timestamp::now(), Subject::new("Grāmatvedība"));
    let minutes = |minutes| now + SignedDuration::from_mins(minutes);
    let issue = |from, to| {
        let validity = Validity { not_before: minutes(from), not_after: minutes(to) };
        world.authority.issue_client(&subject, validity).unwrap()
    };
    fails_in_tls(&world, &issue(-4, -1), "expired").await;
    fails_in_tls(&world, &issue(60, 120), "not yet valid").await;
    let server = world.authority.issue_server(&["localhost"], Validity::of_days(now, 7)).unwrap();
    fails_in_tls(&world, &server, "of a server").await;

    let key = rcgen::KeyPair::generate().unwrap();
    let itself = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let self_signed =
        Issued { certificate_pem: itself.pem(), private_key_pem: Some(key.serialize_pem()), ..world.manage.clone() };
    fails_in_tls(&world, &self_signed, "self-signed").await;
    let namesake = CertificateAuthority::create(&Subject::new("Test authority"), Validity::of_days(now, 7)).unwrap();
    let of_namesake = namesake.issue_client(&subject, Validity::of_days(now, 7)).unwrap();
    fails_in_tls(&world, &of_namesake, "of an authority of the same name").await;

    let padded = format!("{}{}", world.manage.certificate_pem, of_namesake.certificate_pem.repeat(CHAIN_PADDING));
    let oversized = Issued { certificate_pem: padded, ..world.manage.clone() };
    fails_in_tls(&world, &oversized, "an oversized chain").await;
    let good = get(&world.client(&world.manage), world.url("/v1/heartbeat")).await;
    assert_eq!(good.status.as_u16(), 200, "nobody else is the worse for it");
}

/// What a program without scruples is answered by the server, or told in TLS.
fn asked_by_openssl(folder: &Path, world: &World, name: &str) -> String {
    let place = format!("127.0.0.1:{}", world.addresses.secure.port());
    let mut asking = Command::new("openssl");
    asking.args(["s_client", "-quiet", "-ign_eof", "-cipher", "DEFAULT@SECLEVEL=0", "-connect", &place]);
    asking.args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")]).current_dir(folder);
    let mut asking = asking.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let request = b"GET /v1/heartbeat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    // The server may have ended the connection before.
    let _ = asking.stdin.take().unwrap().write_all(request);
    let output = asking.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Their authority is trusted; what it signed is too weak. OpenSSL makes what nothing else here makes.
#[tokio::test(flavor = "multi_thread")]
async fn certificates_with_weak_keys_or_signatures_fail_in_tls() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let ran = Command::new("openssl").args(arguments.split(' ')).current_dir(folder.path()).output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    let authority =
        "req -x509 -newkey rsa:2048 -nodes -subj /CN=authority -days 7 -keyout authority.key -out authority.pem";
    if !openssl(authority) {
        println!("openssl is not installed: weak certificates are not tried");
        return;
    }
    std::fs::write(folder.path().join("use"), "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n").unwrap();
    for (name, key, signature) in
        [("good", "rsa:2048", "-sha256"), ("weak", "rsa:1024", "-sha256"), ("old", "rsa:2048", "-sha1")]
    {
        assert!(openssl(&format!("req -new -newkey {key} -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr")));
        assert!(openssl(&format!(
            "x509 -req -in {name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 7 -extfile use {signature} \
             -out {name}.pem"
        )));
    }
    let mut trusted = material(&world.authority);
    trusted.client_authorities_pem += &std::fs::read_to_string(folder.path().join("authority.pem")).unwrap();
    world.reload.certificates(&trusted).unwrap();
    let good = asked_by_openssl(folder.path(), &world, "good");
    assert!(good.contains("HTTP/1.1 401") && good.contains("TDAM-1002"), "it only is not registered: {good}");
    for name in ["weak", "old"] {
        let refused = asked_by_openssl(folder.path(), &world, name);
        assert!(!refused.contains("HTTP/1.1") && refused.contains("alert"), "{name}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_connection_opens_nothing_after_a_revocation_in_both_versions_of_http() {
    for protocol in ["http/1.1", "h2"] {
        let world = World::start().await;
        let tls = world.tls(Some(&world.manage), &[protocol]);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        let first = client.get(world.url("/v1/heartbeat")).send().await.unwrap();
        let is_http2 = first.version() == reqwest::Version::HTTP_2;
        assert_eq!((first.status().as_u16(), is_http2), (200, protocol == "h2"));
        first.bytes().await.unwrap();
        assert!(world.exchange.operator().revoke_certificate(fingerprint(&world.manage)).await.unwrap());
        get(&client, world.url("/v1/heartbeat")).await.problem(401, "TDAM-1003");
    }
}

/// A session that is resumed skips the verification of the certificate; the exchange asks all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_resumed_session_opens_nothing_after_a_revocation() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let world = World::start().await;
        let tls = Arc::new(world.tls_of(&[version], Some(&world.manage), &["http/1.1"]));
        let (first, _) = heartbeat(&world, &tls).await;
        assert!(first.starts_with("HTTP/1.1 200"), "{first}");
        assert!(world.exchange.operator().revoke_certificate(fingerprint(&world.manage)).await.unwrap());
        let (second, kind) = heartbeat(&world, &tls).await;
        assert_eq!(kind, Some(rustls::HandshakeKind::Resumed), "{version:?}");
        assert!(second.starts_with("HTTP/1.1 401") && second.contains("TDAM-1003"), "{second}");
    }
}

async fn heartbeat(world: &World, tls: &Arc<rustls::ClientConfig>) -> (String, Option<rustls::HandshakeKind>) {
    let socket = TcpStream::connect(("127.0.0.1", world.addresses.secure.port())).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::clone(tls)).connect(name, socket).await.unwrap();
    stream.write_all(b"GET /v1/heartbeat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The end without a goodbye is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    (String::from_utf8_lossy(&answer).into_owned(), stream.get_ref().1.handshake_kind())
}

/// TLS trusts another house's authority once it is configured, and that alone opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_house_opens_nothing_unless_it_is_enrolled() {
    let world = World::start().await;
    let validity = Validity::of_days(Timestamp::now(), 7);
    let authority = || CertificateAuthority::create(&Subject::new("Qualified authority"), validity).unwrap();
    let (outside, namesake) = (authority(), authority());
    let trusted = format!("{}{}", world.authority.certificate_pem(), outside.certificate_pem());
    let material = server::TlsMaterial { client_authorities_pem: trusted, ..material(&world.authority) };
    world.reload.certificates(&material).unwrap();
    let subject = Subject::new("Grāmatvedība").held_by(pki::Holder::OnlineUser(1));
    let stranger = outside.issue_client(&subject, validity).unwrap();
    let client = world.client(&stranger);
    get(&client, world.url("/v1/heartbeat")).await.problem(401, "TDAM-1002");
    let of_operators = get(&client, world.url(protocol::routes::PERSONS)).await;
    assert!([401, 403].contains(&of_operators.status.as_u16()), "{of_operators:?}");
    fails_in_tls(&world, &namesake.issue_client(&subject, validity).unwrap(), "of a namesake of that authority").await;
    let padded = format!("{}{}", stranger.certificate_pem, outside.certificate_pem().repeat(CHAIN_PADDING));
    fails_in_tls(&world, &Issued { certificate_pem: padded, ..stranger }, "an oversized chain").await;
    assert_eq!(get(&world.client(&world.manage), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
}
