//! Rights of online users: which accounts are granted, whether the user is suspended, whether it has to sign.
//!
//! Nodes of the previous version know none of these and would disregard them. So the first change waits until no such node
//! serves, and keeps them out from then on ([`store::WriteNodes::keep_out_older_nodes`]): only then are grants in effect.

use ledger::AccountId;
use rulebook::catalogue::{Code, Fault};
use store::{AuditLine, ClientId, DirectoryRow, OnlineUser, OnlineUserId, StoreError, TreasuryAccount, Writing};

use super::user_change::{Grants, UserChange};
use crate::Failure;
use crate::bounds::{ACCOUNTS_GRANTED_MAX, ROWS_ADOPTED_AT_A_TIME};

/// The action of the line that states all online users with their grants, once, when grants come into effect.
const ADOPTED: &str = "grants.adopted";

/// The same in a transaction that does more; the line says who acts, and when.
pub(crate) fn change_online_user(
    writing: &mut dyn Writing,
    line: &AuditLine,
    user: OnlineUserId,
    change: &UserChange,
) -> Result<bool, Failure> {
    let not_found = || Failure::new(Code::NotFound).with_detail(format!("online user {}", user.0));
    if !bring_grants_into_effect(writing, line)? {
        return Err(Failure::new(Code::OlderNodesServe));
    }
    let before = writing.online_user(user)?.ok_or_else(not_found)?;
    let mut after = before.clone();
    let about = apply(writing, &mut after, change, line)?;
    if after == before {
        return Ok(false);
    }
    writing.update_online_user(&after)?;
    let detail = format!("online user {}{about} was {} {}", user.0, described(&before), after.stated());
    writing.append_audit(&AuditLine { action: change.action().to_owned(), detail, ..line.clone() })?;
    Ok(true)
}

/// Changes the row; returns what the line says of the change.
fn apply(
    writing: &mut dyn Writing,
    user: &mut OnlineUser,
    change: &UserChange,
    line: &AuditLine,
) -> Result<String, Failure> {
    let about = match change {
        UserChange::Grant(grants) => {
            let accounts = accounts_of(writing, user.client, grants)?;
            let ids: Vec<AccountId> = accounts.iter().map(|account| account.ledger.id).collect();
            user.granted_accounts = checked(user.granted_accounts.iter().copied().chain(ids).collect())?;
            named(&accounts)
        }
        UserChange::Withdraw(grants) => {
            let accounts = accounts_of(writing, user.client, grants)?;
            user.granted_accounts.retain(|granted| accounts.iter().all(|account| account.ledger.id != *granted));
            named(&accounts)
        }
        UserChange::Suspend => {
            user.suspended_at = user.suspended_at.or(Some(line.at));
            String::new()
        }
        UserChange::Resume => {
            user.suspended_at = None;
            String::new()
        }
        UserChange::RequireSignature(required) => {
            user.signature_required = *required;
            format!(" required={required}")
        }
    };
    Ok(about)
}

/// The ids of accounts of a client, ascending.
pub(crate) fn granted(writing: &mut dyn Writing, client: ClientId, grants: &Grants) -> Result<Vec<AccountId>, Failure> {
    let accounts = accounts_of(writing, client, grants)?;
    checked(accounts.iter().map(|account| account.ledger.id).collect())
}

fn accounts_of(writing: &mut dyn Writing, client: ClientId, grants: &Grants) -> Result<Vec<TreasuryAccount>, Failure> {
    let ibans: Vec<String> = match grants {
        Grants::All => return Ok(writing.accounts_of(client)?),
        Grants::These(ibans) => ibans.iter().map(|iban| iban.replace(' ', "")).collect(),
    };
    let asked: Vec<&str> = ibans.iter().map(String::as_str).collect();
    let found = writing.accounts_by_iban(&asked)?;
    for iban in &ibans {
        let unknown = || Failure::new(Code::DebtorAccountUnknown).with_detail(iban.clone());
        match found.iter().find(|account| account.iban == *iban) {
            None => return Err(unknown()),
            Some(account) if account.client != Some(client) => {
                return Err(unknown().with_fault(Fault::AccountOfAnother).with_given("account"));
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Ascending, each once, and not too many.
fn checked(mut accounts: Vec<AccountId>) -> Result<Vec<AccountId>, Failure> {
    accounts.sort_unstable();
    accounts.dedup();
    if accounts.len() > ACCOUNTS_GRANTED_MAX {
        let failure = Failure::new(Code::RequestParameterInvalid).with_detail("granted_accounts");
        return Err(failure.with_expected(ACCOUNTS_GRANTED_MAX.to_string()));
    }
    Ok(accounts)
}

/// So many accounts a line names.
pub(super) const NAMED_MAX: usize = 20;

fn named(accounts: &[TreasuryAccount]) -> String {
    let named: String =
        accounts.iter().take(NAMED_MAX).map(|account| format!(" account {}", account.ledger.id.0)).collect();
    match accounts.len().saturating_sub(NAMED_MAX) {
        0 => named,
        others => format!("{named} and {others} more"),
    }
}

/// Rights as an audit line states them, in brief: the digest after it covers all.
fn described(user: &OnlineUser) -> String {
    let OnlineUser { granted_accounts, suspended_at, signature_required, .. } = user;
    let suspended = suspended_at.is_some();
    format!("accounts={} suspended={suspended} signature-required={signature_required}", granted_accounts.len())
}

/// Grants are in effect from now on, unless a node of an older version serves, which does not know them. Once: states every
/// online user anew, since the lines so far state none of the rights of this version.
pub(crate) fn bring_grants_into_effect(writing: &mut dyn Writing, line: &AuditLine) -> Result<bool, Failure> {
    if writing.minimum_node_version()? > 0 {
        return Ok(true);
    }
    if !writing.keep_out_older_nodes()? {
        return Ok(false);
    }
    let rows = stated_users(writing)?;
    for some in rows.chunks(ROWS_ADOPTED_AT_A_TIME) {
        let (action, detail) = (ADOPTED.to_owned(), some.join(" "));
        writing.append_audit(&AuditLine { action, detail, ..line.clone() })?;
    }
    Ok(true)
}

fn stated_users(writing: &mut dyn Writing) -> Result<Vec<String>, StoreError> {
    let mut rows = Vec::new();
    for client in writing.clients()? {
        rows.extend(writing.online_users(client.id)?.iter().map(DirectoryRow::stated));
    }
    Ok(rows)
}
