//! What a store says that was restored from a copy, to the service and to the commands that must not use it yet.

use store::RestoreMark;

/// It knows nothing of what was revoked after its copy was made, and waits for that.
pub(crate) fn unsettled(mark: &RestoreMark) -> String {
    format!(
        "this exchange was restored from a copy of {:.0}, and does not know which certificates were revoked since: it serves nobody \
         yet. Bring in later revocations (tdam operator revocations bring FILE), or state that there are none (tdam operator \
         revocations none); both want --by and --reason",
        mark.as_of
    )
}
