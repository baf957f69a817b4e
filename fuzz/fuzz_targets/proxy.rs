//! The header that a proxy sends first. See `proxy_header.rs`.
#![no_main]

#[path = "../proxy_header.rs"]
#[allow(unreachable_pub, reason = "an ordinary test takes it in too")]
mod proxy_header;

libfuzzer_sys::fuzz_target!(|input: &[u8]| proxy_header::no_header_breaks_a_property(input));
