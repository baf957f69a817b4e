#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code, unreachable_pub, reason = "each target uses its part")]
mod properties;

libfuzzer_sys::fuzz_target!(|document: &[u8]| properties::readers_say_what_the_validator_says(document));
