//! The house's plan: `pack ← {api, server}`, `wire ← vault ← {client, api, server}`, `preview ← {api, src-tauri}`,
//! `wire ← core ← {store, client} ← api ← src-tauri`, `db ← {store, server}`,
//! `wire ← server ← src-tauri/host.rs`, `testkit → all but the shell`, `tests → everything, from outside`.

use super::manifest::{Dependency, Manifest};

/// A package and those of ours that it may look at.
const PLAN: &[(&str, &[&str])] = &[
    ("deskbell-wire", &[]),
    ("deskbell-db", &[]),
    ("deskbell-pack", &[]),
    ("deskbell-preview", &[]),
    ("deskbell-vault", &["wire"]),
    ("xtask", &[]),
    ("deskbell-core", &["wire"]),
    ("deskbell-store", &["core", "db", "wire"]),
    ("deskbell-client", &["core", "vault", "wire"]),
    ("deskbell-api", &["client", "core", "pack", "preview", "store", "vault", "wire"]),
    ("deskbell-server", &["db", "pack", "vault", "wire"]),
    ("deskbell", &["api", "pack", "preview", "server", "wire"]),
    ("deskbell-testkit", &["api", "client", "core", "db", "pack", "server", "store", "vault", "wire"]),
    (
        "deskbell-tests",
        &["api", "client", "core", "db", "pack", "server", "store", "testkit", "vault", "wire"],
    ),
];

/// A library that only these of ours may name: where the outside world comes in.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("tauri", &["deskbell"]),
    ("tauri-build", &["deskbell"]),
    ("rusqlite", &["deskbell-db", "deskbell-store", "deskbell-server", "deskbell-testkit"]),
    ("axum", &["deskbell-server", "deskbell-testkit"]),
    (
        "tokio",
        &[
            "deskbell",
            "deskbell-api",
            "deskbell-client",
            "deskbell-server",
            "deskbell-testkit",
            "deskbell-tests",
        ],
    ),
];

/// The one file of the shell that knows the desk.
const DOOR: &str = "host.rs";

/// Everything about this manifest that is against the plan, a sentence each.
pub(super) fn breaches(manifest: &Manifest) -> Vec<String> {
    let package = manifest.package.as_str();
    let Some((_, allowed)) = PLAN.iter().find(|(name, _)| *name == package) else {
        return vec![format!("{package} has no place in the plan (crates/xtask/src/layering/plan.rs).")];
    };
    let against = manifest.dependencies.iter().filter(|dependency| !may(package, allowed, dependency));
    against.map(|dependency| format!("{package} may not look at {}.", dependency.name)).collect()
}

fn may(package: &str, allowed: &[&str], dependency: &Dependency) -> bool {
    if let Some(ours) = dependency.name.strip_prefix("deskbell-") {
        return allowed.contains(&ours) || (dependency.dev && ours == "testkit");
    }
    let outside = OUTSIDE.iter().find(|(name, _)| *name == dependency.name);
    dependency.name != "deskbell"
        && (dependency.dev || outside.is_none_or(|(_, users)| users.contains(&package)))
}

/// Does a file of the shell name the desk's crate without being the door?
pub(super) fn opens_the_desk(file: &str, text: &str) -> Option<String> {
    (file != DOOR && text.contains("deskbell_server"))
        .then(|| format!("src-tauri/{file} names deskbell_server; only src-tauri/{DOOR} may."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(package: &str, dependencies: &[(&str, bool)]) -> Manifest {
        let dependency = |&(name, dev): &(&str, bool)| Dependency { name: name.to_owned(), dev };
        Manifest { package: package.to_owned(), dependencies: dependencies.iter().map(dependency).collect() }
    }

    #[test]
    fn the_plan_itself_is_allowed() {
        for (package, allowed) in PLAN {
            let all: Vec<String> = allowed.iter().map(|name| format!("deskbell-{name}")).collect();
            let pairs: Vec<_> = all.iter().map(|name| (name.as_str(), false)).collect();
            assert!(breaches(&manifest(package, &pairs)).is_empty(), "{package}");
        }
    }

    #[test]
    fn a_forbidden_edge_is_caught() {
        for (package, dependency) in [
            ("deskbell-wire", "deskbell-core"),
            ("deskbell-wire", "tokio"),
            ("deskbell-core", "deskbell-store"),
            ("deskbell-core", "rusqlite"),
            ("deskbell-client", "deskbell-store"),
            ("deskbell-api", "deskbell-server"),
            ("deskbell-server", "deskbell-core"),
            ("deskbell-client", "deskbell-testkit"),
            ("deskbell-testkit", "deskbell"),
            ("deskbell-tests", "deskbell"),
            ("xtask", "deskbell-wire"),
        ] {
            let expected = format!("{package} may not look at {dependency}.");
            assert_eq!(breaches(&manifest(package, &[(dependency, false)])), [expected]);
        }
    }

    #[test]
    fn tests_of_a_crate_may_use_the_testkit_and_nothing_above() {
        assert!(
            breaches(&manifest("deskbell-core", &[("deskbell-testkit", true), ("tokio", true)])).is_empty()
        );
        assert_eq!(breaches(&manifest("deskbell-core", &[("deskbell-api", true)])).len(), 1);
    }

    #[test]
    fn a_crate_without_a_place_is_caught() {
        assert_eq!(breaches(&manifest("deskbell-utils", &[])).len(), 1);
    }

    #[test]
    fn only_the_door_knows_the_desk() {
        assert_eq!(opens_the_desk("host.rs", "use deskbell_server::Desk;"), None);
        assert_eq!(opens_the_desk("windows.rs", "use deskbell_api::Host;"), None);
        assert!(opens_the_desk("windows.rs", "deskbell_server::start()").is_some());
    }
}
