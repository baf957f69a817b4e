//! The demonstration: the installation of a sandbox, and everything a client can do, done through the real client over real TLS.
//!
//! It has numbered chapters. The code checks every claim, and the demonstration fails if one does not hold.

mod chapters;
mod demonstration;
mod participant;

use crate::terminal::{Exit, Failure, Style, Terminal};
use crate::{serving, tour};

use demonstration::Demonstration;
pub(crate) use demonstration::Settings;

/// Runs the demonstration.
pub(crate) async fn run(settings: Settings, terminal: &Terminal) -> Result<Exit, Failure> {
    let keep = settings.keep;
    let demonstration = Demonstration::set(settings, terminal).await?;
    terminal.line(format_args!(
        "Exchange at {}, data in {}",
        demonstration.url(),
        demonstration.folder().root().display()
    ));

    let file = chapters::send_payments(&demonstration).await?;
    chapters::send_again(&demonstration, &file).await?;
    chapters::follow_until_settled(&demonstration, &file).await?;
    chapters::reports(&demonstration).await?;
    chapters::what_must_fail(&demonstration).await?;

    let tour = tour::Tour::of(demonstration.folder(), demonstration.serving()).await.map_err(Failure::service)?;
    terminal.line("");
    terminal.line(terminal.paint(Style::Strong, "All of it is yours to repeat"));
    let messages = demonstration.messages().display();
    terminal.line(format_args!("  Every message sent and received lies in {messages}"));
    if keep {
        demonstration.folder().note_url(&demonstration.url()).map_err(Failure::service)?;
        let asked_to_stop = serving::StopSignals::take().map_err(Failure::service)?;
        terminal.line(tour.text());
        terminal.line("Ctrl-C stops the exchange.");
        asked_to_stop.received().await;
    } else {
        // Where the installation listens otherwise, another program does now.
        let address = demonstration.moved_to().map(|address| format!(" --address {address}")).unwrap_or_default();
        let folder = tour::quoted(demonstration.folder().root());
        terminal.line("  The same sandbox, kept running:");
        terminal.line(format_args!("    {} sandbox --dir {folder}{address}", tour::program()));
        terminal.line("\nIn another terminal, in this folder:");
        terminal.line(tour.lines_to_paste());
        terminal.line("Read next: README.md (tour with curl), docs/interface-developers/README.md");
    }
    demonstration.close().await;
    Ok(Exit::Done)
}
