//! Links out of a form: a question of the system's, then the system's browser.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_tests::process::limit;
use deskbell_tests::{App, World, keys};

use super::ground::{TEMPLATE, form, try_out, write};

const LINKS: &str =
    "<a data-test=\"site\" target=\"_blank\" href=\"https://\u{430}pple.com/a?b%n%s\">site</a>
  <a data-test=\"letter\" target=\"_blank\" href=\"mailto:a@example.org?attach=/etc/passwd\">letter</a>
  <a data-test=\"file\" target=\"_blank\" href=\"file:///etc/passwd\">file</a>
  <a data-test=\"share\" target=\"_blank\" href=\"smb://example.org/share\">share</a>
  <a data-test=\"script\" target=\"_blank\" href=\"javascript:window.fired=1\">script</a>
  <a data-test=\"user\" target=\"_blank\" href=\"https://example.org@evil.example/\">user</a>
  <a data-test=\"here\" href=\"https://example.org/here\">here</a>";

/// A form with links, on a computer whose browser writes down what it is to open.
async fn with_links(world: &World) -> (App, PathBuf) {
    let opened = world.path("opened");
    world.install("xdg-open", &format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{}'\n", opened.display()));
    let folder = form(world);
    write(&folder, "form.html", &TEMPLATE.replace("<h1", &format!("{LINKS}<h1")));
    let app = try_out(world, &folder, &[]).await;
    app.page().wait_for("site").await;
    (app, opened)
}

/// The dialogs of the system that are open, by their titles' start.
pub(crate) fn dialogs(title: &str) -> Vec<String> {
    let found = Command::new("xdotool").args(["search", "--onlyvisible", "--name", title]).output().unwrap();
    String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect()
}

pub(crate) async fn wait(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + limit();
    while !is_so() {
        assert!(Instant::now() < until, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What a person does with the question.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// Presses the left button.
    Open,
    /// Presses the right one.
    Stay,
    /// Presses Escape.
    Escape,
    /// Presses Enter.
    Enter,
}

/// Answers the question with this title, when it is there.
pub(crate) async fn answer(title: &str, answer: Answer) {
    wait(title, || dialogs(title).len() == 1).await;
    let window = dialogs(title).remove(0);
    let (width, height) = size(&window);
    let number = window.parse().unwrap();
    match answer {
        Answer::Escape => keys::press(number, &["Escape"]),
        Answer::Enter => keys::press(number, &["Return"]),
        Answer::Open => keys::click(number, width / 4, height - 15),
        Answer::Stay => keys::click(number, width * 3 / 4, height - 15),
    }
    wait("the question is gone", || dialogs(title).is_empty()).await;
}

/// Width and height of a window, in pixels.
fn size(window: &str) -> (i32, i32) {
    let asked = Command::new("xdotool").args(["getwindowgeometry", "--shell", window]).output().unwrap();
    let said = String::from_utf8_lossy(&asked.stdout).into_owned();
    let number = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
        line.unwrap().parse().unwrap()
    };
    (number("WIDTH="), number("HEIGHT="))
}

#[tokio::test]
async fn threats_29_30_a_link_is_asked_about_with_its_host_and_opened_by_the_system() {
    let world = World::new();
    let (app, opened) = with_links(&world).await;
    let read = || std::fs::read_to_string(&opened).unwrap_or_default();

    app.page().click("site").await;
    answer("Open xn--pple-43d.com in your browser", Answer::Escape).await;
    assert_eq!(read(), "", "nobody said yes");

    rest().await;
    app.page().click("site").await;
    answer("Open xn--pple-43d.com in your browser", Answer::Stay).await;
    assert_eq!(read(), "", "somebody said no");

    rest().await;
    app.page().click("site").await;
    answer("Open xn--pple-43d.com in your browser", Answer::Open).await;
    wait("the browser", || read() == "https://xn--pple-43d.com/a?b%n%s\n").await;

    rest().await;
    app.page().click("letter").await;
    answer("Write a letter to a@example.org", Answer::Open).await;
    wait("the letter", || read().ends_with("\nmailto:a@example.org\n")).await;

    for name in ["file", "share", "script", "user", "here"] {
        app.page().click(name).await;
    }
    // What would be asked about is asked about in order: when this question is there, the others are not to come.
    rest().await;
    app.page().click("site").await;
    answer("Open", Answer::Escape).await;
    assert_eq!(read().lines().count(), 2, "{}", read());
    let still: bool = app.page().script("return location.protocol === 'tauri:' && !window.fired").await;
    assert!(still);
}

#[tokio::test]
async fn threats_29_a_form_that_asks_in_a_loop_is_heard_once() {
    let world = World::new();
    let (app, opened) = with_links(&world).await;
    let script = "document.querySelector('[data-test=own] h1').addEventListener('click', () => {
        for (let at = 0; at < 50; at += 1) document.querySelector('[data-test=site]').click();
        for (let at = 0; at < 50; at += 1) window.open('https://example.org/' + at);
    })";
    app.page().script::<()>(script).await;
    // Where the computer is slow, the second comes too late to say anything.
    for _ in 0..10 {
        app.page().click("greeting").await;
        wait("the question", || dialogs("Open").len() == 1).await;
        let asked = Instant::now();
        answer("Open", Answer::Escape).await;
        app.page().click("greeting").await;
        let is_soon = asked.elapsed() < Duration::from_secs(1);
        rest().await;
        let again = dialogs("Open");
        if is_soon {
            assert_eq!(again, Vec::<String>::new(), "not within a second of the last answer");
            assert!(!opened.exists());
            return;
        }
        if !again.is_empty() {
            answer("Open", Answer::Escape).await;
            rest().await;
        }
    }
    panic!("it never asked again within a second");
}

/// Longer than the rest between two questions.
pub(crate) async fn rest() {
    tokio::time::sleep(Duration::from_millis(1_100)).await;
}
