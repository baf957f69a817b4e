//! Signed submissions: who has to sign, and what a signature holds the sender to.
use exchange::{OnlineUserId, Settings, UserChange};
use pki::Issued;
use signatures::digest;

use crate::support::signing::{PAYMENTS, Signed};
use crate::support::{World, messages};

async fn demanded(world: &World) {
    let demand = UserChange::RequireSignature(true);
    assert!(world.exchange.operator().change_online_user(OnlineUserId(1), demand).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_to_sign_is_refused_without_and_answered_once_with_a_signature() {
    let world = World::start().await;
    let body = messages::payments("SIGNED", 2);
    demanded(&world).await;
    let client = world.client(&world.manage);
    let unsigned = crate::support::post(&client, world.url(PAYMENTS), body.clone()).await;
    unsigned.problem(401, "TDAM-1010");
    world.assert_nothing_stored("an unsigned submission");
    let trial = Signed::by(&world, &world.manage, "/v1/payments?mode=test", &body, 0);
    let tried = trial.send(&world, &world.manage, "/v1/payments?mode=test").await;
    assert_eq!(tried.status.as_u16(), 200, "{tried:?}");
    world.assert_nothing_stored("a signed trial");
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
async fn who_has_to_sign_signs_a_cancellation_too() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let later = messages::payments_of_next_week("LATER", 2);
    assert_eq!(crate::support::post(&client, world.url(PAYMENTS), later).await.status.as_u16(), 200);
    demanded(&world).await;
    let path = "/v1/payments/cancel?msg_id=LATER&number=1";
    crate::support::post(&client, world.url(path), "").await.problem(401, "TDAM-1010");
    // What it is about stands in the query, which the signature covers.
    let of_one = Signed::by(&world, &world.manage, path, "", 0);
    of_one.send(&world, &world.manage, "/v1/payments/cancel?msg_id=LATER").await.problem(401, "TDAM-1011");
    let mut other_body = of_one.clone();
    other_body.body = "other".to_owned();
    other_body.send(&world, &world.manage, path).await.problem(400, "TDAM-1012");
    let cancelled = of_one.send(&world, &world.manage, path).await;
    assert!(cancelled.text.contains("\"cancelled\":1"), "{cancelled:?}");
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
    packed.problem(415, "TDAM-1051");
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
