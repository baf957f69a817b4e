//! `tdam proxy` between a program that speaks plain HTTP and a service in its own process.
use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::line::Line;
use crate::support::service::{Service, said};
use crate::support::{Sandbox, program};

const USER: &str = "tdam-sandbox/users/daugava-accounting";
const OTHER_USER: &str = "tdam-sandbox/users/vidzeme-accounting";

/// An answer as it came.
#[derive(Debug)]
struct Got {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    fn is_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.json()["code"], code, "{}", self.text());
        assert!(self.head.contains("content-type: application/problem+json"), "{}", self.head);
    }
}

/// Speaks the simplest HTTP: one request a connection, which the server closes.
fn speak(mut stream: impl Read + Write, request: &str, fields: &[&str], body: &[u8]) -> Got {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    write!(stream, "{request} HTTP/1.1\r\nConnection: close\r\n{length}{fields}\r\n").unwrap();
    // Who is refused may see the connection end before everything was sent.
    let _ = stream.write_all(body);
    answer_on(stream)
}

fn answer_on(mut stream: impl Read) -> Got {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer");
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut body = answer[end + 4..].to_vec();
    if head.contains("transfer-encoding: chunked") {
        body = unchunked(&body);
    }
    Got { status, head, body }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").expect("a chunk is whole");
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 2 + length + 2..];
    }
}

/// A proxy with a port.
struct Proxy {
    service: Service,
    address: String,
}

impl Proxy {
    fn start(sandbox: &Sandbox, line: &Line) -> Proxy {
        let url = format!("https://localhost:{}", line.port);
        let mut command = command(sandbox, USER);
        command.args(["--url", &url, "--listen", "127.0.0.1:0", "--attempts", "2"]);
        command.arg("--spool").arg(sandbox.path(""));
        let service = Service::started(command, 0);
        let serving = service.started.last().unwrap();
        let address = serving.split("http://").nth(1).unwrap().trim_end_matches('"').to_owned();
        Proxy { service, address }
    }

    fn ask(&self, request: &str, fields: &[&str], body: &[u8]) -> Got {
        let host = format!("Host: {}", self.address);
        let fields: Vec<&str> = std::iter::once(host.as_str()).chain(fields.iter().copied()).collect();
        self.ask_as(request, &fields, body)
    }

    fn ask_as(&self, request: &str, fields: &[&str], body: &[u8]) -> Got {
        speak(TcpStream::connect(&self.address).unwrap(), request, fields, body)
    }
}

fn command(sandbox: &Sandbox, user: &str) -> Command {
    let mut command = program();
    command.arg("proxy").arg("--config").arg(sandbox.path(user));
    command
}

#[test]
fn programs_of_the_machine_pay_through_it_once_and_browsers_not_at_all() {
    let sandbox = Sandbox::start();
    let port = sandbox.url.rsplit(':').next().unwrap().parse().unwrap();
    let (required, said) =
        sandbox.say(&["operator", "user", "1", "--signature", "required", "--config", "tdam-sandbox/tdam.toml"]);
    assert_eq!(required, 0, "{said}");
    it_is_checked_before_it_starts(&sandbox);
    let line = Line::before(port);
    let (left, other) = (sandbox.path("tdam-proxy-AbCdEf012345.message"), sandbox.path("tdam-proxy-AbCdEf.message"));
    for path in [&left, &other] {
        std::fs::write(path, "<Document/>").unwrap();
    }
    let proxy = Proxy::start(&sandbox, &line);
    assert!(!left.exists() && other.exists(), "what a killed proxy left in its spool is removed, and nothing else");
    std::fs::remove_file(other).unwrap();
    requests_pass_as_the_exchange_takes_them(&sandbox, &proxy);
    strangers_are_refused(&proxy);
    an_exchange_that_is_away_is_said(&proxy, &line);
    a_certificate_is_renewed_behind_a_socket(&sandbox);
    who_drips_or_reads_no_answer_loses_the_connection(&sandbox);
    a_lost_answer_is_fetched_while_it_stops(&sandbox, proxy, &line);
}

