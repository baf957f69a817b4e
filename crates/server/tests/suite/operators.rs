//! Operators over the wire: applications from the draft to the first payment, and what must not happen on the way.
use protocol::applications::{ApplicationDetail, ApplicationList, EnrolmentCodeAnswer, PersonList};
use serde_json::{Value, json};

use crate::support::office::{APPLICATIONS, Office, new_online_user};
use crate::support::{Answer, OURS, THEIRS, World, certificate_request, get, messages, post};
use store::StoreError;

#[tokio::test(flavor = "multi_thread")]
async fn an_application_goes_from_a_draft_to_the_first_payment() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let id = office.checked(new_online_user()).await;
    let seen: ApplicationDetail = serde_json::from_value(office.show(id).await).unwrap();
    assert_eq!(seen.overview.client.as_ref().unwrap().name, "Daugavas novada pašvaldība");
    assert!(seen.needs_two_operators && seen.needs_signed_file, "{seen:?}");
    let change = |field: &str| seen.changes.iter().find(|change| change.field == field).unwrap();
    assert_eq!((change("accounts").before.clone(), change("accounts").after.as_deref()), (None, Some(OURS)));
    assert_eq!(seen.files[0].verified.as_ref().unwrap().by.name, "Anna");
    let entered: ApplicationDetail = seen.clone();
    let answer = office.approve(id).await;
    assert_eq!((answer.status.as_u16(), answer.json()["state"].as_str()), (200, Some("in-force")), "{answer:?}");
    let now: ApplicationDetail = serde_json::from_value(office.show(id).await).unwrap();
    assert_eq!((now.digest.clone(), now.content.clone()), (entered.digest, entered.content));
    let steps: Vec<(&str, &str)> =
        now.steps.iter().map(|step| (step.step.as_str(), step.by.as_ref().map_or("", |by| by.name.as_str()))).collect();
    let by_anna = ["entered", "attached", "signature-verified", "submitted", "checked"].map(|step| (step, "Anna"));
    assert_eq!(steps[..5], by_anna);
    assert_eq!(steps[5..], [("approved", "Jānis"), ("in-force", "")]);

    // Who entered it gets no code; the other operator gets one for the contact person, and a second one ends the first.
    let code = format!("/{id}/enrollment-code");
    office.act(&office.anna, &code, Value::Null).await.problem(403, "TDAM-9033");
    let first = made(&office, &code).await;
    assert_eq!((first.online_user.as_str(), first.contact.unwrap().name.as_str()), ("Lietvedība", "Līga Ozola"));
    let second = made(&office, &code).await;
    enrol(&world, &first.code, certificate_request()).await.problem(401, "TDAM-1021");
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let chain = enrol(&world, &second.code, request).await.text;
    office.act(&office.janis, &code, Value::Null).await.problem(409, "TDAM-1022");
    let steps = office.show(id).await["steps"].as_array().unwrap().len();
    assert_eq!(steps, now.steps.len() + 2, "each code is a step that everybody sees");

    let info = pki::describe(&pki::certificate_der(&chain).unwrap()).unwrap();
    let (certificate_pem, private_key_pem) = (chain.clone(), Some(key.serialize_pem()));
    let identity = pki::Issued { certificate_pem, chain_pem: chain, private_key_pem, info };
    let paid = post(&world.client(&identity), world.url("/v1/payments"), messages::payments("FIRST", 1)).await;
    assert!(paid.text.contains("<GrpSts>ACCP</GrpSts>"), "{paid:?}");
}

async fn made(office: &Office<'_>, path: &str) -> EnrolmentCodeAnswer {
    let answer = office.act(&office.janis, path, Value::Null).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    serde_json::from_str(&answer.text).unwrap()
}

async fn enrol(world: &World, code: &str, request: String) -> Answer {
    let request = world.anonymous().post(world.enrollment_url("/v1/enrollment")).bearer_auth(code).body(request);
    Answer::of(request.send().await.unwrap()).await
}

