//! Reads which version of TLS two sides agreed on from what passes between them: the server's first message says it in the clear
//! (RFC 8446, 4.1.3; RFC 5246, 7.4.1.3).

/// A record that carries the handshake, and its first message that a server sends.
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
/// The extension in which TLS 1.3 says its version; without one the field of old holds.
const SUPPORTED_VERSIONS: u16 = 43;
/// The heads of a record and of a message.
const RECORD_HEAD_BYTES: usize = 5;
const MESSAGE_HEAD_BYTES: usize = 4;
const RANDOM_BYTES: usize = 32;
/// A longer beginning is none.
pub(super) const BEGINNING_BYTES_MAX: usize = 16 << 10;

/// What the beginning of a server's bytes says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// More bytes are needed.
    Unfinished,
    /// The version, as `1.3`.
    Agreed(String),
    /// No handshake, or a refusal.
    Other,
}

/// Reads the first bytes of a server.
pub(super) fn read(bytes: &[u8]) -> Beginning {
    let Some(head) = bytes.get(..RECORD_HEAD_BYTES) else { return Beginning::Unfinished };
    if head.first() != Some(&HANDSHAKE) {
        return Beginning::Other;
    }
    let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
    match bytes.get(RECORD_HEAD_BYTES..RECORD_HEAD_BYTES + length) {
        Some(record) => version(record).map_or(Beginning::Other, |version| Beginning::Agreed(named(version))),
        None if bytes.len() < BEGINNING_BYTES_MAX => Beginning::Unfinished,
        None => Beginning::Other,
    }
}

/// The version in a server's hello.
fn version(record: &[u8]) -> Option<u16> {
    let mut rest = record.strip_prefix(&[SERVER_HELLO])?.get(MESSAGE_HEAD_BYTES - 1..)?;
    let of_old = number(&mut rest)?;
    rest = rest.get(RANDOM_BYTES..)?;
    let session_bytes = usize::from(*rest.first()?);
    // The session, then the cipher suite and the compression.
    rest = rest.get(1 + session_bytes + 3..)?;
    // A hello of old may end here.
    let Some(extensions_bytes) = number(&mut rest) else { return Some(of_old) };
    let mut extensions = rest.get(..usize::from(extensions_bytes))?;
    while !extensions.is_empty() {
        let (kind, length) = (number(&mut extensions)?, usize::from(number(&mut extensions)?));
        let (mut content, after) = extensions.split_at_checked(length)?;
        if kind == SUPPORTED_VERSIONS {
            return number(&mut content);
        }
        extensions = after;
    }
    Some(of_old)
}

fn number(bytes: &mut &[u8]) -> Option<u16> {
    let (pair, rest) = bytes.split_first_chunk::<2>()?;
    *bytes = rest;
    Some(u16::from_be_bytes(*pair))
}

fn named(version: u16) -> String {
    match version {
        0x0304 => "1.3".to_owned(),
        0x0303 => "1.2".to_owned(),
        0x0302 => "1.1".to_owned(),
        0x0301 => "1.0".to_owned(),
        other => format!("{other:04x}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::sync::Arc;

    use rcgen::generate_simple_self_signed;
    use rustls::pki_types::PrivateKeyDer;
    use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, version};

    use super::*;

    /// The first bytes of a server that speaks this version only.
    fn answer(spoken: &'static rustls::SupportedProtocolVersion) -> Vec<u8> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let made = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let server =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(&[spoken]).unwrap();
        let server = server.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let client =
            ClientConfig::builder_with_provider(provider).with_protocol_versions(rustls::ALL_VERSIONS).unwrap();
        let client = client.with_root_certificates(roots).with_no_client_auth();
        let mut client = ClientConnection::new(Arc::new(client), "localhost".try_into().unwrap()).unwrap();
        let mut server = ServerConnection::new(Arc::new(server)).unwrap();
        let (mut hello, mut answer) = (Vec::new(), Vec::new());
        client.write_tls(&mut hello).unwrap();
        server.read_tls(&mut hello.as_slice()).unwrap();
        server.process_new_packets().unwrap();
        server.write_tls(&mut answer).unwrap();
        answer
    }

    #[test]
    fn the_version_is_that_of_the_handshake_as_soon_as_the_hello_is_there() {
        for (spoken, name) in [(&version::TLS12, "1.2"), (&version::TLS13, "1.3")] {
            let answer = answer(spoken);
            let length = RECORD_HEAD_BYTES + usize::from(u16::from_be_bytes([answer[3], answer[4]]));
            for short in 0..length {
                assert_eq!(read(&answer[..short]), Beginning::Unfinished, "{name}, {short}");
            }
            assert_eq!(read(&answer[..length]), Beginning::Agreed(name.to_owned()));
            assert_eq!(read(&answer), Beginning::Agreed(name.to_owned()));
        }
    }

    #[test]
    fn a_refusal_and_other_bytes_are_no_version() {
        assert_eq!(read(&[21, 3, 3, 0, 2, 2, 70]), Beginning::Other);
        assert_eq!(read(b"HTTP/1.1 400 Bad Request"), Beginning::Other);
        assert_eq!(read(&[22, 3, 3, 0, 4, 2, 0, 0, 0]), Beginning::Other);
    }
}
