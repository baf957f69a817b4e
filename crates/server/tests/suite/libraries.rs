//! Client libraries that the service gives out.

use protocol::{LibraryList, routes};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::libraries::{archive, given_out};
use crate::support::{World, get};

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_comes_whole_from_both_listeners_with_its_digest_and_signature() {
    let libraries = given_out();
    let signature = libraries.libraries[0].signature.clone();
    let world = World::with(|settings| settings.libraries = libraries).await;
    for url in [world.plain_url(&routes::library("java")), world.url(&routes::library("java"))] {
        let response = world.client(&world.manage).get(url).header("accept-encoding", "gzip").send().await.unwrap();
        let fields = response.headers().clone();
        assert_eq!(fields["content-type"], "application/zip");
        assert_eq!(fields["content-disposition"], "attachment; filename=\"tdam-client-java-1.2.0.zip\"");
        assert!(!fields.contains_key("content-encoding"), "the digest is that of the bytes sent: {fields:?}");
        assert_eq!(fields["content-length"], archive().len().to_string());
        assert!(fields["content-digest"].to_str().unwrap().starts_with("sha-256=:"));
        assert!(response.bytes().await.unwrap() == archive());
    }
    let got = world.anonymous().get(world.plain_url(&routes::library_signature("java"))).send().await.unwrap();
    assert_eq!(got.bytes().await.unwrap(), signature);
    let list: LibraryList =
        serde_json::from_str(&get(&world.anonymous(), world.plain_url(routes::LIBRARIES)).await.text).unwrap();
    assert_eq!(list.libraries[0].releases[0].interface, ["v1"]);
    assert!(list.publication_key.unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_given_out_is_found() {
    let world = World::with(|settings| settings.libraries = given_out()).await;
    for language in ["php", "JAVA", "java.zip", "..%2f..%2ftdam.toml", "%2e%2e", "tdam-client-java-1.2.0.zip"] {
        for url in [routes::library(language), routes::library_signature(language)] {
            get(&world.anonymous(), world.plain_url(&url)).await.problem(404, "TDAM-9001");
        }
    }
    // Another set of libraries takes effect at once.
    world.reload.libraries(server::Libraries::default());
    get(&world.anonymous(), world.plain_url(&routes::library("java"))).await.problem(404, "TDAM-9001");
    let list: LibraryList =
        serde_json::from_str(&get(&world.anonymous(), world.plain_url(routes::LIBRARIES)).await.text).unwrap();
    assert_eq!(list, LibraryList::default());
}

/// Who leaves in the middle costs nobody anything.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_leaves_ends_its_own_answer_only() {
    let world = World::with(|settings| settings.libraries = given_out()).await;
    for _ in 0..4 {
        let mut stream = tokio::net::TcpStream::connect(world.addresses.plain.unwrap()).await.unwrap();
        let request = format!("GET {} HTTP/1.1\r\nhost: localhost\r\n\r\n", routes::library("java"));
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.read_exact(&mut [0; 1_000]).await.unwrap();
    }
    let whole = world.anonymous().get(world.plain_url(&routes::library("java"))).send().await.unwrap();
    assert!(whole.bytes().await.unwrap() == archive());
}
