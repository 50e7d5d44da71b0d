//! The `<script>` elements of a page, as a browser finds them.
//!
//! What must always hold: what a browser would not run is not found (comments, other raw text, templates, other
//! types), and reading takes time in proportion to the page, whatever stands in it.

use std::ops::Range;

/// A script element that a browser would run as a classic script.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// Its `src`.
    pub(crate) src: Option<String>,
    /// Where its text stands in the page.
    pub(crate) text: Range<usize>,
}

/// Elements whose contents are text until their own end tag, `script` aside. `noscript` is one where scripts run.
const RAW: [&str; 8] = ["style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// The scripts of a page in its order.
pub(crate) fn scripts(page: &str) -> Vec<Script> {
    let mut scripts = Vec::new();
    let mut reader = Reader { page, at: 0 };
    // What stands in a template is not run.
    let mut templates = 0_usize;
    while let Some(tag) = reader.tag() {
        match tag.name.as_str() {
            "plaintext" if tag.opens => break,
            "template" if tag.opens => templates += 1,
            "template" => templates = templates.saturating_sub(1),
            "script" if tag.opens => {
                let text = reader.script_text();
                if templates == 0 && tag.runs() {
                    scripts.push(Script { src: tag.attribute("src").map(str::to_owned), text });
                }
            }
            name if tag.opens && RAW.contains(&name) => reader.raw_text(name),
            _ => {}
        }
    }
    scripts
}

struct Tag {
    name: String,
    opens: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The first of a name counts.
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is JavaScript that runs as a classic script here.
    fn runs(&self) -> bool {
        let kind = match (self.attribute("type"), self.attribute("language")) {
            (Some(""), _) | (None, None | Some("")) => return self.attribute("nomodule").is_none(),
            (Some(kind), _) => kind.trim_ascii().to_ascii_lowercase(),
            (None, Some(language)) => format!("text/{}", language.to_ascii_lowercase()),
        };
        is_javascript(&kind) && self.attribute("nomodule").is_none()
    }
}

/// The types that a browser takes for JavaScript; one with parameters is none of them.
fn is_javascript(kind: &str) -> bool {
    let Some((group, name)) = kind.split_once('/') else { return false };
    let name = name.strip_prefix("x-").unwrap_or(name);
    match group {
        "text" => {
            matches!(name, "javascript" | "ecmascript" | "jscript" | "livescript")
                || name.strip_prefix("javascript1.").is_some_and(|version| {
                    version.len() == 1 && version.bytes().all(|digit| (b'0'..=b'5').contains(&digit))
                })
        }
        "application" => matches!(name, "javascript" | "ecmascript"),
        _ => false,
    }
}

struct Reader<'a> {
    page: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &[u8] {
        self.page.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// Past the next `needle`, or to the end of the page.
    fn skip_past(&mut self, needle: &str) {
        let rest = self.page.get(self.at..).unwrap_or_default();
        self.at = rest.find(needle).map_or(self.page.len(), |found| self.at + found + needle.len());
    }

    /// Up to the next byte that is one of these.
    fn until(&mut self, wanted: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        let length = self.rest().iter().position(|byte| wanted(*byte)).unwrap_or(self.rest().len());
        self.at += length;
        self.page.get(start..self.at).unwrap_or_default().to_owned()
    }

    fn space(&mut self) {
        self.until(|byte| !is_space(byte));
    }

    /// The next tag; comments and declarations are passed over.
    fn tag(&mut self) -> Option<Tag> {
        loop {
            self.skip_past("<");
            match self.rest() {
                [] => return None,
                [b'!', b'-', b'-', ..] => self.comment(),
                [b'!' | b'?', ..] => self.skip_past(">"),
                [b'/', letter, ..] if letter.is_ascii_alphabetic() => {
                    self.at += 1;
                    return Some(self.named_tag(false));
                }
                [b'/', b'>', ..] => self.at += 2,
                [b'/', _, ..] => self.skip_past(">"),
                [letter, ..] if letter.is_ascii_alphabetic() => return Some(self.named_tag(true)),
                _ => {}
            }
        }
    }

    /// Past a comment; `<!-->` and `<!--->` are whole ones, and `--!>` ends one, too.
    fn comment(&mut self) {
        self.at += 3;
        match self.rest() {
            [b'>', ..] => self.at += 1,
            [b'-', b'>', ..] => self.at += 2,
            rest => {
                let end = (0..rest.len()).find_map(|at| match rest.get(at..)? {
                    [b'-', b'-', b'>', ..] => Some(at + 3),
                    [b'-', b'-', b'!', b'>', ..] => Some(at + 4),
                    _ => None,
                });
                self.at += end.unwrap_or(rest.len());
            }
        }
    }

    fn named_tag(&mut self, opens: bool) -> Tag {
        let name = self.until(|byte| is_space(byte) || byte == b'/' || byte == b'>').to_ascii_lowercase();
        let mut attributes = Vec::new();
        loop {
            self.until(|byte| !is_space(byte) && byte != b'/');
            match self.peek() {
                None => break,
                Some(b'>') => {
                    self.at += 1;
                    break;
                }
                Some(_) => attributes.push(self.attribute()),
            }
        }
        Tag { name, opens, attributes }
    }

    fn attribute(&mut self) -> (String, String) {
        let start = self.at;
        // An equals sign at the beginning belongs to the name.
        self.at += 1;
        while !self.page.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.until(|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = self.page.get(start..self.at).unwrap_or_default().to_ascii_lowercase();
        let after_name = self.at;
        self.space();
        if self.peek() != Some(b'=') {
            self.at = after_name;
            return (name, String::new());
        }
        self.at += 1;
        self.space();
        let value = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.until(|byte| byte == quote);
                self.at = self.page.len().min(self.at + 1);
                value
            }
            _ => self.until(|byte| is_space(byte) || byte == b'>'),
        };
        (name, unescaped(&value))
    }

    /// Past raw text and its end tag's name.
    fn raw_text(&mut self, name: &str) {
        while !self.rest().is_empty() {
            self.skip_past("</");
            if begins_with_name(self.rest(), name) {
                // The end tag itself is read as any other.
                self.at -= 2;
                return;
            }
        }
    }

    /// The text of a script, up to its end tag. After `<!--` a `<script` hides the next end tag, as in a browser.
    fn script_text(&mut self) -> Range<usize> {
        let start = self.at;
        let (mut escaped, mut twice) = (false, false);
        loop {
            match self.rest() {
                [] => return start..self.at,
                [b'<', b'!', b'-', b'-', ..] if !escaped => {
                    escaped = true;
                    // The dashes may be those of its end.
                    self.at += 1;
                }
                [b'-', b'-', b'>', ..] => (escaped, twice) = (false, false),
                [b'<', b'/', rest @ ..] if begins_with_name(rest, "script") => {
                    if !twice {
                        return start..self.at;
                    }
                    twice = false;
                }
                [b'<', rest @ ..] if escaped && begins_with_name(rest, "script") => twice = true,
                _ => {}
            }
            self.at += 1;
            self.until(|byte| byte == b'<' || byte == b'-');
        }
    }
}

