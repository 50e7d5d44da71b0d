//! Every screen of both apps, in the engine that shows it: axe finds nothing, in both themes; texts as long as
//! German ones and texts from right to left break nothing.
//!
//! The pages are those of `vite build --mode memory`, whose backends have a scene for each screen; the engine is the
//! bare browser of the WebKit that the app runs in.

mod list;
mod pages;
pub(crate) mod window;

use std::path::Path;

use deskbell_tests::{App, World};
use serde_json::{Value, json};

use list::Screen;

/// How a screen is to be looked at.
#[derive(Clone, Copy)]
struct Look {
    query: &'static str,
    /// Rules of axe: all, or some by name.
    axe: Option<&'static str>,
    layout: bool,
}

#[tokio::test]
async fn axe_finds_nothing_on_any_screen_of_the_visitors_app() {
    let light = Look { query: "theme=light", axe: Some("all"), layout: false };
    // What differs between the themes is colours.
    let dark = Look { query: "theme=dark&lang=ru", axe: Some("color-contrast"), layout: false };
    look(&list::of_visitors(), &[light, dark]).await;
}

#[tokio::test]
async fn axe_finds_nothing_on_any_screen_of_the_operators_app() {
    let light = Look { query: "theme=light", axe: Some("all"), layout: false };
    let dark = Look { query: "theme=dark&lang=ru", axe: Some("color-contrast"), layout: false };
    look(&list::of_operators(), &[light, dark]).await;
}

#[tokio::test]
async fn long_texts_and_texts_from_right_to_left_break_no_screen() {
    let long = Look { query: "theme=light&texts=long", axe: None, layout: true };
    let mirrored = Look { query: "theme=dark&texts=mirrored", axe: None, layout: true };
    look(&list::all(), &[long, mirrored]).await;
}

/// Fails with everything that is wrong on any of the screens. `SCREENS=words` looks at those with these words in their
/// names alone, `PICTURES=folder` keeps a picture of each.
async fn look(screens: &[Screen], looks: &[Look]) {
    let world = World::new();
    let address = pages::serve(&world.path("pages"));
    let browser = App::bare(&world).await;
    browser.page().script::<()>(&format!("location.href = {}", json!(address))).await;
    browser.page().wait_until("the page that looks", "typeof inspect === 'function'").await;
    let only = std::env::var("SCREENS").unwrap_or_default();
    let mut found = Vec::new();
    for screen in screens.iter().filter(|screen| screen.name().contains(&only)) {
        for look in looks {
            for (width, height) in screen.sizes() {
                let name = format!("{} {} {width}x{height}", screen.name(), look.query);
                let wish = json!({
                    "address": format!("{address}{}&{}", screen.address, look.query), "width": width, "height": height,
                    "steps": screen.steps, "axe": look.axe, "layout": look.layout,
                });
                for flaw in findings(&browser, &wish).await {
                    found.push(format!("{name}: {flaw}"));
                }
                if let Ok(folder) = std::env::var("PICTURES") {
                    let file = format!("{}.png", name.replace(['/', '?', '&', '=', ' '], "_"));
                    browser.page().picture(&Path::new(&folder).join(file)).await;
                }
                // Roles and colours do not depend on the window's size.
                if !look.layout {
                    break;
                }
            }
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

async fn findings(browser: &App, wish: &Value) -> Vec<String> {
    let script =
        format!("const done = arguments[0]; inspect({wish}).then(done, (error) => done([String(error)]))");
    serde_json::from_value(browser.page().script_async(&script).await).unwrap()
}
