//! Results of a reader: selected events in order, and every finding with its place and path.
use xsd::{Bounds, Event, Finding, ReadError, Rule, Schema, SchemaError, Selection, Validator};

/// The shape of a payment message, small.
const TABLE: &str = "xsd-table 1
namespace urn:pay
root Document Document

type Document
  Hdr 1..1 Header
  Pmt 1..n Payment

type Header
  MsgId 1..1 Max5Text
  CreDt 1..1 xs:date
  Copy 0..1 xs:boolean

type Payment
  Id 1..1 Max5Text
  Amt 1..1 Amount
  (choice) 1..1
    Iban 1..1 Max5Text
    Othr 1..1 Other
  Note 0..n xs:string
  Env 0..1 Envelope

type Amount
  @Ccy required Currency
  value Number

type Other
  Id 1..1 Max5Text

type Envelope
  (any) 1..1 ##any lax

value Max5Text xs:string
  minLength 1
  maxLength 5

value Currency xs:string
  pattern [A-Z]{3,3}

value Number xs:decimal
  totalDigits 5
  fractionDigits 2
  minInclusive 0
";

fn schema() -> Schema {
    Schema::from_table(TABLE).unwrap()
}

fn document(payments: &str) -> String {
    format!(
        "<Document xmlns=\"urn:pay\">\n<Hdr><MsgId>M1</MsgId><CreDt>2026-11-23</CreDt></Hdr>\n{payments}\n</Document>\n"
    )
}

const GOOD: &str = "<Pmt><Id>1</Id><Amt Ccy=\"EUR\">1.50</Amt><Iban>LV</Iban></Pmt>";

fn findings(document: &str) -> Vec<Finding> {
    let schema = schema();
    let nothing = Selection::nothing(&schema);
    let validator = Validator::new(&schema, &nothing, document.as_bytes(), Bounds::default());
    validator.finish().unwrap().as_slice().to_vec()
}

/// Rule, path, line and column, value, expected.
fn told(document: &str) -> Vec<String> {
    findings(document)
        .iter()
        .map(|f| {
            let Finding { rule, path, position, value, expected } = f;
            format!("{rule} {path} {position} [{value}] {expected}")
        })
        .collect()
}

#[test]
fn a_valid_document_has_no_findings() {
    assert_eq!(told(&document(GOOD)), [""; 0]);
}

#[test]
fn every_departure_is_told_once() {
    let payments = "<Pmt><Id>123456</Id><Amt Ccy=\"eur\">-1.505</Amt><Iban>LV</Iban></Pmt>\n\
                    <Pmt><Amt Ccy=\"EUR\">1</Amt><Othr></Othr></Pmt>\n\
                    <Pmt><Id>3</Id><Amt>x</Amt><Iban>LV</Iban><Iban>LV</Iban><Note>n</Note></Pmt>\n\
                    <Pmt><Id>4</Id><Amt Ccy=\"EUR\" x=\"1\">1</Amt><Iban>LV</Iban><New><Id/></New><Note>a</Note>text &amp; more<Note>b</Note></Pmt>\n\
                    <Pmt><Id>5</Id><Amt Ccy=\"EUR\">1</Amt></Pmt>\n\
                    <Pmt xmlns=\"urn:other\"><Id>6</Id></Pmt>\n\
                    <Pmt><Id>7<b/></Id><Amt Ccy=\"EUR\">1</Amt><Iban></Iban></Pmt>";
    assert_eq!(
        told(&document(payments)),
        [
            "max-length /Document/Pmt[1]/Id 3:6 [123456] at most 5 characters, not 6",
            "pattern /Document/Pmt[1]/Amt/@Ccy 3:21 [eur] `[A-Z]{3,3}`",
            "fraction-digits /Document/Pmt[1]/Amt 3:21 [-1.505] at most 2 fraction digits, not 3",
            "min-inclusive /Document/Pmt[1]/Amt 3:21 [-1.505] at least 0",
            "missing-element /Document/Pmt[2] 4:6 [Amt] Id",
            "missing-element /Document/Pmt[2]/Othr 4:34 [] Id",
            "missing-attribute /Document/Pmt[3]/Amt 5:16 [] Ccy",
            "not-a-decimal /Document/Pmt[3]/Amt 5:16 [x] a decimal number",
            "unexpected-element /Document/Pmt[3]/Iban[2] 5:43 [Iban] one of Note, Env or no further element",
            "unexpected-attribute /Document/Pmt[4]/Amt/@x 6:16 [1] Ccy",
            "unexpected-element /Document/Pmt[4]/New 6:59 [New] one of Note, Env or no further element",
            "unexpected-text /Document/Pmt[4] 6:89 [text & more] elements only",
            "missing-element /Document/Pmt[5] 7:38 [] one of Iban, Othr",
            "wrong-namespace /Document/Pmt[6] 8:1 [urn:other] urn:pay",
            "unexpected-element /Document/Pmt[7]/Id/b 9:11 [b] a value without elements",
            "min-length /Document/Pmt[7]/Iban 9:42 [] at least 1 characters, not 0",
        ]
    );
}