fn begins_with_name(bytes: &[u8], name: &str) -> bool {
    let here = bytes.get(..name.len()).is_some_and(|here| here.eq_ignore_ascii_case(name.as_bytes()));
    here && bytes.get(name.len()).is_some_and(|after| is_space(*after) || matches!(after, b'/' | b'>'))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// A value of an attribute with what people escape in paths.
fn unescaped(value: &str) -> String {
    const NAMED: [(&str, &str); 6] =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];
    NAMED.iter().fold(value.to_owned(), |value, (escaped, plain)| value.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(page: &str) -> Vec<&str> {
        scripts(page).into_iter().map(|script| &page[script.text]).collect()
    }

    #[test]
    fn what_a_browser_runs_is_found_in_any_spelling() {
        let page = "<!DOCTYPE html><SCRIPT>a</SCRIPT ><script\ttype='text/JavaScript'>b</script\n>\
                    <script type=application/x-javascript async>c</script foo><script language=JavaScript>d</script>\
                    <script type=\"\">e</script><p title='<script>'>x</p><script/>f</script><script>g";
        assert_eq!(texts(page), ["a", "b", "c", "d", "e", "f", "g"]);
    }

    #[test]
    fn what_a_browser_does_not_run_is_not_found() {
        let page = "<!-- <script>1</script> --><!--><script>a</script><!-- --!><script>b</script>\
                    <textarea><script>2</script></textarea><title><script>3</script></title>\
                    <style><script>4</script></style ><noscript><script>5</script></noscript>\
                    <template><script>6</script></template><script type=module>7</script>\
                    <script type='text/template'><script>8</script><script type='text/javascript; x=y'>9</script>\
                    <script nomodule>10</script><?php <script>11</script> ?> 1 < 2 <script>c</script>\
                    <plaintext><script>12</script>";
        assert_eq!(texts(page), ["a", "b", "c"]);
    }

    #[test]
    fn a_scripts_text_ends_where_a_browser_ends_it() {
        assert_eq!(
            texts("<script>var a = '</scripty>' + \"<!--\";</script>"),
            ["var a = '</scripty>' + \"<!--\";"]
        );
        assert_eq!(
            texts("<script><!-- <script> </script> b --></script>"),
            ["<!-- <script> </script> b -->"]
        );
        assert_eq!(texts("<script><!--> <script> </script>"), ["<!--> <script> "]);
    }

    #[test]
    fn a_src_is_read_in_any_quoting() {
        let src = |page: &str| scripts(page).remove(0).src;
        assert_eq!(src("<script src=a.js></script>"), Some("a.js".to_owned()));
        assert_eq!(src("<script SRC = 'a b.js' src=c></script>"), Some("a b.js".to_owned()));
        assert_eq!(
            src("<script data-a=\"x > y\" src=\"a.js?x=1&amp;y=2\">"),
            Some("a.js?x=1&y=2".to_owned())
        );
        assert_eq!(src("<script src>"), Some(String::new()));
        assert_eq!(src("<script a=/>x</script>"), None);
    }
}
