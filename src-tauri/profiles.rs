//! Profiles side by side: which desks they know, and which name is free for a further one.
//!
//! What must always hold: nothing of another profile is opened but what it remembers in the clear; a profile that has
//! been at another desk is never handed a new one.

use std::path::Path;

use deskbell_api::profile::DeskKey;
use deskbell_wire::JoinLink;

use crate::profile::{self, Remembered};

/// Characters of a host's name that a profile's name takes over.
const HOST_CHARS: usize = 40;
/// As many profiles for desks at one host are tried for.
const TRIES: usize = 100;

/// Do two links lead to the same site of the same desk?
pub(crate) fn same_desk(one: &Option<JoinLink>, other: &Option<JoinLink>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => DeskKey::of(one) == DeskKey::of(other) && one.site == other.site,
        _ => false,
    }
}

/// The profile for a desk beside this one: the one that goes there already, otherwise a name that nobody has.
pub(crate) fn beside(root: &Path, face: &str, link: &JoinLink) -> String {
    let plain: String =
        link.host.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    let host: String = plain.replace('.', "-").chars().take(HOST_CHARS).collect();
    let usual = format!("{face}-{host}");
    let further = (2..TRIES).map(|number| format!("{usual}-{number}"));
    let fits = |name: &String| {
        let folder = root.join(name);
        !folder.exists() || same_desk(&desk_of(&folder), &Some(link.clone()))
    };
    std::iter::once(usual.clone()).chain(further).find(fits).unwrap_or(usual)
}

/// Where a profile goes, by what it remembers.
fn desk_of(folder: &Path) -> Option<JoinLink> {
    remembered(folder)?.desk?.parse().ok()
}

fn remembered(folder: &Path) -> Option<Remembered> {
    serde_json::from_slice(&profile::read_short(folder, "profile.json").ok()?).ok()
}

/// Has this profile ever been anywhere?
pub(crate) fn is_set_up(root: &Path, name: &str) -> bool {
    remembered(&root.join(name)).is_some_and(|remembered| remembered.desk.is_some() || remembered.host)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn profile(root: &Path, name: &str, desk: &str) {
        fs::create_dir_all(root.join(name)).unwrap();
        let text = format!(r#"{{ "desk": "{desk}" }}"#);
        fs::write(root.join(name).join("profile.json"), text).unwrap();
    }

    #[test]
    fn a_further_desk_gets_a_profile_of_its_own_and_finds_it_again() {
        let root = tempfile::tempdir().unwrap();
        let link: JoinLink = "desk.example:443".parse().unwrap();
        let name = beside(root.path(), "visitor", &link);
        assert_eq!(name, "visitor-desk-example");
        profile(root.path(), &name, &link.to_string());
        assert_eq!(beside(root.path(), "visitor", &link), name);
        let other: JoinLink = "desk.example:444".parse().unwrap();
        assert_eq!(beside(root.path(), "visitor", &other), "visitor-desk-example-2");
        let other_site: JoinLink = "deskbell://join?host=desk.example:443&site=shop".parse().unwrap();
        assert_eq!(beside(root.path(), "visitor", &other_site), "visitor-desk-example-2");
        assert!(is_set_up(root.path(), &name) && !is_set_up(root.path(), "visitor"));
    }

    #[test]
    fn threats_38_a_profile_beside_has_a_name_that_is_a_folder() {
        let root = tempfile::tempdir().unwrap();
        for host in ["[::1]:1", "10.0.0.5", "a.".repeat(60).trim_end_matches('.')] {
            let name = beside(root.path(), "operator", &host.parse().unwrap());
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{name}");
            assert!(name.len() <= 64, "{name}");
        }
    }
}
