//! Prints the status of a message.

use client::{MessageOverview, ReasonText};

use super::{Rest, grouped};
use crate::terminal::{Cell, Column, Style, Table, Terminal, words};

/// Blocks that are listed; a message of thousands of blocks is not.
const BLOCKS_SHOWN_MAX: usize = 20;
/// Status of a message that was received and is not judged yet.
const RECEIVED: &str = "RCVD";
/// Refused payments that are listed.
const REFUSALS_SHOWN_MAX: usize = 100;

/// Prints the overview: the message, its status, its blocks, and each refused payment with its reason, up to bounds.
pub(crate) fn print(overview: &MessageOverview, rest: Rest<'_>, terminal: &Terminal) {
    let mut facts = Table::new([Column::new(""), Column::wrapped("")]);
    let mut fact = |name, cell: Cell| facts.row([Cell::styled(Style::Faint, terminal.say(name)), cell]);
    fact(words::MESSAGE, format!("{} ({})", overview.message_id, overview.message_type).into());
    fact(words::STATUS, status_cell(&overview.status, terminal));
    let payments = grouped(&overview.number_of_transactions.to_string());
    let sum = overview.control_sum.as_deref().map(|sum| format!(", {} {}", terminal.say(words::SUM), grouped(sum)));
    fact(words::PAYMENTS_HEAD, format!("{payments}{}", sum.unwrap_or_default()).into());
    for count in &overview.counts {
        let currency = count.currency.as_deref().unwrap_or_default();
        let sum = count
            .total
            .as_deref()
            .map_or_else(String::new, |total| format!(", {} {} {currency}", terminal.say(words::SUM), grouped(total)));
        let text = format!("{}{}", grouped(&count.count.to_string()), sum.trim_end());
        let meaning = words::of_status(&count.status).map_or(words::STATUS, |meaning| meaning);
        facts.row([
            Cell::styled(Style::Faint, format_args!("  {} {}", count.status, terminal.say(meaning))),
            Cell::styled(style(&count.status), text),
        ]);
    }
    let mut fact = |name, cell: Cell| facts.row([Cell::styled(Style::Faint, terminal.say(name)), cell]);
    // Of a message that is not judged yet nothing is accepted and nothing refused.
    if overview.status != RECEIVED {
        let accepted = overview.number_of_transactions.saturating_sub(overview.refused_total);
        let look = if accepted > 0 { Style::Good } else { Style::Plain };
        fact(words::ACCEPTED, Cell::styled(look, grouped(&accepted.to_string())));
        let look = if overview.refused_total > 0 { Style::Bad } else { Style::Plain };
        fact(words::REFUSED, Cell::styled(look, grouped(&overview.refused_total.to_string())));
    }
    if let Some(reason) = &overview.reason {
        fact(words::REASON, sentences(reason, &overview.further_reasons).into());
    }
    terminal.table(&facts);
    blocks(overview, rest, terminal);
    refusals(overview, rest, terminal);
}

fn blocks(overview: &MessageOverview, rest: Rest<'_>, terminal: &Terminal) {
    if overview.blocks.is_empty() {
        return;
    }
    let mut columns = vec![
        Column::new(terminal.say(words::BLOCK)),
        Column::new(terminal.say(words::STATUS)),
        Column::right(terminal.say(words::PAYMENTS_HEAD)),
        Column::right(terminal.say(words::REFUSED)),
    ];
    let shown = overview.blocks.iter().take(BLOCKS_SHOWN_MAX);
    let with_reasons = shown.clone().any(|block| block.reason.is_some() || !block.notices.is_empty());
    if with_reasons {
        columns.push(Column::wrapped(terminal.say(words::REASON)));
    }
    let mut table = Table::new(columns);
    for block in shown {
        let all: u64 = block.counts.iter().map(|count| count.count).sum();
        let refused: u64 = block.counts.iter().filter(|count| count.status == "RJCT").map(|count| count.count).sum();
        let number = |number: u64| if number == 0 { String::new() } else { grouped(&number.to_string()) };
        let mut row = vec![
            (&block.payment_information_id).into(),
            Cell::styled(style(&block.status), &block.status),
            number(all).into(),
            Cell::styled(Style::Bad, number(refused)),
        ];
        if with_reasons {
            // Notices are no refusals, but people want them: they say on which day the money goes.
            let reasons = block.reason.iter().chain(&block.further_reasons).chain(&block.notices);
            row.push(reasons.map(sentence).collect::<Vec<_>>().join(" ").into());
        }
        table.row(row);
    }
    terminal.line("");
    terminal.table(&table);
    more(overview.blocks.len() as u64, BLOCKS_SHOWN_MAX as u64, rest, terminal);
}

fn refusals(overview: &MessageOverview, rest: Rest<'_>, terminal: &Terminal) {
    if overview.refused.is_empty() {
        return;
    }
    let mut table = Table::new([
        Column::right(terminal.say(words::LINE)),
        Column::new("EndToEndId"),
        Column::new("ISO"),
        Column::new(terminal.say(words::CODE)),
        Column::wrapped(terminal.say(words::REASON)),
    ]);
    let mut shown = 0;
    for refusal in overview.refused.iter().take(REFUSALS_SHOWN_MAX) {
        shown += refusal.count;
        let range = if refusal.count > 1 { format!(" … ({})", refusal.count) } else { String::new() };
        table.row([
            refusal.line.map(|line| line.to_string()).unwrap_or_default().into(),
            format!("{}{range}", refusal.end_to_end_id.as_deref().unwrap_or_default()).into(),
            Cell::styled(Style::Bad, refusal.reason.iso_reason.as_deref().unwrap_or_default()),
            (&refusal.reason.code).into(),
            with_further(refusal.reason.text.clone(), &refusal.further_reasons).into(),
        ]);
    }
    terminal.line("");
    terminal.line(terminal.paint(Style::Strong, terminal.say(words::REFUSED_PAYMENTS)));
    terminal.table(&table);
    more(overview.refused_total, shown, rest, terminal);
}

fn more(all: u64, shown: u64, rest: Rest<'_>, terminal: &Terminal) {
    if all > shown {
        let (more, all_of_them) = (terminal.say(words::MORE), terminal.say(words::ALL_OF_THEM));
        terminal.line(format_args!("… {} {more} ({all_of_them}: {rest})", all - shown));
    }
}

fn sentences(reason: &ReasonText, further: &[ReasonText]) -> String {
    with_further(sentence(reason), further)
}

/// Of several reasons the first gives the codes, the others follow it in its text.
fn with_further(first: String, further: &[ReasonText]) -> String {
    further.iter().fold(first, |text, reason| format!("{text} {}", sentence(reason)))
}

fn sentence(reason: &ReasonText) -> String {
    let codes = [reason.iso_reason.as_deref().unwrap_or_default(), &reason.code];
    let codes: Vec<_> = codes.into_iter().filter(|code| !code.is_empty()).collect();
    format!("{} {}", codes.join(" "), reason.text)
}

fn status_cell(status: &str, terminal: &Terminal) -> Cell {
    let meaning = words::of_status(status).map(|text| format!(" – {}", terminal.say(text))).unwrap_or_default();
    Cell::styled(style(status), format_args!("{status}{meaning}"))
}

fn style(status: &str) -> Style {
    match status {
        "RJCT" | "CANC" => Style::Bad,
        "PART" | "PDNG" | "RCVD" => Style::Waiting,
        _ => Style::Good,
    }
}
