//! What the exchange warns of: its answers name what it will refuse later, above all that certificate or registration end.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::{WARNINGS_MAX, Warning, headers};
use reqwest::header::HeaderMap;

type Listener = Arc<dyn Fn(&Warning) + Send + Sync>;

/// Warnings of all clones of a client.
#[derive(Clone, Default)]
pub(crate) struct Warnings {
    listener: Option<Listener>,
    known: Arc<Mutex<Known>>,
}

#[derive(Default)]
struct Known {
    /// Of the latest answer.
    latest: Vec<Warning>,
    /// What the listener has been told: code and last day, not the days left, which fall daily.
    told: HashSet<(String, Option<String>)>,
}

impl Warnings {
    pub(crate) fn listening(listener: impl Fn(&Warning) + Send + Sync + 'static) -> Warnings {
        Warnings { listener: Some(Arc::new(listener)), known: Arc::default() }
    }

    /// Takes what an answer says.
    pub(crate) fn hear(&self, answer: &HeaderMap) {
        let fields = answer.get_all(headers::X_EXCHANGE_WARNING).iter().filter_map(|field| field.to_str().ok());
        let latest: Vec<Warning> = fields.flat_map(Warning::read).take(WARNINGS_MAX).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut new = Vec::new();
        for warning in &latest {
            if known.told.len() < WARNINGS_MAX && known.told.insert((warning.code.clone(), warning.ends.clone())) {
                new.push(warning.clone());
            }
        }
        known.latest = latest;
        drop(known);
        if let Some(listener) = &self.listener {
            new.iter().for_each(|warning| listener(warning));
        }
    }

    pub(crate) fn latest(&self) -> Vec<Warning> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).latest.clone()
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Warnings").field("latest", &self.latest()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn answer(field: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(field) = field {
            headers.insert(headers::X_EXCHANGE_WARNING, HeaderValue::from_static(field));
        }
        headers
    }

    #[test]
    fn each_end_is_told_once_although_its_days_fall_and_the_latest_answer_counts() {
        let (tell, told) = std::sync::mpsc::channel();
        let warnings = Warnings::listening(move |warning| drop(tell.send(warning.to_string())));
        for field in [
            Some("TDAM-1071;days=12;ends=\"2026-12-31\""),
            Some("TDAM-1071;days=11;ends=\"2026-12-31\", TDAM-1072;days=40;ends=\"2027-01-28\""),
            None,
            Some("TDAM-1071;days=60;ends=\"2028-12-31\""),
        ] {
            warnings.clone().hear(&answer(field));
            assert_eq!(Warning::list(&warnings.latest()), field.unwrap_or_default());
        }
        assert_eq!(
            told.try_iter().collect::<Vec<String>>(),
            [
                "TDAM-1071;days=12;ends=\"2026-12-31\"",
                "TDAM-1072;days=40;ends=\"2027-01-28\"",
                "TDAM-1071;days=60;ends=\"2028-12-31\""
            ]
        );
    }
}
