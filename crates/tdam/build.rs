//! Compiles the settings of the allocator, for the program alone: tests and chores keep the system's allocator.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=src/allocator.c");
    // Set by the crate with the allocator.
    let headers = env::var("DEP_MIMALLOC_INCLUDE_DIR").expect("libmimalloc-sys says where its headers are");
    let objects = cc::Build::new().file("src/allocator.c").include(headers).compile_intermediates();
    // An object rather than a library: nothing refers to its one function, which runs by itself.
    for object in objects {
        println!("cargo::rustc-link-arg-bins={}", object.display());
    }
}
