//! A Debian of its own: a folder with a whole system, in which programs run that see nothing else.
//!
//! What must always hold: each command has processes, mounts and temporary files of its own, so whatever it started
//! ends with it; nothing outside of the folder is written to.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::bundle::stage;
use crate::stop::{Result, Stop};
use crate::{places, process};

/// The release that the packages are made for.
const RELEASE: &str = "bookworm";
/// Where the packages of Debian come from, unless DESKBELL_DEBIAN names another mirror.
const MIRROR: &str = "http://deb.debian.org/debian";
/// The person who uses the program there.
pub(super) const PERSON: &str = "person";

/// A system in a folder.
pub(super) struct Tree {
    /// The folder.
    pub(super) root: PathBuf,
    /// Packages that apt has fetched before.
    archives: PathBuf,
}

impl Tree {
    /// A fresh one: the smallest Debian, and a person in it. It is fetched once and copied from then on.
    pub(super) fn fresh() -> Result<Self> {
        let folder = places::programs("package-test")?;
        let base = folder.join("base");
        if !base.join("etc/os-release").exists() {
            fetch(&stage::fresh(&base)?)?;
        }
        let (root, archives) = (folder.join("tree"), folder.join("archives"));
        process::run(process::command("rm").arg("-rf").arg(&root))?;
        process::run(process::command("cp").args(["-a", "--reflink=auto"]).arg(&base).arg(&root))?;
        process::run(process::command("mkdir").arg("-p").arg(archives.join("partial")))?;
        let tree = Self { root, archives };
        tree.prepare()?;
        Ok(tree)
    }

    fn prepare(&self) -> Result<()> {
        process::run(process::command("cp").arg("-L").arg("/etc/resolv.conf").arg(self.root.join("etc/")))?;
        // Whatever would start with the system does not: this one never starts.
        self.as_root(&format!(
            "printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; \
             useradd --create-home {PERSON}; apt-get -qq update"
        ))
    }

    /// A script as root.
    pub(super) fn as_root(&self, script: &str) -> Result<()> {
        process::run(&mut self.command("root", "/root", script))
    }

    /// A script as the person.
    pub(super) fn as_person(&self, script: &str) -> Result<()> {
        process::run(&mut self.command(PERSON, &format!("/home/{PERSON}"), script))
    }

    /// What a script of root's prints.
    pub(super) fn said(&self, script: &str) -> Result<String> {
        process::output(&mut self.command("root", "/root", script))
            .ok_or_else(|| Stop::because(format!("In the system of the test this failed: {script}")))
    }

    /// Installs packages: Debian's by name, ours by path.
    pub(super) fn install(&self, packages: &str) -> Result<()> {
        self.apt(&format!("install --no-install-recommends {packages}"))
    }

    /// One of apt's commands; what it says is shown where it fails.
    pub(super) fn apt(&self, words: &str) -> Result<()> {
        self.as_root(&format!(
            "log=/var/log/package-test.log; DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
             -o Dpkg::Options::=--force-unsafe-io {words} > $log 2>&1 || {{ cat $log; exit 1; }}"
        ))
    }

    fn command(&self, user: &str, home: &str, script: &str) -> Command {
        let mut command = process::command("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, "sh"]);
        command.arg(&self.root).arg(&self.archives).args([user, home, script]);
        command
    }
}

/// `sh ROOT ARCHIVES USER HOME SCRIPT`: into the tree. The mounts are gone with the last process.
const ENTER: &str = "\
mount -t proc proc \"$1/proc\"
mount -t tmpfs tmpfs \"$1/dev/shm\"
mount -t tmpfs tmpfs \"$1/tmp\"
mount --bind \"$2\" \"$1/var/cache/apt/archives\"
exec chroot --userspec=\"$3\" \"$1\" /usr/bin/env -i HOME=\"$4\" USER=\"$3\" LANG=C.UTF-8 \\
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -ec \"cd; $5\"";

fn fetch(base: &Path) -> Result<()> {
    let mirror = std::env::var("DESKBELL_DEBIAN").unwrap_or_else(|_| MIRROR.to_owned());
    println!("Fetching a small Debian ({RELEASE}, {mirror}) into {}, once.", base.display());
    let mut fetch = process::command("debootstrap");
    fetch.args(["--variant=minbase", RELEASE]).arg(base).arg(mirror).stdout(std::process::Stdio::null());
    let fetched = process::run(&mut fetch);
    if fetched.is_err() {
        process::run(process::command("rm").arg("-rf").arg(base))?;
    }
    fetched
}
