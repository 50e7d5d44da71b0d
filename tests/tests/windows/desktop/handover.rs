//! A second start of a profile that is open.

use std::time::{Duration, Instant};

use deskbell_tests::process::signal_pid;
use deskbell_tests::screen::Screen;
use deskbell_tests::xdg::until;
use deskbell_tests::{App, World};

use crate::conversation::hosting;

/// Nobody waits longer for a second start, also where the computer is slow.
const SOON: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_second_start_brings_the_window_forward_and_ends_well() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().say("still here").await;
    let over = App::operator(&world, "over", &["--desk", &address]).await;
    over.page().wait_for("sign-in-login").await;
    let screen = Screen::here();
    screen.focus(screen.window(&over, "Deskbell"));
    until("the youngest window has the keyboard", || screen.has_keyboard(&over));

    let data = visitor.data().to_str().unwrap();
    let began = Instant::now();
    let mut second = world.terminal(&["visitor", "--desk", &address, "--data", data]);
    assert_eq!(second.wait_for_end(), Some(0), "{}", second.output());
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert!(second.output().contains("already open"), "{}", second.output());
    assert_eq!(second.output().trim().lines().count(), 1, "{}", second.output());
    until("the first window came forward", || screen.has_keyboard(&visitor));
    visitor.page().wait_for_words(&[("visitor", "still here")]).await;
    drop(operator);
}

#[tokio::test]
async fn a_first_start_that_does_not_answer_is_said_and_nobody_waits_for_it() {
    let world = World::new();
    let visitor = App::visitor(&world, "visitor", &[]).await;
    visitor.page().wait_for("join-address").await;
    let pids = visitor.pids();
    pids.iter().for_each(|pid| signal_pid(*pid, "STOP"));
    let data = visitor.data().to_str().unwrap();
    let began = Instant::now();
    let mut second = world.terminal(&["visitor", "--data", data]);
    let code = second.wait_for_end();
    pids.iter().for_each(|pid| signal_pid(*pid, "CONT"));
    assert_eq!(code, Some(1), "{}", second.output());
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert!(second.output().contains("does not answer"), "{}", second.output());
}
