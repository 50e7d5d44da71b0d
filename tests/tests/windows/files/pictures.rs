//! Pictures of files, in both windows.

use std::path::PathBuf;

use deskbell_tests::screen::Screen;
use deskbell_tests::{App, World};
use serde_json::{Value, json};

use super::forms::{SEEN, answer as send_from_operator, drawn};
use super::ground::{Pair, arrived, invoke, picture, send_from_visitor};
use crate::conversation::{hosting, open_first_visitor};

/// Puts a picture of the file onto the page as a form would, and says how wide it came.
async fn shown(app: &App, address: &str) -> u64 {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const image = new Image();
         image.onload = () => done(image.naturalWidth);
         image.onerror = () => done(0);
         image.src = '{address}';"
    );
    app.page().script_async(&script).await.as_u64().unwrap()
}

#[tokio::test]
async fn a_picture_shows_in_both_windows_and_a_bomb_in_none() {
    let world = World::new();
    let pair = Pair::start(&world, &[]).await;
    let content = std::fs::read(picture(&world, "red.png", (640, 480), "red")).unwrap();
    let sent = send_from_visitor(&pair.visitor, "red.png", "image/png", &content).await;
    let file = arrived(&pair, "red.png").await;
    assert_eq!((&file["preview"], &file["opening"]), (&json!("picture"), &json!("plain")));
    for (app, key) in [(&pair.visitor, &sent["key"]), (&pair.operator, &file["key"])] {
        let key = key.as_str().unwrap();
        assert_eq!(shown(app, &format!("desk://localhost/preview/{key}?px=128")).await, 128);
        assert_eq!(shown(app, &format!("desk://localhost/file/{key}/red.png")).await, 512);
        assert_eq!(shown(app, &format!("desk://localhost/preview/{}", key.replace('-', ""))).await, 512);
        assert_eq!(shown(app, "desk://localhost/preview/01234567-0000-7000-8000-000000000000").await, 0);
    }
    // What says that it is 50,000 by 50,000 dots, threats 39.
    let mut bomb = content.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    send_from_visitor(&pair.visitor, "bomb.png", "image/png", &bomb).await;
    let file = arrived(&pair, "bomb.png").await;
    let address = format!("desk://localhost/preview/{}", file["key"].as_str().unwrap());
    assert_eq!(shown(&pair.operator, &address).await, 0);
    let alive: Value =
        invoke(&pair.operator.page(), "operator_file_words", &json!({ "key": file["key"] })).await;
    assert!(alive.is_object(), "the program goes on");
}

/// The visitor's window with the old form, in a chat.
async fn old_form(world: &World, address: &str) -> App {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/packs/classic");
    App::visitor(world, "visitor", &["--desk", address, "--pack", folder.to_str().unwrap()]).await
}

#[tokio::test]
async fn a_picture_that_came_before_somebody_looked_is_drawn_by_the_old_form_and_by_the_operators_log() {
    let (world, screen) = (World::new(), Screen::here());
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = old_form(&world, &address).await;
    visitor.page().click("label-chat").await;
    visitor.page().type_into("creator", "Which lid?\u{E007}").await;
    operator.page().wait_for_text("Which lid?").await;
    // Nobody has opened the conversation yet.
    let kettle = std::fs::read(picture(&world, "kettle.png", (320, 200), "peru")).unwrap();
    let choose = format!(
        "const chosen = new DataTransfer();
         chosen.items.add(new File([new Uint8Array({})], 'kettle.png', {{ type: 'image/png' }}));
         const input = document.querySelector('[data-test=file]');
         input.files = chosen.files;
         input.dispatchEvent(new Event('change'));",
        json!(kettle)
    );
    visitor.page().script::<()>(&choose).await;
    visitor.page().wait_until("the own picture", &drawn("kettle.png")).await;
    operator.page().wait_until("it is told", "document.body.innerText.includes('kettle')").await;
    open_first_visitor(&operator).await;
    operator.page().wait_until("the picture", &format!("{SEEN} === 1")).await;

    // Nobody is at the other end.
    visitor.close().await;
    send_from_operator(&operator, &screen, &picture(&world, "lids.png", (500, 300), "teal")).await;
    let sent = "[...document.querySelectorAll('[data-test=message][data-sender=operator]')]
        .at(-1)?.dataset.status === 'sent'";
    operator.page().wait_until("the desk has it", sent).await;
    let visitor = old_form(&world, &address).await;
    visitor.page().wait_until("the operator's picture", &drawn("lids.png")).await;
    visitor.page().wait_until("the own picture", &drawn("kettle.png")).await;
}
