//! On any address that an exchange listens on, its files and output hold a name that its certificate has.
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use crate::support::{Sandbox, free_port, program};
use jiff::Timestamp;
use pki::{CertificateAuthority, KeyInFile, Validity};
use serde_json::Value;
use tdam::installation::Folder;

const USER: &str = "tdam-sandbox/users/daugava-accounting";

/// A sandbox on this address; `None` where the machine does not have it.
fn sandbox(address: &str, more: &[&str]) -> Option<Sandbox> {
    if let Err(error) = TcpListener::bind(address) {
        println!("not tried on {address}: {error}");
        return None;
    }
    let plain = address.rsplit_once(':').unwrap().0.to_owned() + ":0";
    let arguments = [&["--address", address, "--plain-address", &plain], more].concat();
    Some(Sandbox::serve_so(program(), tempfile::tempdir().unwrap(), &arguments))
}

fn url_in_profile(sandbox: &Sandbox) -> String {
    let text = fs::read_to_string(sandbox.path(USER).join("connection.toml")).unwrap();
    let value: toml::Value = toml::from_str(&text).unwrap();
    value["url"].as_str().unwrap().to_owned()
}

/// The exchange's answer about a message that it does not know.
fn problem(sandbox: &Sandbox) -> Value {
    let read = |name: &str| fs::read(sandbox.path(USER).join(name)).unwrap();
    let client = client::Client::builder()
        .url(url_in_profile(sandbox))
        .certificate_authority_pem(fs::read(sandbox.path("tdam-sandbox/pki/ca.pem")).unwrap())
        .identity_pem(read("certificate.pem"), read("key.pem"))
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let error = runtime.block_on(client.status("UNKNOWN")).unwrap_err();
    serde_json::to_value(error.problem().unwrap_or_else(|| panic!("{error}"))).unwrap()
}

fn get(url: &str) -> String {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(host).unwrap_or_else(|error| panic!("{url}: {error}"));
    write!(connection, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_sandbox_is_usable_on_any_address() {
    for (address, host) in [
        ("0.0.0.0:0", "localhost"),
        ("[::]:0", "localhost"),
        ("[::1]:0", "[::1]"),
        ("127.0.0.1:0", "127.0.0.1"),
        ("127.0.0.2:0", "127.0.0.2"),
    ] {
        let Some(sandbox) = sandbox(address, &[]) else { continue };
        assert!(sandbox.url.starts_with(&format!("https://{host}:")), "{address}: {}", sandbox.printed);
        assert_eq!(url_in_profile(&sandbox), sandbox.url, "{address}");
        let documentation = problem(&sandbox)["documentation"].as_str().unwrap().to_owned();
        assert!(documentation.starts_with(&format!("http://{host}:")), "{address}: {documentation}");
        assert!(get(&documentation).contains("\"explanation\""), "{address}: {documentation}");
        for nowhere in ["0.0.0.0", "[::]:"] {
            let lines = sandbox.printed.lines().filter(|line| !line.trim_start().starts_with("Listens on"));
            assert!(!lines.into_iter().any(|line| line.contains(nowhere)), "{address}: {}", sandbox.printed);
        }
    }
}

/// The next start may be elsewhere: profiles follow.
#[test]
fn profiles_say_where_a_sandbox_is_now() {
    let first = sandbox("127.0.0.1:0", &[]).unwrap();
    let url = first.url.clone();
    let folder = first.into_folder();
    let again = Sandbox::serve_so(program(), folder, &["--address", "0.0.0.0:0", "--plain-address", "127.0.0.1:0"]);
    assert!(again.url.starts_with("https://localhost:") && again.url != url, "{}", again.url);
    assert_eq!(url_in_profile(&again), again.url);
    assert_eq!(problem(&again)["status"], 404);
}

#[test]
fn a_configured_name_stands_everywhere_and_in_the_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let (port, place) = (free_port(), folder.path().join("world"));
    for refused in ["https://tdam.example", "0.0.0.0", "tdam.example:8443"] {
        let ran = program().args(["init", "--name", refused, "--dir"]).arg(&place).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{refused}");
        assert!(!place.exists());
    }
    let address = format!("0.0.0.0:{port}");
    let mut init = program();
    init.args(["init", "--address", &address, "--plain-address", "0.0.0.0:0", "--name", "tdam.example", "--dir"]);
    let ran = init.arg(&place).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let profile = fs::read_to_string(place.join("users/daugava-accounting/connection.toml")).unwrap();
    assert!(profile.contains(&format!("url = \"https://tdam.example:{port}\"")), "{profile}");
    let pem = fs::read_to_string(place.join("pki/server.pem")).unwrap();
    let names = pki::describe(&pki::certificate_der(&pem).unwrap()).unwrap().server_names;
    for name in ["tdam.example", "localhost", "127.0.0.1", "::1"] {
        assert!(names.iter().any(|known| known == name), "{name} is not among {names:?}");
    }
    let configuration = tdam::configuration::Configuration::read(&place.join("tdam.toml")).unwrap();
    assert_eq!(configuration.listen.name.as_deref(), Some("tdam.example"));
}

/// An address of a network is in the certificate, so that other machines can use it as it is.
#[test]
fn a_certificate_has_the_address_that_it_is_made_for() {
    for (address, name) in [("192.0.2.10:8443", "192.0.2.10"), ("[2001:db8::1]:8443", "2001:db8::1")] {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("world");
        let ran = program().args(["init", "--address", address, "--dir"]).arg(&place).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let profile = fs::read_to_string(place.join("users/daugava-accounting/connection.toml")).unwrap();
        assert!(profile.contains(&format!("url = \"https://{address}\"")), "{profile}");
        let pem = fs::read_to_string(place.join("pki/server.pem")).unwrap();
        let names = pki::describe(&pki::certificate_der(&pem).unwrap()).unwrap().server_names;
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }
    let ran = program().args(["init", "--address", "127.0.0.1:0"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2), "nobody would know the port");
}

/// The operator's own certificate has a host name; the server listens on an address.
#[test]
fn a_certificate_for_a_host_name_gives_the_name() {
    let folder = sandbox("127.0.0.1:0", &[]).unwrap().into_folder();
    let world = Folder::new(folder.path().join("tdam-sandbox"));
    let read = |path| fs::read_to_string(path).unwrap();
    let key = Box::new(KeyInFile::from_pem(&read(world.issuing_key())).unwrap());
    let authority = CertificateAuthority::load(&read(world.issuing_certificate()), key).unwrap();
    let issued = authority.issue_server(&["*.test", "exchange.test"], Validity::of_days(Timestamp::now(), 30)).unwrap();
    fs::write(world.pki().join("server.pem"), &issued.chain_pem).unwrap();
    fs::write(world.pki().join("server.key"), issued.private_key_pem.unwrap()).unwrap();
    let again = Sandbox::serve_so(program(), folder, &["--address", "127.0.0.1:0", "--plain-address", "127.0.0.1:0"]);
    assert!(again.url.starts_with("https://exchange.test:"), "{}", again.printed);
    assert_eq!(url_in_profile(&again), again.url);
}
