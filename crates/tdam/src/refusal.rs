//! Which failures of the exchange refuse an act, for commands and for the socket: they end with exit code 1.

/// The exchange works, and a rule of it refuses the act: another command, or another person, is needed.
pub(crate) fn refuses(failure: &exchange::Failure) -> bool {
    let status = protocol::status_of(failure.code);
    !failure.is_temporary() && status.is_some_and(|status| (400..500).contains(&status))
}
