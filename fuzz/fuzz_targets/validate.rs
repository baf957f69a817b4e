#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target uses its part")]
mod properties;

libfuzzer_sys::fuzz_target!(|document: &[u8]| properties::verdict_does_not_depend_on_pieces(document));
