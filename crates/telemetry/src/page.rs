//! The table as a page of the documentation.

use std::fmt::Write as _;

use crate::metrics::GROUPS;

/// `docs/operators/metrics.md`.
#[must_use]
pub fn to_markdown() -> String {
    let mut page = String::from(
        "# Metrics\n\n\
         The service exposes these metrics for Prometheus. `listen.metrics` names the address; nothing listens there by default. \
         The program generates this page from its own table; do not edit it by hand. [running.md](running.md#metrics) explains \
         how to read the metrics, and has examples of alert rules and a dashboard.\n\n\
         Labels have a few values each, all of them known to the program: nothing that a client sends becomes a label. \
         Times are seconds, sizes bytes. A node reports on itself; its figures from the store (lots, unanswered submissions, \
         nodes, business day, days left, set-aside work) are the same on all nodes that share the store.\n",
    );
    for group in GROUPS {
        let _ = write!(
            page,
            "\n## {}\n\n| metric | type | labels | what it measures | alert when |\n|---|---|---|---|---|\n",
            group.title
        );
        for definition in group.metrics {
            let labels: Vec<String> = definition.labels.iter().map(|label| format!("`{label}`")).collect();
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {} | {} |",
                definition.exposed_name(),
                definition.kind.name(),
                labels.join(", "),
                definition.meaning,
                definition.alert
            );
        }
    }
    page
}
