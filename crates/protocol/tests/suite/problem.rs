//! Problem details, as JSON and as XML, as clients read them.
use protocol::{Problem, ProblemFinding, TextsInBothLanguages};
use rulebook::Code;

fn problem() -> Problem {
    let entry = Code::DoctypeNotAllowed.entry();
    Problem {
        type_uri: protocol::routes::catalogue_entry(entry.code.id()),
        title: entry.title.en.to_owned(),
        status: protocol::status_of(entry.code).unwrap(),
        detail: Some("<a> & \"b\" \u{0}".to_owned()),
        instance: Some("/v1/payments".to_owned()),
        code: entry.code.id().to_owned(),
        iso_reason: entry.iso_reason.map(str::to_owned),
        remedy: entry.remedy.en.to_owned(),
        request_id: "abc-1".to_owned(),
        findings: vec![ProblemFinding {
            code: "TDAM-2107".to_owned(),
            message: "too long".to_owned(),
            line: Some(7),
            column: None,
            path: Some("/Document/CstmrCdtTrfInitn/GrpHdr/MsgId".to_owned()),
            rule: Some("maxLength 35".to_owned()),
            value: Some("x<y".to_owned()),
        }],
        findings_total: 3,
        retry_after_seconds: Some(2),
        documentation: None,
        support: None,
        texts: TextsInBothLanguages::of(entry),
    }
}

#[test]
fn json_is_read_back_as_it_was_written() {
    let problem = problem();
    let json = problem.to_json();
    assert_eq!(serde_json::from_slice::<Problem>(&json).unwrap(), problem);
    let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(value["type"], "/v1/errors/TDAM-2006", "the member of RFC 9457, not our field's name");
    assert!(value.get("documentation").is_none(), "absent, not null");
}

#[test]
fn what_a_newer_server_adds_and_an_older_one_lacks_does_not_disturb() {
    let read: Problem = serde_json::from_str(r#"{"code":"TDAM-9999","status":418,"news":{"a":[1]}}"#).unwrap();
    assert_eq!((read.code.as_str(), read.status, read.findings.len()), ("TDAM-9999", 418, 0));
}

#[test]
fn xml_says_the_same_and_is_well_formed() {
    let xml = String::from_utf8(problem().to_xml()).unwrap();
    assert!(
        xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem xmlns=\"urn:ietf:rfc:7807\">"),
        "{xml}"
    );
    assert!(xml.contains("<detail>&lt;a&gt; &amp; \"b\" \u{fffd}</detail>"), "{xml}");
    assert!(xml.contains("<i><code>TDAM-2107</code><message>too long</message><line>7</line><path>"), "{xml}");
    assert!(xml.contains("<findings_total>3</findings_total>"), "{xml}");

    // Every tag that is opened is closed, innermost first.
    let mut open = Vec::new();
    for tag in xml.split('<').skip(2).map(|rest| rest.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "{xml}"),
            None => open.push(tag.split(' ').next().unwrap().to_owned()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