/// A certificate that was applied for comes in the way that was approved, and before the approval not at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_of_the_kind_that_was_applied_for() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let wanted = json!({ "kind": "new-certificate", "online_user": 1, "enrolment": "key-store" });
    let id = office.checked(wanted).await;
    let code = format!("/{id}/enrollment-code");
    office.act(&office.janis, &code, Value::Null).await.problem(409, "TDAM-9032");
    assert_eq!(office.approve(id).await.json()["state"], "in-force");
    office.act(&office.janis, &format!("{code}?kind=request"), Value::Null).await.problem(409, "TDAM-1023");
    office.act(&office.janis, &format!("{code}?kind=paper"), Value::Null).await.problem(400, "TDAM-2022");
    let made = made(&office, &format!("{code}?kind=key-store-triple-des")).await;
    enrol(&world, &made.code, certificate_request()).await.problem(409, "TDAM-1023");
    let renewed = json!({ "kind": "new-client", "name": "Ogre", "registration_number": "1", "acceptance": "partial" });
    let id = office.enter(renewed).await;
    office.done(&office.anna, &format!("/{id}/submit"), Value::Null).await;
    office.done(&office.anna, &format!("/{id}/check"), Value::Null).await;
    assert_eq!(office.approve(id).await.json()["state"], "in-force");
    office.act(&office.janis, &format!("/{id}/enrollment-code"), Value::Null).await.problem(422, "TDAM-9031");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_certificate_opens_no_machine_route_and_the_other_way_round() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let machine = world.client(&world.manage);
    for path in [APPLICATIONS, "/v1/operator/persons", "/v1/operator/applications/1", "/v1/operator/nothing"] {
        get(&machine, world.url(path)).await.problem(403, "TDAM-1016");
    }
    let entered = post(&machine, world.url(APPLICATIONS), new_online_user().to_string()).await;
    entered.problem(403, "TDAM-1016");
    for path in ["/v1/heartbeat", "/v1/accounts", "/v1/payments?msg_id=A", "/v1/certificates/enrollment", "/"] {
        get(&office.anna, world.url(path)).await.problem(403, "TDAM-1015");
    }
    let sent = post(&office.anna, world.url("/v1/payments"), messages::payments("MINE", 1)).await;
    sent.problem(403, "TDAM-1015");
    world.assert_nothing_stored("a person pays nothing");
    get(&office.anna, world.url("/v1/operator/nothing")).await.problem(404, "TDAM-9001");
    get(&world.anonymous(), world.url(APPLICATIONS)).await.problem(401, "TDAM-1001");
    // Written otherwise, the path is no path of operators.
    get(&office.anna, world.url("/v1/%6Fperator/persons")).await.problem(403, "TDAM-1015");
    // The connection of a machine stays usable.
    assert_eq!(get(&machine, world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    let index = get(&machine, world.url("/")).await;
    assert!(!index.text.contains("/v1/operator"), "{index:?}");

    let fingerprint = crate::support::fingerprint(&office.identity);
    assert!(world.exchange.operator().revoke_person_certificate(fingerprint).await.unwrap());
    get(&office.anna, world.url(APPLICATIONS)).await.problem(401, "TDAM-1003");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_approves_alone_twice_or_what_he_did_not_see() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let id = office.checked(new_online_user()).await;
    let approve = format!("/{id}/approve");
    let digest = json!({ "digest": office.show(id).await["digest"] });
    office.act(&office.anna, &approve, digest.clone()).await.problem(403, "TDAM-9033");
    let other = json!({ "digest": "0".repeat(64) });
    office.act(&office.janis, &approve, other).await.problem(409, "TDAM-9034");
    for wrong in [json!({ "digest": "12" }), json!({}), json!({ "digest": "0".repeat(64), "force": true }), Value::Null]
    {
        office.act(&office.janis, &approve, wrong).await.problem(400, "TDAM-1031");
    }
    assert_eq!(office.done(&office.janis, &approve, digest.clone()).await, "in-force");
    office.act(&office.janis, &approve, digest).await.problem(409, "TDAM-9032");
    office.act(&office.anna, &format!("/{id}/withdraw"), Value::Null).await.problem(409, "TDAM-9032");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_entered_is_read_strictly() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let with = |field: &str, value: Value| {
        let mut content = new_online_user();
        content[field] = value;
        content
    };
    for (content, status, code, because) in [
        (with("mod", json!("view")), 400, "TDAM-1031", "unknown field `mod`"),
        (with("kind", json!("new-user")), 400, "TDAM-1031", "unknown variant"),
        (with("client", json!("1")), 400, "TDAM-1031", "expected a whole number"),
        (json!([]), 400, "TDAM-1031", "expected an object"),
        (with("contact", json!(["Līga", "liga@example.lv", "1"])), 400, "TDAM-1031", "expected an object"),
        (with("client", json!(99)), 422, "TDAM-9031", "client: there is no client with the number 99"),
        (with("mode", json!("pay")), 422, "TDAM-9031", "mode: `pay` is not possible; possible are: view, manage"),
        (with("accounts", json!([THEIRS])), 422, "TDAM-9031", "is another client's"),
        (with("accounts", json!(["LV00TREL0000000000000"])), 422, "TDAM-9031", "is no IBAN"),
        (with("accounts", json!(["LV77TREL5180453053001"])), 422, "TDAM-9031", "the Treasury keeps no account"),
        (with("networks", json!(["192.0.2.7/24"])), 422, "TDAM-9031", "the network is 192.0.2.0/24"),
        (with("networks", json!(["192.0.2"])), 422, "TDAM-9031", "networks: `192.0.2` does not have the form"),
        (with("networks", json!(["0.0.0.0/0"])), 422, "TDAM-9031", "networks: the network 0.0.0.0/0 is too wide"),
        (with("networks", json!(["::/0"])), 422, "TDAM-9031", "its prefix has at least 16 bits"),
        (with("networks", json!([])), 422, "TDAM-9031", "networks: the field is missing or empty"),
        (with("valid_until", json!("20301231")), 422, "TDAM-9031", "valid_until: `20301231` does not have the form"),
        (with("valid_until", json!("2099-12-31")), 422, "TDAM-9031", "valid_until: the last day possible is"),
        (with("contact", json!({ "name": "Līga", "email": "liga" })), 422, "TDAM-9031", "name@example.lv"),
        (with("name", json!(" Lietvedība")), 422, "TDAM-9031", "name: no spaces at the beginning"),
    ] {
        let answer = office.act(&office.anna, "", content).await;
        let problem = answer.problem(status, code);
        assert!(problem.detail.as_deref().unwrap_or_default().contains(because), "{because}: {problem:?}");
    }
    for applicant in ["99", "1"] {
        let path = format!("?applicant={applicant}");
        office.act(&office.anna, &path, new_online_user()).await.problem(422, "TDAM-9031");
    }
    let packed = office.anna.post(world.url(APPLICATIONS)).header("content-encoding", "gzip").body("{}");
    Answer::of(packed.send().await.unwrap()).await.problem(415, "TDAM-2020");
    let large = "A".repeat(300 << 10);
    office.act(&office.anna, "", json!({ "kind": large })).await.problem(413, "TDAM-2007");
    let listed: ApplicationList = serde_json::from_str(&office.get(APPLICATIONS).await.text).unwrap();
    assert!(listed.applications.is_empty(), "{listed:?}");
    for path in ["/x", "/0", "/7", "/-1", "/99999999999999999999"] {
        office.get(&format!("{APPLICATIONS}{path}")).await.problem(404, "TDAM-9001");
    }
    for query in ["?state=new", "?kind=user", "?client=A", "?before=", "?state=draft&state=draft", "?page=1"] {
        office.get(&format!("{APPLICATIONS}{query}")).await.problem(400, "TDAM-2022");
    }
}

/// A clerk's mistakes, in the clerk's language: which field, which value, and what could stand there.
#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_told_in_latvian_too() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let said = async |path: &str, body: Value| {
        let url = world.url(&format!("{APPLICATIONS}{path}"));
        let asked = office.anna.post(url).header("accept-language", "lv").body(body.to_string());
        let problem: Value = serde_json::from_str(&asked.send().await.unwrap().text().await.unwrap()).unwrap();
        problem["detail"].as_str().unwrap_or_default().to_owned()
    };
    let mut wrong = new_online_user();
    wrong["accounts"] = json!(["LV00TREL0000000000000"]);
    assert_eq!(
        said("", wrong).await,
        "accounts: „LV00TREL0000000000000” nav IBAN: kontrolcipari vai garums ir nepareizs."
    );
    let mut wrong = new_online_user();
    wrong["mode"] = json!("Manage");
    assert_eq!(said("", wrong).await, "mode: vērtība „Manage” nav iespējama; iespējamās: view, manage.");
    let id = office.enter(new_online_user()).await;
    let state = "Pieteikums ir melnraksts; šī darbība iespējama, kamēr tas ir: iesniegts.";
    assert_eq!(said(&format!("/{id}/check"), Value::Null).await, state);
    assert_eq!(said("/77/check", Value::Null).await, "Pieteikuma ar numuru 77 nav.");
}

