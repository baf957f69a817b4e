//! The two element names in which the three kinds of report differ.

use super::Balance;
use crate::{MessageType, WriteError};

/// Names of one kind of report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    /// Below `Document`.
    pub(super) message: &'static str,
    /// One report, statement or notification.
    pub(super) report: &'static str,
    /// How many balances the schema asks for at least; `None` if it has none at all.
    pub(super) balances_min: Option<usize>,
}

impl Names {
    /// Whether a report may have these balances.
    pub(super) fn check_balances(&self, balances: &[Balance<'_>]) -> Result<(), WriteError> {
        match self.balances_min {
            None if !balances.is_empty() => Err(WriteError::value("Bal", "a notification has no balances")),
            Some(min) if balances.len() < min => Err(WriteError::Missing { element: "Bal" }),
            _ => Ok(()),
        }
    }
}

/// The names of a message; `None` when it is no report.
pub(super) const fn names(message_type: MessageType) -> Option<Names> {
    match message_type {
        MessageType::Camt052V02 | MessageType::Camt052V08 => {
            Some(Names { message: "BkToCstmrAcctRpt", report: "Rpt", balances_min: Some(0) })
        }
        MessageType::Camt053V02 | MessageType::Camt053V08 => {
            Some(Names { message: "BkToCstmrStmt", report: "Stmt", balances_min: Some(1) })
        }
        MessageType::Camt054V02 | MessageType::Camt054V08 => {
            Some(Names { message: "BkToCstmrDbtCdtNtfctn", report: "Ntfctn", balances_min: None })
        }
        _ => None,
    }
}
