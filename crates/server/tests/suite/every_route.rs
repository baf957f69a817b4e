//! Properties of every route, tested one by one: one rule negotiates answers, and JSON ends with a newline.
use crate::support::office::{Office, new_online_user, new_online_user_named};
use crate::support::{self, Answer, OURS, World, libraries, messages};
use protocol::media::Form;
use protocol::routes::{self, Method, ROUTES, Route};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A browser, opening a page.
const BROWSER: &str =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8";
/// `HttpURLConnection` of Java; a `*` alone is no range.
const JAVA: &str = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";

/// `Accept` fields, and which form each kind of route then answers with; `None` for 406.
struct Case {
    accept: &'static [&'static str],
    xml: Option<Form>,
    either: Option<Form>,
    json: Option<Form>,
    pem: Option<Form>,
    problem: Form,
}

/// A route with one form answers in it unless refused, so the cases differ only where there is a choice.
const fn chosen(accept: &'static [&'static str], either: Form, problem: Form) -> Case {
    let (xml, json, pem) = (Some(Form::Xml), Some(Form::Json), Some(Form::Pem));
    Case { accept, xml, either: Some(either), json, pem, problem }
}

const CASES: [Case; 17] = {
    use Form::{Json, ProblemJson, ProblemXml, Xml};
    [
        chosen(&[], Xml, ProblemJson),
        chosen(&[""], Xml, ProblemJson),
        chosen(&["*/*"], Xml, ProblemJson),
        chosen(&["application/xml"], Xml, ProblemXml),
        chosen(&["text/xml"], Xml, ProblemXml),
        chosen(&["application/json"], Json, ProblemJson),
        chosen(&["application/json;q=0.5, application/xml;q=0.4"], Json, ProblemJson),
        chosen(&["application/xml;q=0.4", "application/json;q=0.5"], Json, ProblemJson),
        chosen(&["application/xml, application/problem+json"], Xml, ProblemJson),
        chosen(&["text/html"], Xml, ProblemJson),
        chosen(&["image/png, application/pdf"], Xml, ProblemJson),
        chosen(&[BROWSER], Xml, ProblemXml),
        chosen(&[JAVA], Xml, ProblemJson),
        chosen(&["nonsense;;=,/,application/json;q=high"], Xml, ProblemJson),
        Case { accept: &["*/*;q=0"], xml: None, either: None, json: None, pem: None, problem: ProblemJson },
        Case { xml: None, ..chosen(&["application/xml;q=0"], Json, ProblemJson) },
        Case { json: None, ..chosen(&["*/*, application/json;q=0"], Xml, ProblemXml) },
    ]
};

impl Case {
    fn expected(&self, route: &Route) -> Option<Form> {
        let by_choice = match route.forms {
            [Form::Xml] => self.xml,
            [Form::Json] => self.json,
            [Form::Pem | Form::RevocationList | Form::Pkcs12 | Form::Zip | Form::Octets] => {
                self.pem.and(route.forms.first().copied())
            }
            [Form::Html, Form::Markdown] => self.pem.and(Some(Form::Html)),
            [Form::Xml, Form::Json] => self.either,
            forms => panic!("no expectation for {forms:?}"),
        };
        // What an order of reports is answered with follows from the order: here one report, so a page.
        if route.path == routes::REPORTS { by_choice.and(Some(Form::Xml)) } else { by_choice }
    }
}

/// A world with a message and a report, and a request to each route.
pub(crate) async fn furnished() -> World {
    let world = World::with(|settings| settings.libraries = libraries::given_out()).await;
    let client = world.client(&world.manage);
    world.revocation_list().await;
    let later = messages::payments_of_next_week(LATER, 2);
    for (path, body) in [(routes::PAYMENTS, payments()), (routes::REPORTS, report()), (routes::PAYMENTS, later)] {
        let answer = support::post(&client, world.url(path), body).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    }
    world
}

/// What can be cancelled, each time with the same answer.
const LATER: &str = "LATER";

