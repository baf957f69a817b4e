//! The library's promises about bad lines: the same bytes again, bounded, and a clear error when it gives up.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use client::{Body, Client, Forward, InProgress, Retries, SendOptions, Sent};
use support::{Line, Step, answer};

const MESSAGE: &str = "<Document>a payment</Document>";
const XML: (&str, &str) = ("content-type", "application/xml; charset=utf-8");
const PROBLEM: (&str, &str) = ("content-type", "application/problem+json");

fn quick() -> Retries {
    Retries::default().first_pause(Duration::from_millis(1)).pause_max(Duration::from_millis(5))
}

async fn send(client: &Client) -> Result<Sent, client::Error> {
    client.send_payments(Body::bytes(MESSAGE), SendOptions::default()).await
}

#[tokio::test]
async fn a_lost_connection_is_followed_by_the_same_bytes() {
    let half = Step::Answer("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<Docu".to_owned());
    let line = Line::listen(vec![
        Step::Refuse,
        Step::CloseWithoutAnswer,
        half,
        answer("503 Service Unavailable", &[("retry-after", "0"), PROBLEM], r#"{"code":"TDAM-9004"}"#),
        answer("200 OK", &[XML, ("x-message-type", "pain.002.001.10"), ("x-answer-repeated", "true")], "<pain002/>"),
    ])
    .await;
    let client = line.client().retries(quick()).build().unwrap();
    let Sent::Answer(answer) = send(&client).await.unwrap() else { panic!("an answer was given") };
    assert_eq!(&answer.xml[..], b"<pain002/>");
    assert_eq!(answer.message_type.as_deref(), Some("pain.002.001.10"));
    assert!(answer.repeated);
    let arrived = line.arrived();
    assert_eq!(arrived.len(), 4);
    for request in arrived {
        assert_eq!(request.body, MESSAGE.as_bytes());
        assert!(request.head.starts_with("post /v1/payments http/1.1"), "{}", request.head);
        assert!(request.head.contains("prefer: wait=30"), "{}", request.head);
    }
}

#[tokio::test]
async fn a_file_is_streamed_again_from_its_beginning_and_progress_is_told() {
    let line = Line::listen(vec![Step::CloseWithoutAnswer, answer("200 OK", &[XML], "<pain002/>")]).await;
    let client = line.client().retries(quick()).build().unwrap();
    let path = std::env::temp_dir().join(format!("tdam-client-{}.xml", std::process::id()));
    let message = MESSAGE.repeat(20_000);
    std::fs::write(&path, &message).unwrap();
    let told = Arc::new(AtomicU64::new(0));
    let teller = Arc::clone(&told);
    let options = SendOptions::default().progress(move |sent, length| {
        assert!(sent <= length);
        teller.store(sent, Ordering::Relaxed);
    });
    let sent = client.send_payments(Body::file(&path), options).await;
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(sent, Ok(Sent::Answer(_))), "{sent:?}");
    assert_eq!(told.load(Ordering::Relaxed), message.len() as u64);
    let last = line.arrived().pop().unwrap();
    assert_eq!(last.body, message.as_bytes());
    assert!(last.head.contains(&format!("content-length: {}", message.len())), "{}", last.head);
}

#[tokio::test]
async fn it_gives_up_after_the_attempts_allowed() {
    let line = Line::listen(vec![Step::CloseWithoutAnswer; 5]).await;
    let error = send(&line.client().retries(quick().attempts_max(3)).build().unwrap()).await.unwrap_err();
    assert!(error.is_connection(), "{error:?}");
    assert_eq!((error.attempts(), line.arrived().len()), (3, 3));
    assert!(error.to_string().contains("send the same bytes again"), "{error}");
}

