//! The bytes of one connection of a client, through the whole service. See `http/mod.rs`.
#![no_main]

use std::cell::RefCell;

#[path = "../http/mod.rs"]
#[allow(unreachable_pub, reason = "an ordinary test takes it in too")]
mod http;

/// After so many inputs the target asks the service whether it still serves, and checks memory.
const LOOK_EVERY: u64 = 256;
/// Memory may grow so long; then it has its size.
const WARM_AFTER: u64 = 16 * LOOK_EVERY;
/// Allowed memory beyond it for any input: the fuzzer keeps its finds in the same memory.
const KEPT_BYTES_MAX: u64 = 256 << 20;

struct State {
    service: http::Service,
    inputs: u64,
    warm_bytes: u64,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::new(State { service: http::Service::new(), inputs: 0, warm_bytes: 0 });
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    STATE.with_borrow_mut(|state| {
        http::every_answer_is_sound(&state.service, input);
        state.inputs += 1;
        if state.inputs % LOOK_EVERY == 0 {
            http::the_service_still_answers(&state.service);
            look_at_memory(state);
        }
    });
});

fn look_at_memory(state: &mut State) {
    let resident = resident_bytes();
    if state.inputs == WARM_AFTER {
        state.warm_bytes = resident;
    } else if state.inputs > WARM_AFTER {
        assert!(resident < state.warm_bytes + KEPT_BYTES_MAX, "{resident} bytes, {} when warm", state.warm_bytes);
    }
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}
