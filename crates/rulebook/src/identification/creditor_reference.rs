//! The international creditor reference (ISO 11649): `RF18539007547034`.

use super::mod97::continue_remainder;

/// Whether a reference that begins with `RF` has the form and the check digits of ISO 11649; `None` when it does not
/// begin with `RF`, and therefore is a reference of another kind.
#[must_use]
pub fn has_right_check_digits(reference: &str) -> Option<bool> {
    let bytes = reference.as_bytes();
    let (head, body) = bytes.split_at_checked(4)?;
    if !head.starts_with(b"RF") {
        return None;
    }
    let form = head[2..].iter().all(u8::is_ascii_digit)
        && (1..=21).contains(&body.len())
        && body.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    Some(form && continue_remainder(continue_remainder(0, body), head) == 1)
}