#[test]
fn an_unknown_root_is_one_finding() {
    for (document, value) in [
        ("<Document xmlns=\"urn:other\"><a/><b/>text</Document>", "{urn:other}Document"),
        ("<Document><Hdr/></Document>", "{}Document"),
        ("<Other xmlns=\"urn:pay\"/>", "{urn:pay}Other"),
    ] {
        let findings = findings(document);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((findings[0].rule, findings[0].value.as_str()), (Rule::UnknownRoot, value));
    }
}

#[test]
fn order_and_absence() {
    // the header after a payment: the validator reports a missing element where it should be, a late one where it is
    let late = format!("<Document xmlns=\"urn:pay\">{GOOD}<Hdr><MsgId>M</MsgId><CreDt>x</CreDt></Hdr></Document>");
    let told = told(&late);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("missing-element /Document 1:27 [Pmt] Hdr"), "{told:?}");
    assert!(told[1].starts_with("unexpected-element /Document/Hdr"), "{told:?}");
    assert!(told[2].starts_with("not-a-date /Document/Hdr/CreDt"), "{told:?}");
}

#[test]
fn lines_columns_and_offsets() {
    for (line_end, width) in [("\n", 1), ("\r\n", 2), ("\r", 1)] {
        let text = document("<!-- āē -->\n  <Pmt><Id>ā</Id><Id>2</Id></Pmt>").replace('\n', line_end);
        for document in [text.clone(), format!("\u{FEFF}{text}")] {
            let findings = findings(&document);
            let found = findings[0].position;
            assert_eq!((found.line, found.column), (4, 18), "{line_end:?}");
            assert_eq!(found.offset as usize, document.find("<Id>2").unwrap(), "{line_end:?} {width}");
        }
    }
}

#[test]
fn findings_are_bounded_but_counted() {
    let schema = schema();
    let nothing = Selection::nothing(&schema);
    let many = document(&"<Bad/>".repeat(5_000));
    let bounds = Bounds::default().with_findings_max(10);
    let findings = Validator::new(&schema, &nothing, many.as_bytes(), bounds).finish().unwrap();
    assert_eq!(findings.as_slice().len(), 10);
    assert_eq!(findings.total(), 5_001, "and the missing payment");
    let long = document(&format!("<Pmt><Id>{}</Id></Pmt>", "ā".repeat(500)));
    let shown = &self::findings(&long)[0].value;
    assert_eq!(shown.chars().count(), xsd::bounds::VALUE_SHOWN_CHARS_MAX);
}

fn events(document: &str, wanted: &[(&str, u16)]) -> Vec<String> {
    let schema = schema();
    let selection = Selection::new(&schema, wanted).unwrap();
    let mut validator = Validator::new(&schema, &selection, document.as_bytes(), Bounds::default());
    let mut events = Vec::new();
    loop {
        let event = match validator.next().unwrap() {
            Event::Open { tag, .. } => format!("open {tag}"),
            Event::Leaf { tag, text, attributes, valid } => {
                let currency = attributes.get("Ccy").unwrap_or("");
                format!("leaf {tag} {text:?} {currency} {valid}")
            }
            Event::Close { tag } => format!("close {tag}"),
            Event::End => return events,
        };
        let position = validator.position();
        events.push(format!("{position} {event}"));
    }
}

#[test]
fn selected_events_in_any_spelling() {
    let wanted = [
        ("Pmt", 1),
        ("Pmt/Id", 2),
        ("Pmt/Amt", 3),
        ("Pmt/Note", 4),
        ("Hdr/CreDt", 5),
        ("Pmt/Othr/Id", 6),
        ("Hdr/MsgId", 0),
    ];
    let plain = document(
        "<Pmt><Id>1</Id><Amt Ccy=\"EUR\">1.50</Amt><Othr><Id>o</Id></Othr><Note>a &amp; b</Note><Note/><Note> c </Note></Pmt>",
    );
    let expected = [
        "2:23 leaf 5 \"2026-11-23\"  true",
        "3:1 open 1",
        "3:6 leaf 2 \"1\"  true",
        "3:16 leaf 3 \"1.50\" EUR true",
        "3:47 leaf 6 \"o\"  true",
        "3:64 leaf 4 \"a & b\"  true",
        "3:86 leaf 4 \"\"  true",
        "3:93 leaf 4 \" c \"  true",
        "3:109 close 1",
    ];
    assert_eq!(events(&plain, &wanted), expected);
    let without_places = |events: Vec<String>| -> Vec<String> {
        events.iter().map(|event| event.split_once(' ').unwrap().1.to_owned()).collect()
    };
    let same = without_places(expected.iter().map(|&e| e.to_owned()).collect());
    let prefixed =
        plain.replace("</", "\u{1}").replace('<', "<p:").replace('\u{1}', "</p:").replace("xmlns=", "xmlns:p=");
    for variant in [
        prefixed,
        plain.replace("2026-11-23", " 2026-<!-- c -->11&#45;23\n"),
        plain.replace("Ccy=\"EUR\"", "Ccy = 'E&#85;R' xmlns:unused='u'"),
        plain.replace("1.50", "<![CDATA[1.]]>5<?pi?>0"),
        plain.replace("<Id>1</Id>", "<Id >1</Id\n>"),
        plain.replace("><", ">\r\n\t<!-- c --> <").replace("<Note>\r\n\t<!-- c --> </Note>", "<Note></Note>"),
    ] {
        assert_eq!(without_places(events(&variant, &wanted)), same, "{variant}");
    }
}

