//! Which system this is.

use std::fs;

/// What matters about it.
pub(crate) struct System {
    /// As it calls itself.
    pub(crate) name: String,
    /// Has it Debian's packages?
    pub(crate) debian: bool,
}

impl System {
    /// This one.
    pub(crate) fn this() -> Self {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::read(&release)
    }

    fn read(release: &str) -> Self {
        let field = |name: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let family = format!("{} {}", field("ID"), field("ID_LIKE"));
        let debian = family.split_whitespace().any(|name| matches!(name, "debian" | "ubuntu"));
        let name = field("PRETTY_NAME");
        Self { name: if name.is_empty() { std::env::consts::OS.to_owned() } else { name }, debian }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_known() {
        let debian = System::read("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n");
        assert!(debian.debian);
        assert_eq!(debian.name, "Debian GNU/Linux 12 (bookworm)");
        assert!(System::read("ID=ubuntu\nID_LIKE=debian\n").debian);
        assert!(System::read("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n").debian);
    }

    #[test]
    fn others_are_not() {
        assert!(!System::read("ID=fedora\nPRETTY_NAME=\"Fedora Linux 42\"\n").debian);
        assert!(!System::read("ID=notdebian\n").debian);
        assert_eq!(System::read("").name, std::env::consts::OS);
    }
}
