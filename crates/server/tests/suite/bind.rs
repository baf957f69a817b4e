//! The server refuses impossible settings at the start, with the reason.
use crate::support::{World, material};
use server::{Server, ServerError, ServerSettings, TlsMaterial};

async fn bind(world: &World, change: impl FnOnce(&mut ServerSettings)) -> Result<(), ServerError> {
    let mut settings = ServerSettings::new("127.0.0.1:0".parse().unwrap(), material(&world.authority));
    change(&mut settings);
    Server::bind(settings, world.exchange.clone()).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_taken_is_named() {
    let world = World::start().await;
    let taken = world.addresses.secure;
    let error = bind(&world, |settings| settings.address = taken).await.unwrap_err();
    assert!(matches!(error, ServerError::Listen { address, .. } if address == taken), "{error}");
    let plain = world.addresses.plain;
    let error = bind(&world, |settings| settings.plain_address = plain).await.unwrap_err();
    assert!(error.to_string().contains(&plain.unwrap().to_string()), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_do_not_fit_are_named() {
    let world = World::start().await;
    let with =
        async |change: fn(&mut TlsMaterial)| bind(&world, |settings| change(&mut settings.tls)).await.unwrap_err();
    assert!(matches!(with(|tls| tls.certificate_chain_pem.clear()).await, ServerError::NoCertificate));
    assert!(matches!(with(|tls| tls.private_key_pem.clear()).await, ServerError::NoPrivateKey));
    assert!(matches!(with(|tls| tls.client_authorities_pem.clear()).await, ServerError::NoClientAuthority));
    let other_key = material(&world.authority).private_key_pem;
    let error = bind(&world, |settings| settings.tls.private_key_pem = other_key).await.unwrap_err();
    assert!(matches!(error, ServerError::Tls(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_do_not_show_in_debug_output() {
    let world = World::start().await;
    let settings = ServerSettings::new("127.0.0.1:0".parse().unwrap(), material(&world.authority));
    assert!(!format!("{settings:?}").contains("PRIVATE"), "{settings:?}");
}