#[tokio::test]
async fn silence_ends_in_a_timeout_that_says_the_outcome_is_not_known() {
    let line = Line::listen(vec![Step::Silence]).await;
    let client = line.client().retries(Retries::none()).idle_timeout(Duration::from_millis(200)).build().unwrap();
    let options = SendOptions::default().wait(Duration::ZERO);
    let error = client.send_payments(Body::bytes(MESSAGE), options).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(error.to_string().contains("the outcome is not known"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_final_and_carries_its_problem() {
    let problem =
        r#"{"title":"MsgId used","status":409,"code":"TDAM-5001","remedy":"Choose another MsgId.","request_id":"r-1"}"#;
    let line = Line::listen(vec![answer("409 Conflict", &[PROBLEM], problem)]).await;
    let error = send(&line.client().retries(quick()).build().unwrap()).await.unwrap_err();
    let refusal = error.is_refused().unwrap();
    assert_eq!((refusal.code.as_str(), refusal.status), ("TDAM-5001", 409));
    assert!(!error.is_unauthorised() && !error.is_unavailable());
    assert_eq!(error.to_string(), "refused: TDAM-5001 MsgId used Choose another MsgId. [request r-1]");
    assert_eq!(line.arrived().len(), 1);
}

#[tokio::test]
async fn who_is_not_known_is_told_apart_from_what_is_not_accepted() {
    let line = Line::listen(vec![answer("401 Unauthorized", &[PROBLEM], r#"{"code":"TDAM-1001"}"#)]).await;
    let error = send(&line.client().build().unwrap()).await.unwrap_err();
    assert!(error.is_unauthorised() && error.is_refused().is_some(), "{error:?}");
}

#[tokio::test]
async fn a_receipt_is_followed_to_its_answer() {
    let receipt = [XML, ("location", "/v1/payments?submission=7"), ("retry-after", "0")];
    let line = Line::listen(vec![
        answer("202 Accepted", &receipt, "<received/>"),
        answer("202 Accepted", &receipt, "<received/>"),
        answer("200 OK", &[XML], "<pain002/>"),
    ])
    .await;
    let client = line.client().retries(quick()).build().unwrap();
    let Sent::InProgress(later) = send(&client).await.unwrap() else { panic!("a receipt was given") };
    assert_eq!((later.location.as_str(), &later.receipt[..]), ("/v1/payments?submission=7", &b"<received/>"[..]));
    let answer = client.wait_for_answer(&InProgress::at(later.location), Duration::from_secs(20)).await.unwrap();
    assert_eq!(&answer.xml[..], b"<pain002/>");
    let asked = line.arrived().pop().unwrap();
    assert!(asked.head.starts_with("get /v1/payments?submission=7 "), "{}", asked.head);
}

#[tokio::test]
async fn pages_are_followed_but_never_to_another_house() {
    let next = [XML, ("link", "</v1/reports/4?page=2>; rel=\"next\"")];
    let elsewhere = [XML, ("link", "<https://example.org/v1/reports/4?page=3>; rel=\"next\"")];
    let line = Line::listen(vec![answer("200 OK", &next, "<one/>"), answer("200 OK", &elsewhere, "<two/>")]).await;
    let client = line.client().retries(Retries::none()).build().unwrap();
    let mut pages = client.request_report(Body::bytes("<camt060/>"), None).await.unwrap();
    for (number, expected) in [(1, "<one/>"), (2, "<two/>")] {
        let page = pages.next().await.unwrap().unwrap();
        assert_eq!((page.number, page.has_next), (number, true));
        assert_eq!(page.document.bytes().await.unwrap(), expected);
    }
    let error = pages.next().await.unwrap_err();
    assert!(error.to_string().contains("elsewhere"), "{error}");
}

#[tokio::test]
async fn an_answer_longer_than_allowed_is_not_held() {
    let line = Line::listen(vec![answer("200 OK", &[XML], &"x".repeat(200_000))]).await;
    let client = line.client().retries(Retries::none()).answer_bytes_max(100_000).build().unwrap();
    let error = send(&client).await.unwrap_err();
    assert!(error.to_string().contains("100000 bytes"), "{error}");
}

#[tokio::test]
async fn an_authority_that_did_not_sign_the_server_is_not_enough() {
    let line = Line::listen(vec![Step::CloseWithoutAnswer]).await;
    let other = Line::listen(Vec::new()).await;
    let client = Client::builder().url(&line.url).certificate_authority_pem(other.authority_pem).build().unwrap();
    let error = send(&client).await.unwrap_err();
    assert!(error.is_tls() && !error.is_connection(), "{error:?}");
    assert!(error.to_string().contains("not signed by a certificate authority of the given PEM file"), "{error}");
    assert_eq!(error.attempts(), 1, "another attempt would not help");
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_before_anything_is_sent() {
    let line = Line::listen(Vec::new()).await;
    let client = line.client().build().unwrap();
    let error = client.send_payments(Body::file("/no/such/file.xml"), SendOptions::default()).await.unwrap_err();
    assert!(error.is_input() && error.to_string().contains("/no/such/file.xml"), "{error}");
    let options = SendOptions::default().request_id("two words");
    let error = client.send_payments(Body::bytes(MESSAGE), options).await.unwrap_err();
    assert!(error.is_configuration(), "{error}");
}

#[test]
fn settings_that_cannot_work_are_refused_at_once() {
    let refused = |builder: client::ClientBuilder| builder.build().unwrap_err().to_string();
    assert!(refused(Client::builder()).contains("no address"));
    assert!(refused(Client::builder().url("http://localhost")).contains("https://"));
    assert!(refused(Client::builder().url("https://user:secret@localhost")).contains("more than host and port"));
    assert!(refused(Client::builder().url("https://localhost")).contains("no certificate authority"));
    let nothing = Client::builder().url("https://localhost").certificate_authority_pem("nothing");
    assert!(refused(nothing).contains("BEGIN CERTIFICATE"));
}

#[tokio::test]
async fn a_quota_that_is_used_up_is_waited_for_as_long_as_the_exchange_says() {
    let line = Line::listen(vec![
        answer("429 Too Many Requests", &[("retry-after", "1"), PROBLEM], r#"{"code":"TDAM-9018"}"#),
        answer("200 OK", &[XML], "<pain002/>"),
    ])
    .await;
    let client = line.client().retries(Retries::default().first_pause(Duration::from_millis(1))).build().unwrap();
    let begun = std::time::Instant::now();
    assert!(matches!(send(&client).await, Ok(Sent::Answer(_))));
    assert!(begun.elapsed() >= Duration::from_secs(1));
    // Where the wait would outlast the call, the refusal is the answer.
    let line = Line::listen(vec![answer("429 Too Many Requests", &[("retry-after", "20"), PROBLEM], "{}")]).await;
    let client = line.client().call_timeout(Duration::from_secs(10)).build().unwrap();
    let refused = send(&client).await.unwrap_err();
    assert!(refused.is_unavailable(), "{refused}");
    assert_eq!(line.arrived().len(), 1);
}

#[tokio::test]
async fn a_message_that_is_being_processed_is_asked_for_more_often_than_attempts_are_allowed() {
    let busy = || answer("409 Conflict", &[("retry-after", "0"), PROBLEM], r#"{"code":"TDAM-5009","status":409}"#);
    let line = Line::listen(vec![busy(), busy(), busy(), answer("200 OK", &[XML], "<pain002/>")]).await;
    let client = line.client().retries(Retries::none()).build().unwrap();
    assert!(matches!(send(&client).await, Ok(Sent::Answer(_))));
    assert_eq!(line.arrived().len(), 4);
    // What keeps being processed ends with the call, as "not now".
    let line = Line::listen(vec![busy(); 20]).await;
    let client = line.client().call_timeout(Duration::from_secs(1)).build().unwrap();
    let error = send(&client).await.unwrap_err();
    assert!(error.is_unavailable() && error.attempts() == 1, "{error:?}");
}

#[tokio::test]
async fn a_stream_is_sent_again_from_its_beginning_and_leaves_no_file() {
    let line = Line::listen(vec![Step::CloseWithoutAnswer, answer("200 OK", &[XML], "<pain002/>")]).await;
    let client = line.client().retries(quick()).build().unwrap();
    let message = MESSAGE.repeat(20_000);
    let (mut into, from) = tokio::io::duplex(1_000);
    let written = message.clone();
    tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut into, written.as_bytes()).await });
    let body = Body::stream(from).await.unwrap();
    assert_eq!(body.length().await.unwrap(), message.len() as u64);
    let shown = format!("{body:?}");
    let path = shown.split('"').nth(1).unwrap().to_owned();
    assert!(std::path::Path::new(&path).exists(), "{shown}");
    assert!(matches!(client.send_payments(body, SendOptions::default()).await, Ok(Sent::Answer(_))));
    assert!(line.arrived().iter().all(|request| request.body == message.as_bytes()));
    assert!(!std::path::Path::new(&path).exists(), "the temporary file goes with its body");
}

#[tokio::test]
async fn the_hook_for_logs_hears_of_attempts_and_of_nothing_that_a_message_says() {
    let problem = r#"{"title":"A title","detail":"the value SECRET is wrong","status":422,"code":"TDAM-2109"}"#;
    let line = Line::listen(vec![Step::CloseWithoutAnswer, answer("422 Unprocessable", &[PROBLEM], problem)]).await;
    let (tell, told) = std::sync::mpsc::channel();
    let client = line.client().retries(quick()).on_event(move |event| drop(tell.send(event.to_string())));
    assert!(send(&client.build().unwrap()).await.is_err());
    let told: Vec<String> = told.try_iter().collect();
    assert_eq!(told[0], "POST /v1/payments, attempt 1");
    assert_eq!(told[1], "/v1/payments, attempt 1 failed: connection");
    assert!(told[2].contains("pause after attempt 1"), "{told:?}");
    assert_eq!(told[3..], ["POST /v1/payments, attempt 2", "/v1/payments, attempt 2 failed: refused, TDAM-2109"]);
    assert!(!told.concat().contains("SECRET"));
}

/// A problem as a service writes it that this library does not know: it is passed on all the same.
const FOREIGN: &str = "<problem>said otherwise</problem>";

#[tokio::test]
async fn a_request_of_another_program_is_repeated_with_the_same_bytes_and_its_answer_comes_back_as_it_is() {
    let broken = Step::Answer("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n<Docu".to_owned());
    let (kind, other) = (("content-type", "application/problem+xml"), ("x-other", "kept"));
    let line = Line::listen(vec![
        Step::CloseWithoutAnswer,
        broken,
        answer("503 Service Unavailable", &[("retry-after", "0"), PROBLEM], r#"{"code":"TDAM-9004"}"#),
        answer("422 Unprocessable Content", &[kind, other], FOREIGN),
    ])
    .await;
    let client = line.client().retries(quick()).build().unwrap();
    let request = Forward::post("/v1/payments?mode=test", Body::bytes(MESSAGE));
    let request = request.field("content-type", "text/xml").field("prefer", "wait=5").field("accept", "*/*");
    let mut answer = client.forward(request).await.unwrap();
    assert_eq!(answer.status, 422);
    assert!(answer.fields.contains(&("x-other".to_owned(), "kept".to_owned())), "{:?}", answer.fields);
    assert_eq!(answer.document.chunk().await.unwrap().unwrap(), FOREIGN.as_bytes());
    let arrived = line.arrived();
    assert_eq!(arrived.len(), 4);
    for request in arrived {
        assert_eq!(request.body, MESSAGE.as_bytes());
        assert!(request.head.starts_with("post /v1/payments?mode=test http/1.1"), "{}", request.head);
        for once in ["content-type: text/xml", "prefer: wait=5", "accept: */*"] {
            assert_eq!(request.head.matches(once).count(), 1, "{}", request.head);
        }
    }
}

#[tokio::test]
async fn the_last_not_now_is_passed_on_and_no_answer_is_an_error() {
    let busy = answer("503 Service Unavailable", &[("retry-after", "0"), PROBLEM], r#"{"code":"TDAM-9004"}"#);
    let line = Line::listen(vec![busy.clone(), busy, Step::CloseWithoutAnswer, Step::CloseWithoutAnswer]).await;
    let client = line.client().retries(quick().attempts_max(2)).build().unwrap();
    let mut answer = client.forward(Forward::get("/v1/heartbeat")).await.unwrap();
    assert_eq!(answer.status, 503);
    assert_eq!(answer.document.chunk().await.unwrap().unwrap(), &br#"{"code":"TDAM-9004"}"#[..]);
    let error = client.forward(Forward::get("/v1/heartbeat")).await.unwrap_err();
    assert!(error.is_connection() && error.attempts() == 2, "{error:?}");
}
