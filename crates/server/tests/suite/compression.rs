//! Answers compressed as the client accepts them: the same content, on every route, for answers in memory and in files.
use std::io::Read as _;

use crate::support::{OURS, THEIRS, World, messages};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, VARY};

/// What came: how it is coded, its bytes on the wire, and the text that they stand for.
struct Came {
    status: u16,
    coding: Option<String>,
    wire: usize,
    text: String,
}

async fn came(request: reqwest::RequestBuilder) -> Came {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let coding = response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned());
    let varies = response.headers().get(VARY).unwrap().to_str().unwrap();
    assert!(varies.contains("accept-encoding"), "{varies}");
    let stated = response.headers().get(CONTENT_LENGTH).map(|value| value.to_str().unwrap().parse().unwrap());
    let bytes = response.bytes().await.unwrap();
    assert!(stated.is_none_or(|stated: usize| stated == bytes.len()), "{stated:?} of {}", bytes.len());
    let mut text = String::new();
    match coding.as_deref() {
        None => bytes.as_ref().read_to_string(&mut text).unwrap(),
        Some(coding) => {
            assert_eq!(coding, "gzip");
            flate2::read::GzDecoder::new(bytes.as_ref()).read_to_string(&mut text).unwrap()
        }
    };
    Came { status, coding, wire: bytes.len(), text }
}

/// Without the parts that differ in each answer: the head of a status, the request's id in a problem.
fn lasting(text: &str) -> String {
    if let Ok(serde_json::Value::Object(mut fields)) = serde_json::from_str(text) {
        fields.remove("request_id");
        return serde_json::Value::Object(fields).to_string();
    }
    let (head, rest) = text.split_once("</GrpHdr>").unwrap_or(("", text));
    if head.contains("CstmrPmtStsRpt") { rest.to_owned() } else { text.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_reads_is_the_same_compressed_or_not() {
    let world = World::start().await;
    let (client, anybody) = (world.client(&world.manage), world.anonymous());
    // Wrong check digits, so that answer, status and problem are long too.
    let sent = messages::payments("LONG", 90).replace(THEIRS, "LV34TREL1060000300000");
    let submit = || client.post(world.url("/v1/payments")).header("content-type", "application/xml").body(sent.clone());
    assert_eq!(came(submit()).await.status, 200);
    let order = messages::report_request("R1", &[OURS]);
    let ordered =
        || client.post(world.url("/v1/reports")).header("content-type", "application/xml").body(order.clone());
    let page = came(ordered()).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let broken = sent.replace("<Ccy", "<Nonsense/><Ccy").replace("<RmtInf>", "<Wrong>x</Wrong><RmtInf>");
    let refused =
        || client.post(world.url("/v1/payments")).header("content-type", "application/xml").body(broken.clone());
    let get = |path: &str| client.get(world.url(path));
    let requests: [(&str, &dyn Fn() -> reqwest::RequestBuilder); 9] = [
        ("answer again", &submit),
        ("status", &|| get("/v1/payments?msg_id=LONG")),
        ("status as JSON", &|| get("/v1/payments?msg_id=LONG").header("accept", "application/json")),
        ("page", &|| get("/v1/reports/1?page=1")),
        ("problem", &refused),
        ("catalogue", &|| get("/v1/errors")),
        ("schema", &|| get("/v1/schemas/pain.001.001.09")),
        ("catalogue for everybody", &|| anybody.get(world.plain_url("/v1/errors"))),
        ("schema for everybody", &|| anybody.get(world.plain_url("/v1/schemas/camt.052.001.02"))),
    ];
    for (what, request) in requests {
        let plain = came(request()).await;
        let short = came(request().header(ACCEPT_ENCODING, "br, gzip;q=0.8")).await;
        assert_eq!((plain.coding.as_deref(), plain.status), (None, short.status), "{what}");
        assert_eq!(short.coding.as_deref(), Some("gzip"), "{what}: {}", plain.text.len());
        assert!(short.wire * 2 < plain.wire, "{what}: {} of {}", short.wire, plain.wire);
        assert_eq!(lasting(&plain.text), lasting(&short.text), "{what}");
        for unwanted in ["identity", "gzip;q=0", "br", "identity, gzip;q=0.1"] {
            let as_it_is = came(request().header(ACCEPT_ENCODING, unwanted)).await;
            assert_eq!(as_it_is.coding, None, "{what}: {unwanted}");
        }
    }
    let short = came(get("/v1/heartbeat").header(ACCEPT_ENCODING, "gzip")).await;
    assert!(short.wire < 1024 && short.coding.is_none(), "a short answer stays as it is: {}", short.wire);
}

/// Longer than what stays in memory until it is read: it goes through a file, compressed.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_page_is_compressed_before_it_waits_to_be_read() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let sent = messages::payments("MANY", 1_500);
    let submitted = client.post(world.url("/v1/payments")).header("content-type", "application/xml").body(sent);
    assert_eq!(came(submitted).await.status, 200);
    let order = messages::report_request("R1", &[OURS]);
    let ordered =
        || client.post(world.url("/v1/reports")).header("content-type", "application/xml").body(order.clone());
    let entries = |text: &str| text.matches("<Ntry>").count();
    let short = loop {
        world.exchange.work_now().await.unwrap();
        let short = came(ordered().header(ACCEPT_ENCODING, "gzip")).await;
        if entries(&short.text) > 1_500 {
            break short;
        }
    };
    assert_eq!(short.coding.as_deref(), Some("gzip"));
    assert!(short.text.len() > 1 << 20 && short.wire * 5 < short.text.len(), "{} of {}", short.wire, short.text.len());
}
