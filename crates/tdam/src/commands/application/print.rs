//! Applications for people: tables, in Latvian or English.

use protocol::applications::{
    ActAnswer, ActOverview, ApplicationDetail, ApplicationList, ApplicationOverview, ContactForm, EnrolmentCodeAnswer,
    FileOverview, Named,
};

use super::words;
use crate::terminal::{Cell, Column, Style, Table, Terminal};

/// A list.
pub(super) fn list(list: &ApplicationList, terminal: &Terminal) {
    if list.applications.is_empty() {
        terminal.line(terminal.say(words::NO_APPLICATIONS));
        return;
    }
    let mut table = Table::new([
        Column::right(terminal.say(words::NUMBER)),
        Column::new(terminal.say(words::KIND)),
        Column::new(terminal.say(words::STATE)),
        Column::wrapped(terminal.say(words::CLIENT)),
        Column::new(terminal.say(words::ENTERED_BY)),
        Column::new(terminal.say(words::ENTERED_AT)),
    ]);
    for application in &list.applications {
        table.row([
            Cell::styled(Style::Strong, application.id),
            terminal.say(words::of_kind(&application.kind)).into(),
            terminal.say(words::of_state(&application.state)).into(),
            application.client.as_ref().map(|client| client.name.clone()).unwrap_or_default().into(),
            application.entered.by.name.clone().into(),
            application.entered.at.clone().into(),
        ]);
    }
    terminal.table(&table);
    if let Some(before) = list.before {
        terminal.line(format_args!("{}: --before {before}", terminal.say(words::NEXT_PAGE)));
    }
}

/// One with all that a decision needs.
pub(super) fn application(detail: &ApplicationDetail, terminal: &Terminal) {
    let overview = &detail.overview;
    let kind = terminal.say(words::of_kind(&overview.kind));
    let state = terminal.say(words::of_state(&overview.state));
    let head = format!("{} {}: {kind}, {state}", terminal.say(words::APPLICATION), overview.id);
    terminal.line(terminal.paint(Style::Strong, head));
    facts(detail, terminal);
    changes(detail, terminal);
    files(&detail.files, terminal);
    let mut table = Table::new([
        Column::new(terminal.say(words::STEP)),
        Column::new(terminal.say(words::BY)),
        Column::new(terminal.say(words::AT)),
        Column::wrapped(terminal.say(words::DETAIL)),
    ]);
    for step in &detail.steps {
        let by = step.by.as_ref().map_or_else(|| terminal.say(words::EXCHANGE).to_owned(), named);
        let step_word = words::of_step(&step.step).map_or(step.step.as_str(), |word| terminal.say(word));
        table.row([step_word.into(), by.into(), step.at.clone().into(), step.detail.clone().into()]);
    }
    terminal.line("");
    terminal.table(&table);
    if let Some(digest) = &detail.digest {
        terminal.line("");
        terminal.line(format_args!("{}: {digest}", terminal.say(words::DIGEST)));
    }
}

fn named(person: &Named) -> String {
    format!("{} ({})", person.name, person.id)
}

fn facts(detail: &ApplicationDetail, terminal: &Terminal) {
    let ApplicationOverview { client, online_user, .. } = &detail.overview;
    let fact = |name, value: String| terminal.line(format_args!("  {}: {value}", terminal.say(name)));
    if let Some(client) = client {
        fact(words::CLIENT, named(client));
    }
    if let Some(user) = online_user {
        fact(words::ONLINE_USER, user.to_string());
    }
    if let Some(applicant) = &detail.applicant {
        fact(words::APPLICANT, named(applicant));
    }
    if detail.needs_two_operators {
        terminal.line(format_args!("  {}", terminal.say(words::NEEDS_TWO)));
    }
}

fn changes(detail: &ApplicationDetail, terminal: &Terminal) {
    let mut table = Table::new([
        Column::new(terminal.say(words::FIELD)),
        Column::wrapped(terminal.say(words::BEFORE)),
        Column::wrapped(terminal.say(words::AFTER)),
    ]);
    for change in &detail.changes {
        let field = words::of_field(&change.field).map_or(change.field.as_str(), |word| terminal.say(word));
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        table.row([Cell::styled(Style::Strong, field), value(&change.before).into(), Cell::from(value(&change.after))]);
    }
    if !table.is_empty() {
        terminal.line("");
        terminal.table(&table);
    }
}

fn files(files: &[FileOverview], terminal: &Terminal) {
    let mut table = Table::new([
        Column::new(terminal.say(words::FILE)),
        Column::new(terminal.say(words::KIND)),
        Column::right(terminal.say(words::BYTES)),
        Column::wrapped("SHA-256"),
        Column::wrapped(terminal.say(words::SIGNATURE)),
    ]);
    for file in files {
        let verified = |ActOverview { by, at }: &ActOverview| {
            format!("{} {at}: {}", named(by), file.how.as_deref().unwrap_or_default())
        };
        let signature = file.verified.as_ref().map(verified);
        let kind = if file.kind == "signed" { words::SIGNED } else { words::SUPPORTING };
        table.row([
            Cell::styled(Style::Strong, &file.name),
            terminal.say(kind).into(),
            file.size.into(),
            file.sha256.clone().into(),
            signature.unwrap_or_else(|| terminal.say(words::NOT_VERIFIED).to_owned()).into(),
        ]);
    }
    if !table.is_empty() {
        terminal.line("");
        terminal.table(&table);
    }
}

/// What came of an act.
pub(super) fn act(done: &ActAnswer, terminal: &Terminal) {
    let state = terminal.say(words::of_state(&done.state));
    let application = terminal.say(words::APPLICATION);
    match done.id {
        Some(id) => terminal.line(format_args!("{application} {id}: {state}")),
        None => terminal.line(format_args!("{application}: {state}")),
    }
    if done.trial {
        terminal.line(terminal.say(words::ONLY_TRIED));
    }
}

/// A code for a contact person.
pub(super) fn code(made: &EnrolmentCodeAnswer, terminal: &Terminal) {
    let EnrolmentCodeAnswer { code, valid_until, client, online_user, contact } = made;
    let (of, until) = (terminal.say(words::CODE_FOR), terminal.say(words::UNTIL));
    terminal.line(format_args!("{of}: {online_user}, {client}, {until} {valid_until}"));
    terminal.line(format_args!("\n  {}\n", terminal.paint(Style::Strong, code)));
    if let Some(ContactForm { name, email, telephone }) = contact {
        let telephone = telephone.as_deref().unwrap_or_default();
        terminal.line(format_args!("{}: {name}, {email}, {telephone}", terminal.say(words::CONTACT)));
    }
    terminal.line(terminal.say(words::ANOTHER_WAY));
}
