//! Guards the database's log: our statements contain no values, but a server's settings can log values beside them, and
//! then its log has payees' names and accounts. The store sets for each connection what a role may set; a node checks
//! the server's own settings when it begins to serve.

use super::connection::Connection;
use crate::StoreError;
use crate::statement::statements;

statements! {
    const SETTINGS: Statement = ("SELECT
        current_setting('log_parameter_max_length', true) IS DISTINCT FROM '0',
        current_setting('log_error_verbosity') <> 'terse',
        current_setting('log_statement') IN ('mod', 'all') OR current_setting('log_min_duration_statement') <> '-1'
            OR current_setting('log_duration') = 'on'
            OR coalesce(current_setting('log_min_duration_sample', true), '-1') <> '-1'
            OR coalesce(current_setting('log_transaction_sample_rate', true), '0') <> '0',
        coalesce(current_setting('auto_explain.log_min_duration', true), '-1') <> '-1'
            AND coalesce(current_setting('auto_explain.log_parameter_max_length', true), '-1') <> '0'");
}

/// The lines that its configuration should have, each with the reason, where it says otherwise.
pub(super) fn advice(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let [logs_values, logs_details, logs_statements, explains_values] =
        connection.one(SETTINGS, &[], |row| Ok([row.flag()?, row.flag()?, row.flag()?, row.flag()?]))?;
    let mut advice = Vec::new();
    if logs_values {
        let now = if logs_statements { "logs" } else { "would log, as soon as it logs statements," };
        advice.push(format!(
            "log_parameter_max_length = 0   # the database {now} the values of statements: payees' names and accounts"
        ));
    }
    if logs_details {
        advice.push(
            "log_error_verbosity = terse   # the detail of a violated constraint has the row's values".to_owned(),
        );
    }
    if explains_values {
        advice.push(
            "auto_explain.log_parameter_max_length = 0   # plans are logged with the values of statements".to_owned(),
        );
    }
    Ok(advice)
}
