//! Words of others as an alert, a menu or a dialog of the system's may carry them.
//!
//! What must always hold: one line, not long, without a character that has no glyph or that turns the text around it:
//! what strangers write must not look like the system's own words.

/// Characters of the words in an alert.
pub(super) const WORDS: usize = 240;
/// Characters of a name in an alert.
pub(super) const NAME: usize = 80;

/// One clean line of at most `most` characters; `None` where nothing is left of it that can be seen.
pub fn line(text: &str, most: usize) -> Option<String> {
    let mut line = String::new();
    let (mut length, mut gap) = (0, false);
    for c in text.chars().filter(|c| !is_silent(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = length > 0;
            continue;
        }
        let width = 1 + usize::from(gap);
        if length + width > most {
            return Some(cut(line, most));
        }
        if gap {
            line.push(' ');
        }
        line.push(c);
        length += width;
        gap = false;
    }
    line.contains(|c| !is_joiner(c)).then_some(line)
}

/// Makes room for the mark that says there is more.
fn cut(mut line: String, most: usize) -> String {
    while line.chars().count() >= most {
        line.pop();
    }
    line.truncate(line.trim_end().len());
    line.push('…');
    line
}

/// Turns the direction of what follows, or is no character at all.
const fn is_silent(c: char) -> bool {
    matches!(c,
        '\0'
        | '\u{AD}'
        | '\u{61C}'
        | '\u{200B}'
        | '\u{2060}'..='\u{2064}'
        | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{FFFE}' | '\u{FFFF}')
}

/// Scripts and pictures are joined by these; alone they are nothing.
const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_36_words_in_an_alert_are_one_line_without_tricks() {
        for (text, shown) in [
            ("Hello", Some("Hello")),
            ("  Two\r\n\tlines \u{7}", Some("Two lines")),
            ("a\u{0}b", Some("ab")),
            ("\u{202E}gpj.exe\u{202C}", Some("gpj.exe")),
            ("\u{2067}x\u{2069} \u{200F}", Some("x")),
            ("<b>&amp;", Some("<b>&amp;")),
            ("👩\u{200D}👩", Some("👩\u{200D}👩")),
            ("\u{85}\n \u{2028}", None),
            ("A\u{200B}n\u{AD}na", Some("Anna")),
            ("\u{200B}\u{2060} \u{200D}", None),
            ("", None),
        ] {
            assert_eq!(line(text, WORDS).as_deref(), shown, "{text:?}");
        }
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        assert_eq!(line("abcdef", 6).as_deref(), Some("abcdef"));
        assert_eq!(line("abcdefg", 6).as_deref(), Some("abcde…"));
        assert_eq!(line("abcd efg", 6).as_deref(), Some("abcd…"));
        assert_eq!(line(&"ж".repeat(9_000), WORDS).map(|line| line.chars().count()), Some(WORDS));
    }
}