#[test]
fn what_should_not_stand_gives_no_events() {
    let wanted = [("Pmt/Id", 2), ("Pmt/Amt", 3)];
    let odd = document("<Pmt><Amt Ccy=\"EUR\">1</Amt><Id>late</Id><Iban>x</Iban></Pmt><Pmt xmlns=''><Id>9</Id></Pmt>");
    assert_eq!(events(&odd, &wanted), ["3:6 leaf 3 \"1\" EUR true"]);
}

#[test]
fn selections_name_what_they_do_not_find() {
    let schema = schema();
    for (path, step) in [("Pmt/Xx", "Xx"), ("Pmt/Id/Deep", "Deep"), ("Pmt//Id", ""), ("Env", "Env")] {
        match Selection::new(&schema, &[(path, 1)]) {
            Err(SchemaError::UnknownPath { step: found, .. }) => assert_eq!(found, step),
            other => panic!("{path}: {other:?}"),
        }
    }
    let root = Selection::new(&schema, &[("", 9)]).unwrap();
    let text = document(GOOD);
    let mut validator = Validator::new(&schema, &root, text.as_bytes(), Bounds::default());
    assert!(matches!(validator.next(), Ok(Event::Open { tag: 9, .. })));
    assert!(matches!(validator.next(), Ok(Event::Close { tag: 9 })));
    assert!(matches!(validator.next(), Ok(Event::End)));
    assert!(matches!(validator.next(), Ok(Event::End)), "the end stays the end");
}

#[test]
fn a_document_cut_anywhere_is_never_complete() {
    let schema = schema();
    let nothing = Selection::nothing(&schema);
    let whole = document(GOOD);
    let complete = whole.trim_end().len();
    for end in 0..complete {
        let cut = &whole.as_bytes()[..end];
        let outcome = Validator::new(&schema, &nothing, cut, Bounds::default()).finish();
        assert!(matches!(outcome, Err(ReadError::NotWellFormed { .. } | ReadError::Empty)), "{end}: {outcome:?}");
    }
}

#[test]
fn a_bound_refuses_by_name() {
    let schema = schema();
    let nothing = Selection::nothing(&schema);
    let long = document(&GOOD.replace("<Id>1", &format!("<Id>{}", "1&amp;".repeat(600))));
    let bounds = Bounds::default().with_token_bytes_max(1_000);
    let outcome = Validator::new(&schema, &nothing, long.as_bytes(), bounds).finish();
    assert!(matches!(outcome, Err(ReadError::Bound { .. })), "{outcome:?}");
}

#[test]
fn tables_that_are_wrong_say_where() {
    for (wrong, line) in [
        (TABLE.replace("xsd-table 1", "xsd-table 2"), 1),
        (TABLE.replace("  Hdr 1..1", "   Hdr 1..1"), 6),
        (TABLE.replace("Hdr 1..1 Header", "Hdr 2..1 Header"), 6),
        (TABLE.replace("Hdr 1..1 Header", "Hdr Header"), 6),
        (TABLE.replace("xs:date", "xs:NMTOKEN"), 11),
        (TABLE.replace("  minLength 1", "  minimumLength 1"), 34),
    ] {
        match Schema::from_table(&wrong) {
            Err(SchemaError::Table { line: found, .. }) => assert_eq!(found, line),
            other => panic!("{other:?}"),
        }
    }
    for wrong in [
        TABLE.replace("Iban 1..1 Max5Text", "Iban 1..1 Unknown"),
        TABLE.replace("pattern [A-Z]{3,3}", r"pattern \p{Lu}"),
        TABLE.replace("totalDigits 5", "maxLength 5"),
        TABLE.replace("root Document Document", "root Document Unknown"),
        TABLE.replace("value Number xs:decimal", "value Number Number"),
    ] {
        assert!(Schema::from_table(&wrong).is_err(), "{wrong}");
    }
}
