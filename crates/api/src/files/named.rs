//! Files found by what one remembers of their names.
//!
//! What must always hold: what is written is only ever compared, never a pattern or a statement (threats 25); every word
//! counts, in whatever order, and large and small letters are one, in every script. The page looks through lines that it
//! shows in the same way (`ui/model/operator-file-list.ts`).

/// Of what is looked for, so many characters count.
const CHARS: usize = 200;

/// Words that a name holds, each somewhere.
#[derive(Clone)]
pub(crate) struct Named(Vec<String>);

impl Named {
    /// From what a person wrote; without a word in it every name is meant.
    pub(crate) fn new(wanted: &str) -> Self {
        let wanted: String = wanted.chars().take(CHARS).collect();
        Self(folded(&wanted).split_whitespace().map(str::to_owned).collect())
    }

    /// Is every name meant?
    pub(crate) fn is_any(&self) -> bool {
        self.0.is_empty()
    }

    /// Is this one meant?
    pub(crate) fn finds(&self, name: &str) -> bool {
        let name = folded(name);
        self.0.iter().all(|word| name.contains(word.as_str()))
    }
}

/// As people look for it: Russian is written without the dots as often as with them.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_parts_of_its_name_in_any_script() {
        for (wanted, name) in [
            ("invoice", "invoice_2026.pdf"),
            ("2026 INV", "Invoice_2026.pdf"),
            ("счет", "Счёт за май.pdf"),
            ("СЧЁТ май", "счет за МАЙ.pdf"),
            ("größe", "GRÖSSE GRÖßE.txt"),
            (".pdf", "a.pdf"),
            ("  ", "anything"),
        ] {
            assert!(Named::new(wanted).finds(name), "{wanted}: {name}");
        }
        for (wanted, name) in
            [("invoice may", "invoice_2026.pdf"), ("%", "a.pdf"), ("_", "a.pdf"), ("a*", "ab.pdf")]
        {
            assert!(!Named::new(wanted).finds(name), "{wanted}: {name}");
        }
        assert!(Named::new(" \t").is_any() && !Named::new("a").is_any());
    }
}
