//! `cargo xtask package-test`: the packages in a clean Debian: installed, used, removed.
//!
//! As root, for a system in a folder needs mounts. The conversation is a test in real windows as the others are; it
//! runs in there, as a person without rights, with a bus, a keyring and a screen of its own.

mod leftovers;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::bundle::brand::Brand;
use crate::packages::{self, Need};
use crate::stop::{Result, Stop};
use crate::{bundle, interrupt, places, process, sources, window_tests};
use tree::Tree;

/// What the test itself needs there; the program must do with what its package asked for.
const TOOLS: &str = "xvfb xauth dbus-bin dbus-daemon gnome-keyring webkit2gtk-driver procps fonts-dejavu-core \
                     xdg-utils desktop-file-utils libgtk-3-bin";
const TEST: &str = "desktop::installed::a_conversation_between_installed_programs";
/// The names that must not be found after the packages are gone.
const NAMES: &[&str] = &["deskbell", "lamp-house", "Lamp House"];

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let built = arguments.flag("--built");
    arguments.finish()?;
    interrupt::watch();
    if !packages::is_root() {
        return Err(Stop::because(
            "A system in a folder needs mounts, and they need root: sudo -E cargo xtask package-test",
        ));
    }
    packages::install(Need::Tests)?;
    let debs = debs(built)?;
    let test = window_tests::build()?;
    say("A clean Debian 12");
    let tree = Tree::fresh()?;
    say("Installing the packages with apt");
    let names = install(&tree, &debs)?;
    say("Looking at what was installed");
    look(&tree)?;
    tree.install(TOOLS)?;
    desktop(&tree)?;
    let before = listing_without(&tree, &names)?;
    say("A conversation between the installed programs");
    converse(&tree, &test)?;
    say("Removing the packages");
    remove(&tree, &names)?;
    judge(&tree, &before)
}

/// Ours, and a company's beside it. The example is packed of our own program: what is compiled in differs, no file.
fn debs(built: bool) -> Result<Vec<PathBuf>> {
    let mut files = bundle::make(&Brand::own(), built)?;
    let example = places::root().join("packaging/example/brand.json");
    files.extend(bundle::make(&Brand::read(&example)?, true)?);
    files.retain(|file| file.extension().is_some_and(|ending| ending == "deb"));
    Ok(files)
}

/// Installs all of them at once; gives the packages' names.
fn install(tree: &Tree, debs: &[PathBuf]) -> Result<Vec<String>> {
    let folder = tree.root.join("srv/packages");
    fs::create_dir_all(&folder).map_err(|error| Stop::because(format!("{}: {error}", folder.display())))?;
    for deb in debs {
        println!(
            "{:>9.2} MB  {}",
            fs::metadata(deb).map_or(0, |file| file.len()) as f64 / 1e6,
            deb.display()
        );
        process::run(process::command("cp").arg(deb).arg(&folder))?;
    }
    tree.install("/srv/packages/*.deb")?;
    let names = tree.said("for deb in /srv/packages/*.deb; do dpkg-deb --field $deb Package; done")?;
    tree.as_root("rm -r /srv/packages")?;
    Ok(names.split_whitespace().map(str::to_owned).collect())
}

/// What can be seen without starting anything: libraries, papers, sums.
fn look(tree: &Tree) -> Result<()> {
    tree.as_root(
        "for program in deskbell deskbell-server lamp-house; do \
           if ldd /usr/bin/$program | grep 'not found'; then exit 1; fi; $program --version; \
         done; \
         dpkg --verify deskbell deskbell-server lamp-house; \
         test -f /usr/lib/lamp-house/site.json",
    )
}

/// What the desktop thinks of it.
fn desktop(tree: &Tree) -> Result<()> {
    // By the tool out here: in there it would keep a cache of what it saw.
    let papers = sources::under(&tree.root.join("usr/share/metainfo"), &["xml"])?;
    process::run(process::command("appstreamcli").args(["validate", "--no-net"]).args(papers))?;
    tree.as_person(
        "for id in deskbell lamp-house; do \
           desktop-file-validate /usr/share/applications/$id.desktop; \
           test $(xdg-mime query default x-scheme-handler/$id) = $id.desktop; \
           test -n \"$(ls /usr/share/icons/hicolor/*/apps/$id.png)\"; \
         done",
    )
}

/// Everything that is there and came with none of our packages.
fn listing_without(tree: &Tree, names: &[String]) -> Result<std::collections::BTreeSet<String>> {
    let ours = tree.said(&format!("dpkg --listfiles {} | sort | uniq", names.join(" ")))?;
    let others = tree.said(&format!(
        "cd /var/lib/dpkg/info; cat $(ls *.list | grep -v '{}')",
        names.iter().map(|name| format!("^{name}\\.list$")).collect::<Vec<_>>().join("\\|")
    ))?;
    let others: std::collections::BTreeSet<&str> = others.lines().collect();
    let mut all = leftovers::list(tree)?;
    ours.lines().filter(|path| !others.contains(path)).for_each(|path| {
        all.remove(path);
    });
    Ok(all)
}

/// The test finds the program where the package put it, and everything else in the tree.
fn converse(tree: &Tree, test: &Path) -> Result<()> {
    let place = tree.root.join("srv/test");
    process::run(process::command("install").arg("-D").arg(test).arg(place.join("windows")))?;
    let done = tree.as_person(&format!(
        "xvfb-run -a -s '-screen 0 1280x800x24 -nolisten local' /srv/test/windows --ignored --exact {TEST} --nocapture"
    ));
    process::run(process::command("rm").arg("-r").arg(&place))?;
    done
}

fn remove(tree: &Tree, names: &[String]) -> Result<()> {
    tree.apt(&format!("purge {}", names.join(" ")))
}

/// Nothing of the packages is left, and everything of the person's.
fn judge(tree: &Tree, before: &std::collections::BTreeSet<String>) -> Result<()> {
    let after = leftovers::list(tree)?;
    let (left, naming) = (leftovers::left(before, &after), leftovers::naming(tree, NAMES)?);
    let lost: Vec<_> = before.difference(&after).cloned().collect();
    for (what, paths) in [("left behind", &left), ("still naming it", &naming), ("gone", &lost)] {
        paths.iter().for_each(|path| println!("{what}: {path}"));
    }
    let kept: Vec<_> =
        after.iter().filter(|path| path.starts_with("/home/") && path.contains("deskbell/")).collect();
    println!(
        "{} files before and after, none of the packages'; of the person's data {} are kept.",
        after.len(),
        kept.len()
    );
    let clean = left.is_empty() && naming.is_empty() && lost.is_empty();
    match (clean, kept.is_empty()) {
        (true, false) => Ok(()),
        (true, true) => Err(Stop::because("The person's data is gone.")),
        (false, _) => Err(Stop::because("The packages did not leave the system as they found it.")),
    }
}

fn say(what: &str) {
    println!("\n== {what}");
}
