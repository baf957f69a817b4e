//! The documentation shows the table.

use std::path::Path;

#[test]
fn the_documentation_shows_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operators/metrics.md");
    let written = telemetry::to_markdown();
    // What to do after a change of the table; the gate never sets it.
    if std::env::var_os("TDAM_WRITE_METRICS").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap();
    assert_eq!(page, written, "TDAM_WRITE_METRICS=1 cargo test -p telemetry writes the page");
}
