//! As much of a Cargo.toml as layering needs: whose it is, and what it depends on.

/// A package and its dependencies.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The package's name.
    pub(super) package: String,
    /// What it depends on.
    pub(super) dependencies: Vec<Dependency>,
}

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The package's real name, whatever it is called here.
    pub(super) name: String,
    /// Only for this package's own tests and benchmarks?
    pub(super) dev: bool,
}

/// What a line belongs to.
enum Section {
    Package,
    /// `[dependencies]` and its kin: a dependency a line.
    Dependencies {
        dev: bool,
    },
    /// `[dependencies.name]`: one dependency over several lines.
    Dependency {
        dev: bool,
        name: String,
    },
    Other,
}

/// Reads it line by line.
pub(super) fn read(text: &str) -> Manifest {
    let mut manifest = Manifest::default();
    let mut section = Section::Other;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[') {
            section = open(header.split(']').next().unwrap_or_default(), line);
            if let Section::Dependency { dev, name } = &section {
                manifest.dependencies.push(Dependency { name: name.clone(), dev: *dev });
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        take(&mut manifest, &section, key.trim(), value.trim());
    }
    manifest
}

/// `dependencies`, `target.'cfg(unix)'.dev-dependencies`, `build-dependencies.name` …
fn open(header: &str, line: &str) -> Section {
    // A target's condition may hold a `]`; what matters stands after it.
    let header = line.rsplit_once("'.").map_or(header, |(_, rest)| rest.trim_end_matches(']'));
    let (kind, name) = header.split_once('.').map_or((header, None), |(kind, name)| (kind, Some(name)));
    let dev = kind == "dev-dependencies";
    match (kind, name) {
        ("package", None) => Section::Package,
        ("dependencies" | "dev-dependencies" | "build-dependencies", None) => Section::Dependencies { dev },
        ("dependencies" | "dev-dependencies" | "build-dependencies", Some(name)) => {
            Section::Dependency { dev, name: unquoted(name) }
        }
        _ => Section::Other,
    }
}

fn take(manifest: &mut Manifest, section: &Section, key: &str, value: &str) {
    match section {
        Section::Package if key == "name" => manifest.package = unquoted(value),
        Section::Dependencies { dev } => {
            let called = key.split('.').next().unwrap_or(key);
            manifest
                .dependencies
                .push(Dependency { name: renamed(value).unwrap_or_else(|| unquoted(called)), dev: *dev });
        }
        Section::Dependency { .. } if key == "package" => {
            if let Some(last) = manifest.dependencies.last_mut() {
                last.name = unquoted(value);
            }
        }
        _ => {}
    }
}

/// `{ package = "real-name", … }`
fn renamed(value: &str) -> Option<String> {
    let (_, after) = value.split_once("package")?;
    let quoted = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    quoted.split('"').next().map(str::to_owned)
}

fn unquoted(value: &str) -> String {
    let value = value.split('#').next().unwrap_or(value);
    value.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, bool)> {
        read(text).dependencies.into_iter().map(|dependency| (dependency.name, dependency.dev)).collect()
    }

    #[test]
    fn every_way_of_writing_a_dependency() {
        let text = r#"
[package]
name = "deskbell-core" # ours

[lints]
workspace = true

[dependencies]
# comment = "no"
deskbell-wire.workspace = true
serde = { version = "1", features = ["derive"] }
disguise = { package = "deskbell-server", path = "../server" }

[dev-dependencies]
proptest.workspace = true

[target.'cfg(any(unix, target_os = "x[y]"))'.dependencies]
tokio = "1"

[build-dependencies.tauri-build]
version = "2"

[dependencies.hidden]
package = "deskbell-api"
"#;
        let expected = [
            ("deskbell-wire", false),
            ("serde", false),
            ("deskbell-server", false),
            ("proptest", true),
            ("tokio", false),
            ("tauri-build", false),
            ("deskbell-api", false),
        ];
        assert_eq!(read(text).package, "deskbell-core");
        assert_eq!(names(text), expected.map(|(name, dev)| (name.to_owned(), dev)));
    }

    #[test]
    fn the_workspace_table_is_no_dependency() {
        assert!(names("[workspace.dependencies]\ndeskbell-wire = { path = \"crates/wire\" }\n").is_empty());
    }
}
