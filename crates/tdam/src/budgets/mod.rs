//! Every budget of the exchange, in one table: what it bounds, for whom, how much, and what happens when it is used up.
//!
//! The table takes its values from the constants and the configuration that the code itself obeys. The program generates
//! `docs/operators/limits.md` from it (a test compares the two), and `tdam serve --print-limits` prints it for a
//! configuration file. When you add a bound, add a row to `rows`.

use std::fmt::Write as _;

use rulebook::Code;

mod budget;
mod memory;
mod rows;

pub use budget::{Amount, Budget, Group};
pub use memory::{MemoryPart, Of, memory, most};
pub use rows::budgets;

use crate::configuration::Configuration;

/// The tables of budgets and of memory, as a page of the documentation.
#[must_use]
pub fn to_markdown(configuration: &Configuration) -> String {
    let budgets = budgets(configuration);
    let mut page = String::from(
        "# Limits\n\n\
         This page lists every budget of the service: for whom it is, how much it allows, and what happens when it is used up. The program generates \
         the page from its own table (`tdam serve --print-limits` prints it for a configuration file); do not edit it by hand. \
         A budget without a key is a constant of the program.\n",
    );
    for group in Group::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n| what | of | limit | key | when it is used up | code |\n|---|---|---|---|---|---|\n",
            group.title()
        );
        for budget in budgets.iter().filter(|budget| budget.group == group) {
            let key = budget.key.map(|key| format!("`{key}`")).unwrap_or_default();
            let code = budget.code.map(Code::id).unwrap_or_default();
            let Budget { name, scope, amount, used_up, .. } = budget;
            let _ = writeln!(page, "| {name} | {scope} | {amount} | {key} | {used_up} | {code} |");
        }
    }
    page + &memory::to_markdown(&memory::memory(configuration))
}
