//! The properties of the fuzz target for the header of a proxy, for its seeds and for small changes of each.

#[path = "../../../../fuzz/proxy_header.rs"]
#[allow(unreachable_pub, reason = "the target uses it too")]
mod proxy_header;

use proxy_header::no_header_breaks_a_property;

#[test]
fn seeds_and_small_changes_of_them_keep_the_properties() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds-proxy");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let seed = std::fs::read(entry.unwrap().path()).unwrap();
        no_header_breaks_a_property(&seed);
        for place in 0..seed.len().min(256) {
            no_header_breaks_a_property(&seed[..place]);
            for byte in 0..=255 {
                let mut changed = seed.clone();
                changed[place] = byte;
                no_header_breaks_a_property(&changed);
            }
        }
        seeds += 1;
    }
    assert!(seeds >= 13, "{seeds} seeds");
}
