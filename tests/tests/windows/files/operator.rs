//! Files in the operator's window: chosen in the system's dialog, sent with words; received, shown, walked through.
//!
//! With `DESKBELL_PICTURES=DIR` both windows are painted.

use std::path::Path;

use deskbell_tests::keys::press;
use deskbell_tests::screen::Screen;
use deskbell_tests::{App, World};

use super::ground::{Pair, picture, send_from_visitor, type_place};

/// How many pictures of files are drawn in the operator's log.
const DRAWN: &str = "[...document.querySelectorAll('[data-test=file-picture] img')]
    .filter((image) => image.naturalWidth > 60).length";
const LARGE: &str = "document.querySelector('[data-test=preview] img')?.naturalWidth";

async fn paint(app: &App, name: &str) {
    if let Some(folder) = std::env::var_os("DESKBELL_PICTURES") {
        app.page().picture(&Path::new(&folder).join(name)).await;
    }
}

/// Waits until so many chosen files can go.
async fn staged(app: &App, count: usize) {
    let ready = "document.querySelectorAll('[data-test=staged-file][data-ready=true] img').length";
    app.page().wait_until("what was chosen is shown", &format!("{ready} === {count}")).await;
    app.page().wait_until("it can go", "document.querySelector('[data-test=send]:not(:disabled)')").await;
}

#[tokio::test]
async fn the_operator_chooses_a_picture_and_both_windows_show_it_and_the_answer() {
    let (world, screen) = (World::new(), Screen::here());
    let pair = Pair::start(&world, &[]).await;
    let (page, visitor) = (pair.operator.page(), pair.visitor.page());
    let lamp = picture(&world, "north lamp.png", (640, 400), "peru");
    page.click("attach").await;
    type_place("Choose files to send", &lamp, true).await;
    staged(&pair.operator, 1).await;
    page.type_into("composer", "The lamp").await;
    paint(&pair.operator, "operator-staged.png").await;
    page.click("send").await;
    page.wait_until("it is in the log", &format!("{DRAWN} === 1")).await;
    visitor.wait_for_text("The lamp").await;
    let shown = "[...document.querySelectorAll('[data-test=message]')]
        .some((row) => row.textContent.includes('north lamp')
            && [...row.querySelectorAll('img')].some((image) => !image.hidden && image.naturalWidth > 60))";
    visitor.wait_until("it is with the visitor", shown).await;

    let answer = std::fs::read(picture(&world, "broken.png", (500, 300), "navy")).unwrap();
    send_from_visitor(&pair.visitor, "broken.png", "image/png", &answer).await;
    page.wait_until("the visitor's picture", &format!("{DRAWN} === 2")).await;
    paint(&pair.operator, "operator-log.png").await;
    let last = "[...document.querySelectorAll('[data-test=file-picture]')].at(-1)";
    page.script::<()>(&format!("{last}.focus(); {last}.click()")).await;
    page.wait_until("the picture, large", &format!("{LARGE} === 500")).await;
    paint(&pair.operator, "operator-large.png").await;
    let window = screen.window(&pair.operator, "Deskbell");
    press(window, &["Left"]);
    page.wait_until("its neighbour", &format!("{LARGE} === 640")).await;
    press(window, &["Escape"]);
    page.wait_until("closed", "!document.querySelector('[data-test=preview]')").await;
    page.wait_until("the keyboard is back", &format!("document.activeElement === {last}")).await;
}