fn payments() -> String {
    messages::payments("EVERY", 2)
}

fn report() -> String {
    messages::report_request("R1", &[OURS])
}

/// Applications on their way, by number: acts on them are tried, so each request is answered alike.
const DRAFT: i64 = 1;
const SUBMITTED: i64 = 2;
const CHECKED: i64 = 3;
const IN_FORCE: i64 = 4;
const OF_PERSON: i64 = 5;
/// What the operator does who did not enter the application.
const OF_ANOTHER: [&str; 3] = [routes::APPLICATION_APPROVE, routes::APPLICATION_CODE, routes::APPLICATION_CERTIFICATE];
/// Each is certified once, by one of the requests of a test.
const PERSONS: usize = 40;
const FILE: &str = "pieteikums.edoc";

/// A request of a route that is answered with 200.
pub(crate) fn target(route: &Route) -> String {
    let of = |id| routes::of_application(route.path, id);
    let tried = |path: String| format!("{path}?mode=test");
    match (route.path, route.parameter) {
        (routes::APPLICATIONS, None) if route.method == Method::Post => tried(route.path.to_owned()),
        (routes::APPLICATION, None) => of(DRAFT),
        (routes::APPLICATION_FILE, None) if route.method == Method::Get => routes::application_file(DRAFT, FILE),
        (routes::APPLICATION_FILE, None) => {
            format!("{}&kind=signed", tried(routes::application_file(DRAFT, "new.pdf")))
        }
        (routes::APPLICATION_CHECK | routes::APPLICATION_REJECT, None) => tried(of(SUBMITTED)),
        (routes::APPLICATION_APPROVE, None) => tried(of(CHECKED)),
        // A further code ends the one before, so it is no act that is tried.
        (routes::APPLICATION_CODE, None) => of(IN_FORCE),
        (routes::APPLICATION_CERTIFICATE, None) => of(OF_PERSON),
        (path, None) if path.starts_with(routes::OPERATOR) && path.contains('{') => tried(of(DRAFT)),
        (path, Some(routes::SUBMISSION)) => format!("{path}?submission=1"),
        (routes::PAYMENTS, None) if route.method == Method::Get => routes::status_of_message("EVERY"),
        (routes::PAYMENTS_CANCEL, None) => format!("{}?{}={LATER}", route.path, routes::MSG_ID),
        (routes::REPORT, None) => routes::report_page(1, 1),
        (routes::ERROR, None) => routes::catalogue_entry("TDAM-2006"),
        (routes::LIMITS, None) => format!("{}?client=1", route.path),
        (routes::GUIDE_PAGE, None) => routes::guide_page("lv", "signing"),
        (routes::LIBRARY, None) => routes::library("java"),
        (routes::LIBRARY_SIGNATURE, None) => routes::library_signature("java"),
        (routes::SCHEMA, None) => routes::schema("pain.001.001.09"),
        (path, None) if !path.contains('{') => path.to_owned(),
        _ => panic!("what is {route:?} asked?"),
    }
}

/// Every route on every listener that has it.
pub(crate) fn everywhere() -> impl Iterator<Item = (&'static Route, bool)> {
    let on = |is_plain: bool| {
        ROUTES.iter().filter(move |route| if is_plain { route.is_plain() } else { route.is_for_clients() })
    };
    on(false).map(|route| (route, false)).chain(on(true).map(|route| (route, true)))
}

pub(crate) struct Asking<'w> {
    world: &'w World,
    client: reqwest::Client,
    office: Office<'w>,
    /// Of the checked application.
    digest: Value,
    anybody: reqwest::Client,
    /// The same each time, so that it gets the same answer.
    certificate_request: String,
    /// Applications about persons; each allows one certificate.
    of_persons: Vec<i64>,
    certified: AtomicUsize,
}

