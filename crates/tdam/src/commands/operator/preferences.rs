//! `tdam operator client`: the settings of a client, which its accounting system needs otherwise than others.

use clap::Args;
use exchange::{Client, EndToEndIdUniqueness, Preferences};

use crate::acts;
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// What becomes otherwise.
#[derive(Args, Debug, Clone)]
#[group(id = "client_settings")]
pub(in crate::commands) struct Changes {
    /// Whether a pain.002 lists each payment, accepted ones too; else only refused ones
    #[arg(long, value_name = "yes|no", value_parser = parse_yes)]
    lists_every_payment: Option<bool>,
    /// Whether a report of several days has balances of each day
    #[arg(long, value_name = "yes|no", value_parser = parse_yes)]
    daily_balances: Option<bool>,
    /// How long no further message may use the EndToEndId of a payment again
    #[arg(long, value_name = "for-ever|DAYS|within-message")]
    end_to_end_ids_unique: Option<EndToEndIdUniqueness>,
}

fn parse_yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say yes or no".to_owned()),
    }
}

impl Changes {
    fn applied_to(&self, now: Preferences) -> Preferences {
        Preferences {
            lists_every_payment: self.lists_every_payment.unwrap_or(now.lists_every_payment),
            daily_balances: self.daily_balances.unwrap_or(now.daily_balances),
            end_to_end_ids: self.end_to_end_ids_unique.unwrap_or(now.end_to_end_ids),
        }
    }
}

/// Makes the changes, and shows the settings as they are then.
pub(super) async fn show_and_change(
    configuration: &Configuration,
    client: &Client,
    changes: &Changes,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let settings = changes.applied_to(client.preferences);
    if settings != client.preferences {
        let act = acts::Act::SetClient { client: client.id.0, settings: settings.into() };
        acts::act(configuration, &act).await?;
    }
    let yes = |wanted: bool| if wanted { "yes" } else { "no" };
    terminal.line(format_args!("{} ({})", client.name, client.registration_number));
    terminal.line(format_args!("  lists-every-payment    {}", yes(settings.lists_every_payment)));
    terminal.line(format_args!("  daily-balances         {}", yes(settings.daily_balances)));
    terminal.line(format_args!("  end-to-end-ids-unique  {}", settings.end_to_end_ids));
    Ok(Exit::Done)
}
