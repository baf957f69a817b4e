//! Decimal numbers of any length, compared as texts of digits: never rounded, never overflowing.

use std::cmp::Ordering;

/// A number kept by the schema: a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// Digits before the point, no leading zeros.
    whole: String,
    /// Digits after the point, no trailing zeros.
    fraction: String,
}

impl Decimal {
    pub(super) fn parse(text: &str) -> Option<Decimal> {
        Shape::of(text.trim()).map(|shape| Decimal {
            negative: shape.negative,
            whole: shape.whole.to_owned(),
            fraction: shape.fraction.to_owned(),
        })
    }

    fn shape(&self) -> Shape<'_> {
        Shape { negative: self.negative, whole: &self.whole, fraction: &self.fraction, has_point: false }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        f.write_str(if self.whole.is_empty() { "0" } else { &self.whole })?;
        if !self.fraction.is_empty() {
            write!(f, ".{}", self.fraction)?;
        }
        Ok(())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.shape().compare(&other.shape()))
    }
}

/// The parts of a number in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'t> {
    /// Below zero (never for zero itself).
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
    /// A point was written.
    pub(super) has_point: bool,
}

impl<'t> Shape<'t> {
    /// `None` if the text is not a decimal number as XML Schema writes it.
    #[inline]
    pub(super) fn of(text: &'t str) -> Option<Shape<'t>> {
        let bytes = text.as_bytes();
        let (sign, mut at) = match bytes.first()? {
            b'-' => (true, 1),
            b'+' => (false, 1),
            _ => (false, 0),
        };
        while bytes.get(at) == Some(&b'0') {
            at += 1;
        }
        let zeros = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        let whole = &text[zeros..at];
        let has_point = bytes.get(at) == Some(&b'.');
        let mut fraction = "";
        if has_point {
            let start = at + 1;
            at = start;
            let mut significant = start;
            while let Some(b) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
                at += 1;
                if *b != b'0' {
                    significant = at;
                }
            }
            fraction = &text[start..significant];
        }
        // A sign or a point alone is no number.
        let digits = at - usize::from(has_point) - usize::from(matches!(bytes[0], b'+' | b'-'));
        if at != bytes.len() || digits == 0 {
            return None;
        }
        Some(Shape { negative: sign && !(whole.is_empty() && fraction.is_empty()), whole, fraction, has_point })
    }

    #[inline]
    pub(super) fn fraction_digits(&self) -> u64 {
        self.fraction.len() as u64
    }

    /// Digits of the number without leading zeros and trailing zeros of the fraction; of 0.01 those are the
    /// fraction's two, since XML Schema counts the places that the value needs (i × 10^-n with n ≤ totalDigits).
    #[inline]
    pub(super) fn total_digits(&self) -> u64 {
        (self.whole.len() + self.fraction.len()) as u64
    }

    fn compare(&self, other: &Shape<'_>) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            _ => {}
        }
        // Equal lengths of the whole parts make the order of digits the order of texts; fractions compare as texts.
        let size = self
            .whole
            .len()
            .cmp(&other.whole.len())
            .then_with(|| self.whole.cmp(other.whole))
            .then_with(|| self.fraction.cmp(other.fraction));
        if self.negative { size.reverse() } else { size }
    }
}

impl PartialEq<Decimal> for Shape<'_> {
    fn eq(&self, other: &Decimal) -> bool {
        self.compare(&other.shape()) == Ordering::Equal
    }
}

impl PartialOrd<Decimal> for Shape<'_> {
    #[inline]
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.compare(&other.shape()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_what_is_none() {
        for (text, total, fraction) in [
            ("0", 0, 0),
            ("-0.00", 0, 0),
            ("007", 1, 0),
            ("1.50", 2, 1),
            (".5", 1, 1),
            ("5.", 1, 0),
            ("+12.345", 5, 3),
            ("0.01", 2, 2),
        ] {
            let shape = Shape::of(text).map(|s| (s.total_digits(), s.fraction_digits()));
            assert_eq!(shape, Some((total, fraction)), "{text}");
        }
        for text in ["", "+", "-", ".", "-.", "1e3", "1,5", " 1", "1 ", "--1", "1.2.3", "INF", "٣"] {
            assert!(Shape::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn order() {
        let sorted = ["-10.5", "-10.49", "-2", "0", "0.001", "0.01", "1", "9.99", "10", "100"];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                let order = Shape::of(a).zip(Decimal::parse(b)).and_then(|(a, b)| a.partial_cmp(&b));
                assert_eq!(order, Some(i.cmp(&j)), "{a} {b}");
            }
        }
    }
}
