//! Bodies that no accounting system should send, and some do: each gets a clear problem and leaves nothing behind.
use std::io::Write as _;

use crate::support::{self, Answer, World, messages, post};

/// Sends every case to a fresh world and checks status and code.
async fn check(cases: Vec<(&str, Vec<u8>, u16, &str)>) {
    let world = World::start().await;
    let client = world.client(&world.manage);
    for (name, body, status, code) in cases {
        let answer = post(&client, world.url("/v1/payments"), body).await;
        assert!(answer.text.contains(code), "{name}: {code} expected, not {answer:?}");
        answer.problem(status, code);
        world.assert_nothing_stored(name);
    }
}

fn with(from: &str, to: &str) -> Vec<u8> {
    let message = messages::payments("A", 1);
    assert!(message.contains(from), "{from}");
    message.replacen(from, to, 1).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_is_refused_by_its_first_bytes() {
    let utf16: Vec<u8> = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?><Document/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let entities =
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>";
    check(vec![
        ("empty", Vec::new(), 400, "TDAM-2001"),
        ("blanks", b" \r\n\t ".to_vec(), 400, "TDAM-2001"),
        ("text", b"MsgId;Amount\nA;1.00\n".to_vec(), 400, "TDAM-2002"),
        ("HTML", b"<!DOCTYPE html><html><body>Log in</body></html>".to_vec(), 400, "TDAM-2003"),
        ("UTF-16", utf16, 400, "TDAM-2005"),
        ("DOCTYPE with entities", entities.into(), 400, "TDAM-2006"),
        ("only a prolog", b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec(), 400, "TDAM-2004"),
        ("NUL at the start", b"\0\0\0\0\0\0\0\0".to_vec(), 400, "TDAM-2014"),
        ("another namespace", with("pain.001.001.09", "pain.001.001.99"), 422, "TDAM-2016"),
        (
            "a namespace of somebody else",
            with("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "urn:x"),
            422,
            "TDAM-2010",
        ),
        ("another root", with("<Document ", "<Dokument "), 422, "TDAM-2106"),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_broken_inside_is_refused_with_the_place() {
    let whole = messages::payments("A", 2);
    let truncated = whole.as_bytes()[..whole.find("</CdtTrfTxInf>").unwrap()].to_vec();
    let huge = format!("<InstdAmt Ccy=\"{}\"", "E".repeat(4 << 20));
    check(vec![
        ("truncated", truncated, 400, "TDAM-2004"),
        ("NUL inside", with("Rekins 1", "Rekins \0"), 400, "TDAM-2014"),
        ("crossed tags", with("</Cdtr>", "</Dbtr>"), 400, "TDAM-2035"),
        ("huge attribute", with("<InstdAmt Ccy=\"EUR\"", &huge), 400, "TDAM-2009"),
        ("number overflow", with("1.00</InstdAmt>", "99999999999999999999.00</InstdAmt>"), 422, "TDAM-2111"),
        ("count overflow", with("<NbOfTxs>1<", "<NbOfTxs>99999999999999999999<"), 422, "TDAM-2108"),
        ("missing element", with("<PmtMtd>TRF</PmtMtd>", ""), 422, "TDAM-2102"),
    ])
    .await;

    let world = World::start().await;
    let body = with("1.00</InstdAmt>", "one</InstdAmt>");
    let answer = post(&world.client(&world.manage), world.url("/v1/payments"), body).await;
    let problem = answer.problem(422, "TDAM-2110");
    let [finding] = problem.findings.as_slice() else { panic!("{problem:?}") };
    assert_eq!((finding.line, finding.value.as_deref()), (Some(11), Some("one")), "{finding:?}");
    assert!(finding.path.as_ref().unwrap().ends_with("/InstdAmt"), "{finding:?}");
    assert_eq!(problem.findings_total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_declared_to_be_something_else_is_not_read() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let send = async |fields: &[(&str, &str)]| {
        let mut request = client.post(world.url("/v1/payments")).body(messages::payments("A", 1));
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        Answer::of(request.send().await.unwrap()).await
    };
    send(&[]).await.problem(415, "TDAM-2011");
    for content_type in ["text/html", "application/json", "application/xml; charset=windows-1257"] {
        send(&[("content-type", content_type)]).await.problem(415, "TDAM-2011");
    }
    let xml = ("content-type", "text/xml; charset=UTF-8");
    for encoding in ["br", "zstd", "gzip, gzip"] {
        send(&[xml, ("content-encoding", encoding)]).await.problem(415, "TDAM-2020");
    }
    world.assert_nothing_stored("another type");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_another_kind_is_told_where_it_belongs() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let request = messages::report_request("R", &[support::OURS]);
    post(&client, world.url("/v1/payments"), request).await.problem(422, "TDAM-2019");
    post(&client, world.url("/v1/reports"), messages::payments("A", 1)).await.problem(422, "TDAM-2019");
    world.assert_nothing_stored("another kind");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_compression_is_told_from_a_bomb() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let send = async |body: Vec<u8>| {
        let request = client.post(world.url("/v1/payments")).header("content-type", "application/xml");
        Answer::of(request.header("content-encoding", "gzip").body(body).send().await.unwrap()).await
    };
    let packed = gzip(messages::payments("A", 100).as_bytes());
    let mut wrong_sum = packed.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    for (name, body) in [
        ("no gzip at all", messages::payments("A", 1).into_bytes()),
        ("cut short", packed[..packed.len() / 2].to_vec()),
        ("without its end", packed[..packed.len() - 1].to_vec()),
        ("wrong checksum", wrong_sum),
        ("followed by something", [&packed[..], b"something"].concat()),
    ] {
        let answer = send(body).await;
        assert!(answer.text.contains("TDAM-2012"), "{name}: {answer:?}");
        answer.problem(400, "TDAM-2012");
    }
    send(Vec::new()).await.problem(400, "TDAM-2001");

    // 256 MiB of blanks behind a good beginning, packed into 256 KiB.
    let mut bomb = messages::payments("A", 1).replace("</Document>", "").into_bytes();
    bomb.resize(256 << 20, b' ');
    send(gzip(&bomb)).await.problem(413, "TDAM-2013");
    world.assert_nothing_stored("compression");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
