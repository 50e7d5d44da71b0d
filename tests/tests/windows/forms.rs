//! The packs that come with the program beside the default form, in real windows: the old form and the smallest one.
//!
//! With `DESKBELL_PICTURES=DIR` the last tests paint the three packs, light and dark, in both languages.

use std::path::{Path, PathBuf};

use deskbell_tests::{App, World};

use crate::conversation::{hosting, open_first_visitor};

#[tokio::test]
async fn the_old_form_opens_a_chat_by_its_first_message_and_shows_it_again_after_a_restart() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = open(&world, &address, "classic", &[]).await;
    open_old_chat(&visitor).await;
    write_old(&visitor, "Is the atlas there?").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", "Is the atlas there?")]).await;
    operator.page().say("One is left.").await;
    visitor.page().wait_for_text("One is left.").await;
    visitor.page().wait_for_text("Anna Berg").await;
    visitor.close().await;

    let again = open(&world, &address, "classic", &[]).await;
    again.page().wait_for_text("One is left.").await;
    operator.page().say("Shall I keep it?").await;
    let said = "document.querySelectorAll('[data-test=message]:not([data-sender=system])').length === 3";
    again.page().wait_until("all is there once", said).await;
}

#[tokio::test]
async fn the_old_forms_offline_message_and_call_reach_the_operator() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = open(&world, &address, "classic", &[]).await;
    let page = visitor.page();
    page.click("label-phone").await;
    page.type_into("phone", "15550104477").await;
    page.click("call").await;
    page.wait_until("an answer", "document.querySelector('.sp-js-feedback--success')").await;
    page.wait_until("the labels again", "document.querySelector('.hb-js-rack--shown')").await;

    operator.page().click("status-switch").await;
    page.wait_until("nobody is here", "document.querySelector('.hb-js-label--offline')").await;
    page.click("label-offline").await;
    page.type_into("offline-email", "maria@example.com").await;
    page.type_into("offline-message", "Is the atlas there?").await;
    page.click("offline-submit").await;
    page.wait_until("an answer", "document.querySelector('.hb-js-show-feedback--success')").await;

    operator.page().click("view-requests").await;
    operator.page().wait_for_text("Is the atlas there?").await;
    let requests = "document.querySelectorAll('[data-test=request]').length === 2";
    operator.page().wait_until("both are there", requests).await;
}

#[tokio::test]
async fn the_smallest_form_opens_a_chat_when_it_is_shown_and_closes_it_before_it_hides() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = open(&world, &address, "minimal", &[]).await;
    let page = visitor.page();
    press(&visitor, ".door").await;
    open_first_visitor(&operator).await;
    page.type_into("field", "hello\u{E007}").await;
    operator.page().wait_for_words(&[("visitor", "hello")]).await;
    operator.page().say("Good morning").await;
    page.wait_for_text("Good morning").await;
    press(&visitor, "header button").await;
    operator.page().wait_for_text("Chat closed by the visitor").await;
}

#[tokio::test]
async fn the_default_form_folded_counts_what_comes_and_reads_it_once_it_is_opened() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let page = visitor.page();
    page.say("Is the atlas there?").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", "Is the atlas there?")]).await;
    // Escape, where nothing else is open.
    page.type_into("composer", "\u{E00C}").await;
    page.wait_until("the label", "document.activeElement.dataset.test === 'label'").await;
    operator.page().say("One is left.").await;
    operator.page().say("Shall I keep it?").await;
    page.wait_until("two are new", "document.querySelector('[data-test=label-count]').textContent === '2'")
        .await;
    page.wait_for_text("Shall I keep it?").await;
    operator.page().wait_for_status("Shall I keep it?", &["sent", "delivered"]).await;
    page.click("label").await;
    operator.page().wait_for_status("Shall I keep it?", &["read"]).await;
    page.say("Yes, please").await;
    visitor.close().await;

    let again = App::visitor(&world, "visitor", &["--desk", &address]).await;
    again.page().wait_for_text("Yes, please").await;
}

#[tokio::test]
async fn the_default_form_is_painted() {
    paint("default").await;
}

#[tokio::test]
async fn the_old_form_is_painted() {
    paint("classic").await;
}

#[tokio::test]
async fn the_smallest_form_is_painted() {
    paint("minimal").await;
}

/// Device, language, and whether it is dark.
const PICTURES: [(&str, &str, bool); 4] =
    [("desktop", "en", false), ("desktop", "ru", true), ("mobile", "en", true), ("mobile", "ru", false)];

