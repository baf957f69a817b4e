//! Values in the path of a request.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use rulebook::Code;

use crate::answer::Refused;

/// The name in a path, decoded. One that is not UTF-8 names nothing: axum would say so in plain text.
pub(crate) struct Name(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Name, Refused> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(name)| Name(name)).map_err(|_| Code::NotFound.into())
    }
}

/// The number in a path. What is none names nothing.
pub(crate) struct Number(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Number, Refused> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(number)| Number(number)).map_err(|_| Code::NotFound.into())
    }
}

/// A number and a name in a path.
pub(crate) struct NumberAndName(pub(crate) i64, pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for NumberAndName {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<NumberAndName, Refused> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path((number, name))| NumberAndName(number, name)).map_err(|_| Code::NotFound.into())
    }
}

/// Two names in a path.
pub(crate) struct TwoNames(pub(crate) String, pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for TwoNames {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<TwoNames, Refused> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path((first, second))| TwoNames(first, second)).map_err(|_| Code::NotFound.into())
    }
}
