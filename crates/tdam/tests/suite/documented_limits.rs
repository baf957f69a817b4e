//! The documentation's table of limits agrees with the code: each row names the constant that it shows.
use std::collections::BTreeMap;
use std::path::Path;

use rulebook::Guideline;

const PAGES: [&str; 2] = ["docs/interface-developers/limits.md", "docs/interface-developers/lv/robezas.md"];

/// The limits that the documentation lists, by their names: lengths in bytes, times in seconds.
fn limits() -> BTreeMap<&'static str, u64> {
    let guideline = Guideline::latvia();
    let configuration = tdam::configuration::Configuration::default();
    BTreeMap::from([
        ("server::bounds::BODY_BYTES_MAX", server::bounds::BODY_BYTES_MAX),
        ("server::bounds::REPORT_REQUEST_BYTES_MAX", server::bounds::REPORT_REQUEST_BYTES_MAX),
        ("server::bounds::SIGNATURE_CHECK_BYTES_MAX", server::bounds::SIGNATURE_CHECK_BYTES_MAX),
        ("server::bounds::INFLATION_RATIO_MAX", server::bounds::INFLATION_RATIO_MAX),
        ("server::bounds::INFLATED_BYTES_UNSUSPICIOUS", server::bounds::INFLATED_BYTES_UNSUSPICIOUS),
        ("server::bounds::BODY_IDLE_TIMEOUT", server::bounds::BODY_IDLE_TIMEOUT.as_secs()),
        ("server::bounds::BODY_RATE_MIN", server::bounds::BODY_RATE_MIN),
        ("server::bounds::ANSWER_RATE_MIN", server::bounds::ANSWER_RATE_MIN),
        ("server::bounds::CONNECTION_IDLE_MAX", server::bounds::CONNECTION_IDLE_MAX.as_secs()),
        ("server::bounds::CONNECTION_AGE_MAX", server::bounds::CONNECTION_AGE_MAX.as_secs()),
        ("server::bounds::HANDSHAKE_TIMEOUT", server::bounds::HANDSHAKE_TIMEOUT.as_secs()),
        ("server::bounds::HEAD_TIMEOUT", server::bounds::HEAD_TIMEOUT.as_secs()),
        ("server::bounds::HEADER_FIELDS_MAX", server::bounds::HEADER_FIELDS_MAX as u64),
        ("server::bounds::QUERY_BYTES_MAX", server::bounds::QUERY_BYTES_MAX as u64),
        ("server::bounds::CONNECTIONS_MAX", server::bounds::CONNECTIONS_MAX as u64),
        ("server::bounds::STREAMS_MAX", server::bounds::STREAMS_MAX.into()),
        ("server::bounds::REQUESTS_IN_FLIGHT_MAX", server::bounds::REQUESTS_IN_FLIGHT_MAX as u64),
        ("server::bounds::USER_REQUESTS_BURST", server::bounds::USER_REQUESTS_BURST),
        ("server::bounds::USER_REQUESTS_PER_SECOND", server::bounds::USER_REQUESTS_PER_SECOND),
        ("server::bounds::USER_BYTES_BURST", server::bounds::USER_BYTES_BURST),
        ("server::bounds::USER_BYTES_PER_SECOND", server::bounds::USER_BYTES_PER_SECOND),
        ("server::bounds::ADDRESS_REQUESTS_BURST", server::bounds::ADDRESS_REQUESTS_BURST),
        ("server::bounds::ADDRESS_REQUESTS_PER_SECOND", server::bounds::ADDRESS_REQUESTS_PER_SECOND),
        ("server::bounds::ADDRESS_BYTES_BURST", server::bounds::ADDRESS_BYTES_BURST),
        ("server::bounds::ADDRESS_BYTES_PER_SECOND", server::bounds::ADDRESS_BYTES_PER_SECOND),
        ("messages.wait_seconds", configuration.messages.wait_seconds),
        ("server::bounds::WAIT_MAX", server::bounds::WAIT_MAX.as_secs()),
        ("protocol::headers::REQUEST_ID_CHARS_MAX", protocol::headers::REQUEST_ID_CHARS_MAX as u64),
        ("protocol::problem::FINDINGS_MAX", protocol::problem::FINDINGS_MAX as u64),
        ("exchange::bounds::REASONS_MAX", exchange::bounds::REASONS_MAX as u64),
        ("rulebook::bounds::CHARACTERS_SHOWN_MAX", rulebook::bounds::CHARACTERS_SHOWN_MAX as u64),
        ("exchange::bounds::REFUSALS_NAMED_MAX", exchange::bounds::REFUSALS_NAMED_MAX as u64),
        ("exchange::bounds::SMALL_MESSAGE_PAYMENTS_MAX", exchange::bounds::SMALL_MESSAGE_PAYMENTS_MAX.into()),
        ("exchange::bounds::ENTRIES_PER_PAGE", exchange::bounds::ENTRIES_PER_PAGE.into()),
        ("exchange::bounds::REPORT_REQUESTS_MAX", exchange::bounds::REPORT_REQUESTS_MAX.into()),
        ("exchange::bounds::MESSAGE_BLOCKS_MAX", exchange::bounds::MESSAGE_BLOCKS_MAX as u64),
        ("exchange::bounds::MESSAGE_MEMORY_BYTES_MAX", exchange::bounds::MESSAGE_MEMORY_BYTES_MAX as u64),
        ("exchange::bounds::CLIENT_MEMORY_BYTES_MAX", exchange::bounds::CLIENT_MEMORY_BYTES_MAX as u64),
        ("exchange::bounds::MEMORY_BYTES_MAX", exchange::bounds::MEMORY_BYTES_MAX as u64),
        ("exchange::bounds::PEEK_BYTES_MAX", exchange::bounds::PEEK_BYTES_MAX as u64),
        ("xsd::bounds::NAME_BYTES_MAX", xsd::bounds::NAME_BYTES_MAX as u64),
        ("payments::bounds::MESSAGE_PAYMENTS_MAX", payments::bounds::MESSAGE_PAYMENTS_MAX as u64),
        ("xsd::bounds::DEPTH_MAX", xsd::bounds::DEPTH_MAX as u64),
        ("xsd::bounds::TOKEN_BYTES_MAX", xsd::bounds::TOKEN_BYTES_MAX as u64),
        ("xsd::bounds::ATTRIBUTES_MAX", xsd::bounds::ATTRIBUTES_MAX as u64),
        ("xsd::bounds::NAMESPACES_MAX", xsd::bounds::NAMESPACES_MAX as u64),
        ("iso20022::bounds::UNSTRUCTURED_MAX", iso20022::bounds::UNSTRUCTURED_MAX as u64),
        ("iso20022::bounds::STRUCTURED_TEXTS_MAX", iso20022::bounds::STRUCTURED_TEXTS_MAX as u64),
        ("iso20022::bounds::REGULATORY_DETAILS_MAX", iso20022::bounds::REGULATORY_DETAILS_MAX as u64),
        ("Guideline::days_in_past_max", guideline.days_in_past_max.into()),
        ("Guideline::days_ahead_max", guideline.days_ahead_max.into()),
        ("Guideline::sepa_name_chars_max", guideline.sepa_name_chars_max as u64),
        ("Guideline::remittance_chars_max", guideline.remittance_chars_max as u64),
        ("Guideline::address_lines_max", guideline.address_lines_max as u64),
        ("Guideline::address_line_chars_max", guideline.address_line_chars_max as u64),
    ])
}

