//! Files through the forms that visitors have: the default one and the old one, to the operator and back.
//!
//! With `DESKBELL_PICTURES=DIR` both windows are painted.

use std::path::{Path, PathBuf};

use deskbell_tests::screen::Screen;
use deskbell_tests::{App, Drag, World};

use super::ground::{Pair, picture, put};
use crate::conversation::{hosting, open_first_visitor};
use crate::screens::window::is_accessible;

/// A picture in the visitor's log, by its file's name, that has been drawn.
pub(super) fn drawn(name: &str) -> String {
    format!(
        "[...document.querySelectorAll('[data-test=message]')].some((row) => row.textContent.includes('{name}')
           && [...row.querySelectorAll('img')].some((image) => !image.hidden && image.naturalWidth > 60))"
    )
}

/// The operator's bubble of a picture that has been drawn; how many there are.
pub(super) const SEEN: &str = "[...document.querySelectorAll('[data-test=file-picture] img')]
    .filter((image) => image.naturalWidth > 60).length";

pub(super) async fn paint(app: &App, name: &str) {
    if let Some(folder) = std::env::var_os("DESKBELL_PICTURES") {
        app.page().picture(&Path::new(&folder).join(name)).await;
    }
}

/// What was dropped or pasted is sent from the window's own panel.
pub(super) async fn send(visitor: &App, caption: &str) {
    let page = visitor.page();
    page.wait_until("all is read", "document.querySelector('[data-test=files-send]')?.disabled === false")
        .await;
    if !caption.is_empty() {
        page.type_into("files-caption", caption).await;
    }
    page.click("files-send").await;
    page.wait_until("the panel is gone", "!document.querySelector('[data-test=files-panel]')").await;
}

/// The operator drops a picture and sends it.
pub(super) async fn answer(operator: &App, screen: &Screen, file: &Path) {
    Drag::over(screen, screen.window(operator, "Deskbell"), &[file]).release();
    let page = operator.page();
    page.wait_until(
        "it is ready",
        "document.querySelector('[data-test=staged-file]')?.dataset.ready === 'true'",
    )
    .await;
    page.wait_until("it can be sent", "document.querySelector('[data-test=send]:not(:disabled)')").await;
    page.click("send").await;
}

#[tokio::test]
async fn through_the_default_form_a_dropped_picture_and_an_attached_file_go_out_and_a_picture_comes_back() {
    let (world, screen) = (World::new(), Screen::here());
    let pair = Pair::start(&world, &[]).await;
    let (visitor, operator) = (pair.visitor.page(), pair.operator.page());
    let kettles = picture(&world, "two kettles.png", (640, 400), "peru");
    Drag::over(&screen, screen.window(&pair.visitor, "chat"), &[&kettles]).release();
    visitor.wait_for("files-panel").await;
    paint(&pair.visitor, "panel.png").await;
    send(&pair.visitor, "Without lids").await;
    visitor.wait_until("the picture", &drawn("two kettles.png")).await;
    operator.wait_for_text("Without lids").await;
    operator.wait_until("the picture", &format!("{SEEN} === 1")).await;

    let attach = "const chosen = new DataTransfer();
        chosen.items.add(new File(['one lid'], 'order 1207.txt', { type: 'text/plain' }));
        const input = document.querySelector('[data-test=file]');
        input.files = chosen.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));";
    visitor.script::<()>(attach).await;
    operator.wait_for_text("order 1207").await;

    answer(&pair.operator, &screen, &picture(&world, "lids.png", (500, 300), "teal")).await;
    visitor.wait_until("the operator's picture", &drawn("lids.png")).await;
    visitor
        .script::<()>("document.querySelector('[data-sender=operator] [data-test=file-link]').click()")
        .await;
    let large = "document.querySelector('[data-test=file-look] img')?.naturalWidth > 400";
    visitor.wait_until("the picture, large", large).await;
    paint(&pair.visitor, "file.png").await;
    visitor.click("file-close").await;
    paint(&pair.visitor, "default.png").await;
    paint(&pair.operator, "operator.png").await;
}

#[tokio::test]
async fn through_the_old_form_a_dropped_picture_and_a_chosen_file_go_out_and_a_picture_comes_back() {
    let (world, screen) = (World::new(), Screen::here());
    let (operator, address) = hosting(&world, &[]).await;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/packs/classic");
    let arguments = ["--desk", &address, "--pack", folder.to_str().unwrap()];
    let visitor = App::visitor(&world, "visitor", &arguments).await;
    let page = visitor.page();
    page.wait_until("the label offers a chat", "document.querySelector('.hb-js-label--chat')").await;
    is_accessible(&visitor, "the old form's label").await;
    page.click("label-chat").await;

    let choose = "const chosen = new DataTransfer();
        chosen.items.add(new File(['one lid'], 'order 1207.txt', { type: 'text/plain' }));
        const input = document.querySelector('[data-test=file]');
        input.files = chosen.files;
        input.dispatchEvent(new Event('change'));";
    page.script::<()>(choose).await;
    page.wait_for_text("order 1207.txt").await;
    // The row moves when the chat opens: not before it has.
    operator.page().wait_for_text("order 1207.txt").await;
    open_first_visitor(&operator).await;

    let kettle = picture(&world, "kettle.png", (320, 200), "peru");
    Drag::over(&screen, screen.window(&visitor, "chat"), &[&kettle]).release();
    send(&visitor, "Without a lid").await;
    page.wait_until("the picture", &drawn("kettle.png")).await;
    page.wait_for_text("Without a lid").await;
    operator.page().wait_until("the picture", &format!("{SEEN} === 1")).await;

    answer(&operator, &screen, &picture(&world, "lids.png", (500, 300), "teal")).await;
    page.wait_until("the operator's picture", &drawn("lids.png")).await;
    is_accessible(&visitor, "the old form's chat").await;
    paint(&visitor, "classic.png").await;
}

#[tokio::test]
async fn the_smallest_form_shows_a_file_as_a_link_and_what_is_dropped_goes_out() {
    let (world, screen) = (World::new(), Screen::here());
    let (operator, address) = hosting(&world, &[]).await;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/packs/minimal");
    let arguments = ["--desk", &address, "--pack", folder.to_str().unwrap()];
    let visitor = App::visitor(&world, "visitor", &arguments).await;
    let page = visitor.page();
    page.wait_until("a door", "document.querySelector('.door')").await;
    is_accessible(&visitor, "the smallest form's door").await;
    page.script::<()>("document.querySelector('.door').click()").await;
    let note = put(&world, "note.txt", b"two kettles");
    Drag::over(&screen, screen.window(&visitor, "chat"), &[&note]).release();
    send(&visitor, "").await;
    page.wait_until(
        "a link",
        "document.querySelector('[data-test=log] a')?.textContent === 'note.txt (11 B)'",
    )
    .await;
    is_accessible(&visitor, "the smallest form's chat").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_text("note").await;
    page.script::<()>("document.querySelector('[data-test=log] a').click()").await;
    let words = "document.querySelector('[data-test=file-look]')?.textContent === 'two kettles'";
    page.wait_until("its words", words).await;
    is_accessible(&visitor, "a file over the smallest form").await;
    paint(&visitor, "minimal.png").await;
}
