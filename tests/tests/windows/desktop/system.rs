//! Sleep, lock and network, as the system says them on a bus of the test's own.

use std::time::{Duration, Instant};

use deskbell_testkit::proxy::{Proxy, Rules};
use deskbell_tests::login::Login;
use deskbell_tests::operator::Operator;
use deskbell_tests::screen::Screen;
use deskbell_tests::{App, World};

use super::tray::desk;

#[tokio::test(flavor = "multi_thread")]
async fn waking_up_and_a_new_network_try_the_line_at_once() {
    let mut world = World::new();
    let login = Login::on(&mut world);
    let desk = desk();
    let address = desk.address();
    // It has a runtime of its own.
    let line = std::thread::spawn(move || Proxy::start(address)).join().unwrap();
    let app = App::visitor(&world, "visitor", &["--desk", &line.address().to_string()]).await;
    let page = app.page();
    page.say("before").await;
    page.wait_for_status("before", &["sent", "delivered"]).await;
    let tries = line.accepted();
    line.set(Rules { refuses: true, ..Rules::default() });
    line.reset();
    // After so many the next one by itself is seconds away.
    until("it is tried by itself", || line.accepted() >= tries + 4).await;
    at_once(&line, "the network is there", || login.network_is_there()).await;
    let sleep_and_wake = || {
        login.sleep(true);
        login.sleep(false);
    };
    at_once(&line, "it woke up", sleep_and_wake).await;
    line.set(Rules::default());
    sleep_and_wake();
    page.say("after").await;
    page.wait_for_status("after", &["sent", "delivered"]).await;
}

/// Within a second, once in some times: others share this computer with the test.
async fn at_once(line: &Proxy, what: &str, say: impl Fn()) {
    let mut late = Vec::new();
    for _ in 0..5 {
        let tries = line.accepted();
        say();
        let said = Instant::now();
        until(what, || line.accepted() > tries).await;
        late.push(said.elapsed());
        if late.last() < Some(&Duration::from_secs(1)) {
            return;
        }
    }
    panic!("{what}: after {late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_44_while_the_session_is_locked_nothing_can_be_read_and_everything_runs_on() {
    let mut world = World::new();
    let login = Login::on(&mut world);
    let (screen, desk) = (Screen::here(), desk());
    let operator = Operator::start(&desk);
    let app = App::visitor(&world, "visitor", &["--desk", &desk.address().to_string()]).await;
    app.page().say("not for passers-by").await;
    app.page().wait_for_status("not for passers-by", &["sent", "delivered"]).await;
    let window = screen.window(&app, "chat");
    let is_read = |shown: bool| move |screen: &Screen| (screen.colours(window) > 1) == shown;
    until("it is drawn", || is_read(true)(&screen)).await;

    login.lock_another();
    login.lock(true);
    until("nothing is drawn", || is_read(false)(&screen)).await;
    login.another_lies();
    let id: String = app.page().script("return CallGear.getVisitorId()").await;
    operator.verbs().send(&id, "while it is locked").unwrap();
    operator.until("it was delivered", |told| {
        told.iter().any(|it| it["receipts"]["delivered"].as_u64() >= Some(3))
    });
    assert!(is_read(false)(&screen));

    login.hint(false);
    until("it is drawn again", || is_read(true)(&screen)).await;
    app.page().wait_for_text("while it is locked").await;
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + deskbell_tests::process::limit();
    while !is_so() {
        assert!(Instant::now() < until, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
