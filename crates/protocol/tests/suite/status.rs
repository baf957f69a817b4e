//! Every code that can be the answer to a request has a status, and the catalogue as JSON has every code.
use protocol::{ErrorCatalogue, is_retryable, status_of};
use rulebook::Code;
use rulebook::catalogue::Group;

#[test]
fn every_code_that_a_request_can_get_has_a_client_or_server_error() {
    for code in Code::ALL {
        let is_warning = matches!(
            code,
            Code::CertificateEndsSoon
                | Code::RegistrationEndsSoon
                | Code::PersonCertificateEndsSoon
                | Code::AuthorityChangesSoon
        );
        let told_by_requests =
            !is_warning && matches!(code.group(), Group::Channel | Group::Form | Group::Reports | Group::Service);
        match status_of(*code) {
            Some(status) => assert!((400..600).contains(&status), "{code}: {status}"),
            None => assert!(!told_by_requests, "{code} has no status"),
        }
        // Only what may succeed later is the server's fault or a matter of time.
        if status_of(*code).is_some_and(|status| status >= 500) {
            assert!(is_retryable(*code), "{code}");
        }
    }
}

#[test]
fn statuses_that_clients_build_on_stay_what_they_are() {
    for (code, status) in [
        (Code::NoClientCertificate, 401),
        (Code::CertificateRevoked, 401),
        (Code::ViewUserMayNotPay, 403),
        (Code::IpAddressNotAllowed, 403),
        (Code::EmptyBody, 400),
        (Code::DoctypeNotAllowed, 400),
        (Code::WrongNamespace, 422),
        (Code::ValuePattern, 422),
        (Code::MessageTooLarge, 413),
        (Code::InflatesTooFar, 413),
        (Code::WrongContentType, 415),
        (Code::MessageIdUsed, 409),
        (Code::ReportNotFound, 404),
        (Code::MethodNotAllowed, 405),
        (Code::Unavailable, 503),
        (Code::RequestTimeout, 408),
    ] {
        assert_eq!(status_of(code), Some(status), "{code}");
    }
}

#[test]
fn the_catalogue_as_json_has_every_code_with_texts_in_both_languages() {
    let catalogue = ErrorCatalogue::whole();
    let read: ErrorCatalogue = serde_json::from_slice(&serde_json::to_vec(&catalogue).unwrap()).unwrap();
    assert_eq!(read, catalogue);
    let codes: Vec<&str> = read.errors.iter().map(|entry| entry.code.as_str()).collect();
    for code in Code::ALL {
        assert!(codes.contains(&code.id()), "{code}");
    }
    for entry in &read.errors {
        for text in [&entry.texts.lv, &entry.texts.en] {
            assert!(
                !text.title.is_empty() && !text.explanation.is_empty() && !text.remedy.is_empty(),
                "{}",
                entry.code
            );
        }
    }
}
