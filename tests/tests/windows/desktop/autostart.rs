//! Starting by itself after signing in to the computer.

use std::path::Path;
use std::process::Command;

use deskbell_tests::process::{free_port, kill_pid, processes_naming};
use deskbell_tests::tray_host::TrayHost;
use deskbell_tests::xdg::until;
use deskbell_tests::{App, World};

/// Turns it on or off, as the settings do.
async fn set(app: &App, on: bool) {
    let script = format!(
        "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('app_set_autostart', {{ on: {on} }})
            .then(() => done('done'), (why) => done(String(why?.message ?? why)))"
    );
    assert_eq!(app.page().script_async(&script).await, "done");
}

fn visible(data: &Path) -> bool {
    let shown = |pid: u32| {
        let words = ["search", "--onlyvisible", "--pid", &pid.to_string()];
        !Command::new("xdotool").args(words).output().unwrap().stdout.is_empty()
    };
    processes_naming(data).into_iter().any(shown)
}

#[tokio::test]
async fn the_app_starts_by_itself_in_the_tray_once_a_person_has_said_so_and_no_more_once_not() {
    let world = World::new();
    // Everything that a command line trips over.
    let name = "Anna's \"new\" $HOME 100%";
    let app = App::visitor(&world, name, &[]).await;
    app.page().wait_for("join-address").await;
    assert!(world.autostart().is_empty(), "off until a person turns it on");
    set(&app, true).await;
    let entries = world.autostart();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let data = app.data().clone();
    app.close().await;

    // A desk that is off at the moment: the app starts all the same.
    let desk = format!("{{ \"desk\": \"127.0.0.1:{}\" }}", free_port());
    std::fs::write(data.join("visitor").join("profile.json"), desk).unwrap();
    let tray = TrayHost::start(&world);
    world.launch(&entries[0]);
    until("it runs", || !processes_naming(&data).is_empty());
    tray.until_entry("Open Deskbell");
    let words = std::fs::read_to_string(format!("/proc/{}/cmdline", processes_naming(&data)[0])).unwrap();
    assert_eq!(words.split('\0').skip(1).collect::<Vec<_>>(), words_of(&data));
    assert!(!visible(&data), "no window until a person asks for it");

    let mut second = world.terminal(&["visitor", "--data", data.to_str().unwrap()]);
    assert_eq!(second.wait_for_end(), Some(0), "{}", second.output());
    until("the window came forward", || visible(&data));
    processes_naming(&data).into_iter().for_each(kill_pid);

    std::fs::remove_file(data.join("visitor").join("profile.json")).unwrap();
    let app = App::visitor(&world, name, &[]).await;
    app.page().wait_for("join-address").await;
    set(&app, false).await;
    assert!(world.autostart().is_empty());
    set(&app, false).await;
}

fn words_of(data: &Path) -> Vec<&str> {
    vec!["visitor", "--profile", "visitor", "--data", data.to_str().unwrap(), "--hidden", ""]
}
