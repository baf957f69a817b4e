//! Compresses answers with gzip where the client accepts it (RFC 9110, 12.5.3): a report is mostly element names, and
//! shrinks to a tenth or less.
//!
//! The server compresses the whole answer in memory, where it is anyway until delivery; so the short form waits for the
//! client, in memory or in a file. The same answer becomes the same bytes, since they contain nothing of the moment.

use std::io::{self, Write as _};

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt as _;
use protocol::{media, weights};

use crate::bounds;

/// Fast, since it happens for each answer; a higher level makes reports a few per cent shorter.
const LEVEL: u32 = 3;

/// Whether a client wants gzip at least as much as nothing. What it does not name it does not get.
pub(crate) fn accepts_gzip(fields: &HeaderMap) -> bool {
    let (mut gzip, mut identity, mut any) = (None, None, None);
    let fields = fields.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for (name, weight) in weights::weighted(fields) {
        match name {
            _ if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => gzip = Some(weight),
            _ if name.eq_ignore_ascii_case("identity") => identity = Some(weight),
            "*" => any = Some(weight),
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// Compresses an answer that is whole and long enough. One that cannot be compressed stays as it is.
pub(crate) async fn compressed(response: Response) -> Response {
    let length = response.body().size_hint().exact().unwrap_or(0);
    let fields = response.headers();
    // An archive is packed, too long to be held here, and its `Content-Digest` is that of the bytes sent.
    let is_packed = fields.get(CONTENT_TYPE).is_some_and(|value| value == media::ZIP);
    if length < bounds::COMPRESSED_FROM_BYTES || fields.contains_key(CONTENT_ENCODING) || is_packed {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // Bodies of ours are whole and in memory until here.
    let Ok(whole) = body.collect().await else {
        return Response::from_parts(head, Body::empty());
    };
    let whole = whole.to_bytes();
    let short = if length <= bounds::COMPRESSED_AT_ONCE_BYTES {
        gzip(&whole)
    } else {
        let whole = whole.clone();
        tokio::task::spawn_blocking(move || gzip(&whole)).await.unwrap_or_else(|error| Err(io::Error::other(error)))
    };
    match short {
        Ok(short) => {
            head.headers.remove(CONTENT_LENGTH);
            head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Response::from_parts(head, Body::from(short))
        }
        Err(error) => {
            tracing::error!(%error, "an answer could not be compressed");
            Response::from_parts(head, Body::from(whole))
        }
    }
}

fn gzip(whole: &Bytes) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(whole.len() / 8), Compression::new(LEVEL));
    encoder.write_all(whole)?;
    encoder.finish()
}

/// Marks that the form of an answer depends on the client's `Accept` fields, so that no cache in between confuses the
/// forms.
pub(crate) fn vary(response: &mut Response) {
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept, accept-encoding, accept-language"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_given_to_who_accepts_it() {
        let cases: [(&[&str], bool); 15] = [
            (&[], false),
            (&[""], false),
            (&["gzip"], true),
            (&["GZIP"], true),
            (&["x-gzip"], true),
            (&["gzip, deflate, br, zstd"], true),
            (&["br", "gzip;q=0.5"], true),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["gzip;q=0"], false),
            (&["gzip;q=0, *"], false),
            (&["identity"], false),
            (&["identity;q=1, gzip;q=0.5"], false),
            (&["gzip;q=nonsense"], false),
            (&["deflate, br"], false),
        ];
        for (values, expected) in cases {
            let mut fields = HeaderMap::new();
            for value in values {
                fields.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(accepts_gzip(&fields), expected, "{values:?}");
        }
    }
}
