//! Public samples of many banks and vendors: none makes a reader stumble, and our verdict is libxml2's.

use crate::support;
use iso20022::MessageType;

#[test]
fn every_sample_gets_the_verdict_of_libxml2() {
    let Some(reference) = support::reference() else { return };
    let index = std::fs::read_to_string(reference.join("samples/index.tsv")).unwrap();
    let (mut read, mut differing) = (0, Vec::new());
    for line in index.lines().skip(1) {
        let mut columns = line.split('\t');
        let (file, message_type) = (columns.next().unwrap(), columns.next().unwrap());
        let Ok(message_type) = message_type.parse::<MessageType>() else { continue };
        let xml = std::fs::read(reference.join("samples").join(file)).unwrap();
        let Some(official) = support::official_verdict(message_type, &xml) else { return };
        let ours = support::our_verdict(message_type, &xml);
        read += 1;
        let accepted = ours.as_ref().is_ok_and(Vec::is_empty);
        if accepted != official.is_ok() {
            let ours = ours.map_or_else(|error| error.to_string(), |findings| format!("{findings:?}"));
            differing.push(format!("{file}: libxml2 {official:?}, we {ours}"));
        }
    }
    assert!(read > 100, "only {read} samples");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