/// What changes is little; of whom it is must be seen all the same.
#[tokio::test(flavor = "multi_thread")]
async fn an_approver_sees_whom_a_change_is_about() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    office.person_in_force("Maija", &["clerk"]).await;
    let maija = office.persons().last().unwrap().0;
    let seen = async |content: Value| {
        let id = office.enter(content).await;
        let shown: ApplicationDetail = serde_json::from_value(office.show(id).await).unwrap();
        shown.changes.into_iter().map(|change| (change.field, change.before, change.after)).collect::<Vec<_>>()
    };
    let (named, text) = (format!("Maija ({maija})"), |text: &str| Some(text.to_owned()));
    let roles = seen(json!({ "kind": "person", "person": maija, "roles": ["auditor"] })).await;
    assert_eq!(roles[0], ("person".to_owned(), text(&named), text(&named)));
    assert_eq!(roles[1], ("roles".to_owned(), text("clerk"), text("auditor")));
    let end = seen(json!({ "kind": "person", "person": maija, "ends": true })).await;
    assert_eq!(end[0], ("person".to_owned(), text(&named), None));
    let certificate = seen(json!({ "kind": "new-certificate", "online_user": 1, "enrolment": "request" })).await;
    assert_eq!(certificate[0].0, "online_user");
    assert!(certificate[0].1.as_deref().unwrap().ends_with(" (1)"), "{certificate:?}");
    let day = crate::support::office::today().to_string();
    let limits = json!({ "kind": "one-day-limits", "iban": OURS, "day": day, "limit_per_payment": "250000.00" });
    assert_eq!(seen(limits).await[0], ("iban".to_owned(), text(OURS), text(OURS)));
    let user = seen(new_online_user()).await;
    assert_eq!(user[0], ("client".to_owned(), None, text("Daugavas novada pašvaldība (1)")));
}

