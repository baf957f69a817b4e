//! The properties of the fuzz target, for its seeds and for small changes of each.

#[path = "../../../../fuzz/signature_fields.rs"]
#[allow(unreachable_pub, reason = "the target uses it too")]
mod signature_fields;

use signature_fields::no_field_breaks_a_property;

#[test]
fn seeds_and_small_changes_of_them_keep_the_properties() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds-signatures");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let seed = std::fs::read(entry.unwrap().path()).unwrap();
        no_field_breaks_a_property(&seed);
        for place in 0..seed.len() {
            no_field_breaks_a_property(&seed[..place]);
            for byte in *b" \",;=:(\\\n" {
                let mut changed = seed.clone();
                changed[place] = byte;
                no_field_breaks_a_property(&changed);
                changed.insert(place, byte);
                no_field_breaks_a_property(&changed);
            }
        }
        seeds += 1;
    }
    assert!(seeds >= 11, "{seeds} seeds");
}
