//! `tdam operator day`, `clock` and `room`: the business day, the clock and the room of the exchange.

use exchange::{ClockState, Failure as Refusal, Operator, RefusedBelow, RoomState};
use jiff::civil::Date;
use rulebook::Code;

use crate::terminal::{Exit, Failure, Terminal};

pub(super) async fn move_day(
    operator: &Operator,
    day: Option<&str>,
    confirm: Option<&str>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match (day, confirm) {
        (None, _) => {}
        (Some("next"), None) => {
            operator.advance_business_day().await.map_err(refused)?;
        }
        (Some(day), None) => operator.set_business_day(date(day)?).await.map_err(refused)?,
        (Some(day), Some(confirm)) if day == confirm => {
            operator.set_confirmed_business_day(date(day)?).await.map_err(|refusal| match refusal.code {
                Code::BusinessDayTooFar => {
                    Failure::Usage(format!("no day after {} is opened, confirmed or not", refusal.expected))
                }
                _ => refused(refusal),
            })?;
        }
        (Some(day), Some(confirm)) => {
            return Err(Failure::Usage(format!("{day} and {confirm} are not the same day")));
        }
    }
    terminal.line(format_args!("The business day is {}.", operator.business_day().await.map_err(Failure::service)?));
    Ok(Exit::Done)
}

/// What to do about it stands with it.
fn refused(refusal: Refusal) -> Failure {
    let day = &refusal.detail;
    match refusal.code {
        Code::BusinessDayTooFar => Failure::Usage(format!(
            "{day} is after {}, and the business day never goes back. If it is right, type it again: --confirm {day}",
            refusal.expected
        )),
        Code::ClockInDoubt => Failure::Other(format!(
            "{}. The business day is not moved until the clock is mended or, if it is right, somebody vouches for it: \
             tdam operator clock --today DATE",
            refusal.detail
        )),
        Code::RequestParameterInvalid => {
            Failure::Usage(format!("{day} is before the business day, {}, which never goes back", refusal.expected))
        }
        _ => Failure::service(refusal),
    }
}

fn date(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| Failure::Usage(format!("{text:?} is no date such as 2026-11-23")))
}

pub(super) async fn clock(operator: &Operator, today: Option<&str>, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(today) = today {
        let today = date(today)?;
        operator.confirm_clock(today).await.map_err(|refusal| match refusal.code {
            Code::RequestParameterInvalid => {
                Failure::Usage(format!("the clock says {}, not {today}: mend the clock", refusal.expected))
            }
            _ => Failure::service(refusal),
        })?;
    }
    let ClockState { shown, record, doubt } = operator.clock().await.map_err(Failure::service)?;
    terminal.line(format_args!("The machine's clock shows {:.0} in Riga ({shown:.0}).", exchange::local_time(shown)));
    if let Some(database) = record.store_time {
        terminal.line(format_args!("The database's clock shows {database:.0}."));
    }
    if let Some(trusted) = record.trusted_at {
        terminal.line(format_args!("The newest trusted time is {trusted:.0}."));
    }
    match doubt {
        _ if record.is_sandbox == Some(true) => terminal.line("This is a sandbox: nothing is held against its clock."),
        Some(doubt) => {
            terminal.line(format_args!("In doubt: {doubt}. The business day is not moved."));
            return Ok(Exit::Refused);
        }
        None => terminal.line("Nothing is held against it."),
    }
    Ok(Exit::Done)
}

pub(super) async fn room(operator: &Operator, terminal: &Terminal) -> Result<Exit, Failure> {
    let (state, clients) = operator.room().await.map_err(Failure::service)?;
    match state {
        RoomState::Disk { free_bytes, total_bytes, reserve_bytes } => terminal.line(format_args!(
            "{} MiB of {} MiB are free on the disk; {} MiB are held back for operators.",
            free_bytes >> 20,
            total_bytes >> 20,
            reserve_bytes >> 20
        )),
        RoomState::Database { used_bytes } => {
            terminal
                .line(format_args!("The database takes {} MiB; its disk cannot be seen from here.", used_bytes >> 20));
        }
    }
    if let Some(RefusedBelow { first_bytes, second_bytes, share_bytes }) = operator.refused_below(state) {
        terminal.line(format_args!(
            "Below {} MiB free, new messages of clients with more than {} MiB of kept bodies are refused; below {} MiB, everybody's.",
            first_bytes >> 20,
            share_bytes >> 20,
            second_bytes >> 20
        ));
    }
    for (client, bytes) in clients {
        terminal
            .line(format_args!("{bytes:>16} bytes of kept bodies: {} ({})", client.name, client.registration_number));
    }
    Ok(Exit::Done)
}
