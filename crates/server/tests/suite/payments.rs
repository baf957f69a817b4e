//! The whole path of a payment message through the channel: submission, answer, repetition, status, report.
use std::io::Write as _;

use protocol::CancellationAnswer;

use crate::support::{Answer, OURS, THEIRS, World, get, messages, post};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_once_and_its_repetition_with_the_same_bytes() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let message = messages::payments("M/1", 3);
    let first = post(&client, world.url("/v1/payments"), message.clone()).await;
    assert_eq!(first.status.as_u16(), 200, "{first:?}");
    assert_eq!(first.header("content-type"), Some("application/xml; charset=utf-8"));
    assert_eq!(first.header("x-message-type"), Some("pain.002.001.10"));
    assert_eq!(first.header("x-answer-repeated"), Some("false"));
    assert!(first.text.contains("<OrgnlMsgId>M/1</OrgnlMsgId>"), "{}", first.text);

    let again = post(&client, world.url("/v1/payments"), message).await;
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("x-answer-repeated"), Some("true"));

    let other = post(&client, world.url("/v1/payments"), messages::payments("M/1", 2)).await;
    assert_eq!(other.problem(409, "TDAM-5001").iso_reason.as_deref(), Some("DU01"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packed_message_is_the_same_message() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let message = messages::payments("GZIP", 2000);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(message.as_bytes()).unwrap();
    let request = client.post(world.url("/v1/payments")).header("content-type", "text/xml; charset=utf-8");
    let request = request.header("content-encoding", "gzip").body(encoder.finish().unwrap());
    let packed = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(packed.status.as_u16(), 200, "{packed:?}");

    let plain = post(&client, world.url("/v1/payments"), message).await;
    assert_eq!(plain.header("x-answer-repeated"), Some("true"));
    assert_eq!(plain.text, packed.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_says_what_would_happen_and_leaves_nothing() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let trial = post(&client, world.url("/v1/payments?mode=test"), messages::payments("TRIAL", 3)).await;
    assert_eq!(trial.status.as_u16(), 200, "{trial:?}");
    assert!(trial.text.contains("<OrgnlMsgId>TRIAL</OrgnlMsgId>"), "{}", trial.text);
    world.assert_nothing_stored("a trial");
    assert_eq!(get(&client, world.url("/v1/payments?msg_id=TRIAL")).await.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_wait_comes_back_for_the_answer() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let request = client.post(world.url("/v1/payments")).header("content-type", "application/xml");
    let request = request.header("prefer", "wait=0").body(messages::payments("LARGE", 5000));
    let receipt = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(receipt.status.as_u16(), 202, "{receipt:?}");
    assert_eq!(receipt.header("preference-applied"), Some("wait=0"));
    assert!(receipt.header("retry-after").is_some());
    assert!(receipt.text.contains("RCVD"), "{}", receipt.text);

    let location = receipt.header("location").unwrap();
    let request = client.get(world.url(location)).header("prefer", "wait=60");
    let outcome = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(outcome.status.as_u16(), 200, "{outcome:?}");
    assert!(outcome.text.contains("<OrgnlMsgId>LARGE</OrgnlMsgId>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn status_comes_as_message_or_as_json() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    assert_eq!(post(&client, world.url("/v1/payments"), messages::payments("S/1", 3)).await.status.as_u16(), 200);
    let path = protocol::routes::status_of_message("S/1");
    let status = get(&client, world.url(&path)).await;
    assert_eq!(status.header("x-message-type"), Some("pain.002.001.10"), "{status:?}");

    let ask = async |accept: &str| {
        Answer::of(client.get(world.url(&path)).header("accept", accept).send().await.unwrap()).await
    };
    let answer = ask("application/json").await;
    let overview: protocol::MessageOverview = serde_json::from_str(&answer.text).unwrap();
    assert_eq!((overview.message_id.as_str(), overview.number_of_transactions), ("S/1", 3));
    assert_eq!(overview.blocks[0].payment_information_id, "S/1-1");
    ask("application/xml;q=0, application/json;q=0").await.problem(406, "TDAM-9007");

    // A colleague with the mode View sees it; a message that was never sent is not found.
    assert_eq!(get(&world.client(&world.view), world.url(&path)).await.status.as_u16(), 200);
    assert_eq!(get(&client, world.url("/v1/payments?msg_id=S/2")).await.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_that_are_not_executed_are_cancelled_by_name() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let cancel = async |query: &str| {
        let request = client.post(world.url(&format!("/v1/payments/cancel{query}"))).header("accept-language", "lv");
        Answer::of(request.send().await.unwrap()).await
    };
    let later = messages::payments_of_next_week("C/1", 3);
    assert_eq!(post(&client, world.url("/v1/payments"), later).await.status.as_u16(), 200);
    for query in [
        "",
        "?msg_id=",
        "?msg_id=C/1&number=0",
        "?msg_id=C/1&number=x",
        "?msg_id=C/1&pmt_inf_id=",
        "?msg_id=C/1&mode=test",
    ] {
        cancel(query).await.problem(400, "TDAM-2022");
    }
    cancel("?msg_id=C/2").await.problem(404, "TDAM-9001");
    cancel("?msg_id=C/1&pmt_inf_id=C/1-2").await.problem(404, "TDAM-9001");
    let viewer = world.client(&world.view);
    post(&viewer, world.url("/v1/payments/cancel?msg_id=C/1"), "").await.problem(403, "TDAM-1009");

    let one = cancel("?msg_id=C%2F1&pmt_inf_id=C/1-1&end_to_end_id=C/1-2").await;
    let answer: CancellationAnswer = serde_json::from_str(&one.text).unwrap_or_else(|_| panic!("{one:?}"));
    let expected =
        CancellationAnswer { message_id: "C/1".to_owned(), payments: 1, cancelled: 1, ..CancellationAnswer::default() };
    assert_eq!(answer, expected);
    let all: CancellationAnswer = serde_json::from_str(&cancel("?msg_id=C/1").await.text).unwrap();
    assert_eq!(all, CancellationAnswer { payments: 3, cancelled: 3, cancelled_before: 1, ..expected.clone() });
    let again: CancellationAnswer = serde_json::from_str(&cancel("?msg_id=C/1").await.text).unwrap();
    assert_eq!(again, CancellationAnswer { payments: 3, cancelled: 3, cancelled_before: 3, ..expected });
    let status = client.get(world.url("/v1/payments?msg_id=C/1")).header("accept", "application/json").send();
    let status: protocol::MessageOverview =
        serde_json::from_str(&Answer::of(status.await.unwrap()).await.text).unwrap();
    assert_eq!((status.status.as_str(), status.refused_total), ("RJCT", 3));
    let reasons =
        status.refused.iter().map(|refused| (refused.reason.code.as_str(), refused.reason.iso_reason.as_deref()));
    assert!(reasons.clone().all(|reason| reason == ("TDAM-4019", Some("DS02"))), "{:?}", reasons.collect::<Vec<_>>());
    assert!(world.metrics().await.contains("\ntdam_payments_cancelled_total 3\n"));

    assert_eq!(post(&client, world.url("/v1/payments"), messages::payments("NOW", 1)).await.status.as_u16(), 200);
    world.exchange.work_now().await.unwrap();
    let problem = cancel("?msg_id=NOW&number=1").await.problem(409, "TDAM-4020");
    assert!(problem.texts.lv.explanation.contains("recall"), "{problem:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_account_cannot_be_debited() {
    let world = World::start().await;
    let answer = post(
        &world.client(&world.manage),
        world.url("/v1/payments"),
        messages::payments_from(THEIRS, "THEIRS", 1).replacen(
            &format!("<CdtrAcct><Id><IBAN>{THEIRS}"),
            &format!("<CdtrAcct><Id><IBAN>{OURS}"),
            1,
        ),
    )
    .await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    assert!(answer.text.contains("RJCT") && answer.text.contains("TDAM-4003"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_report_is_answered_with_itself_and_several_with_where_they_are() {
    let world = World::start().await;
    let client = world.client(&world.view);
    let one = post(&client, world.url("/v1/reports"), messages::report_request("R1", &[OURS])).await;
    assert_eq!(one.status.as_u16(), 200, "{one:?}");
    assert_eq!(one.header("x-message-type"), Some("camt.052.001.08"));
    let location = one.header("content-location").unwrap();
    let again = get(&client, world.url(location)).await;
    assert_eq!(again.text, one.text, "a report is fixed when it is ordered");
    let link = again.header("link").unwrap();
    assert_eq!(protocol::headers::link_target(link, "next"), None, "{link}");

    // Reports are their orderer's alone.
    get(&world.client(&world.manage), world.url(location)).await.problem(404, "TDAM-6009");
    get(&client, world.url("/v1/reports/999999")).await.problem(404, "TDAM-6009");
    get(&client, world.url("/v1/reports/nonsense")).await.problem(404, "TDAM-6009");
    let path = location.replace("page=1", "page=2");
    get(&client, world.url(&path)).await.problem(404, "TDAM-6010");

    let two = post(&client, world.url("/v1/reports"), messages::report_request("R2", &[OURS, OURS])).await;
    let list: protocol::ReportList = serde_json::from_str(&two.text).unwrap_or_else(|_| panic!("{two:?}"));
    assert_eq!(list.reports.len(), 2);
    for report in &list.reports {
        assert_eq!(report.account, OURS);
        assert_eq!(get(&client, world.url(&report.location)).await.status.as_u16(), 200);
    }

    let foreign = post(&client, world.url("/v1/reports"), messages::report_request("R3", &[THEIRS])).await;
    foreign.problem(403, "TDAM-6007");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_made_ahead_are_the_pages_that_are_asked_for() {
    let settings = exchange::Settings { entries_per_page: 3, ..exchange::Settings::default() };
    let world = World::of(settings, |_| ()).await;
    let payer = world.client(&world.manage);
    post(&payer, world.url("/v1/payments"), messages::payments("PAGES", 20)).await;
    while !get(&payer, world.url("/v1/payments?msg_id=PAGES")).await.text.contains("ACSC") {}
    let client = world.client(&world.view);
    let mut page = post(&client, world.url("/v1/reports"), messages::report_request("R1", &[OURS])).await;
    let (mut forwards, mut locations) = (Vec::new(), Vec::new());
    loop {
        assert_eq!(page.status.as_u16(), 200, "{page:?}");
        let location = page.header("content-location").unwrap().to_owned();
        // The page that is made ahead of this reader is nobody else's.
        get(&payer, world.url(&location)).await.problem(404, "TDAM-6009");
        let next = protocol::headers::link_target(page.header("link").unwrap(), "next").map(str::to_owned);
        forwards.push(page.text);
        locations.push(location);
        let Some(next) = next else { break };
        page = get(&client, world.url(&next)).await;
    }
    // With the opening entry.
    assert_eq!((forwards.len(), forwards.concat().matches("<Ntry>").count()), (7, 21));
    // Backwards no page is made ahead that is asked for.
    for (location, text) in locations.iter().zip(&forwards).rev() {
        assert_eq!(&get(&client, world.url(location)).await.text, text, "{location}");
    }
    // Again, with one page left out each time.
    for (location, text) in locations.iter().zip(&forwards).step_by(2) {
        assert_eq!(&get(&client, world.url(location)).await.text, text, "{location}");
    }
}
