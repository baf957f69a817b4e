//! Properties of any bytes as the fields of a signature: `Signature-Input`, `Signature` and `Content-Digest`, a line each. A fuzz target
//! searches for bytes that break them; an ordinary test of `signatures` checks them for the seeds and for small changes of each.

use signatures::structured::{Bare, Item, Member, dictionary, write_item, write_list};
use signatures::{Fault, PublicKey, Request, digest, explain, verify};

const NOW_SECONDS: i64 = 1_795_000_000;
/// No certificate has it: zeros are no SHA-256 of anything known.
const FINGERPRINT: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What was read, written in the one form that the RFC has for it.
fn written(members: &[(String, Member)]) -> String {
    let mut out = String::new();
    for (place, (name, member)) in members.iter().enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
        match member {
            // A flag that is true is written by its name alone.
            Member::Item(Item { value: Bare::Flag(true), parameters }) => {
                let mut item = String::new();
                write_item(&Item { value: Bare::Flag(true), parameters: parameters.clone() }, &mut item);
                out.push_str(item.trim_start_matches("?1"));
            }
            Member::Item(item) => {
                out.push('=');
                write_item(item, &mut out);
            }
            Member::List(items, parameters) => {
                out.push('=');
                write_list(items, parameters, &mut out);
            }
        }
    }
    out
}

/// What is read reads back from what is written, and is written the same again.
fn a_dictionary_reads_back(text: &str) {
    if let Ok(members) = dictionary(text) {
        let once = written(&members);
        let again = dictionary(&once).unwrap_or_else(|error| panic!("{error}: {once:?} of {text:?}"));
        assert_eq!(again, members, "{once:?} of {text:?}");
        assert_eq!(written(&again), once);
    }
}

/// No field opens anything without the key, and the explanation says so too.
fn nothing_verifies_without_the_key(request: &Request) {
    for key in [PublicKey::P256(vec![4; 65]), PublicKey::P384(vec![4; 97]), PublicKey::Rsa(vec![0x30; 270])] {
        let verdict = verify(request, FINGERPRINT, &key, NOW_SECONDS);
        assert!(verdict.is_err(), "{request:?} verifies");
        let explained = explain(request, FINGERPRINT, Some(&key), NOW_SECONDS, &digest::sha256(b""));
        assert!(explained.fault.is_some(), "{verdict:?}, and the explanation finds no fault: {explained:?}");
        assert!(!explained.taken.is_empty());
        // What is signed has a line for each component, however the fields are made.
        if let Some(base) = &explained.base {
            assert!(base.contains("\"@signature-params\": ("), "{base}");
            assert!(!base.contains('\r') && !base.ends_with('\n'), "{base:?}");
        }
        if verdict == Err(Fault::Missing) {
            assert!(request.signature.is_none() || request.signature_input.is_none());
        }
    }
}

/// All of it.
pub fn no_field_breaks_a_property(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(3, '\n');
    let mut field = || lines.next().map(str::to_owned);
    let (signature_input, signature, content_digest) = (field(), field(), field());
    for text in [&signature_input, &signature, &content_digest].into_iter().flatten() {
        a_dictionary_reads_back(text);
    }
    nothing_verifies_without_the_key(&Request {
        method: "POST".to_owned(),
        authority: "exchange.example".to_owned(),
        path_and_query: "/v1/payments".to_owned(),
        content_digest,
        signature_input,
        signature,
        fields: vec![("content-type".to_owned(), "application/xml".to_owned())],
    });
}
