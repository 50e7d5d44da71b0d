//! Debian's packages: which we need, which are missing, how they come.

use std::collections::BTreeSet;
use std::process::Command;

use crate::process;
use crate::stop::{Result, Stop};
use crate::system::System;

/// To build and run the app.
const BUILD: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "build-essential",
    "pkg-config",
    "file",
    "libxdo-dev",
    "libssl-dev",
    "libdbus-1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libasound2-dev",
];

/// To drive real windows without a screen, and to read what they told the desktop.
const TESTS: &[&str] = &[
    "xvfb",
    "xauth",
    "procps",
    "strace",
    "postfix",
    "dbus-daemon",
    "dbus-x11",
    "webkit2gtk-driver",
    "dunst",
    "libnotify-bin",
    "gnome-keyring",
    "libsecret-tools",
    "xdotool",
    "imagemagick",
    "at-spi2-core",
    "xdg-desktop-portal",
    "xdg-desktop-portal-gtk",
    "xdg-utils",
    "fonts-dejavu-core",
    "appstream",
    "desktop-file-utils",
    "groff-base",
];

/// To make the packages that people install, and to try them in a system of their own.
const PACKAGES: &[&str] = &["rpm", "debootstrap"];

/// Answers to what a package would ask: without them Postfix sets itself up as the machine's mail server and starts.
const ANSWERS: &[(&str, &str)] = &[("postfix", "postfix postfix/main_mailer_type select No configuration")];

/// Another apt may be at work, as on a machine that has just started.
const PATIENT: &str = "-oDPkg::Lock::Timeout=300";

const ELSEWHERE: &str = "\
Deskbell builds where Tauri 2 does. Install, in your system's own way:
  - the C compiler and pkg-config, OpenSSL's headers, D-Bus's headers
  - WebKitGTK 4.1 with headers, libxdo, libayatana-appindicator3, librsvg2 (Linux only)
  - Rust 1.92 or newer, Node 20.19 or newer with npm
then, by hand:
  cd ui && npm ci && npm run build && cd ..
  cargo build -p deskbell
The tests in real windows run on Debian and Ubuntu only.";

/// What a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Building and running.
    Build,
    /// The same, and everything for tests.
    Tests,
    /// Building, and packing what was built.
    Packages,
}

/// Installs what is missing, after saying so.
pub(crate) fn install(need: Need) -> Result<()> {
    let system = System::this();
    if !system.debian {
        return Err(Stop::because(format!(
            "Packages can be installed by themselves on Debian and Ubuntu; this is {}.\n\n{ELSEWHERE}",
            system.name
        )));
    }
    let missing = missing(need, &installed(need));
    if missing.is_empty() {
        return Ok(());
    }
    announce(&missing);
    for command in commands(&missing, is_root()) {
        run(command)?;
    }
    Ok(())
}

fn wanted(need: Need) -> impl Iterator<Item = &'static str> {
    let more = match need {
        Need::Build => &[],
        Need::Tests => TESTS,
        Need::Packages => PACKAGES,
    };
    BUILD.iter().chain(more).copied()
}

/// What dpkg knows about the packages that we want: `name status` lines.
fn installed(need: Need) -> String {
    let mut query = process::command("dpkg-query");
    query.args(["-W", "-f", "${Package} ${db:Status-Status}\n"]).args(wanted(need));
    // It ends with 1 where a package is unknown, and prints the others all the same.
    let output = query.stderr(std::process::Stdio::null()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

fn missing(need: Need, known: &str) -> Vec<&'static str> {
    let there: BTreeSet<&str> = known.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    wanted(need).filter(|name| !there.contains(name)).collect()
}

/// Does this run as root?
pub(crate) fn is_root() -> bool {
    process::output(process::command("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

fn announce(missing: &[&str]) {
    println!(
        "These system packages are missing and will be installed with apt-get (sudo where you are not root):"
    );
    for line in missing.chunks(6) {
        println!("  {}", line.join(" "));
    }
}

fn commands(missing: &[&str], root: bool) -> Vec<Command> {
    let as_root = |words: &[&str]| {
        let mut command = process::command(if root { "env" } else { "sudo" });
        command.args(words);
        command
    };
    let apt = |words: &[&str]| {
        let mut command = as_root(&["DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", PATIENT]);
        command.args(words);
        command
    };
    let mut install = apt(&["install", "--no-install-recommends"]);
    install.args(missing);
    let answers = ANSWERS.iter().filter(|(name, _)| missing.contains(name));
    let answers = answers
        .map(|(_, answer)| as_root(&["sh", "-c", &format!("echo '{answer}' | debconf-set-selections")]));
    [apt(&["update"])].into_iter().chain(answers).chain([install]).collect()
}

fn run(mut command: Command) -> Result<()> {
    // sudo may ask for a password.
    command.stdin(std::process::Stdio::inherit());
    process::run(&mut command).map_err(|stop| Stop {
        words: format!("{}\nInstall the packages above by hand, then start this command again.", stop.words),
        ..stop
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_there_only_when_it_is_installed() {
        let known = "pkg-config installed\nfile config-files\nlibssl-dev not-installed\n";
        let missing = missing(Need::Build, known);
        assert!(!missing.contains(&"pkg-config"));
        assert!(missing.contains(&"file"), "removed, but its configuration stays");
        assert!(missing.contains(&"libssl-dev"));
        assert!(missing.contains(&"librsvg2-dev"), "dpkg has never heard of it");
    }

    #[test]
    fn tests_need_more_than_building_and_nothing_twice() {
        let build: BTreeSet<_> = wanted(Need::Build).collect();
        let tests: Vec<_> = wanted(Need::Tests).collect();
        assert!(build.iter().all(|name| tests.contains(name)));
        assert_eq!(tests.iter().collect::<BTreeSet<_>>().len(), tests.len());
        assert!(!build.contains("xvfb"));
    }

    #[test]
    fn sudo_comes_in_only_for_others_than_root() {
        let told = |root| commands(&["file"], root).iter().map(process::words).collect::<Vec<_>>();
        let sudo = told(false);
        assert_eq!(
            sudo[0],
            "sudo DEBIAN_FRONTEND=noninteractive apt-get -y -oDPkg::Lock::Timeout=300 update"
        );
        assert!(sudo[1].ends_with(" install --no-install-recommends file"));
        assert_eq!(sudo.len(), 2);
        assert!(told(true)[0].starts_with("env DEBIAN_FRONTEND"));
    }

    #[test]
    fn a_mail_server_is_told_to_set_nothing_up_before_it_comes() {
        let told: Vec<_> = commands(&["file", "postfix"], true).iter().map(process::words).collect();
        assert_eq!(told.len(), 3);
        assert!(
            told[1].contains("No configuration") && told[1].contains("debconf-set-selections"),
            "{}",
            told[1]
        );
        assert!(told[2].ends_with("file postfix"));
    }
}