fn it_is_checked_before_it_starts(sandbox: &Sandbox) {
    let run = |arguments: &[&str]| said(command(sandbox, USER).args(arguments).output().unwrap());
    let (exit, text) = run(&["--check"]);
    assert!(exit == 0 && text.contains("Daugava grāmatvedība") && !text.contains("warning"), "{exit}: {text}");
    let key = sandbox.path(USER).join("key.pem");
    std::fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let (exit, text) = run(&["--check"]);
    assert!(exit == 0 && text.contains("warning: key: ") && text.contains("chmod go="), "{exit}: {text}");
    std::fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    for (arguments, says) in [
        (&["--listen", "0.0.0.0:0"][..], "both are missing"),
        (&["--listen", "0.0.0.0:0", "--beyond-loopback"], "the key networks is missing"),
        (&["--key", "nowhere.pem"], "key: nowhere.pem cannot be read"),
        (&["--ca", "Cargo.toml"], "ca: "),
        (&["--url", "http://localhost:1"], "url: "),
        (&["--spool", "nowhere"], "spool: "),
        (&["--renew-days-ahead", "1001"], "renew_days_ahead: "),
    ] {
        let (exit, text) = run(arguments);
        assert!(exit == 2 && text.contains(says), "{arguments:?}: {exit}: {text}");
    }
    // Others could exchange what is being sent.
    let spool = sandbox.path("spool-of-all");
    std::fs::create_dir(&spool).unwrap();
    for (mode, expected) in [(0o777, 2), (0o720, 2), (0o1777, 0), (0o755, 0)] {
        std::fs::set_permissions(&spool, Permissions::from_mode(mode)).unwrap();
        let (exit, text) = run(&["--check", "--spool", spool.to_str().unwrap()]);
        let is_refused = text.contains("spool: others may exchange files in");
        assert!(exit == expected && is_refused == (expected == 2), "{mode:o}: {exit}: {text}");
    }
    let (exit, text) = run(&["--check", "--url", "https://localhost:1"]);
    assert!(exit == 3 && text.contains("no connection"), "{exit}: {text}");
}

fn requests_pass_as_the_exchange_takes_them(sandbox: &Sandbox, proxy: &Proxy) {
    let made = sandbox.generate("small.xml", &["--transactions", "2"]);
    let message = std::fs::read(sandbox.path("small.xml")).unwrap();
    let sent = proxy.ask("POST /v1/payments", &["Content-Type: application/xml", "X-Request-Id: cobol-1"], &message);
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(sent.text().contains("<GrpSts>ACCP"), "it was signed, as this user must: {}", sent.text());
    for field in ["x-message-type: pain.002.001.10", "x-request-id: cobol-1", "content-type: application/xml"] {
        assert!(sent.head.contains(field), "{field}: {}", sent.head);
    }
    let again = proxy.ask("POST /v1/payments", &["Content-Type: application/xml"], &message);
    assert!(again.head.contains("x-answer-repeated: true") && again.body == sent.body, "{}", again.head);
    let id = made["message_id"].as_str().unwrap();
    let status = proxy.ask(&format!("GET /v1/payments?msg_id={id}"), &["Accept: application/json"], b"");
    assert_eq!(status.json()["message_id"], id);
    let heartbeat = proxy.ask("GET /v1/heartbeat", &[], b"");
    assert_eq!(heartbeat.json()["caller"]["online_user"], "Daugava grāmatvedība");
    let head = proxy.ask("HEAD /v1/accounts", &[], b"");
    assert!(head.status == 200 && head.body.is_empty(), "{head:?}");
    // What the exchange refuses comes back as it says it: in its words, in the language asked for.
    let refused = proxy.ask("POST /v1/payments", &["Content-Type: application/xml", "Accept-Language: lv"], b"<a/>");
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.head.contains("content-language: lv"), "{}", refused.head);
    let health = proxy.ask("GET /proxy/health", &[], b"").json();
    assert_eq!((&health["status"], &health["exchange"]["reachable"]), (&"ok".into(), &true.into()), "{health:#}");
    assert!(health["certificate"]["days_left"].as_i64().unwrap() > 300, "{health:#}");
}

