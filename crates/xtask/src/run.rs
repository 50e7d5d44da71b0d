//! `cargo xtask run`: from a fresh checkout to two windows that talk to each other.
//!
//! What can be known to fail is looked at before anything is built.

use crate::arguments::Arguments;
use crate::demo::windows::Windows;
use crate::demo::{data, display, keyring, port};
use crate::packages::Need;
use crate::stop::{Result, Stop};
use crate::{interrupt, node, places, process, setup};

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let fresh = arguments.flag("--fresh");
    let release = arguments.flag("--release");
    arguments.finish()?;
    interrupt::watch();
    display::check()?;
    let (folder, warning) = (data::folder()?, keyring::absence());
    data::must_be_free(&folder)?;
    if fresh {
        data::forget(&folder)?;
    }
    data::must_be_readable(&folder, warning.is_none())?;
    setup::ensure(Need::Build)?;
    node::build_if_changed()?;
    build(release)?;
    let program = places::program(if release { "release" } else { "debug" }, "deskbell")?;
    let desk = port::choose(data::first_desk(&folder))?;
    data::settle(&folder, desk);
    let known = data::remembers(&folder);
    let lent = data::first_desk(&folder) != Some(desk);
    let windows = Windows::open(&program, desk, warning.is_none())?;
    greet(known, lent, warning.as_deref());
    stay(windows)
}

fn build(release: bool) -> Result<()> {
    println!("Building the app (the first time takes minutes).");
    let mut build = process::cargo();
    // Over the workspace, as the tests do: alone, the app picks other features and compiles its dependencies again.
    build.args(["build", "--workspace", "--bin", "deskbell"]);
    if release {
        build.arg("--release");
    }
    process::run(&mut build)
}

fn stay(mut windows: Windows) -> Result<()> {
    windows.stay()?;
    drop(windows);
    println!("Both programs have ended.");
    if interrupt::asked() { Err(Stop::interrupted()) } else { Ok(()) }
}

fn greet(known: bool, lent: bool, warning: Option<&str>) {
    println!(
        "\nTwo windows are open: the visitor's chat form, and the operator's workplace with the desk inside."
    );
    println!("Write something in the visitor's window, pick the visitor in the operator's list, answer.");
    match warning {
        Some(warning) => println!("{warning}"),
        // Which conversation the visitor's window shows then depends on the port; that has been said.
        None if lent => println!("`cargo xtask run --fresh` starts clean."),
        None if known => {
            println!("Your earlier conversation is there; `cargo xtask run --fresh` starts clean.")
        }
        None => {
            println!("The next start finds this conversation again; `cargo xtask run --fresh` starts clean.")
        }
    }
    println!("Ctrl-C here ends both.\n");
}
