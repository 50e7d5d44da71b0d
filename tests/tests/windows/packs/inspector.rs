//! The inspector: there where the command line asks for it, and nowhere else.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_tests::World;
use deskbell_tests::process::{Process, free_port, limit};

use super::ground::form;
use super::stuck::app_process;

/// A visitor's window without a driver: a window that is driven has no inspector for people.
fn open(world: &World, folder: &Path, extra: &[&str]) -> Process {
    let (nobody, data) = (format!("127.0.0.1:{}", free_port()), world.path("visitor"));
    let mut words = vec!["visitor", "--desk", &nobody, "--data", data.to_str().unwrap()];
    words.extend(["--pack", folder.to_str().unwrap()]);
    words.extend(extra);
    world.terminal(&words)
}

/// Processes with a page: the inspector has one of its own.
fn pages(world: &World) -> usize {
    super::stuck::pages_of(app_process(&world.path("visitor")))
}

fn wait_for_pages(world: &World, count: usize) {
    let until = Instant::now() + limit();
    while pages(world) != count {
        assert!(Instant::now() < until, "{} pages, not {count}", pages(world));
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn xdotool(words: &[&str]) -> String {
    let done = Command::new("xdotool").args(words).output().unwrap();
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

#[test]
fn threats_33_there_is_no_inspector_unless_the_command_line_asks_for_it() {
    let world = World::new();
    let folder = form(&world);
    let app = open(&world, &folder, &[]);
    app_is_there(&world);
    let pid = app_process(&world.path("visitor")).to_string();
    let window = xdotool(&["search", "--sync", "--onlyvisible", "--pid", &pid]);
    let window = window.lines().last().unwrap();
    xdotool(&["windowfocus", "--sync", window, "mousemove", "--window", window, "200", "300", "click", "1"]);
    for keys in ["ctrl+shift+i", "ctrl+shift+c", "F12", "ctrl+alt+i"] {
        xdotool(&["key", "--clearmodifiers", keys]);
    }
    // WebKit's own menu, if there is one: its last entry would be the inspector.
    xdotool(&["click", "3"]);
    xdotool(&["key", "Up", "Return"]);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(pages(&world), 1);
    drop(app);
}

#[test]
fn devtools_opens_the_inspector() {
    let world = World::new();
    let folder = form(&world);
    let app = open(&world, &folder, &["--devtools"]);
    app_is_there(&world);
    wait_for_pages(&world, 2);
    drop(app);
}

fn app_is_there(world: &World) {
    let until = Instant::now() + limit();
    let data = world.path("visitor");
    while deskbell_tests::process::processes_naming(&data).is_empty() || pages(world) == 0 {
        assert!(Instant::now() < until, "no window");
        std::thread::sleep(Duration::from_millis(20));
    }
}
