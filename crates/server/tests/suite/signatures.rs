//! Signed submissions: who has to sign, and what a signature holds the sender to.
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use exchange::{OnlineUserId, Settings, UserChange};
use pki::Issued;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use signatures::{Request, SignatureInput, digest, signatures_of};

use crate::support::{Answer, World, messages};

/// A submission about to be sent, with its fields.
struct Signed {
    request: Request,
    body: String,
}

impl Signed {
    /// Signed as the profile says, at this second plus so many.
    fn by(world: &World, issued: &Issued, path: &str, body: &str, seconds: i64) -> Signed {
        let mut request = Request {
            method: "POST".to_owned(),
            authority: format!("localhost:{}", world.addresses.secure.port()),
            path_and_query: path.to_owned(),
            content_digest: Some(digest::field(&digest::sha256(body.as_bytes()))),
            signature_input: None,
            signature: None,
            fields: Vec::new(),
        };
        let created = jiff::Timestamp::now().as_second() + seconds;
        let keyid: String = issued.info.fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
        let input = format!(
            "(\"@method\" \"@authority\" \"@target-uri\" \"content-digest\");created={created};keyid=\"{keyid}\""
        );
        let read: SignatureInput = signatures_of(&format!("sig1={input}"), "sig1=:AA==:").unwrap().remove(0).input;
        let base = read.base(&request).unwrap();
        let key = PrivatePkcs8KeyDer::from_pem_slice(issued.private_key_pem.as_deref().unwrap().as_bytes()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.secret_pkcs8_der()).unwrap();
        let signature = pair.sign(&SystemRandom::new(), base.as_bytes()).unwrap();
        request.signature_input = Some(format!("sig1={input}"));
        request.signature = Some(format!("sig1=:{}:", STANDARD.encode(signature)));
        Signed { request, body: body.to_owned() }
    }

    async fn send(&self, world: &World, issued: &Issued, path: &str) -> Answer {
        self.send_with(world, issued, path, &[]).await
    }

    async fn send_with(&self, world: &World, issued: &Issued, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut request = world.client(issued).post(world.url(path)).header("content-type", "application/xml");
        let Request { content_digest, signature_input, signature, .. } = &self.request;
        for (name, value) in
            [("content-digest", content_digest), ("signature-input", signature_input), ("signature", signature)]
        {
            request = request.header(name, value.as_deref().unwrap());
        }
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        Answer::of(request.body(self.body.clone()).send().await.unwrap()).await
    }
}

async fn demanded(world: &World) {
    let demand = UserChange::RequireSignature(true);
    assert!(world.exchange.operator().change_online_user(OnlineUserId(1), demand).await.unwrap());
}

const PAYMENTS: &str = "/v1/payments";

#[tokio::test(flavor = "multi_thread")]
async fn who_has_to_sign_is_refused_without_and_answered_once_with_a_signature() {
    let world = World::start().await;
    let body = messages::payments("SIGNED", 2);
    demanded(&world).await;
    let client = world.client(&world.manage);
    let unsigned = crate::support::post(&client, world.url(PAYMENTS), body.clone()).await;
    unsigned.problem(401, "TDAM-1010");
    world.assert_nothing_stored("an unsigned submission");
    let signed = Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    let first = signed.send(&world, &world.manage, PAYMENTS).await;
    assert_eq!(first.status.as_u16(), 200, "{first:?}");
    // Who repeats it gets the stored answer; so does a new signature over the same bytes.
    for again in [signed, Signed::by(&world, &world.manage, PAYMENTS, &body, -1)] {
        let repeated = again.send(&world, &world.manage, PAYMENTS).await;
        assert_eq!((repeated.status.as_u16(), repeated.header("x-answer-repeated")), (200, Some("true")));
        assert_eq!(repeated.text, first.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_over_something_else_is_refused_also_where_none_is_demanded() {
    let world = World::start().await;
    let body = messages::payments("SIGNED", 2);
    let good = || Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    let refused = async |signed: Signed, issued: &Issued, path: &str, status: u16, code: &str| {
        signed.send(&world, issued, path).await.problem(status, code);
    };
    let test = "/v1/payments?mode=test";
    refused(good(), &world.manage, test, 401, "TDAM-1011").await;
    refused(Signed::by(&world, &world.manage, test, &body, 0), &world.manage, PAYMENTS, 401, "TDAM-1011").await;
    refused(Signed::by(&world, &world.view, PAYMENTS, &body, 0), &world.manage, PAYMENTS, 401, "TDAM-1011").await;
    refused(Signed::by(&world, &world.manage, PAYMENTS, &body, 120), &world.manage, PAYMENTS, 401, "TDAM-1011").await;
    refused(Signed::by(&world, &world.manage, PAYMENTS, &body, -600), &world.manage, PAYMENTS, 401, "TDAM-1011").await;
    let mut changed = good();
    changed.body = body.replace("SIGNED", "FORGED");
    refused(changed, &world.manage, PAYMENTS, 400, "TDAM-1012").await;
    let mut other_digest = good();
    other_digest.request.content_digest = Some(digest::field(&digest::sha256(b"other")));
    refused(other_digest, &world.manage, PAYMENTS, 401, "TDAM-1011").await;
    let mut broken = good();
    broken.request.signature_input = Some("sig1=(".to_owned());
    refused(broken, &world.manage, PAYMENTS, 401, "TDAM-1011").await;
    let packed = good().send_with(&world, &world.manage, PAYMENTS, &[("content-encoding", "gzip")]).await;
    packed.problem(415, "TDAM-2020");
    world.assert_nothing_stored("a submission with a wrong signature");
    assert_eq!(good().send(&world, &world.manage, PAYMENTS).await.status.as_u16(), 200);
}

/// A body that is staged, and so is hashed while it comes.
#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_are_held_to_their_digest_too() {
    let world = World::start().await;
    let body = messages::payments("LARGE", 2_000);
    let mut forged = Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    forged.body = body.replace("LARGE", "FORGE");
    forged.send(&world, &world.manage, PAYMENTS).await.problem(400, "TDAM-1012");
    world.assert_nothing_stored("a forged body");
    let signed = Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    assert_eq!(signed.send(&world, &world.manage, PAYMENTS).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_exchange_can_demand_signatures() {
    let settings = Settings { signatures_required: true, ..Settings::default() };
    let world = World::of(settings, |_| ()).await;
    let body = messages::payments("SIGNED", 2);
    crate::support::post(&world.client(&world.manage), world.url(PAYMENTS), body.clone())
        .await
        .problem(401, "TDAM-1010");
    let signed = Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    assert_eq!(signed.send(&world, &world.manage, PAYMENTS).await.status.as_u16(), 200);
}
