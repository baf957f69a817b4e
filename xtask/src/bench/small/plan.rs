//! A sandbox with more institutions that pay, each with an account of its own and one online user.

use rulebook::Iban;
use tdam::generate::{self, PaymentBatch};
use tdam::installation::{self, Plan};

use crate::attack::failed::Failed;

/// An institution that pays, and its online user.
#[derive(Clone, Debug)]
pub(super) struct Payer {
    /// The folder of its certificate.
    pub(super) user: String,
    /// The debited account.
    account: Iban,
    /// The institution.
    name: String,
}

impl Payer {
    /// The sandbox's own, and such further ones.
    fn numbered(number: usize) -> Result<Payer, Failed> {
        if number == 0 {
            let (user, account) = (super::super::server::USER.to_owned(), Iban::parse(generate::DEBTOR_ACCOUNT)?);
            return Ok(Payer { user, account, name: "Daugavas novada pašvaldība".to_owned() });
        }
        let account = Iban::with_check_digits("LV", &format!("TREL9{number:012}"))?;
        Ok(Payer { user: format!("payer-{number}"), account, name: format!("Maksātāja Nr. {number} pašvaldība") })
    }

    /// A message of its own payments, as far as the payer decides it.
    pub(super) fn pays(&self, batch: &mut PaymentBatch) {
        batch.initiating_party.clone_from(&self.name);
        batch.debtor_accounts = vec![self.account];
    }
}

/// The plan of a sandbox with so many institutions that pay, and these.
pub(super) fn of_payers(count: usize) -> Result<(Plan, Vec<Payer>), Failed> {
    let mut plan: Plan = installation::SANDBOX.parse()?;
    let payers = (0..count.max(1)).map(Payer::numbered).collect::<Result<Vec<Payer>, Failed>>()?;
    let first = plan.clients.first().cloned().ok_or("the sandbox has no institutions")?;
    for (number, payer) in payers.iter().enumerate().skip(1) {
        let mut client = first.clone();
        client.name.clone_from(&payer.name);
        client.registration_number = format!("9{number:010}");
        client.accounts.truncate(1);
        client.online_users.truncate(1);
        for account in &mut client.accounts {
            payer.account.as_str().clone_into(&mut account.iban);
        }
        for user in &mut client.online_users {
            user.name = format!("{} grāmatvedība", payer.name);
            user.folder.clone_from(&payer.user);
        }
        plan.clients.push(client);
    }
    Ok((plan, payers))
}
