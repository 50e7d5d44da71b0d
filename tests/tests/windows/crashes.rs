//! kill -9 of either end.

use deskbell_tests::desk::PASSWORD;
use deskbell_tests::{App, Desk, World};

use crate::conversation::open_first_visitor;

const FIRST: [&str; 3] = ["is anybody there", "I have a question", "it is about my order"];

async fn sign_in(operator: &App) {
    let page = operator.page();
    page.type_into("sign-in-login", "anna").await;
    page.type_into("sign-in-password", PASSWORD).await;
    page.click("sign-in-submit").await;
    page.wait_for("status-switch").await;
}

#[tokio::test]
async fn c1_the_first_three_messages_survive_a_kill_and_arrive_once_when_the_desk_is_there() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    let address = desk.address();
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    for text in FIRST {
        visitor.page().say(text).await;
        visitor.page().wait_for_status(text, &["queued"]).await;
    }
    visitor.kill();

    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let expected = FIRST.map(|text| ("visitor", text));
    visitor.page().wait_for_words(&expected).await;
    for text in FIRST {
        visitor.page().wait_for_status(text, &["queued"]).await;
    }

    desk.add_operator("Anna Berg", "anna");
    desk.start();
    for text in FIRST {
        visitor.page().wait_for_status(text, &["sent", "delivered"]).await;
    }
    let operator = App::operator(&world, "operator", &["--desk", &address]).await;
    sign_in(&operator).await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&expected).await;
    visitor.page().wait_for_words(&expected).await;
}

#[tokio::test]
async fn i3_a_desk_killed_in_the_middle_of_a_conversation_loses_and_doubles_nothing() {
    let world = World::new();
    let mut desk = Desk::new(&world);
    desk.add_operator("Anna Berg", "anna");
    desk.start();
    let address = desk.address();
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let operator = App::operator(&world, "operator", &["--desk", &address]).await;
    sign_in(&operator).await;
    visitor.page().say("before").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", "before")]).await;

    visitor.page().say("on its way").await;
    desk.kill();
    visitor.page().say("while it is down").await;
    operator.page().say("answered while it is down").await;
    visitor.page().wait_for_status("while it is down", &["queued"]).await;
    desk.start();
    visitor.page().wait_for_status("while it is down", &["sent", "delivered", "read"]).await;
    operator.page().wait_for_status("answered while it is down", &["sent", "delivered", "read"]).await;

    operator.page().wait_for_text("while it is down").await;
    visitor.page().wait_for_text("answered while it is down").await;
    let words = visitor.page().words().await;
    assert_eq!(words.len(), 4, "{words:?}");
    let expected: Vec<_> = words.iter().map(|(sender, text)| (sender.as_str(), text.as_str())).collect();
    operator.page().wait_for_words(&expected).await;

    // History is on both ends after restarts, and without a desk.
    desk.kill();
    visitor.kill();
    operator.kill();
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let operator = App::operator(&world, "operator", &["--desk", &address]).await;
    visitor.page().wait_for_words(&expected).await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&expected).await;
}