/// A client, an account or an online user is there once: also when two applications for it were on their way.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_not_made_again() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let client = json!({
        "kind": "new-client", "name": "Ogres novads", "registration_number": "90000024455", "acceptance": "partial",
    });
    let account = json!({
        "kind": "new-account", "client": 1, "iban": "LV77TREL5180453053001", "owner_name": "Daugavas novada pašvaldība",
        "account_kind": "donation", "currency": "EUR",
    });
    let mut grouped = account.clone();
    grouped["iban"] = json!("LV77 TREL 5180 4530 5300 1");
    for (content, again, because) in [
        (client.clone(), client, "there is a client with the registration number 90000024455 already"),
        (account, grouped, "the account LV77TREL5180453053001 is registered already"),
        (new_online_user(), new_online_user(), "the client has an online user `Lietvedība` already"),
    ] {
        let first = office.checked(content.clone()).await;
        let second = office.checked(content).await;
        assert_eq!(office.approve(first).await.json()["state"], "in-force");
        let refused = [office.approve(second).await, office.act(&office.anna, "", again).await];
        for answer in refused {
            let problem = answer.problem(422, "TDAM-9031");
            assert!(problem.detail.as_deref().unwrap_or_default().contains(because), "{because}: {problem:?}");
        }
        assert_eq!(office.show(second).await["state"], "checked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_of_accounts_and_of_single_days_are_shown() {
    const LIMITS: &str = "/v1/operator/limits";
    let world = World::start().await;
    let office = Office::open(&world).await;
    let limits = async |query: &str| office.get(&format!("{LIMITS}?{query}")).await.json();
    let before = limits("client=1").await;
    let ours = |list: &Value| {
        let accounts = list["accounts"].as_array().unwrap().clone();
        accounts.into_iter().find(|account| account["iban"] == OURS).unwrap()
    };
    assert_eq!(ours(&before)["days"], json!([]));
    let day = crate::support::office::today().to_string();
    let wanted = json!({ "kind": "one-day-limits", "iban": OURS, "day": day, "limit_per_payment": "250000.00" });
    let id = office.checked(wanted).await;
    assert_eq!(office.approve(id).await.json()["state"], "in-force");
    let shown = ours(&limits(&format!("account={OURS}")).await);
    assert_eq!(shown["days"], json!([{ "day": day, "limit_per_payment": "250000.00", "application": id }]));
    assert_eq!(ours(&limits("client=1").await), shown);
    for (query, status, code) in [
        ("", 400, "TDAM-2022"),
        ("client=x", 400, "TDAM-2022"),
        ("client=1&account=LV00", 400, "TDAM-2022"),
        ("client=99", 422, "TDAM-9031"),
        ("account=LV77TREL5180453053001", 422, "TDAM-9031"),
    ] {
        office.get(&format!("{LIMITS}?{query}")).await.problem(status, code);
    }
    get(&world.client(&world.manage), world.url(&format!("{LIMITS}?client=1"))).await.problem(403, "TDAM-1016");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_files_come_back_as_they_were() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let draft = office.draft(new_online_user()).await;
    let client = json!({
        "kind": "new-client", "name": "Ogres novads", "registration_number": "90000024455", "acceptance": "partial",
    });
    let other = office.enter(client).await;
    let ids = async |query: &str| {
        let list: ApplicationList =
            serde_json::from_str(&office.get(&format!("{APPLICATIONS}{query}")).await.text).unwrap();
        list.applications.iter().map(|application| application.id).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await, [other, draft]);
    assert_eq!(ids("?kind=new-client").await, [other]);
    assert_eq!(ids("?client=1&state=draft").await, [draft]);
    assert_eq!(ids(&format!("?before={other}")).await, [draft]);
    assert_eq!(ids("?state=in-force").await, Vec::<i64>::new());

    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    office.attach(draft, "papildu%20dati.bin", "supporting", bytes.clone()).await;
    let url = world.url(&format!("{APPLICATIONS}/{draft}/files/papildu%20dati.bin"));
    let response = office.janis.get(url).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
    assert_eq!(response.headers()["content-disposition"], "attachment");
    assert_eq!(response.bytes().await.unwrap().as_ref(), bytes);
    let lines: Result<_, StoreError> = world.store.read_blocking(|reading| reading.audit(0, 1_000));
    let is_noted = lines.unwrap().iter().any(|chained| chained.line.action == "application.file-read");
    assert!(is_noted, "reading a file is noted");
    office.get(&format!("{APPLICATIONS}/{draft}/files/absent")).await.problem(404, "TDAM-9001");
    let url = world.url(&format!("{APPLICATIONS}/{draft}/files/large.pdf?kind=signed"));
    let large = Answer::of(office.anna.post(url).body(vec![0; (4 << 20) + 1]).send().await.unwrap()).await;
    large.problem(413, "TDAM-2007");
    let persons: PersonList = serde_json::from_str(&office.get("/v1/operator/persons").await.text).unwrap();
    let shown: Vec<_> = persons.persons.iter().map(|person| (person.name.as_str(), person.is_you)).collect();
    assert_eq!(shown, [("Anna", true), ("Jānis", false)]);
}

/// What is only tried is answered as if it had happened, and leaves nothing behind: no number, no step, no right.
#[tokio::test(flavor = "multi_thread")]
async fn acts_can_be_tried() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let tried = office.act(&office.anna, "?mode=test", new_online_user()).await.json();
    assert_eq!((tried["id"].as_i64(), tried["trial"].as_bool()), (None, Some(true)), "{tried}");
    let id = office.checked(new_online_user()).await;
    assert_eq!(id, 1, "the one that was tried has no number");
    let before = office.show(id).await;
    let digest = json!({ "digest": before["digest"] });
    assert_eq!(office.done(&office.janis, "/1/approve?mode=test", digest.clone()).await, "in-force");
    let reason = json!({ "reason": "Nepilnīgs" });
    assert_eq!(office.done(&office.janis, "/1/reject?mode=test", reason).await, "rejected");
    assert_eq!(office.done(&office.anna, "/1/withdraw?mode=test", Value::Null).await, "withdrawn");
    office.act(&office.anna, "/1/approve?mode=test", digest.clone()).await.problem(403, "TDAM-9033");
    office.act(&office.janis, "/1/approve?mode=real", digest).await.problem(400, "TDAM-2022");
    assert_eq!(office.show(id).await, before);
    let users = world.exchange.operator().online_users(exchange::ClientId(1)).await.unwrap();
    assert_eq!(users.len(), 3);
}

