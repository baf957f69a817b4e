//! Compares an answer with what a case expects. An object of one of the names below is a condition; any other object lists members that
//! must be there, and says nothing about others.

use serde_json::Value;

/// Whether the answer is as expected; otherwise where it is not, and why.
pub(super) fn check(expected: &Value, actual: &Value, place: &str) -> Result<(), String> {
    if let Some((name, operand)) = condition(expected) {
        return if holds(name, operand, actual, place)? {
            Ok(())
        } else {
            Err(format!("{place}: {} is not {name} {}", shown(actual), shown(operand)))
        };
    }
    match (expected, actual) {
        (Value::Object(members), Value::Object(found)) => {
            for (name, member) in members {
                check(member, found.get(name).unwrap_or(&Value::Null), &format!("{place}.{name}"))?;
            }
            Ok(())
        }
        (Value::Array(elements), Value::Array(found)) if elements.len() == found.len() => {
            let mut pairs = elements.iter().zip(found).enumerate();
            pairs.try_for_each(|(at, (element, found))| check(element, found, &format!("{place}[{at}]")))
        }
        (expected, actual) if expected == actual => Ok(()),
        // Variables become text; numbers are compared by what they say.
        (Value::String(text), Value::Number(number)) if *text == number.to_string() => Ok(()),
        _ => Err(format!("{place}: {} is there, {} was expected", shown(actual), shown(expected))),
    }
}

const CONDITIONS: [&str; 9] =
    ["one_of", "not", "contains", "contains_not", "at_least", "at_most", "present", "length", "has"];

fn condition(expected: &Value) -> Option<(&str, &Value)> {
    let members = expected.as_object().filter(|members| members.len() == 1)?;
    let (name, operand) = members.iter().next()?;
    CONDITIONS.contains(&name.as_str()).then_some((name.as_str(), operand))
}

fn holds(name: &str, operand: &Value, actual: &Value, place: &str) -> Result<bool, String> {
    let numbers = || Some((actual.as_f64()?, number(operand)?));
    Ok(match name {
        "one_of" => operand.as_array().is_some_and(|all| all.iter().any(|one| check(one, actual, place).is_ok())),
        "not" => check(operand, actual, place).is_err(),
        "contains" | "contains_not" => {
            let text = actual.as_str().map_or_else(|| actual.to_string(), str::to_owned);
            let contains = operand.as_str().is_some_and(|part| text.contains(part));
            contains == (name == "contains")
        }
        "at_least" => numbers().is_some_and(|(actual, bound)| actual >= bound),
        "at_most" => numbers().is_some_and(|(actual, bound)| actual <= bound),
        "present" => actual.is_null() != operand.as_bool().unwrap_or(true),
        "length" => {
            let length = actual.as_array().map(Vec::len).or_else(|| actual.as_object().map(serde_json::Map::len));
            length.is_some_and(|length| number(operand) == Some(length as f64))
        }
        "has" => actual.as_array().is_some_and(|all| all.iter().any(|one| check(operand, one, place).is_ok())),
        other => return Err(format!("{place}: there is no condition `{other}`")),
    })
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// A value, shortened.
pub(super) fn shown(value: &Value) -> String {
    const CHARS_MAX: usize = 600;
    let text = value.to_string();
    if text.chars().count() <= CHARS_MAX { text } else { text.chars().take(CHARS_MAX).chain("…".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_that_are_not_expected_do_not_matter_and_others_do() {
        let actual = json!({ "ok": { "outcome": "answer", "count": 3, "list": [{ "code": "A" }, { "code": "B" }] } });
        for expected in [
            json!({ "ok": {} }),
            json!({ "ok": { "outcome": "answer", "count": "3" } }),
            json!({ "ok": { "outcome": { "one_of": ["answer", "receipt"] }, "count": { "at_least": 3 } } }),
            json!({ "ok": { "list": { "has": { "code": "B" } }, "other": { "present": false } } }),
            json!({ "ok": { "list": { "length": 2 }, "outcome": { "contains": "ans" } } }),
            json!({ "ok": { "count": { "not": 4 } } }),
        ] {
            assert_eq!(check(&expected, &actual, "answer"), Ok(()), "{expected}");
        }
        for expected in [
            json!({ "error": {} }),
            json!({ "ok": { "outcome": "receipt" } }),
            json!({ "ok": { "count": { "at_most": 2 } } }),
            json!({ "ok": { "list": [{ "code": "A" }] } }),
            json!({ "ok": { "outcome": { "contains_not": "ans" } } }),
            json!({ "ok": { "count": { "present": false } } }),
        ] {
            assert!(check(&expected, &actual, "answer").is_err(), "{expected}");
        }
    }
}
