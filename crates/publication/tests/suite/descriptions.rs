//! Format descriptions: complete, true to the example, and well made in both forms and languages.
use std::collections::BTreeSet;

use crate::support;
use iso20022::MessageType;
use publication::{Description, Line};
use rulebook::Language;

fn all() -> impl Iterator<Item = Description> {
    let each = MessageType::ALL.into_iter();
    each.flat_map(|message_type| Language::ALL.map(|language| Description::of(message_type, language)))
}

#[test]
fn every_element_has_a_name_and_a_place() {
    for description in all() {
        let mut paths = BTreeSet::new();
        for element in description.elements() {
            let of = description.message_type;
            assert!(element.name.as_ref().is_some_and(|name| !name.is_empty()), "{of}: {}", element.path);
            assert!(paths.insert(&element.path), "{of}: {} stands twice", element.path);
            let occurs = element.occurs;
            assert!(occurs.min >= element.iso_occurs.min, "{of}: {}", element.path);
        }
        assert!(paths.len() > 20, "{}", description.message_type);
    }
}

/// What must stand in every message stands in the example, and where a value is shown it is the example's.
#[test]
fn values_come_from_the_example() {
    for description in all() {
        let example = publication::example(description.message_type);
        let mut always: Vec<bool> = Vec::new();
        for element in description.elements() {
            always.truncate(element.level);
            let is_always = element.occurs.min > 0 && !element.is_alternative && always.iter().all(|always| *always);
            always.push(is_always);
            let Some(value) = &element.example else {
                assert!(element.value.is_none() || !is_always, "{}: {}", description.message_type, element.path);
                continue;
            };
            let places = support::places(example, &element.path);
            assert_eq!(&example[places[0].inner..places[0].inner_end], value, "{}", element.path);
        }
    }
}

#[test]
fn every_rule_is_told_once_and_each_mention_leads_to_it() {
    for description in all() {
        let told: BTreeSet<_> = description.rules.iter().collect();
        assert_eq!(told.len(), description.rules.len());
        let mut mentioned = BTreeSet::new();
        for line in &description.lines {
            match line {
                Line::Element(element) => mentioned.extend(&element.codes),
                Line::LeftOut { refused, .. } => mentioned.extend(refused.iter().flat_map(|(_, codes)| codes)),
            }
        }
        assert!(mentioned.is_subset(&told), "{}", description.message_type);
        assert_eq!(mentioned, told, "{}: a rule without an element", description.message_type);
    }
}

#[test]
fn html_is_one_file_whose_links_lead_somewhere() {
    for description in all() {
        let html = description.to_html();
        let of = description.message_type;
        assert!(html.contains(&format!("<html lang=\"{}\">", description.language.tag())), "{of}");
        assert!(!html.contains("http://") && !html.contains("https://"), "{of} needs nothing from elsewhere");
        let values = |name: &str| -> Vec<String> {
            let start = format!(" {name}=\"");
            html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
        };
        let ids = values("id");
        let unique: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(ids.len(), unique.len(), "{of}");
        let links = values("href");
        assert!(links.len() > 20, "{of}");
        for link in links {
            assert!(unique.contains(link.strip_prefix('#').unwrap()), "{of}: {link}");
        }
        assert_well_formed(&html);
    }
}

/// Every tag is closed in its place; by our own tokenizer, after what only HTML has was made XML.
fn assert_well_formed(html: &str) {
    let mut xml = html.replacen("<!DOCTYPE html>", "", 1).replace("<br>", "<br/>");
    for meta in ["charset=\"utf-8\"", "content=\"width=device-width, initial-scale=1\""] {
        xml = xml.replace(&format!("{meta}>"), &format!("{meta}/>"));
    }
    let mut tokenizer = xsd::Tokenizer::new(xml.as_bytes());
    loop {
        match tokenizer.next() {
            Ok(xsd::token::Token::EndOfDocument) => return,
            Ok(_) => {}
            Err(error) => panic!("{error}: {}", xml.lines().nth(tokenizer.position().line as usize - 1).unwrap()),
        }
    }
}

#[test]
fn rows_of_markdown_tables_have_all_their_cells() {
    for description in all() {
        let markdown = description.to_markdown();
        let rows = markdown.lines().skip_while(|line| !line.starts_with("| --- | --- | --- |"));
        let rows: Vec<&str> = rows.take_while(|line| line.starts_with('|')).collect();
        assert!(rows.len() > 20, "{}", description.message_type);
        for row in rows {
            let cells = row.replace("\\|", "").matches('|').count() - 1;
            assert_eq!(cells, if description.rules.is_empty() { 6 } else { 7 }, "{row}");
        }
    }
}
