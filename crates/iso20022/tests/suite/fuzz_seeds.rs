//! The fuzz targets' properties hold for the documents they start from, and for those they found.

#[path = "../../../../fuzz/properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "the targets use more of it")]
mod properties;

#[test]
fn every_seed_has_the_properties() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds");
    let mut checked = 0;
    for entry in std::fs::read_dir(seeds).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        let document = std::fs::read(&path).unwrap();
        properties::verdict_does_not_depend_on_pieces(&document);
        properties::readers_say_what_the_validator_says(&document);
        properties::tolerance_sorts_the_findings(&document);
        checked += 1;
    }
    assert!(checked > 80, "only {checked} seeds in {seeds}");
}
