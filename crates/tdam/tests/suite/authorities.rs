//! The change to the next issuing authority with the commands and a running service, up to what a client with the old trust bundle gets.
use std::fs;

use client::Client;

use super::support::service::{Made, Service};

/// Certificates in a PEM text.
fn count(pem: &str) -> usize {
    pem.matches("BEGIN CERTIFICATE").count()
}

fn client(world: &Made, bundle: &[u8]) -> Client {
    let user = world.path("users/daugava-accounting");
    let read = |name: &str| fs::read(user.join(name)).unwrap();
    Client::builder()
        .url(format!("https://localhost:{}", world.port))
        .certificate_authority_pem(bundle)
        .identity_pem(read("certificate.pem"), read("key.pem"))
        .build()
        .unwrap()
}

fn text(service: &Service, path: &str) -> String {
    service.ask(path).1.as_str().unwrap_or_default().to_owned()
}

/// Takes up the configuration; what the log said of it.
fn reload(service: &mut Service) -> String {
    service.signal("HUP");
    service.log_until("reloaded").unwrap().join("\n")
}

#[test]
fn the_next_authority_is_published_before_the_server_shows_a_certificate_of_it() {
    let world = Made::new(&[]);
    let config = world.path("tdam.toml");
    let authority =
        |arguments: &[&str]| world.run(&[&["authority"], arguments, &["--config", config.to_str().unwrap()]].concat());
    let place = |name: &str| world.path(&format!("pki/{name}")).to_str().unwrap().to_owned();
    let old_bundle = fs::read(world.path("pki/ca.pem")).unwrap();
    let mut service = world.serve();

    let (next, root_key) = (place("next"), place("next-root.key"));
    let (exit, said) = authority(&["next", "--new-root", &root_key, "--to", &next]);
    assert!(exit == 0 && said.contains("next_certificate = "), "{exit} {said}");
    let (exit, said) = authority(&["next", "--new-root", &place("other.key"), "--to", &next]);
    assert_ne!(exit, 0, "nothing is overwritten: {said}");
    world.configure("next_certificate = \"\"", "next_certificate = \"pki/next.pem\"");
    world.configure("next_key = \"\"", "next_key = \"pki/next.key\"");
    let said = reload(&mut service);
    assert!(said.contains("certificates reloaded"), "{said}");
    while text(&service, "/crl.pem").matches("BEGIN X509 CRL").count() < 2 {
        std::thread::sleep(crate::BETWEEN_LOOKS);
    }
    let bundle = text(&service, "/ca.pem");
    assert_eq!((count(&String::from_utf8(old_bundle.clone()).unwrap()), count(&bundle)), (2, 4), "{bundle}");
    let (exit, said) = authority(&["list"]);
    assert!(exit == 0 && said.contains("the server may show a certificate of it from"), "{said}");

    // Not before its time.
    let (exit, said) = authority(&["server-certificate", "--of-next", "--to", &place("server-next")]);
    assert!(exit == 0 && said.contains("The service takes it from"), "{exit} {said}");
    world.configure("certificate = \"pki/server.pem\"", "certificate = \"pki/server-next.pem\"");
    world.configure("key = \"pki/server.key\"", "key = \"pki/server-next.key\"");
    let said = reload(&mut service);
    assert!(said.contains("reloaded nothing") && said.contains("may not be shown before"), "{said}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let heartbeat = |bundle: &[u8]| runtime.block_on(client(&world, bundle).heartbeat());
    let warned = heartbeat(&old_bundle).unwrap().caller.warnings;
    assert!(warned.iter().any(|warning| warning.code == "TDAM-1034"), "{warned:?}");

    world.configure("published_days = 90", "published_days = 0");
    let said = reload(&mut service);
    assert!(said.contains("certificates reloaded"), "{said}");
    let error = heartbeat(&old_bundle).unwrap_err();
    assert!(error.is_tls() && error.to_string().contains("/ca.pem"), "{error}");
    let warned = heartbeat(bundle.as_bytes()).unwrap().caller.warnings;
    assert!(warned.iter().all(|warning| warning.code != "TDAM-1034"), "{warned:?}");
    let (_, said) = authority(&["list"]);
    let of_next = said.split("next: ").nth(1).unwrap_or_default();
    assert!(of_next.contains("the server's certificate is of it"), "{said}");

    // A start refuses the same as a reload.
    drop(service);
    world.configure("published_days = 0", "published_days = 90");
    let refused = world.command().output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("may not be shown before"), "{said}");
}