/// The rows of the page's tables: the constant in the last cell, the number at the beginning of the one before.
fn documented(page: &str) -> BTreeMap<String, u64> {
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with('|') && line.contains('`')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [.., limit, constant] = cells.as_slice() else { panic!("too few cells: {line}") };
        let digits: String =
            limit.chars().take_while(|c| c.is_ascii_digit() || *c == ' ').filter(|c| *c != ' ').collect();
        let limit = digits.parse().unwrap_or_else(|_| panic!("no number: {line}"));
        assert_eq!(rows.insert(constant.trim_matches('`').to_owned(), limit), None, "twice: {line}");
    }
    rows
}

#[test]
fn the_documented_limits_are_those_of_the_code() {
    let limits: BTreeMap<String, u64> = limits().into_iter().map(|(name, limit)| (name.to_owned(), limit)).collect();
    for page in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
        let documented = documented(&std::fs::read_to_string(path).unwrap());
        assert_eq!(documented, limits, "{page} (left) and the code (right) differ");
    }
}

#[test]
fn the_guideline_names_every_placeholder_of_a_bic() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interface-developers/guideline.md");
    let page = std::fs::read_to_string(path).unwrap();
    for placeholder in iso20022::bounds::PLACEHOLDER_BICS {
        assert!(page.contains(&format!("`{placeholder}`")), "{placeholder}");
    }
}
