//! Files that are dropped onto a window, as a file manager does it.

use std::process::Command;
use std::time::Instant;

use deskbell_tests::process::limit;
use deskbell_tests::screen::Screen;
use deskbell_tests::{App, Drag, World};
use serde_json::json;

use super::ground::{Pair, invoke, put};
use crate::packs::ground::{TEMPLATE, form, try_out, write};

/// What the page is told from here on, as far as it concerns files.
pub(super) async fn listen(app: &App, face: &str) {
    app.page().script_async(&format!(
        "const done = arguments[arguments.length - 1];
         const channel = {{ id: window.__TAURI_INTERNALS__.transformCallback((said) => {{
             const update = said.message ?? said;
             if (['staged', 'dragging', 'error'].includes(update.type)) (window.told ??= []).push(update);
         }}), toJSON() {{ return '__CHANNEL__:' + this.id; }} }};
         window.__TAURI_INTERNALS__.invoke('{face}_boot', {{ channel }}).then(() => done(true), (why) => done(why));"
    )).await;
}

#[tokio::test]
async fn a_file_that_is_dropped_onto_either_window_is_taken() {
    let (world, screen) = (World::new(), Screen::here());
    let pair = Pair::start(&world, &[]).await;
    let file = put(&world, "notes & plans.txt", b"words");
    for (app, face, title) in [(&pair.visitor, "visitor", "chat"), (&pair.operator, "operator", "Deskbell")] {
        listen(app, face).await;
        let window = screen.window(app, title);
        let drag = Drag::over(&screen, window, &[&file]);
        app.page().wait_until("the page knows", "window.told?.some((it) => it.over === true)").await;
        drag.leave();
        app.page().wait_until("it is over", "window.told?.at(-1)?.over === false").await;
        Drag::over(&screen, window, &[&file, &world.path("files")]).release();
        let both = "window.told?.at(-1)?.files?.length === 2 && window.told.at(-1).files.every((it) => it.ready || it.code)";
        app.page().wait_until("both are listed", both).await;
        let told: serde_json::Value = app.page().script("return window.told.at(-1).files").await;
        assert_eq!((&told[0]["name"], &told[0]["ready"]), (&json!("notes & plans.txt"), &json!(true)));
        assert_eq!(told[1]["code"], "file_folder");
        let all: String = app.page().script("return JSON.stringify(window.told)").await;
        assert!(!all.contains(world.path("files").to_str().unwrap()), "a page learned a path: {all}");
        let heard =
            invoke(&app.page(), "plugin:event|listen", &json!({ "event": "tauri://drag-drop" })).await;
        assert!(heard["problem"].as_str().unwrap().contains("not allowed"), "{heard}");
    }
}

/// What a form can have dragged: a link to a file of this computer's, which the person takes for something else.
const BAIT: &str =
    "<a data-test=\"bait\" href=\"file:///etc/hostname\" style=\"display:block;padding:20px\">Slide me</a>";
const BAITED: &str = "document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('dragstart', () => { window.sliding = true; });
document.addEventListener('dragend', () => { window.slid = true; });";

#[tokio::test]
async fn threats_36_what_a_form_drags_itself_is_no_file_of_this_computer() {
    let (world, screen) = (World::new(), Screen::here());
    let folder = form(&world);
    write(&folder, "form.html", &TEMPLATE.replace("<h1", &format!("{BAIT}<h1")));
    let app = try_out(&world, &folder, &[]).await;
    app.page().wait_for("bait").await;
    listen(&app, "visitor").await;
    app.page().script::<()>(BAITED).await;
    let at = "const at = document.querySelector('[data-test=bait]').getBoundingClientRect();
              return [at.x + 10, at.y + 10]";
    let at: (f64, f64) = app.page().script(at).await;
    let window = screen.window(&app, "chat");
    let (left, top, ..) = screen.place(window);
    let place =
        |x: f64, y: f64| [(f64::from(left) + at.0 + x).to_string(), (f64::from(top) + at.1 + y).to_string()];
    let xdotool = |words: &[&str]| assert!(Command::new("xdotool").args(words).status().unwrap().success());
    let [x, y] = place(0.0, 0.0);
    xdotool(&["mousemove", &x, &y, "mousedown", "1"]);
    // The page hears of it some moves later; and some more are needed until the toolkit carries it.
    let (mut step, until) = (0, Instant::now() + limit());
    let mut carried = 0;
    while carried < 8 {
        assert!(Instant::now() < until, "it is never dragged");
        step += 1;
        let [x, y] = place(0.0, 10.0 * f64::from(step % 12 + 1));
        xdotool(&["mousemove", "--sync", &x, &y]);
        carried += u32::from(app.page().script::<bool>("return !!window.sliding").await);
    }
    xdotool(&["mouseup", "1"]);
    app.page().wait_until("it was let go", "window.slid").await;
    // Another program's file comes behind it, and is the only one.
    let file = put(&world, "mine.txt", b"words");
    Drag::over(&screen, window, &[&file]).release();
    app.page().wait_until("something is listed", "window.told?.some((it) => it.files?.length)").await;
    let told: String = app.page().script("return JSON.stringify(window.told)").await;
    assert!(told.contains("mine.txt") && !told.contains("hostname"), "{told}");
}
