//! One clear sentence each, and nothing lost.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deskbell_tests::desk::PASSWORD;
use deskbell_tests::process::{Process, free_port, limit, program};
use deskbell_tests::{App, Desk, World};

#[test]
fn a_wrong_address_is_one_sentence_and_exit_code_2() {
    let world = World::new();
    let mut app = world.terminal(&["visitor", "--desk", "not a desk"]);
    assert_eq!(app.wait_for_end(), Some(2));
    assert!(app.output().contains("neither a deskbell:// link nor an address"), "{}", app.output());
    assert_eq!(app.output().trim().lines().count(), 1, "{}", app.output());
}

#[test]
fn no_display_is_one_sentence_and_exit_code_1() {
    let world = World::new();
    let mut command = world.command(&program("deskbell"));
    command.arg("visitor").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let mut app = Process::start(&mut command);
    assert_eq!(app.wait_for_end(), Some(1));
    assert!(app.output().contains("There is no display"), "{}", app.output());
    assert_eq!(app.output().trim().lines().count(), 1, "{}", app.output());
}

#[tokio::test]
async fn a_desk_that_is_not_there_and_what_is_no_desk_are_said_and_the_words_are_kept() {
    let world = World::new();
    let nobody = format!("127.0.0.1:{}", free_port());
    let visitor = App::visitor(&world, "nobody", &["--desk", &nobody]).await;
    visitor.page().say("kept").await;
    visitor.page().wait_for_status("kept", &["queued"]).await;
    visitor.page().wait_for("strip").await;

    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok).take(100) {
            let mut stream = stream;
            let _ =
                stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    let visitor = App::visitor(&world, "no-desk", &["--desk", &address]).await;
    visitor.page().wait_for_text("not a Deskbell desk").await;
    visitor.page().say("kept, too").await;
    visitor.page().wait_for_status("kept, too", &["queued"]).await;
}

#[tokio::test]
async fn a_wrong_password_is_said_and_the_right_one_enters() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.add_operator("Anna Berg", "anna");
    desk.start();
    let operator = App::operator(&world, "operator", &["--desk", &desk.address()]).await;
    let page = operator.page();
    page.type_into("sign-in-login", "anna").await;
    page.type_into("sign-in-password", "wrong").await;
    page.click("sign-in-submit").await;
    page.wait_for_text("The login or the password is wrong").await;
    page.clear("sign-in-password").await;
    page.type_into("sign-in-password", PASSWORD).await;
    page.click("sign-in-submit").await;
    page.wait_for("status-switch").await;
}

#[tokio::test]
async fn a_port_in_use_is_said_in_the_window() {
    let world = World::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let arguments = ["--host", "--listen", &address, "--owner", "Anna Berg"];
    let operator = App::operator(&world, "operator", &arguments).await;
    operator.page().wait_for_text("Another program already uses this desk’s port").await;
}

#[tokio::test]
async fn threats_17_a_changed_certificate_is_a_hard_stop_and_the_right_one_is_accepted() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.start_encrypted();
    let link = desk.join_link();
    let visitor = App::visitor(&world, "pinned", &["--desk", &link]).await;
    visitor.page().say("encrypted").await;
    visitor.page().wait_for_status("encrypted", &["sent"]).await;

    let pin = link.split("pin=").nth(1).unwrap().split('&').next().unwrap();
    let forged = link.replace(pin, &"ab".repeat(32));
    let visitor = App::visitor(&world, "forged", &["--desk", &forged]).await;
    visitor.page().wait_for_text("another key").await;
    visitor.page().say("never sent").await;
    visitor.page().wait_for_status("never sent", &["queued"]).await;
}

#[tokio::test]
async fn a_damaged_history_is_said_left_alone_and_set_aside_on_demand() {
    let world = World::new();
    let nobody = format!("127.0.0.1:{}", free_port());
    let visitor = App::visitor(&world, "visitor", &["--desk", &nobody]).await;
    visitor.page().say("before").await;
    let file = history(visitor.data());
    visitor.kill();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    let damage = vec![7_u8; 8_192];
    std::fs::write(&file, &damage).unwrap();
    let visitor = App::visitor(&world, "visitor", &["--desk", &nobody]).await;
    visitor.page().wait_for_text("The history was not changed").await;
    assert_eq!(std::fs::read(&file).unwrap(), damage, "the file is left as it was");

    // The way on: set aside, as it is, and a history of its own for what comes.
    visitor.page().click("anew").await;
    visitor.page().click("anew-confirm").await;
    let until = Instant::now() + limit();
    while !std::fs::read(&file).is_ok_and(|now| now != damage) {
        assert!(Instant::now() < until, "no new history");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let folders = std::fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let aside = folders.into_iter().find(|path| name(path).starts_with("set-aside-")).unwrap();
    assert_eq!(std::fs::read(aside.join(file.file_name().unwrap())).unwrap(), damage);
}

/// The profile's history, whatever the desk is called in its name.
fn history(data: &Path) -> PathBuf {
    let files = |folder: &Path| {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let profiles = files(data).into_iter().filter(|path| path.is_dir());
    let is_history = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("client-") && name.ends_with(".db")
    };
    profiles.flat_map(|profile| files(&profile)).find(is_history).unwrap()
}
