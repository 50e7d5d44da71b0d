//! What an operator does by hand beside answering: inviting, moving, the card, requests, the site's settings.

use std::path::Path;

use deskbell_tests::{App, World};

use super::conversation::{hosting, open_first_visitor};

#[tokio::test]
async fn invite_by_hand_opens_a_chat_when_the_visitor_accepts() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let (theirs, mine) = (visitor.page(), operator.page());
    theirs.wait_for("composer").await;
    open_first_visitor(&operator).await;

    mine.click("invite").await;
    mine.wait_for("invitation").await;
    mine.wait_for_text("You invited the visitor").await;
    theirs.wait_for("invite").await;
    mine.click("withdraw").await;
    mine.wait_for_text("The invitation was taken back").await;
    theirs.wait_until("the card is gone", "!document.querySelector('[data-test=invite]')").await;

    mine.click("invite").await;
    theirs.click("invite-accept").await;
    mine.wait_for_text("the invitation was accepted").await;
    mine.say("Which lamp is it?").await;
    theirs.wait_for_text("Which lamp is it?").await;
}

#[tokio::test]
async fn a_chat_is_taken_moved_to_a_group_of_the_site_and_its_visitor_has_a_card() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let mine = operator.page();
    save_group(&operator, 0, "Orders").await;
    save_group(&operator, 1, "<img src=x onerror=alert(1)>").await;
    mine.wait_until("both are in the table", "document.querySelectorAll('[data-test^=seat-]').length === 3")
        .await;
    mine.click("view-visitors").await;

    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let theirs = visitor.page();
    theirs.say("Where is my lamp?").await;
    let strange = "[...document.querySelectorAll('[type=radio]')][1]";
    theirs.wait_until("the choice of groups", strange).await;
    theirs.script::<()>(&format!("{strange}.click()")).await;
    theirs.click("sheet-submit").await;
    // Only then does the row stand where it stays.
    mine.wait_until("the row says for whom", &group_is("<img src=x onerror=alert(1)>")).await;
    open_first_visitor(&operator).await;
    mine.click("take").await;
    mine.wait_for_text("You joined the chat").await;
    mine.click("move").await;
    mine.script::<()>("document.querySelectorAll('[data-test=move-item]')[1].click()").await;
    mine.wait_for_text("Moved to “Orders”").await;
    mine.wait_until("the row says for whom now", &group_is("Orders")).await;

    mine.click("card-edit").await;
    mine.type_into("card-name", "Ann").await;
    mine.type_into("card-email", "ann@example.test\u{E007}").await;
    mine.wait_for_text("Visitor’s card: Ann, ann@example.test").await;
    mine.wait_until(
        "the list knows the name",
        "document.querySelector('[data-test=visitor-row]').textContent.includes('Ann')",
    )
    .await;
    take_picture(&operator).await;
    for page in [mine, theirs] {
        page.wait_until("no name became markup", "!document.querySelector('img')").await;
    }
}

fn group_is(name: &str) -> String {
    let chip = "document.querySelector('[data-test=visitor-row] [data-test=group]')?.textContent";
    format!("{chip} === '{name}'")
}

/// Adds a group and saves, each time upon what the desk has made of the last one.
async fn save_group(operator: &App, at: usize, name: &str) {
    let page = operator.page();
    page.click("view-settings").await;
    page.click("part-groups").await;
    page.click("add-group").await;
    page.type_into(&format!("form.groups.{at}"), name).await;
    page.click("settings-save").await;
    page.wait_until(
        "it is saved",
        "document.querySelector('[data-test=settings-state]').textContent.trim() === 'Saved'",
    )
    .await;
}

async fn take_picture(operator: &App) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    operator.page().picture(&folder.join("workplace.png")).await;
}
