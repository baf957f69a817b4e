//! Lays a message out for reading: one element a line, two blanks a level.

/// Lays out what our writers wrote: tags and text alone, white space between tags without meaning.
pub(super) fn indented(xml: &str) -> String {
    let mut laid_out = String::with_capacity(xml.len() * 2);
    let mut level = 0_usize;
    let mut after_text = false;
    for piece in xml.split_inclusive('>') {
        let Some((text, tag)) = piece.split_once('<') else { continue };
        after_text = if tag.starts_with('/') {
            level = level.saturating_sub(1);
            // An end right behind its start belongs to its line, be there text or not.
            if after_text {
                laid_out.push_str(text);
            } else {
                begin_line(&mut laid_out, level);
            }
            false
        } else {
            begin_line(&mut laid_out, level);
            let holds_more = !tag.starts_with('?') && !tag.ends_with("/>");
            level += usize::from(holds_more);
            holds_more
        };
        laid_out.push('<');
        laid_out.push_str(tag);
    }
    laid_out.push('\n');
    laid_out
}

fn begin_line(laid_out: &mut String, level: usize) {
    if !laid_out.is_empty() {
        laid_out.push('\n');
    }
    for _ in 0..level {
        laid_out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn elements_stand_on_lines_of_their_own_and_text_stays_as_it_is() {
        let written = "<?v 1?>\n<A x=\"1\"><B>a  b</B>\n<C><D/><E> </E></C></A>";
        let expected = "<?v 1?>\n<A x=\"1\">\n  <B>a  b</B>\n  <C>\n    <D/>\n    <E> </E>\n  </C>\n</A>\n";
        assert_eq!(indented(written), expected);
    }
}