/// Who ends the last approver ends all decisions: the exchange refuses it when it is entered.
#[tokio::test(flavor = "multi_thread")]
async fn operators_cannot_end_until_too_few_are_left() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    for content in [
        json!({ "kind": "person", "person": 2, "ends": true }),
        json!({ "kind": "person", "person": 2, "roles": ["auditor"] }),
    ] {
        office.act(&office.anna, "", content).await.problem(409, "TDAM-1032");
    }
    let herself = json!({ "kind": "person", "person": 1, "name": "Anna Bērziņa" });
    office.act(&office.anna, "", herself).await.problem(403, "TDAM-9033");
    let renamed = office.enter(json!({ "kind": "person", "person": 2, "name": "Jānis Kalniņš" })).await;
    let change = office.show(renamed).await["changes"][1].clone();
    assert_eq!(change, json!({ "field": "name", "before": "Jānis", "after": "Jānis Kalniņš" }));
    office.done(&office.anna, &format!("/{renamed}/withdraw"), Value::Null).await;
}

/// The operator who did not enter an application about a person would otherwise take a second certificate in that person's name, and
/// approve with it what he enters himself. A further one takes an application of its own, which may leave the person as it is.
#[tokio::test(flavor = "multi_thread")]
async fn no_operator_takes_a_further_certificate_of_a_person_alone() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let first = office.person_in_force("Maija Liepa", &["clerk", "approver"]).await;
    let certify = async |by, id: i64| {
        post(by, world.url(&format!("{APPLICATIONS}/{id}/certificate")), certificate_request()).await
    };
    assert_eq!(certify(&office.janis, first).await.status.as_u16(), 200);
    certify(&office.janis, first).await.problem(409, "TDAM-1047");
    let maija = office.persons().pop().unwrap();
    // Also when nothing of the first one is left.
    office.revoke_certificates_of(maija);
    certify(&office.janis, first).await.problem(409, "TDAM-1047");

    let again = json!({ "kind": "person", "person": maija.0 });
    let again = office.checked_without_file(again).await;
    let named = format!("Maija Liepa ({})", maija.0);
    let changes = json!([{ "field": "person", "before": named, "after": named }]);
    assert_eq!(office.show(again).await["changes"], changes, "whose it is, and nothing else");
    certify(&office.janis, again).await.problem(409, "TDAM-9032");
    assert_eq!(office.approve(again).await.json()["state"], "in-force");
    let url = world.url(&format!("{APPLICATIONS}/{again}/certificate"));
    let (one, other) = tokio::join!(
        post(&office.janis, url.clone(), certificate_request()),
        post(&office.janis, url, certificate_request())
    );
    let refused = if one.status.is_success() { other } else { one };
    refused.problem(409, "TDAM-1047");
    let third = office.checked_without_file(json!({ "kind": "person", "person": maija.0 })).await;
    assert_eq!(office.approve(third).await.json()["state"], "in-force");
    assert_eq!(certify(&office.janis, third).await.status.as_u16(), 200, "two overlap");
    let fourth = office.checked_without_file(json!({ "kind": "person", "person": maija.0 })).await;
    assert_eq!(office.approve(fourth).await.json()["state"], "in-force");
    certify(&office.janis, fourth).await.problem(409, "TDAM-1024");
}

