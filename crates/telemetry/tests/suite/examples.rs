//! The examples in `deploy/monitoring` name metrics and labels that there are, and leave out none that is worth an alert.
//! Whether Prometheus takes the rules, `promtool` says in `ci/other-programs.sh`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use telemetry::metrics;

/// Labels that Prometheus adds.
const OF_PROMETHEUS: [&str; 3] = ["instance", "job", "le"];

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/monitoring").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The labels of every series that can be asked for.
fn series() -> BTreeMap<String, &'static [&'static str]> {
    let of = |definition: &'static telemetry::Definition| {
        definition.series_names().into_iter().map(|name| (name, definition.labels))
    };
    metrics::all().flat_map(of).collect()
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// The words of a query that begin like our metrics, each with what stands in the braces behind it.
fn selectors(query: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (place, _) in query.match_indices("tdam_") {
        if query[..place].chars().next_back().is_some_and(is_of_name) {
            continue;
        }
        let rest = &query[place..];
        let (name, behind) = rest.split_at(rest.find(|character| !is_of_name(character)).unwrap_or(rest.len()));
        let matchers =
            behind.strip_prefix('{').and_then(|inside| inside.split_once('}')).map_or("", |(inside, _)| inside);
        found.push((name, matchers));
    }
    found
}

/// The names of labels in `{a="x",b=~"y"}`.
fn labels_of_matchers(matchers: &str) -> Vec<&str> {
    // Every second piece stands between quotes.
    let outside = matchers.split('"').step_by(2);
    outside
        .map(|piece| piece.trim_matches(|character| !is_of_name(character)))
        .filter(|label| !label.is_empty())
        .collect()
}

/// The names of labels in `by (a, b)` and `ignoring(c)`.
fn labels_of_groups(query: &str) -> Vec<&str> {
    let groups = ["by (", "ignoring(", "without ("].into_iter().flat_map(|word| query.split(word).skip(1));
    let inside = groups.filter_map(|behind| behind.split_once(')')).map(|(inside, _)| inside);
    inside.flat_map(|inside| inside.split(',')).map(str::trim).collect()
}

/// Everything that is wrong with the names in a query.
fn wrong_names(query: &str) -> Vec<String> {
    let series = series();
    let (mut wrong, mut known) = (Vec::new(), BTreeSet::from(OF_PROMETHEUS));
    for (name, matchers) in selectors(query) {
        let Some(labels) = series.get(name) else {
            wrong.push(format!("there is no {name}"));
            continue;
        };
        known.extend(labels.iter());
        for label in labels_of_matchers(matchers) {
            if !labels.contains(&label) && !OF_PROMETHEUS.contains(&label) {
                wrong.push(format!("{name} has no label {label}"));
            }
        }
    }
    for label in labels_of_groups(query) {
        if !known.contains(label) {
            wrong.push(format!("nothing has the label {label}"));
        }
    }
    wrong
}

/// Every text with this key, however deep.
fn texts<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(text) if name == key => found.push(text),
                    inner => texts(inner, key, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| texts(inner, key, found)),
        _ => {}
    }
}

/// The queries of the alert rules, as YAML has them: on one line, or indented below it.
fn alert_queries(rules: &str) -> Vec<String> {
    let mut queries: Vec<String> = Vec::new();
    let mut is_within = None;
    for line in rules.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let indent = line.len() - line.trim_start().len();
        match (line.trim_start().strip_prefix("expr:"), is_within) {
            (Some(query), _) => {
                queries.push(query.trim().trim_start_matches('|').to_owned());
                is_within = Some(indent);
            }
            (None, Some(key)) if indent > key => queries.last_mut().unwrap().push_str(line.trim()),
            _ => is_within = None,
        }
    }
    queries
}

#[test]
fn alert_rules_name_what_there_is_and_all_that_is_worth_one() {
    let rules = example("alerts.yml");
    let queries = alert_queries(&rules);
    assert_eq!(queries.len(), rules.matches("- alert:").count());
    let wrong: Vec<String> = queries.iter().flat_map(|query| wrong_names(query)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");

    let asked: BTreeSet<&str> = queries.iter().flat_map(|query| selectors(query)).map(|(name, _)| name).collect();
    for definition in metrics::all().filter(|definition| !definition.alert.is_empty()) {
        let is_asked = definition.series_names().iter().any(|name| asked.contains(name.as_str()));
        assert!(is_asked, "no rule for {}: {}", definition.exposed_name(), definition.alert);
    }
}

#[test]
fn the_dashboard_names_what_there_is_and_shows_all_of_it() {
    let dashboard: Value = serde_json::from_str(&example("dashboard.json")).unwrap();
    let mut queries = Vec::new();
    texts(&dashboard, "expr", &mut queries);
    assert!(queries.len() > 30, "{queries:?}");
    let wrong: Vec<String> = queries.iter().flat_map(|query| wrong_names(query)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");

    let asked: BTreeSet<&str> = queries.iter().flat_map(|query| selectors(query)).map(|(name, _)| name).collect();
    let by_alert_only = ["tdam_alive", "tdam_started_timestamp_seconds", "tdam_checked_timestamp_seconds"];
    for definition in metrics::all() {
        let name = definition.exposed_name();
        let is_asked = definition.series_names().iter().any(|series| asked.contains(series.as_str()));
        assert_ne!(is_asked, by_alert_only.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn a_name_that_does_not_exist_is_noticed() {
    for (query, wrong) in [
        ("sum(rate(tdam_store_commits[5m]))", "there is no tdam_store_commits"),
        ("tdam_lots{route=\"sepa\"}", "tdam_lots has no label route"),
        ("sum by (client) (tdam_lots)", "nothing has the label client"),
    ] {
        assert_eq!(wrong_names(query), [wrong]);
    }
    assert!(wrong_names("max by (stage) (tdam_lots{stage=~\"held|dispatched\", instance=\"a,b\"}) > 1").is_empty());
}
