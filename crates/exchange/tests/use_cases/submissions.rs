//! From bytes to an answer.

use exchange::{AcceptancePolicy, Settings, SubmitOptions};
use rulebook::{Code, Language};

use super::support::messages::{File, payment};
use super::support::*;

#[tokio::test]
async fn a_good_message_is_accepted_and_its_money_is_held() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN), payment("B", 7_50, &municipality_account())]);
    let answer = treasury.answer(&file.xml()).await;
    assert_eq!(group_status(&answer), "ACCP");
    assert_eq!(texts(&answer, "OrgnlMsgId"), ["MSG-1"]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 20_00));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn the_answer_has_the_generation_of_the_message() {
    let treasury = TestExchange::new().await;
    let answer = treasury.answer(&File::new("OLD", vec![payment("A", 1_00, ESTONIAN)]).older().xml()).await;
    assert!(answer.contains("pain.002.001.03"), "{answer}");
    let answer = treasury.answer(&File::new("NEW", vec![payment("B", 1_00, ESTONIAN)]).xml()).await;
    assert!(answer.contains("pain.002.001.10"), "{answer}");
}

#[tokio::test]
async fn each_refused_payment_is_named_with_code_line_and_text() {
    let treasury = TestExchange::new().await;
    let payments = vec![
        payment("GOOD", 10_00, ESTONIAN),
        payment("BAD-IBAN", 10_00, "EE382200221020145686"),
        payment("NOBODY", 10_00, &treasury_iban(9)),
        payment("NOTHING", 0, GERMAN),
    ];
    let answer = treasury.answer(&File::new("MSG-2", payments).xml()).await;
    assert_eq!(group_status(&answer), "PART");
    assert_eq!(texts(&answer, "OrgnlEndToEndId"), ["BAD-IBAN", "NOBODY", "NOTHING"]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 10_00));
    insta::assert_snapshot!("partly_refused", answer);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_wrong_number_of_transactions_refuses_the_whole_message() {
    let treasury = TestExchange::new().await;
    let mut file = File::new("MSG-3", vec![payment("A", 10_00, ESTONIAN)]);
    file.stated_payments = Some(2);
    let answer = treasury.answer(&file.xml()).await;
    assert_eq!(group_status(&answer), "RJCT");
    assert!(texts(&answer, "Cd").contains(&"AM19"), "{answer}");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    // The key is consumed: the same MsgId cannot carry another message.
    let other = File::new("MSG-3", vec![payment("A", 10_00, ESTONIAN)]);
    assert_eq!(treasury.code(Role::Manager, &other.xml()).await, Code::MessageIdUsed);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_breaks_the_schema_is_refused_with_all_findings_and_leaves_only_an_audit_line() {
    let treasury = TestExchange::new().await;
    let xml = File::new("MSG-4", vec![payment("A", 10_00, ESTONIAN), payment("B", 1_00, GERMAN)]).xml();
    let broken = xml.replace("<Nm>Supplier Ltd</Nm>", "<Name>Supplier Ltd</Name>");
    let failure = treasury.submit(Role::Manager, &broken).await.unwrap_err();
    assert_eq!(failure.code, Code::UnexpectedElement);
    assert_eq!(failure.findings_total, 2, "{failure:?}");
    assert!(failure.findings.iter().all(|finding| finding.line > 3 && !finding.sentence_lv.is_empty()), "{failure:?}");
    // The MsgId was not consumed.
    assert_eq!(group_status(&treasury.answer(&xml).await), "ACCP");
}

#[tokio::test]
async fn what_can_never_be_read_is_refused_at_its_first_bytes() {
    let treasury = TestExchange::new().await;
    let good = File::new("MSG-5", vec![payment("A", 10_00, ESTONIAN)]).xml();
    let utf16: Vec<u8> = "\u{feff}<Document/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>, Code); 9] = [
        ("empty", Vec::new(), Code::EmptyBody),
        ("blanks", b" \n ".to_vec(), Code::EmptyBody),
        ("a web page", b"<!DOCTYPE html><html><body>".to_vec(), Code::HtmlInsteadOfXml),
        ("text", b"MsgId=1".to_vec(), Code::NotXml),
        ("UTF-16", utf16, Code::EncodingNotSupported),
        ("DOCTYPE", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a/>".to_vec(), Code::DoctypeNotAllowed),
        ("NUL", b"<Document\0>".to_vec(), Code::NulBytes),
        ("namespace", b"<Document xmlns='urn:x'/>".to_vec(), Code::WrongNamespace),
        ("broken off", good.as_bytes()[..60].to_vec(), Code::TruncatedXml),
    ];
    for (name, body, code) in cases {
        let failure = treasury.receive(Role::Manager, &body).await.map(|_| name).unwrap_err();
        assert_eq!(failure.code, code, "{name}");
    }
    // What shows only later is refused then.
    assert_eq!(treasury.code(Role::Manager, &good[..good.len() - 20]).await, Code::TruncatedXml);
}

/// Each mistake in writing XML that a sender can make is named by what it is, with its place in the file.
#[tokio::test]
async fn what_is_not_xml_is_told_by_what_it_is() {
    let treasury = TestExchange::new().await;
    let good = File::new("MSG-7", vec![payment("A", 10_00, ESTONIAN)]).xml();
    let bare = good.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    let namespace = "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"";
    let root = |attributes: &str| good.replace(namespace, attributes);
    let near = |wrong: &str| root(&format!("xmlns=\"{wrong}\""));
    let cases: Vec<(&str, String, Code, &str)> = vec![
        ("second BOM", format!("\u{feff}\u{feff}{good}"), Code::MisplacedByteOrderMark, "U+FEFF"),
        ("BOM behind a line end", format!("\n\u{feff}{bare}"), Code::MisplacedByteOrderMark, "U+FEFF"),
        ("BOM behind the root", format!("{good}\u{feff}"), Code::MisplacedByteOrderMark, "U+FEFF"),
        ("blank first", format!(" {good}"), Code::MisplacedXmlDeclaration, "<?xml"),
        ("line end first", format!("\n{good}"), Code::MisplacedXmlDeclaration, "<?xml"),
        ("BOM and blank first", format!("\u{feff} {good}"), Code::MisplacedXmlDeclaration, "<?xml"),
        ("comment first", format!("<!--x-->{good}"), Code::MisplacedXmlDeclaration, "<?xml"),
        ("version 2", good.replace("version=\"1.0\"", "version=\"2.0\""), Code::XmlDeclarationInvalid, "<?xml"),
        ("prefix of the root", good.replacen("<Document", "<p:Document", 1), Code::PrefixNotDeclared, "p:"),
        ("prefix inside", good.replacen("<GrpHdr", "<p:GrpHdr", 1), Code::PrefixNotDeclared, "p:"),
        ("prefix of an attribute", good.replacen("Ccy=", "p:Ccy=", 1), Code::PrefixNotDeclared, "p:"),
        ("xmlns twice", root(&format!("{namespace} {namespace}")), Code::AttributeRepeated, "xmlns"),
        ("attribute twice", good.replacen("Ccy=", "Ccy=\"EUR\" Ccy=", 1), Code::AttributeRepeated, "Ccy"),
        ("two colons", good.replacen("<GrpHdr", "<a:b:GrpHdr", 1), Code::ColonNotAllowed, "a:b:GrpHdr"),
        ("empty prefix", root(&format!("{namespace} xmlns:p=\"\"")), Code::NamespaceDeclarationInvalid, "xmlns:p"),
        ("no namespace", root(""), Code::NamespaceMissing, ""),
        (
            "prefix without use",
            root("xmlns:p=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\""),
            Code::NamespaceMissing,
            "",
        ),
        ("end tag", good.replacen("</GrpHdr>", "</grpHdr>", 1), Code::EndTagDiffers, "</grpHdr>"),
        ("two messages", format!("{good}{bare}"), Code::ContentBesideRoot, ""),
        ("text behind", format!("{good}#"), Code::ContentBesideRoot, ""),
        ("ampersand", good.replace("Supplier Ltd", "A & B"), Code::EntityNotDefined, "&"),
        ("entity", good.replace("Supplier Ltd", "A&nbsp;B"), Code::EntityNotDefined, "&nbsp;"),
        ("control character", good.replace("Supplier Ltd", "A\u{1}B"), Code::CharacterNotXml, "U+0001"),
        (
            "other version",
            near("urn:iso:std:iso:20022:tech:xsd:pain.001.001.02"),
            Code::MessageTypeNotSupported,
            "urn:iso:std:iso:20022:tech:xsd:pain.001.001.02",
        ),
        (
            "capitals",
            near("urn:iso:std:iso:20022:tech:xsd:PAIN.001.001.09"),
            Code::WrongNamespace,
            "urn:iso:std:iso:20022:tech:xsd:PAIN.001.001.09",
        ),
        (
            "blank behind",
            near("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09 "),
            Code::WrongNamespace,
            "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09 ",
        ),
        (
            "without tech",
            near("urn:iso:std:iso:20022:xsd:pain.001.001.09"),
            Code::WrongNamespace,
            "urn:iso:std:iso:20022:xsd:pain.001.001.09",
        ),
        (
            "without message",
            near("urn:iso:std:iso:20022:tech:xsd:"),
            Code::WrongNamespace,
            "urn:iso:std:iso:20022:tech:xsd:",
        ),
        ("SWIFT", near("urn:swift:xsd:$pain.001.002.02"), Code::WrongNamespace, "urn:swift:xsd:$pain.001.002.02"),
    ];
    for (name, body, code, value) in cases {
        let failure = treasury.submit(Role::Manager, &body).await.unwrap_err();
        assert_eq!((failure.code, failure.detail.as_str()), (code, value), "{name}: {failure:?}");
        for language in rulebook::Language::ALL {
            let sentence = failure.sentence(language);
            assert!(sentence.contains(value) || failure.code.entry().detail.is_none(), "{name}: {sentence}");
        }
    }
    let failure = treasury.submit(Role::Manager, &near("urn:iso:std:iso:20022:xsd:Pain.001.001.09")).await.unwrap_err();
    assert_eq!(failure.expected, "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "what was probably meant");
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused_while_it_arrives() {
    let settings = Settings { body_bytes_max: 10_000, ..Settings::default() };
    let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
    let file = File::of_many("MSG-6", 100, ESTONIAN).xml();
    assert_eq!(treasury.code(Role::Manager, &file).await, Code::MessageTooLarge);
}

#[tokio::test]
async fn a_report_request_is_no_submission() {
    let treasury = TestExchange::new().await;
    let request = messages::report_request("camt.052.001.08", &ministry_account(), TODAY, TODAY);
    assert_eq!(treasury.code(Role::Manager, &request).await, Code::WrongMessageForAddress);
}

/// Placeholders take bare values, so that no English stands inside a Latvian sentence. To be read when it changes.
#[tokio::test]
async fn what_is_wrong_is_said_in_both_languages() {
    let treasury = TestExchange::new().await;
    let good = File::of_many("MSG-1", 2, ESTONIAN).xml();
    let with = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
    let utf16 = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Document/>".encode_utf16().flat_map(u16::to_le_bytes);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("text", b"MsgId;Amount".to_vec()),
        ("HTML", b"<!DOCTYPE html><html/>".to_vec()),
        ("UTF-16", utf16.collect()),
        ("declared windows-1257", with("UTF-8", "windows-1257")),
        ("no UTF-8", [&good.as_bytes()[..400], b"\xe2\x28", &good.as_bytes()[400..]].concat()),
        ("DOCTYPE", b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>".to_vec()),
        ("only a prolog", b"<?xml version=\"1.0\"?>\n".to_vec()),
        ("truncated", good.as_bytes()[..good.len() / 2].to_vec()),
        ("truncated in a tag", good.as_bytes()[..good.find("<CdtTrfTxInf").unwrap() + 5].to_vec()),
        ("another root", b"<a><a><a>".to_vec()),
        ("another namespace", with("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "urn:x")),
        ("another version", with("pain.001.001.09", "pain.001.001.99")),
        ("NUL", with("Supplier", "Supp\0ier")),
        ("control character", with("Supplier", "Supp\u{1}ier")),
        ("crossed tags", with("</Cdtr>", "</Dbtr>")),
        ("bare ampersand", with("Supplier", "A & B")),
        ("unknown entity", with("Supplier", "&nbsp;")),
        ("attribute twice", with("Ccy=\"EUR\"", "Ccy=\"EUR\" Ccy=\"EUR\"")),
        ("huge attribute", with("Ccy=\"EUR\"", &format!("Ccy=\"{}\"", "E".repeat(2 << 20)))),
        ("too deep", with("<Nm>", &"<Nm>".repeat(300))),
        ("number overflow", with("1.00</InstdAmt>", "99999999999999999999.00</InstdAmt>")),
        ("count overflow", with("<NbOfTxs>2<", "<NbOfTxs>99999999999999999999<")),
    ];
    let mut said = String::new();
    for (name, body) in cases {
        let failure = match treasury.receive(Role::Manager, &body).await {
            Err(failure) => failure,
            Ok((caller, received)) => {
                let options = SubmitOptions { wait: std::time::Duration::from_secs(60), ..SubmitOptions::default() };
                treasury.exchange.submit(&caller, received, options).await.unwrap_err()
            }
        };
        said.push_str(&format!("{name}: {}\n", failure.code.id()));
        for language in Language::ALL {
            said.push_str(&format!("  {}\n", failure.sentence(language)));
            for finding in &failure.findings {
                said.push_str(&format!("    {}:{} {}\n", finding.line, finding.column, finding.sentence(language)));
            }
        }
    }
    insta::assert_snapshot!("problems_in_both_languages", said);
}