fn strangers_are_refused(proxy: &Proxy) {
    let page = proxy.ask("POST /v1/payments", &["Origin: https://evil.example", "Accept-Language: lv"], b"<a/>");
    page.is_problem(403, "TDAM-1060");
    assert!(page.text().contains("Starpnieks noraidīja galveni Origin"), "{}", page.text());
    proxy.ask_as("GET /v1/accounts", &["Host: evil.example"], b"").is_problem(403, "TDAM-1060");
    proxy.ask("GET /v1/accounts", &["Sec-Fetch-Site: cross-site"], b"").is_problem(403, "TDAM-1060");
    proxy.ask("GET /v1/operator/applications", &[], b"").is_problem(404, "TDAM-9001");
    proxy.ask("POST /v1/certificates", &[], b"a request").is_problem(404, "TDAM-9001");
    let method = proxy.ask("DELETE /v1/payments", &[], b"");
    method.is_problem(405, "TDAM-9002");
    assert!(method.head.contains("allow: get, head, post"), "{}", method.head);
    let too_large = format!("Content-Length: {}", 3_u64 << 30);
    proxy.ask("POST /v1/payments", &[&too_large], b"").is_problem(413, "TDAM-2007");
}

fn an_exchange_that_is_away_is_said(proxy: &Proxy, line: &Line) {
    line.set_down(true);
    let lost = proxy.ask("POST /v1/payments", &["Content-Type: application/xml"], b"<a/>");
    lost.is_problem(502, "TDAM-1061");
    assert!(lost.text().contains("attempts: 2"), "{}", lost.text());
    let health = proxy.ask("GET /proxy/health", &[], b"");
    assert_eq!((health.status, &health.json()["status"]), (503, &"failing".into()));
    line.set_down(false);
    assert_eq!(proxy.ask("GET /v1/quotas", &[], b"").status, 200);
    assert_eq!(proxy.ask("GET /proxy/health", &[], b"").status, 200);
}

fn a_certificate_is_renewed_behind_a_socket(sandbox: &Sandbox) {
    let (socket, certificate) = (sandbox.path("proxy.sock"), sandbox.path(OTHER_USER).join("certificate.pem"));
    let old = std::fs::read(&certificate).unwrap();
    let mut command = command(sandbox, OTHER_USER);
    command.arg("--socket").arg(&socket).args(["--renew-days-ahead", "1000"]);
    let mut proxy = Service::started(command, 0);
    const RENEWED: &str = "the certificate is renewed";
    if !proxy.started.iter().any(|line| line.contains(RENEWED)) {
        proxy.log_until(RENEWED).unwrap();
    }
    assert_ne!(std::fs::read(&certificate).unwrap(), old);
    assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    let ask = |request| speak(UnixStream::connect(&socket).unwrap(), request, &["Host: proxy"], b"");
    assert_eq!(ask("GET /v1/heartbeat").json()["caller"]["online_user"], "Vidzeme grāmatvedība");
    let health = ask("GET /proxy/health").json();
    assert!(health["certificate"]["renewed"].is_string() && health["status"] == "ok", "{health:#}");
    proxy.signal("TERM");
    assert_eq!(proxy.ended().0.code(), Some(0));
    assert!(!socket.exists());
}

fn who_drips_or_reads_no_answer_loses_the_connection(sandbox: &Sandbox) {
    let (mut proxy, socket) = with_close_bounds(sandbox);
    let connect = || UnixStream::connect(&socket).unwrap();
    a_sender_that_drips_is_refused(connect());
    readers_of_nothing_make_room(&mut proxy, connect);
}

/// Something moves all the time, and the message is never whole.
fn a_sender_that_drips_is_refused(mut stream: UnixStream) {
    let answers = stream.try_clone().unwrap();
    let drips = std::thread::spawn(move || {
        write!(stream, "POST /v1/payments HTTP/1.1\r\nHost: proxy\r\nContent-Length: 1000000\r\n\r\n").unwrap();
        while stream.write_all(b"<").is_ok() {
            std::thread::sleep(crate::BETWEEN_LOOKS);
        }
    });
    answer_on(answers).is_problem(408, "TDAM-9006");
    drips.join().unwrap();
}

