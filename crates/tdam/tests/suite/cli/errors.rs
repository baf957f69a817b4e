//! `tdam errors`: the catalogue from the command line.

use rulebook::Code;
use serde_json::Value;

use super::{run, tdam};

#[test]
fn all_codes_are_listed_in_both_languages() {
    for (language, title) in [("en", "The message has no control sum"), ("lv", "Ziņojumam trūkst kontrolsummas")] {
        let ran = run(&mut tdam(["errors", "--language", language]));
        assert_eq!((ran.exit, ran.err.as_str()), (0, ""));
        // One more line for the heads of the columns.
        assert_eq!(ran.out.lines().count(), Code::ALL.len() + 1);
        let line = ran.out.lines().find(|line| line.starts_with("TDAM-3002")).unwrap();
        assert!(line.contains("AM16") && line.contains(title), "{line}");
    }
}

#[test]
fn one_code_is_explained() {
    for name in ["TDAM-3107", "tdam-3107", "3107"] {
        let ran = run(&mut tdam(["errors", name]));
        assert_eq!(ran.exit, 0, "{}", ran.err);
        insta::assert_snapshot!("error", ran.out);
    }
}

#[test]
fn an_iso_reason_leads_to_its_codes() {
    let ran = run(&mut tdam(["errors", "am16"]));
    let codes: Vec<&str> = ran.out.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(codes, ["TDAM-3002", "TDAM-3003"]);
    let json: Value = serde_json::from_str(&run(&mut tdam(["errors", "--json", "AM16"])).out).unwrap();
    assert_eq!(json["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn json_is_what_the_exchange_answers() {
    let all: Value = serde_json::from_str(&run(&mut tdam(["errors", "--json"])).out).unwrap();
    assert_eq!(all, serde_json::json!(protocol::ErrorCatalogue::whole()));
    let one: Value = serde_json::from_str(&run(&mut tdam(["errors", "--json", "TDAM-9004"])).out).unwrap();
    assert_eq!((&one["code"], &one["retryable"]), (&"TDAM-9004".into(), &true.into()));
    assert!(one["texts"]["lv"]["remedy"].is_string() && one["texts"]["en"]["remedy"].is_string());
}

#[test]
fn an_unknown_code_is_wrong_usage() {
    for name in ["TDAM-1", "AC99", "4", "", "žēl"] {
        let ran = run(&mut tdam(["errors", name]));
        assert_eq!(ran.exit, 2, "{name}");
        assert!(ran.out.is_empty() && ran.err.contains("tdam errors"), "{name}: {}", ran.err);
    }
}
