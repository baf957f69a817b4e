//! Two ways to take events, one at a time or all in a row, give the same results for any document and any stop.
use std::io::Read;
use std::ops::ControlFlow;

use xsd::{Bounds, Event, Schema, Selection, Validator};

const TABLE: &str = "xsd-table 1
namespace urn:example:order
root Order Order

type Order
  Head 0..1 Head
  Line 1..n Line

type Head
  Number 1..1 xs:string

type Line
  Item 1..1 xs:string
  Price 1..1 Price

type Price
  @Ccy required Currency
  value xs:decimal

value Currency xs:string
  pattern [A-Z]{3}
";

const WANTED: &[(&str, u16)] = &[("Head", 1), ("Head/Number", 2), ("Line", 3), ("Line/Item", 4), ("Line/Price", 5)];

/// Plain ones, and others that leave the short cut in the middle.
const DOCUMENTS: &[&str] = &[
    r#"<Order xmlns="urn:example:order"><Head><Number>7</Number></Head><Line><Item>Paper</Item><Price Ccy="EUR">4.50</Price></Line><Line><Item>Ink</Item><Price Ccy="EUR">1.2</Price></Line></Order>"#,
    r#"<Order xmlns="urn:example:order">
  <Line><Item>A &amp; B</Item><!-- two --><Price Ccy='EUR'>1</Price></Line>
  <Line><Item><![CDATA[<C>]]></Item><Price Ccy="EUR"> 2 </Price></Line>
</Order>"#,
    r#"<o:Order xmlns:o="urn:example:order"><o:Line><o:Item>Paper</o:Item><o:Price Ccy="EUR">4</o:Price></o:Line></o:Order>"#,
    r#"<Order xmlns="urn:example:order"><Line><Item>no price</Item></Line><Strange/><Line><Price Ccy="eur">x</Price><Item/></Line></Order>"#,
    r#"<Order xmlns="urn:example:order"><Line><Item>cut"#,
];

/// Hands out a few bytes at a time.
struct Pieces<'d>(&'d [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(into.len());
        self.0.read(&mut into[..count])
    }
}

fn told(event: &Event<'_>) -> String {
    match event {
        Event::Leaf { tag, text, attributes, valid } => {
            format!("leaf {tag} {text:?} {:?} {valid}", attributes.get("Ccy"))
        }
        Event::Open { tag, .. } => format!("open {tag}"),
        Event::Close { tag } => format!("close {tag}"),
        Event::End => "end".to_owned(),
    }
}

/// Takes events in turns: a number of them in a row, then a single one, until the end or an error; then the findings.
fn events(schema: &Schema, wanted: &Selection, document: &str, piece: usize, row: usize) -> Vec<String> {
    let mut validator = Validator::new(schema, wanted, Pieces(document.as_bytes(), piece), Bounds::default());
    let mut all = Vec::new();
    loop {
        let mut left = row;
        if left > 0 {
            let handed = validator.each(|event| {
                all.push(told(&event));
                left -= 1;
                if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if let Err(error) = handed {
                all.push(error.to_string());
                break;
            }
        }
        if all.last().is_some_and(|last| last == "end") {
            break;
        }
        match validator.next() {
            Ok(event) => all.push(told(&event)),
            Err(error) => {
                all.push(error.to_string());
                break;
            }
        }
        if all.last().is_some_and(|last| last == "end") {
            break;
        }
    }
    all.extend(validator.findings().iter().map(ToString::to_string));
    all
}

#[test]
fn however_events_are_taken_they_are_the_same() {
    let schema = Schema::from_table(TABLE).unwrap();
    let wanted = Selection::new(&schema, WANTED).unwrap();
    for document in DOCUMENTS {
        let one_by_one = events(&schema, &wanted, document, usize::MAX, 0);
        assert!(one_by_one.len() >= 2, "{document}: {one_by_one:?}");
        for piece in [1, 7, usize::MAX] {
            for row in [0, 1, 2, 3, 5, 1000] {
                let taken = events(&schema, &wanted, document, piece, row);
                assert_eq!(taken, one_by_one, "{row} in a row, {piece} bytes at a time: {document}");
            }
        }
    }
}