/// All places are taken by programs that read nothing; the next one waits for a place.
fn readers_of_nothing_make_room(proxy: &mut Service, connect: impl Fn() -> UnixStream) {
    const REQUESTS: usize = 2_000;
    let unread = [connect(), connect()].map(|mut stream| {
        // The answers are more than the system keeps for a reader.
        let _ = stream.write_all("GET /proxy/health HTTP/1.1\r\nHost: proxy\r\n\r\n".repeat(REQUESTS).as_bytes());
        stream
    });
    let served = speak(connect(), "GET /proxy/health", &["Host: proxy"], b"");
    assert!(served.json()["version"].is_string(), "{}", served.text());
    for stream in unread {
        proxy.log_until("a program does not read its answers").unwrap();
        drop(stream);
    }
}

/// A proxy with two places, where nothing may rest for more than a second; and its socket.
fn with_close_bounds(sandbox: &Sandbox) -> (Service, PathBuf) {
    let (file, socket) = (sandbox.path(USER).join("bounds.toml"), sandbox.path("bounds.sock"));
    let connection = std::fs::read_to_string(sandbox.path(USER).join("connection.toml")).unwrap();
    let bounds = "connections_max = 2\ntimeout_seconds = 1\ncall_timeout_seconds = 1\n";
    std::fs::write(&file, connection + bounds).unwrap();
    let mut command = program();
    command.arg("proxy").arg("--config").arg(file).arg("--socket").arg(&socket);
    (Service::started(command, 0), socket)
}

/// The exchange executes the message, and the line loses its answer; at that moment the test tells the proxy to stop.
fn a_lost_answer_is_fetched_while_it_stops(sandbox: &Sandbox, proxy: Proxy, line: &Line) {
    sandbox.generate("large.xml", &["--transactions", "2000", "--seed", "5"]);
    let message = std::fs::read(sandbox.path("large.xml")).unwrap();
    line.hold_answers();
    let Proxy { mut service, address } = proxy;
    let sending = std::thread::spawn(move || {
        let host = format!("Host: {address}");
        let stream = TcpStream::connect(&address).unwrap();
        speak(stream, "POST /v1/payments", &[&host, "Content-Type: application/xml", "Prefer: wait=60"], &message)
    });
    line.until_held();
    service.signal("TERM");
    service.log_until("stopping").unwrap();
    line.cut();
    let sent = sending.join().unwrap();
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(sent.head.contains("x-answer-repeated: true"), "it was executed once: {}", sent.head);
    assert!(sent.text().contains("<GrpSts>ACCP"), "{}", sent.text());
    assert_eq!(service.ended().0.code(), Some(0));
    let left: Vec<String> = std::fs::read_dir(sandbox.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("tdam-proxy-"))
        .collect();
    assert_eq!(left, [""; 0], "what was kept is deleted with its request");
}

#[test]
fn both_pages_name_every_option_and_every_key() {
    let pages = ["proxy.md", "lv/starpnieks.md"].map(|page| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        std::fs::read_to_string(root.join("docs/interface-developers").join(page)).unwrap()
    });
    let (_, help) = said(program().args(["proxy", "--help"]).output().unwrap());
    let options = help.lines().filter_map(|line| line.trim_start().strip_prefix("--")?.split([' ', '=']).next());
    let options: Vec<String> = options.map(|option| format!("--{option}")).collect();
    assert!(options.len() > 15, "{help}");
    // The program names the keys itself, when it is given one that there is not.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proxy.toml");
    std::fs::write(&file, "nonsense = 1\n").unwrap();
    let (exit, refused) = said(program().arg("proxy").arg("--config").arg(&file).output().unwrap());
    assert_eq!(exit, 2, "{refused}");
    let (_, expected) = refused.split_once("expected one of").unwrap();
    let keys: Vec<String> = expected.split('`').skip(1).step_by(2).map(|key| format!("`{key}`")).collect();
    assert!(keys.len() > 20, "{refused}");
    let of_every_command = ["--language", "--color"];
    for name in options.iter().chain(&keys).filter(|name| !of_every_command.contains(&name.as_str())) {
        for page in &pages {
            assert!(page.contains(name.as_str()), "{name} is missing in: {}", page.lines().next().unwrap());
        }
    }
}
