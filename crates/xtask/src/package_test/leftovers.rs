//! What a package leaves behind.
//!
//! What must always hold: a file counts unless it lies at the person's home or in the diaries that every installation
//! writes; and a file of the system's that still speaks of the program counts, too.

use std::collections::BTreeSet;

use super::tree::Tree;
use crate::stop::Result;

/// Diaries of apt and dpkg and what they fetched; they tell of every package that ever was.
const DIARIES: &[&str] = &["/var/cache/apt/", "/var/lib/apt/", "/var/lib/dpkg/", "/var/log/"];
/// A person's own.
const HOME: &str = "/home/";

/// Every file, folder and link of the system, by path.
pub(super) fn list(tree: &Tree) -> Result<BTreeSet<String>> {
    let all =
        tree.said("find / -xdev -not -path '/proc/*' -not -path '/dev/*' -not -path '/tmp/*' -print")?;
    Ok(all.lines().filter(|path| counts(path)).map(str::to_owned).collect())
}

fn counts(path: &str) -> bool {
    !DIARIES.iter().any(|diary| path.starts_with(diary))
}

/// Came since `before` and does not belong to the person.
pub(super) fn left(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    after.difference(before).filter(|path| !path.starts_with(HOME)).cloned().collect()
}

/// Files of the system that name one of these, in their path or in their text.
pub(super) fn naming(tree: &Tree, names: &[&str]) -> Result<Vec<String>> {
    let pattern = names.join("\\|");
    let found = tree.said(&format!(
        "{{ find / -xdev -not -path '/proc/*' -not -path '/dev/*' -not -path '/tmp/*' | grep -i '{pattern}' || true; \
         grep -rlis '{pattern}' /etc /opt /srv /usr /var || true; }}"
    ))?;
    let found: BTreeSet<_> = found.lines().filter(|path| counts(path) && !path.starts_with(HOME)).collect();
    Ok(found.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_person_owns_may_stay() {
        let set = |paths: &[&str]| paths.iter().map(|path| path.to_string()).collect::<BTreeSet<_>>();
        let before = set(&["/usr/bin/sh", "/home/person/.bashrc"]);
        let after = set(&["/usr/bin/sh", "/usr/lib/lamp", "/home/person/.local/share/deskbell/a"]);
        assert_eq!(left(&before, &after), ["/usr/lib/lamp"]);
        assert!(!counts("/var/log/dpkg.log") && counts("/var/lib/deskbell"));
    }
}
