//! The table as a page of the documentation.

use std::fmt::Write as _;

use crate::metrics::GROUPS;

/// `docs/operators/metrics.md`.
#[must_use]
pub fn to_markdown() -> String {
    let mut page = String::from(
        "# Metrics\n\n\
         What the service measures of itself, for Prometheus: `listen.metrics` names the address, nothing listens there by default. \
         This page is made from the program's own table and is not edited by hand. How to read them, and examples of alert \
         rules and a dashboard: [running.md](running.md#metrics).\n\n\
         Labels have a few values each, all of them known to the program: nothing that a client sends becomes one. \
         Times are seconds, sizes bytes. A node tells of itself; what it reads from the store (lots, unanswered submissions, \
         nodes, business day, days left, set-aside work) is the same on all nodes that share it.\n",
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
