//! Refuses what a web page makes a browser send.
//!
//! A browser adds the certificate to whatever any page asks of the exchange, so somebody's page could cancel payments or
//! decide on applications in the name of who holds the certificate. Browsers name the page (`Origin`, Fetch Standard) or
//! how it stands to the exchange (`Sec-Fetch-Site`, Fetch Metadata); programs name neither. What only reads may come from
//! pages: they cannot see the answer.

use axum::extract::Request;
use axum::http::header::{HeaderName, ORIGIN};
use exchange::Failure;
use rulebook::Code;

use crate::answer::Refused;
use crate::bounds::HEADER_SHOWN_CHARS_MAX;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The person typed the address: no page is behind it.
const BY_HAND: &[u8] = b"none";

/// Refuses a request that changes something and comes from a page.
pub(crate) fn of_program(request: &Request) -> Result<(), Refused> {
    if request.method().is_safe() {
        return Ok(());
    }
    let fields = request.headers();
    let site =
        fields.get(SEC_FETCH_SITE).filter(|site| site.as_bytes() != BY_HAND).map(|site| ("Sec-Fetch-Site", site));
    let Some((name, value)) = fields.get(ORIGIN).map(|origin| ("Origin", origin)).or(site) else { return Ok(()) };
    let value: String = String::from_utf8_lossy(value.as_bytes()).chars().take(HEADER_SHOWN_CHARS_MAX).collect();
    Err(Failure::new(Code::RequestOfPage).with_detail(format!("{name}: {value}")).into())
}
