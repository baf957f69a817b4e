//! Kills the server while it issues a certificate for a code: before the request is read, between the steps of the commit, and
//! between the commit and the answer.
//!
//! The client never learns how far the server came. It repeats the same request with the same code at the next life, and gets one
//! certificate: the one that was issued before the kill, if there was one. No code ever makes two, and no other request gets
//! anything for it. `TDAM_ENROLMENT_ROUNDS` and `TDAM_CRASH_SEED` are optional; `TDAM_CRASH_STORE` as in `main.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::Arc;

use exchange::{Exchange, Fingerprint, OnlineUserId, Settings, SystemClock};
use rustls::pki_types::pem::PemObject as _;

use crate::chance::Chance;
use crate::remains::Remains;
use crate::server::{Place, Server};
use crate::shim::Shim;
use crate::{from_environment, seed_of_the_moment};

/// Lives of the server that end by a kill, unless the environment says otherwise: one for each of these steps.
const ROUNDS: u32 = 4;
/// The kill at one of the first so many calls of a kind. The prober writes too, so a call may be its.
const CALLS_MAX: usize = 6;
/// The online user that enrols.
const USER: OnlineUserId = OnlineUserId(1);

#[derive(Debug, Default)]
struct Seen {
    /// Nothing was issued when the server was killed.
    before_the_commit: u32,
    /// The certificate was issued, and its client did not get it.
    after_the_commit: u32,
    answered: u32,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_makes_one_certificate_whenever_the_server_is_killed() {
    let rounds: u32 = from_environment("TDAM_ENROLMENT_ROUNDS").unwrap_or(ROUNDS);
    let seed: u64 = from_environment("TDAM_CRASH_SEED").unwrap_or_else(seed_of_the_moment);
    println!("TDAM_CRASH_SEED={seed} TDAM_ENROLMENT_ROUNDS={rounds}");
    let mut chance = Chance::new(seed);
    let mut place = Place::make(seed).await;
    let mut seen = Seen::default();

    for round in 1..=rounds {
        place.round = round;
        let known = certificates(&place).await;
        let (steps, number, when) = kill_of(round, &place, &mut chance);
        let shim = Shim::that_kills(&place, steps, number, when);
        let prepare = |command: &mut Command| {
            shim.stand_before(command);
            enrols(command);
        };
        let server = Server::try_start(&place, prepare).unwrap_or_else(|why| panic!("{why}"));
        let (code, request) = (new_code(&place), request());
        let stranger = Stranger::of(&place, &server);
        // The connection stands before calls count, so that the answer is the first thing that goes to a client.
        stranger.rules(&code).await.unwrap();
        shim.arm();
        let answer = stranger.enrol(&code, &request).await;
        if answer.is_ok() && server.ended().is_none() {
            // What it writes while it stops counts too.
            server.stop_somehow();
        } else {
            server.assert_killed();
        }
        Remains::of(&place).await.assert_sound();
        let issued: BTreeSet<Fingerprint> = certificates(&place).await.difference(&known).copied().collect();
        assert!(issued.len() <= 1, "{issued:?}");
        let at = shim.failed().unwrap_or_else(|| "outlived".to_owned());
        println!("round {round}: killed {when} call {number} of {steps:?}: {at}; issued {}, {answer:?}", issued.len());

        let server = Server::try_start(&place, enrols).unwrap_or_else(|why| panic!("{why}"));
        let stranger = Stranger::of(&place, &server);
        let again = stranger.enrol(&code, &request).await.expect("the client gets its certificate in the end");
        let fingerprint = Fingerprint(pki::describe(&pki::certificate_der(&again).unwrap()).unwrap().fingerprint);
        assert!(issued.is_empty() || issued.contains(&fingerprint), "another certificate than the one that was issued");
        let other = stranger.enrol(&code, &self::request()).await;
        assert!(other.as_ref().is_err_and(|refused| refused.contains("TDAM-1022")), "{other:?}");
        let all: BTreeSet<Fingerprint> = certificates(&place).await.difference(&known).copied().collect();
        assert_eq!(all, BTreeSet::from([fingerprint]), "a code makes one certificate");
        match answer {
            Ok(first) => {
                seen.answered += 1;
                assert_eq!(first, again);
            }
            Err(_) if issued.is_empty() => seen.before_the_commit += 1,
            Err(_) => seen.after_the_commit += 1,
        }
        // Two overlap, and no more.
        operator(&place, &["operator", "revoke", &fingerprint.to_string()]);
        server.stop();
    }
    assert_eq!(place.check(), "", "`tdam operator check`");
    println!("{seen:?}");
    assert!(seen.before_the_commit + seen.after_the_commit > 0, "no kill before the client had its answer: {seen:?}");
    // Where the client makes another connection, the first thing that goes to it is no answer: a short run may have no such kill.
    if rounds >= 5 * ROUNDS {
        assert!(seen.after_the_commit > 0, "no kill between the commit and the answer: {seen:?}");
    }
}

/// Every second kill comes at the first thing that goes to the client, which is the answer while its connection stays; the others
/// where the seed says.
fn kill_of(round: u32, place: &Place, chance: &mut Chance) -> (&'static str, u64, &'static str) {
    let (begins, ends) = if place.is_in_a_server() { ("d", "r") } else { ("w", "s") };
    let number = 1 + chance.below(CALLS_MAX) as u64;
    let when = if chance.half() { "before" } else { "after" };
    match round % 4 {
        1 => ("a", 1, "before"),
        2 => (begins, number, when),
        3 => (ends, number, when),
        _ => ("a", 1, "after"),
    }
}

fn enrols(command: &mut Command) {
    command.args(["--enrollment-address", "127.0.0.1:0"]);
}

fn operator(place: &Place, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
    let ran = command.args(arguments).arg("--config").arg(place.folder().configuration()).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

fn new_code(place: &Place) -> String {
    let made = operator(place, &["user", "enroll", &USER.0.to_string(), "--json"]);
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    made["code"].as_str().unwrap().to_owned()
}

/// The certificates of the online user, beside a server or without one.
async fn certificates(place: &Place) -> BTreeSet<Fingerprint> {
    let exchange = Exchange::new(place.store().await.unwrap(), Settings::default(), Arc::new(SystemClock));
    let certificates = exchange.operator().certificates(USER).await.unwrap();
    certificates.into_iter().map(|certificate| certificate.fingerprint).collect()
}

fn request() -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap()
}

/// Who has a code and no certificate.
struct Stranger {
    client: reqwest::Client,
    url: String,
}

impl Stranger {
    fn of(place: &Place, server: &Server) -> Stranger {
        let authority = fs::read(place.folder().authority_certificate()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        for certificate in rustls::pki_types::CertificateDer::pem_slice_iter(&authority) {
            roots.add(certificate.unwrap()).unwrap();
        }
        let tls = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        Stranger { client, url: server.enrolment_url().to_owned() }
    }

    async fn rules(&self, code: &str) -> Result<String, String> {
        text(self.client.get(&self.url).bearer_auth(code)).await
    }

    /// The chain; or what went wrong, if anything was said.
    async fn enrol(&self, code: &str, request: &str) -> Result<String, String> {
        text(self.client.post(&self.url).bearer_auth(code).body(request.to_owned())).await
    }
}

async fn text(request: reqwest::RequestBuilder) -> Result<String, String> {
    let answer = request.send().await.map_err(|error| format!("{error:?}"))?;
    let (is_success, text) = (answer.status().is_success(), answer.text().await.map_err(|error| error.to_string())?);
    if is_success { Ok(text) } else { Err(text) }
}
