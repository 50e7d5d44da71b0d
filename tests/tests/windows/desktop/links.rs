//! Links that any web page can hand over: they fill in and ask.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use deskbell_tests::process::{free_port, kill_pid, processes_naming};
use deskbell_tests::xdg::until;
use deskbell_tests::{App, Desk, World};

use crate::conversation::hosting;

/// What an operator's profile remembers.
fn remembered(operator: &App) -> String {
    std::fs::read_to_string(operator.data().join("operator").join("profile.json")).unwrap_or_default()
}

fn profiles(data: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<_> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Hands a link to the running operator's app, as a second start does.
fn hand(world: &World, operator: &App, link: &str) {
    let data = operator.data().to_str().unwrap();
    let mut second = world.terminal(&["operator", "--data", data, link]);
    assert_eq!(second.wait_for_end(), Some(0), "{}", second.output());
}

async fn refused(operator: &App, sentence: &str) {
    let page = operator.enter("app").await;
    page.click("asked-beside").await;
    page.wait_for("asked-refused").await;
    page.wait_for_text(sentence).await;
    stay(operator).await;
}

/// The window that asks goes with the click.
async fn stay(operator: &App) {
    operator.click_without_waiting("asked-stay").await;
    operator.enter("operator").await.wait_for("status-switch").await;
}

#[tokio::test]
async fn threats_31_a_link_that_the_system_opens_reaches_the_running_app_and_only_asks() {
    let world = World::new();
    let (operator, _) = hosting(&world, &[]).await;
    let data = operator.data().to_str().unwrap();
    world.register_scheme(&["operator", "--data", data]);
    let before = remembered(&operator);
    let there = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    there.set_nonblocking(true).unwrap();
    let address = there.local_addr().unwrap().to_string();
    world.open_link(&format!("deskbell://join?host={address}&site=shop"));
    let page = operator.enter("app").await;
    page.wait_for_text(&address).await;
    page.wait_for_text("Site shop").await;
    // A desk that others are connected to goes nowhere.
    page.wait_for_text("so it stays where it is").await;
    assert!(there.accept().is_err(), "nobody was spoken to");
    stay(&operator).await;
    assert!(there.accept().is_err() && remembered(&operator) == before);
    assert_eq!(profiles(operator.data()), ["operator"]);
}

#[tokio::test]
async fn threats_31_a_hostile_link_is_a_plain_sentence_and_changes_nothing() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.start_encrypted();
    let (operator, _) = hosting(&world, &[]).await;
    let before = remembered(&operator);
    let long = format!("deskbell://join?host={}", "a".repeat(10_000));
    for (link, sentence) in [
        (long.as_str(), "too long"),
        ("javascript:alert(1)//deskbell://join?host=a", "not a link of this program"),
        ("deskbell://join?host=https://desk.example", "port in this address"),
        ("deskbell://anna:secret@join?host=a", "parts that no Deskbell link has"),
        ("deskbell://join?host=a&token=1", "parts that no Deskbell link has"),
        ("deskbell://erase?everything=1", "leads to nothing"),
    ] {
        hand(&world, &operator, link);
        let page = operator.enter("app").await;
        page.wait_for_text(sentence).await;
        page.wait_for_text("Nothing was changed").await;
        stay(&operator).await;
    }
    let link = desk.join_link();
    let pin = link.split("pin=").nth(1).unwrap().split('&').next().unwrap();
    hand(&world, &operator, &link.replace(pin, &"ab".repeat(32)));
    refused(&operator, "has another key than the one in the link").await;
    hand(&world, &operator, &format!("deskbell://join?host=127.0.0.1:{}", free_port()));
    refused(&operator, "Nobody answers at 127.0.0.1").await;
    let page = answers_with("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    hand(&world, &operator, &format!("deskbell://join?host={page}"));
    refused(&operator, "it is no Deskbell desk").await;
    assert_eq!(remembered(&operator), before);
    assert_eq!(profiles(operator.data()), ["operator"]);
    operator.page().wait_for("status-switch").await;
}

/// Something that listens and is no desk.
fn answers_with(words: &'static str) -> String {
    use std::io::Write;
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok).take(10) {
            drop(stream.write_all(words.as_bytes()));
        }
    });
    address
}

#[tokio::test]
async fn a_person_goes_where_a_link_leads_beside_the_desk_or_away_from_it() {
    let world = World::new();
    let (mut one, mut two) = (Desk::new(&world), Desk::new_at(&world, "second"));
    one.start();
    two.start();
    let operator = App::operator(&world, "operator", &["--desk", &one.address()]).await;
    operator.page().wait_for("sign-in-login").await;
    let (data, link) = (operator.data().clone(), format!("deskbell://join?host={}", two.address()));
    let first = operator.pids();

    hand(&world, &operator, &link);
    operator.enter("app").await;
    operator.click_without_waiting("asked-beside").await;
    let beside: PathBuf = data.join("operator-127-0-0-1");
    until("the other one remembers its desk", || {
        std::fs::read_to_string(beside.join("profile.json")).is_ok_and(|text| text.contains(&two.address()))
    });
    assert!(remembered(&operator).contains(&one.address()), "nothing changed here");
    operator.enter("operator").await.wait_for("sign-in-login").await;

    hand(&world, &operator, &link);
    operator.enter("app").await;
    operator.click_without_waiting("asked-leave").await;
    until("it remembers where it goes", || remembered(&operator).contains(&two.address()));
    // A start that came before the other one had the profile would be the program itself.
    let lock = data.join("operator").join("lock");
    until("another one has it open", || holder(&lock).is_some_and(|pid| !first.contains(&pid)));
    let mut third = world.terminal(&["operator", "--data", data.to_str().unwrap(), "--hidden"]);
    assert_eq!(third.wait_for_end(), Some(0), "a third start finds it");
    for pid in processes_naming(&data) {
        kill_pid(pid);
    }
}

/// The process that has a file locked. One that is dying has its locks a moment longer than its name.
fn holder(file: &Path) -> Option<u32> {
    let inode = format!(":{}", std::fs::metadata(file).unwrap().ino());
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    let words = locks.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut held = words.filter(|words| words[1] == "FLOCK" && words[5].ends_with(&inode));
    held.next().map(|words| words[4].parse().unwrap())
}

#[tokio::test]
async fn threats_31_a_first_start_by_a_link_fills_the_form_in_and_waits() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.start();
    let link = format!("deskbell://join?host={}&site=main", desk.address());
    let visitor = App::visitor(&world, "visitor", &[&link]).await;
    let page = visitor.page();
    page.wait_for("desk-place").await;
    page.wait_for_text("A link was opened").await;
    let filled: String = page.script("return document.querySelector('[data-test=join-address]').value").await;
    assert_eq!(filled, link);
    let focus: String = page.script("return document.activeElement.tagName").await;
    assert_eq!(focus, "BODY", "a key that was meant for another window does nothing");
    // Another one takes its place, and what is wrong is said.
    let data = visitor.data().to_str().unwrap();
    let mut second = world.terminal(&["visitor", "--data", data, "deskbell://join?host=a&b=c"]);
    assert_eq!(second.wait_for_end(), Some(0));
    page.wait_for_text("parts that no Deskbell link has").await;
    assert!(!visitor.data().join("visitor").join("profile.json").exists(), "nothing is remembered");
}
