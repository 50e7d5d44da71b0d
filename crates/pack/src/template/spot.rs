//! Where in the HTML a printed value lands, as far as the text before it tells: quoted or not.
//!
//! A value in an attribute without quotes ends at its first white space, and what follows would be an attribute of its
//! own (`onclick=…`); so there white space is escaped, too. What no escaping can do: keep an empty value from taking the
//! next attribute for its own, make a value harmless that is a whole attribute (`<div <%= x %>>`), a tag's name, code
//! (an `on…` attribute, `<script>`, `<style>`) or an address (`javascript:`). Where a tag's parts come from branches, the
//! guess may be wrong; then white space is escaped where it need not be, which HTML reads as the same.

/// Where the text so far ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// Between tags.
    Text,
    /// After a `<` that may open a tag.
    Less,
    /// In a tag.
    Tag,
    /// After an attribute's `=`.
    Equals,
    /// In a value without quotes.
    Value,
    /// In a value with this quote.
    Quoted(u8),
}

impl Spot {
    pub(super) fn after(self, text: &str) -> Self {
        text.bytes().fold(self, Self::step)
    }

    pub(super) fn after_print(self) -> Self {
        match self {
            Self::Equals => Self::Value,
            Self::Less => Self::Tag,
            other => other,
        }
    }

    pub(super) fn is_unquoted(self) -> bool {
        matches!(self, Self::Equals | Self::Value)
    }

    fn step(self, byte: u8) -> Self {
        let space = byte.is_ascii_whitespace();
        match self {
            Self::Text if byte == b'<' => Self::Less,
            Self::Less if byte.is_ascii_alphabetic() => Self::Tag,
            Self::Less if byte != b'<' => Self::Text,
            Self::Tag | Self::Equals | Self::Value if byte == b'>' => Self::Text,
            Self::Tag if byte == b'=' => Self::Equals,
            Self::Equals if byte == b'"' || byte == b'\'' => Self::Quoted(byte),
            Self::Equals if !space => Self::Value,
            Self::Value if space => Self::Tag,
            Self::Quoted(quote) if byte == quote => Self::Tag,
            same => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Spot;

    fn unquoted(text: &str) -> bool {
        Spot::Text.after(text).is_unquoted()
    }

    #[test]
    fn tells_quoted_values_from_others() {
        for text in ["<a href=", "<a href = ", "<a href=x", "<a b='c' d=e=", "<a b=\"=\" c=", "<p><i a\n=\n"]
        {
            assert!(unquoted(text), "{text}");
        }
        for text in ["a = ", "<a b=\"c=", "<a b=c ", "<a b=c>d=", "1 < 2 = ", "</a b=", "<a b='c'", "<a b"] {
            assert!(!unquoted(text), "{text}");
        }
        assert!(Spot::Text.after("<a b=").after_print().after("-").is_unquoted());
    }
}
