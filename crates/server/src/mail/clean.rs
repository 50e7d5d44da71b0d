//! What strangers wrote, without what only a machine would read: controls, and marks that turn text around.
//!
//! What must always hold: a line of one text never becomes two, and nothing in it changes the order of what stands
//! around it (threats 27, 35).

/// Text of several lines: `\n` alone parts them, and of the controls only it and the tab stay.
pub(super) fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars().map(|c| if parts_lines(c) { '\n' } else { c }).filter(|&c| stays(c)).collect()
}

/// The same on one line, without spaces at its ends, of at most `most` characters.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let line = lines(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// The same for a header: what would be read there as an encoded word no longer is one.
pub(super) fn header(text: &str, most: usize) -> String {
    one_line(text, most).replace("=?", "= ?")
}

/// Does a line of this turn the words around it, unless it stands apart?
pub(super) fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}' | '\u{200f}')
    })
}

/// For HTML, in text and in attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn parts_lines(c: char) -> bool {
    matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn stays(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        // Embeddings, overrides and isolates; annotations; the byte order mark; what Unicode calls no character.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}' | '\u{feff}' => false,
        '\u{fdd0}'..='\u{fdef}' => false,
        c => !c.is_control() && u32::from(c) & 0xfffe != 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_27_controls_and_what_turns_text_around_are_gone() {
        let odd = "a\0b\u{7}c\u{1b}[31md\u{7f}e\u{9b}f\u{202e}g\u{2066}h\u{2069}i\u{feff}j\u{fff9}k\u{ffff}l\u{1fffe}m";
        assert_eq!(lines(odd), "abc[31mdefghijklm");
        assert_eq!(
            lines("👩\u{200d}🔧 نیم\u{200c}فاصله\tx"),
            "👩\u{200d}🔧 نیم\u{200c}فاصله\tx",
            "joiners are of the word"
        );
    }

    #[test]
    fn threats_35_every_kind_of_new_line_is_one_and_none_is_left_on_one_line() {
        let many = "1\r\n2\r3\n4\u{b}5\u{c}6\u{85}7\u{2028}8\u{2029}9";
        assert_eq!(lines(many), "1\n2\n3\n4\n5\n6\n7\n8\n9");
        assert_eq!(one_line(many, 200), "1 2 3 4 5 6 7 8 9");
        assert_eq!(header("x\r\nBcc: b@b.test =?utf-8?q?y?=", 200), "x Bcc: b@b.test = ?utf-8?q?y?=");
    }

    #[test]
    fn a_line_is_cut_by_characters() {
        assert_eq!(one_line("  ж  ж ", 3), "ж ж");
        assert_eq!(one_line("жжжж", 3), "жж…");
    }

    #[test]
    fn threats_27_every_mark_of_html_is_escaped() {
        assert_eq!(escape(r#"<a b="c" d='e'>&amp;"#), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
    }
}