impl<'w> Asking<'w> {
    pub(crate) async fn of(world: &'w World) -> Asking<'w> {
        let office = Office::open(world).await;
        assert_eq!(office.draft(new_online_user_named("Uzmetums")).await, DRAFT);
        assert_eq!(office.submitted(new_online_user_named("Iesniegta")).await, SUBMITTED);
        assert_eq!(office.checked(new_online_user_named("Pārbaudīta")).await, CHECKED);
        assert_eq!(office.checked(new_online_user_named("Spēkā")).await, IN_FORCE);
        assert_eq!(office.approve(IN_FORCE).await.status.as_u16(), 200);
        let mut of_persons = Vec::new();
        for number in 0..PERSONS {
            of_persons.push(office.person_in_force(&format!("Maija {number}"), &["clerk"]).await);
        }
        assert_eq!(of_persons[0], OF_PERSON);
        let digest = office.show(CHECKED).await["digest"].clone();
        let anybody = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(world.tls(None, &[])).build();
        Asking {
            world,
            client: world.client(&world.manage),
            office,
            digest,
            anybody: anybody.unwrap(),
            certificate_request: support::certificate_request(),
            of_persons,
            certified: AtomicUsize::new(0),
        }
    }

    /// Who may ask, and where.
    fn asked(&self, route: &Route, target: &str, is_plain: bool) -> (&reqwest::Client, String) {
        match is_plain {
            true => (&self.anybody, self.world.plain_url(target)),
            false if OF_ANOTHER.contains(&route.path) => (&self.office.janis, self.world.url(target)),
            false if route.is_for_operators() => (&self.office.anna, self.world.url(target)),
            false => (&self.client, self.world.url(target)),
        }
    }

    pub(crate) fn request(&self, route: &Route, target: &str, is_plain: bool) -> reqwest::RequestBuilder {
        let (client, url) = self.asked(route, target, is_plain);
        let json = |body: Value| client.post(&url).header("content-type", "application/json").body(body.to_string());
        match (route.method, route.path) {
            (Method::Get, _) => client.get(url),
            (Method::Post, routes::APPLICATIONS | routes::APPLICATION_CONTENT) => json(new_online_user()),
            (Method::Post, routes::APPLICATION_VERIFY) => json(json!({ "file": FILE, "how": "eParakstītājs 3.0" })),
            (Method::Post, routes::APPLICATION_APPROVE) => json(json!({ "digest": self.digest })),
            (Method::Post, routes::APPLICATION_REJECT) => json(json!({ "reason": "Nepilnīgs" })),
            (Method::Post, routes::APPLICATION_CERTIFICATE) => {
                let next = self.of_persons[self.certified.fetch_add(1, Ordering::Relaxed)];
                let of = |id| routes::of_application(route.path, id);
                client.post(url.replace(&of(OF_PERSON), &of(next))).body(self.certificate_request.clone())
            }
            (Method::Post, routes::CERTIFICATES) => client.post(url).body(self.certificate_request.clone()),
            (Method::Post, path) => {
                let body = if path == routes::PAYMENTS { payments() } else { report() };
                client.post(url).header("content-type", "application/xml").body(body)
            }
        }
    }

    pub(crate) fn online_user(&self) -> &reqwest::Client {
        &self.client
    }

    pub(crate) fn operator(&self) -> &reqwest::Client {
        &self.office.anna
    }

    pub(crate) async fn answer(&self, request: reqwest::RequestBuilder, accept: &[&str]) -> Answer {
        let request = accept.iter().fold(request, |request, accept| request.header("accept", *accept));
        Answer::of(request.send().await.unwrap()).await
    }
}

/// The media type that an answer says, without parameters.
fn media_type(answer: &Answer) -> &str {
    answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn accept_is_understood_alike_on_every_route() {
    let world = furnished().await;
    let asking = Asking::of(&world).await;
    for (route, is_plain) in everywhere() {
        for case in &CASES {
            let answer = asking.answer(asking.request(route, &target(route), is_plain), case.accept).await;
            let said = format!("{} {} {:?}: {answer:?}", route.method.name(), route.path, case.accept);
            match case.expected(route) {
                Some(form) => {
                    assert_eq!((answer.status.as_u16(), media_type(&answer)), (200, form.media_type()), "{said}");
                }
                None => {
                    assert_eq!(answer.status.as_u16(), 406, "{said}");
                    assert!(answer.text.contains("TDAM-9007"), "{said}");
                    let offered: Vec<_> = route.forms.iter().map(|form| form.media_type()).collect();
                    assert!(answer.text.contains(&offered.join(", ")), "{said}");
                }
            }
        }
    }
}

/// What answers `GET` answers `HEAD`, by the same rule; and a field that is no text says nothing.
#[tokio::test(flavor = "multi_thread")]
async fn heads_and_fields_that_are_no_text_are_understood_alike_too() {
    let world = furnished().await;
    let asking = Asking::of(&world).await;
    for (route, is_plain) in everywhere().filter(|(route, _)| route.method == Method::Get) {
        let target = target(route);
        let (client, url) = asking.asked(route, &target, is_plain);
        for (accept, status) in [("text/html", 200), ("*/*;q=0", 406)] {
            let answer = asking.answer(client.head(&url), &[accept]).await;
            assert_eq!((answer.status.as_u16(), answer.text.as_str()), (status, ""), "{target} {accept}: {answer:?}");
        }
        let opaque = reqwest::header::HeaderValue::from_bytes(b"\xff\xfe;q=0").unwrap();
        let answer = Answer::of(client.get(&url).header("accept", opaque).send().await.unwrap()).await;
        let usual = route.forms.first().unwrap().media_type();
        assert_eq!((answer.status.as_u16(), media_type(&answer)), (200, usual), "{target}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_negotiated_alike_on_every_route_and_never_refused() {
    let world = furnished().await;
    let asking = Asking::of(&world).await;
    for (route, is_plain) in everywhere() {
        for case in &CASES {
            let (client, url) = asking.asked(route, &target(route), is_plain);
            let answer = asking.answer(client.delete(url), case.accept).await;
            let said = format!("{} {:?}: {answer:?}", route.path, case.accept);
            assert_eq!((answer.status.as_u16(), media_type(&answer)), (405, case.problem.media_type()), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_json_answer_is_one_line_that_ends() {
    let world = furnished().await;
    let asking = Asking::of(&world).await;
    let assert_line = |answer: &Answer, what: &str| {
        if !media_type(answer).ends_with("json") {
            return false;
        }
        assert!(answer.text.ends_with("}\n"), "{what}: {answer:?}");
        assert_eq!(answer.text.matches('\n').count(), 1, "{what}: {answer:?}");
        true
    };
    let mut lines = 0;
    for (route, is_plain) in everywhere() {
        let json = ["application/json"];
        let answer = asking.answer(asking.request(route, &target(route), is_plain), &json).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        lines += u32::from(assert_line(&answer, route.path));
        // Refused by its query, its body, its method, its certificate.
        let mistyped = format!("{}?mistyped=1", target(route).split('?').next().unwrap_or_default());
        let (client, url) = asking.asked(route, route.path, is_plain);
        let mut refused = vec![
            asking.answer(asking.request(route, &mistyped, is_plain).body("<wrong"), &json).await,
            asking.answer(client.delete(url), &json).await,
        ];
        if !is_plain {
            let stranger = world.anonymous().get(world.url(&target(route)));
            refused.push(asking.answer(stranger, &json).await);
        }
        for answer in refused {
            let is_line = assert_line(&answer, route.path);
            assert!(is_line || answer.status.is_success(), "{answer:?}");
        }
    }
    let of_several = messages::report_request("R2", &[OURS, OURS]);
    let several = support::post(&asking.client, world.url(routes::REPORTS), of_several).await;
    assert!(assert_line(&several, "a list of reports"), "{several:?}");
    assert!(lines >= 12, "only {lines} routes answered JSON");
}