async fn paint(pack: &str) {
    let Some(folder) = std::env::var_os("DESKBELL_PICTURES").map(PathBuf::from) else { return };
    for (device, lang, is_dark) in PICTURES {
        let world = World::new();
        if is_dark {
            prefer_dark(&world);
        }
        let (operator, address) = hosting(&world, &[]).await;
        let visitor = open(&world, &address, pack, &["--device", device, "--lang", lang]).await;
        let theme = if is_dark { "dark" } else { "light" };
        let name = |what: &str| folder.join(format!("{pack}-{device}-{lang}-{theme}-{what}.png"));
        talk(&visitor, &operator, pack, lang, &name("closed")).await;
        picture(&visitor, &name("chat")).await;
        if pack == "default" {
            fold(&visitor, &operator, lang).await;
            picture(&visitor, &name("folded")).await;
        }
    }
}

/// The default form becomes a label, and an answer comes.
async fn fold(visitor: &App, operator: &App, lang: &str) {
    visitor.page().click("fold").await;
    let words = if lang == "ru" {
        "Ещё есть карта маяков. Показать?"
    } else {
        "There is a map of the lighthouses, too."
    };
    operator.page().say(words).await;
    visitor.page().wait_for_text(words).await;
}

/// What is said in a picture, in turn, the visitor first.
const TALK: [(&str, [&str; 4]); 2] = [
    (
        "en",
        [
            "Good morning! Is the atlas of the coast still there?",
            "Good morning! One is left. Shall I keep it for you?",
            "Yes, please. I come on Friday after work.",
            "It waits at the till. We are open until seven.",
        ],
    ),
    (
        "ru",
        [
            "Здравствуйте! Атлас побережья ещё есть?",
            "Добрый день! Остался один, отложить его для вас?",
            "Да, пожалуйста. Зайду в пятницу после работы.",
            "Он ждёт вас на кассе. Мы открыты до семи.",
        ],
    ),
];

async fn talk(visitor: &App, operator: &App, pack: &str, lang: &str, closed: &Path) {
    let page = visitor.page();
    let (door, is_there) = match pack {
        "default" => (None, "document.querySelector('[data-test=composer]')"),
        "classic" => (Some("[data-test=label-chat]"), "document.querySelector('[data-test=label-chat]')"),
        _ => (Some(".door"), "document.querySelector('.door')"),
    };
    page.wait_until("the form", is_there).await;
    picture(visitor, closed).await;
    if let Some(door) = door {
        press(visitor, door).await;
    }
    let [asked, offered, agreed, said] = TALK.iter().find(|(one, _)| *one == lang).unwrap().1;
    write(visitor, pack, asked).await;
    open_first_visitor(operator).await;
    operator.page().wait_for_words(&[("visitor", asked)]).await;
    operator.page().say(offered).await;
    page.wait_for_text(offered).await;
    write(visitor, pack, agreed).await;
    operator.page().wait_for_text(agreed).await;
    operator.page().say(said).await;
    page.wait_for_text(said).await;
}

async fn write(visitor: &App, pack: &str, text: &str) {
    match pack {
        "default" => visitor.page().say(text).await,
        "classic" => write_old(visitor, text).await,
        _ => visitor.page().type_into("field", &format!("{text}\u{E007}")).await,
    }
}

/// Once everything has moved into its place.
async fn picture(visitor: &App, file: &Path) {
    let is_still = "document.getAnimations().every((one) => one.playState !== 'running')";
    visitor.page().wait_until("nothing moves", is_still).await;
    visitor.page().picture(file).await;
}

/// A visitor's window with one of our packs; the built-in one needs no folder.
async fn open(world: &World, address: &str, pack: &str, extra: &[&str]) -> App {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/packs").join(pack);
    let mut arguments = vec!["--desk", address, "--pack", folder.to_str().unwrap()];
    arguments.extend(extra);
    App::visitor(world, "visitor", &arguments).await
}

/// The label offers a chat once the desk has said that somebody is there.
async fn wait_for_old_label(visitor: &App) {
    let label = "document.querySelector('.hb-js-label--chat')";
    visitor.page().wait_until("the label offers a chat", label).await;
}

async fn open_old_chat(visitor: &App) {
    wait_for_old_label(visitor).await;
    visitor.page().click("label-chat").await;
}

async fn write_old(visitor: &App, text: &str) {
    visitor.page().type_into("creator", &format!("{text}\u{E007}")).await;
}

async fn press(visitor: &App, selector: &str) {
    visitor.page().wait_until(selector, &format!("document.querySelector('{selector}')")).await;
    visitor.page().script::<()>(&format!("document.querySelector('{selector}').click()")).await;
}

/// The desktop's own wish, as GTK reads it.
fn prefer_dark(world: &World) {
    let settings = world.path("config/gtk-3.0/settings.ini");
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    std::fs::write(settings, "[Settings]\ngtk-application-prefer-dark-theme=1\n").unwrap();
}
