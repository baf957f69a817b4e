//! The description of the service at `/`: its name, its routes, and where clients' staff find help.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::routes::Route;

/// Answer of `/`. Texts are in the language asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ServiceDescription {
    /// The house that runs it.
    pub service: String,
    /// Version of the program.
    pub version: String,
    /// What can be asked for on this listener.
    pub routes: Vec<RouteDescription>,
    /// Where a client's staff find help; absent unless configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportContact>,
}

/// A route.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RouteDescription {
    /// `GET` or `POST`.
    pub method: String,
    /// The path, with its variable parts in braces.
    pub path: String,
    /// Media types of its answers, the usual one first.
    pub answers: Vec<String>,
}

/// Where people of a client find help. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SupportContact {
    /// Who helps.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// E-mail address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Telephone number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Page of the house.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
}

impl RouteDescription {
    /// The route as `/` lists it.
    #[must_use]
    pub fn of(route: &Route) -> RouteDescription {
        let query = route.parameter.map(|name| format!("?{name}={{{name}}}")).unwrap_or_default();
        RouteDescription {
            method: route.method.name().to_owned(),
            path: format!("{}{query}", route.path),
            answers: route.forms.iter().map(|form| form.media_type().to_owned()).collect(),
        }
    }
}

impl SupportContact {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts().next().is_none()
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.email, &self.phone, &self.page]
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
    }
}

/// In one line: `Client support, help@example.org, +371 67000000, https://example.org/help`.
impl std::fmt::Display for SupportContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.parts().collect::<Vec<_>>().join(", "))
    }
}
