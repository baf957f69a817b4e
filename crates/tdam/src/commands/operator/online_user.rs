//! `tdam operator user`: the rights of an online user, beside its certificates.

use clap::{Args, ValueEnum};
use exchange::{Client, OnlineUser, Operator};

use crate::acts::{self, UserAct};
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// Every account that the client has at this moment.
const ALL: &str = "all";

/// What becomes otherwise.
#[derive(Args, Debug, Clone)]
#[group(id = "user_rights")]
pub(in crate::commands) struct Changes {
    /// Grant an account of its client (IBAN), or all that it has now
    #[arg(long, value_name = "IBAN|all")]
    grant: Vec<String>,
    /// Withdraw an account (IBAN), or all
    #[arg(long, value_name = "IBAN|all")]
    withdraw: Vec<String>,
    /// Refuse all its requests from now on
    #[arg(long)]
    suspend: bool,
    /// End the suspension
    #[arg(long, conflicts_with = "suspend")]
    resume: bool,
    /// Whether what it submits has to be signed
    #[arg(long, value_name = "WHETHER")]
    signature: Option<Signature>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Signature {
    Required,
    Optional,
}

impl Changes {
    /// In the order in which they are made: what takes rights comes first.
    fn acts(&self) -> Vec<UserAct> {
        let accounts = |ibans: &[String]| {
            let is_all = ibans.iter().any(|iban| iban.eq_ignore_ascii_case(ALL));
            (!ibans.is_empty()).then(|| if is_all { Vec::new() } else { ibans.to_vec() })
        };
        let mut acts = Vec::new();
        acts.extend(self.suspend.then_some(UserAct::Suspend));
        acts.extend(accounts(&self.withdraw).map(UserAct::Withdraw));
        acts.extend(accounts(&self.grant).map(UserAct::Grant));
        acts.extend(self.signature.map(|wanted| UserAct::RequireSignature(matches!(wanted, Signature::Required))));
        acts.extend(self.resume.then_some(UserAct::Resume));
        acts
    }
}

/// Makes the changes, and shows the rights as they are then.
pub(super) async fn show_and_change(
    configuration: &Configuration,
    operator: &Operator,
    user: &str,
    changes: &Changes,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let (_, meant) = meant(operator, user).await?;
    for act in changes.acts() {
        let act = acts::Act::ChangeUser { user: meant.id.0, change: act };
        acts::act(configuration, &act).await?;
    }
    let (client, user) = self::meant(operator, &meant.id.0.to_string()).await?;
    let yes = |wanted: bool| if wanted { "yes" } else { "no" };
    terminal.line(format_args!("{} of {} (online user {})", user.name, client.name, user.id.0));
    terminal.line(format_args!("  mode                {:?}", user.mode));
    terminal.line(format_args!("  suspended           {}", yes(user.suspended_at.is_some())));
    terminal.line(format_args!("  signature required  {}", yes(user.signature_required)));
    for account in operator.accounts(client.id).await.map_err(Failure::service)? {
        let granted = if user.grants(&account) { "granted" } else { "-" };
        terminal.line(format_args!("  {}  {granted}", account.iban));
    }
    Ok(Exit::Done)
}

/// The one online user that a number or name stands for.
async fn meant(operator: &Operator, text: &str) -> Result<(Client, OnlineUser), Failure> {
    let mut meant = Vec::new();
    for client in operator.clients().await.map_err(Failure::service)? {
        let users = operator.online_users(client.id).await.map_err(Failure::service)?;
        let of_client = users.into_iter().filter(|user| user.id.0.to_string() == text || user.name == text);
        meant.extend(of_client.map(|user| (client.clone(), user)));
    }
    match (meant.pop(), meant.len()) {
        (Some(user), 0) => Ok(user),
        (None, _) => Err(Failure::Usage(format!(
            "no online user has the number or name {text:?}; `tdam operator list` shows them"
        ))),
        (Some(_), others) => Err(Failure::Usage(format!(
            "{} online users are called {text:?}: give the number of one; `tdam operator list` shows them",
            others + 1
        ))),
    }
}
