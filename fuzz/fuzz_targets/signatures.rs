//! The fields of a signature. See `signature_fields.rs`.
#![no_main]

#[path = "../signature_fields.rs"]
#[allow(unreachable_pub, reason = "an ordinary test takes it in too")]
mod signature_fields;

libfuzzer_sys::fuzz_target!(|input: &[u8]| signature_fields::no_field_breaks_a_property(input));