/// A person gets a certificate for a key of its own, handed in by the operator who did not enter the application; and decides with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_comes_by_application_and_gets_a_certificate() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let id = office.person_in_force("Maija Liepa", &["clerk"]).await;
    let url = world.url(&format!("{APPLICATIONS}/{id}/certificate"));
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    post(&office.anna, url.clone(), request.clone()).await.problem(403, "TDAM-9033");
    post(&office.janis, url.clone(), "no request").await.problem(400, "TDAM-1013");
    // The answer may be lost: the same request, also twice at once, has the same certificate.
    let (chain, twin) = tokio::join!(
        post(&office.janis, url.clone(), request.clone()),
        post(&office.janis, url.clone(), request.clone())
    );
    assert_eq!(chain.text, twin.text);
    assert_eq!(post(&office.janis, url.clone(), request.clone()).await.text, chain.text);
    assert_eq!((chain.status.as_u16(), chain.header("content-type")), (200, Some("application/pem-certificate-chain")));
    let info = pki::describe(&pki::certificate_der(&chain.text).unwrap()).unwrap();
    let person = office.persons().pop().unwrap();
    assert_eq!(info.holder, Some(pki::Holder::Person(person.0)), "{info:?}");
    let (certificate_pem, private_key_pem) = (chain.text.clone(), Some(key.serialize_pem()));
    let identity = pki::Issued { certificate_pem, chain_pem: chain.text, private_key_pem, info };
    let maija = world.client(&identity);
    let entered = office.act(&maija, "", new_online_user()).await;
    assert_eq!(entered.status.as_u16(), 200, "{entered:?}");
    get(&maija, world.url("/v1/heartbeat")).await.problem(403, "TDAM-1015");
    let steps = office.show(id).await["steps"].clone();
    assert_eq!(steps.as_array().unwrap().last().unwrap()["by"]["name"], "Jānis");

    post(&office.janis, url.clone(), certificate_request()).await.problem(409, "TDAM-1047");
    let all = world.exchange.operator().persons_with_certificates().await.unwrap();
    assert_eq!(all.last().unwrap().1.len(), 1, "{all:?}");
    office.revoke_certificates_of(person);
    post(&office.janis, url, request).await.problem(409, "TDAM-1047");
    let user = office.checked(new_online_user()).await;
    assert_eq!(office.approve(user).await.json()["state"], "in-force");
    let url = world.url(&format!("{APPLICATIONS}/{user}/certificate"));
    post(&office.janis, url, certificate_request()).await.problem(422, "TDAM-9031");
}
