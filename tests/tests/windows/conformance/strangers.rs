//! What strangers write, in both windows: text, whatever it looks like (threats 27, I15).

use deskbell_api::dto::OperatorWish;
use deskbell_testkit::postfix::{DOMAIN, Postfix};
use deskbell_tests::{App, World, corpus};
use deskbell_wire::{Group, GroupId};
use serde_json::{Value, json};

use super::stage::Stage;

/// Writes each string into a page as HTML, where the same WebKit has no CSP, and touches what came of it as a person
/// would; which strings called.
const FIRE: &str = r#"
    const done = arguments[arguments.length - 1];
    const strings = STRINGS;
    const fired = new Set();
    window.__canary = (at) => fired.add(Number(at));
    const acts = ["pointerenter", "pointerdown", "mouseover", "mousedown", "mouseup", "click", "focus", "focusin", "keydown"];
    const write = (at) => {
        if (at === strings.length) return setTimeout(() => done([...fired]), 1000);
        const place = document.createElement("div");
        document.body.append(place);
        const range = document.createRange();
        range.selectNode(place);
        place.append(range.createContextualFragment(`<p>${strings[at]}</p>`));
        setTimeout(() => {
            for (const element of place.querySelectorAll("*")) {
                for (const act of acts) element.dispatchEvent(new Event(act, { bubbles: false, cancelable: false }));
                if (element.click) element.click();
                if (element.tagName === "a") element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
            }
            setTimeout(() => { place.remove(); write(at + 1); });
        });
    };
    write(0);
"#;

/// The corpus bites: otherwise its silence in our windows would say nothing. The engine is the one that our windows
/// have, in its own bare browser: a build of ours without CSP would be a build that could be shipped by mistake.
#[tokio::test]
async fn threats_27_written_as_html_more_than_nine_strings_of_ten_fire() {
    let world = World::new();
    let bare = App::bare(&world).await;
    let attacks = corpus::attacks();
    let script = FIRE.replace("STRINGS", &serde_json::to_string(&attacks).unwrap());
    let fired: Vec<usize> = serde_json::from_value(bare.page().script_async(&script).await).unwrap();
    let silent: Vec<_> = (0..attacks.len()).filter(|at| !fired.contains(at)).map(|at| &attacks[at]).collect();
    println!("{} of {} fired; silent: {silent:#?}", fired.len(), attacks.len());
    assert!(fired.len() * 10 >= attacks.len() * 9, "only {} of {} fire", fired.len(), attacks.len());
}

/// Whatever runs in a page of ours, calls this: it is seen in the page, and it reaches the desk.
const CANARY: &str = "window.fired = []; window.__canary = (at) => {
    window.fired.push(at);
    return window.__TAURI_INTERNALS__.invoke(COMMAND, WORDS);
};";

/// Messages of each side that are looked at together; a window may leave out what is far above.
const AT_ONCE: usize = 40;
/// The newest bubbles of one side; its words, where that is all that they hold.
const NEWEST: &str =
    "const bubbles = [...document.querySelectorAll('[data-test=message][data-sender=SENDER] .bubble')];
    const words = (bubble) => (bubble.querySelector('p') ?? bubble).textContent;
    const batch = BATCH, newest = bubbles.slice(-batch.length);";
const THERE: &str = "(() => { NEWEST return newest.length && words(newest.at(-1)) === batch.at(-1); })()";

/// Writes into the form and sends, as a person does who pastes.
const TYPE: &str = "const composer = document.querySelector('[data-test=composer]');
    composer.value = WORDS;
    composer.dispatchEvent(new Event('input'));
    document.querySelector('[data-test=send]').click();
    return null";

/// Touches the newest bubbles as a person would; what is in them.
const BUBBLES: &str = "NEWEST
    const inside = newest.flatMap((bubble) => [...bubble.querySelectorAll('*')]);
    for (const element of [...newest, ...inside])
        for (const act of ['pointerenter', 'mouseover', 'mousedown', 'mouseup', 'focusin', 'keydown'])
            element.dispatchEvent(new Event(act));
    return {
        wrong: newest.filter((bubble, at) => words(bubble) !== batch[at]).map((bubble) => bubble.outerHTML),
        elements: [...new Set(inside.map((one) => one.tagName))],
        // Text that runs the other way does so inside its own line.
        loose: newest.filter((bubble) => !['isolate', 'plaintext', 'isolate-override']
            .includes(getComputedStyle(bubble.querySelector('p') ?? bubble).unicodeBidi)).length,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        fired: window.fired,
    };";

/// Words, nothing but words, in lines of their own, within the window; and nobody has called.
#[track_caller]
fn inert(told: &Value) {
    assert_eq!((&told["wrong"], &told["fired"]), (&json!([]), &json!([])));
    assert_eq!((&told["loose"], told["wide"].as_i64() <= Some(0)), (&json!(0), true), "{told}");
    let elements = told["elements"].as_array().unwrap();
    // The page's own; no string of the corpus makes either.
    assert!(elements.iter().all(|name| name == "P" || name == "SPAN"), "{elements:?}");
}

#[tokio::test]
async fn i15_threats_27_a_strangers_message_is_text_in_both_windows() {
    let stage = Stage::open_in_chat().await;
    let window = stage.operators_window().await;
    set_canary(&stage.visitor, "visitor_typing", &json!({ "text": "canary" })).await;
    set_canary(&window, "operator_typing", &json!({ "visitor": stage.id, "typing": true })).await;
    let strings: Vec<String> = corpus::attacks().into_iter().chain(corpus::nuisances()).collect();
    for batch in strings.chunks(AT_ONCE) {
        for text in batch {
            stage.say(text);
            let _: Value =
                stage.visitor.page().script(&TYPE.replace("WORDS", &json!(text).to_string())).await;
        }
        for page in [stage.visitor.page(), window.page()] {
            for sender in ["visitor", "operator"] {
                let of = |script: &str| {
                    script
                        .replace("NEWEST", NEWEST)
                        .replace("SENDER", sender)
                        .replace("BATCH", &json!(batch).to_string())
                };
                page.wait_until("the messages are there", &of(THERE)).await;
                inert(&page.script(&of(BUBBLES)).await);
            }
        }
    }
    // Nothing has called; and what would have, had it called, is seen.
    let called = |told: &[Value]| told.iter().any(|one| one["type"] == "typing" && one["text"] == "canary");
    assert!(!called(&stage.operator.told()), "the visitor's canary sang");
    assert_eq!(stage.heard("chattyping").await, []);
    let _: Value = stage.visitor.page().script("return window.__canary(0) && null").await;
    stage.operator.until("the visitor's canary", called);
    let _: Value = window.page().script("return window.__canary(0) && null").await;
    stage.hears("chattyping", Value::is_null).await;
}

/// Everything in a page is touched; what would be a string that broke out, and what called.
const TOUCH: &str = "
    for (const element of document.querySelectorAll('body *'))
        for (const act of ['pointerenter', 'mouseover', 'mousedown', 'mouseup', 'focusin'])
            element.dispatchEvent(new Event(act));
    const all = [...document.querySelectorAll('*')];
    return { fired: window.fired, wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        broken: all.filter((one) => one.getAttributeNames().some((name) => name.startsWith('on'))).map((one) => one.outerHTML) };";

/// Names have no lines and at most 200 characters.
fn names() -> Vec<String> {
    let fits = |text: &String| text.chars().count() <= 200 && !text.chars().any(char::is_control);
    corpus::attacks().into_iter().chain(corpus::nuisances()).filter(fits).collect()
}

#[tokio::test]
async fn i15_threats_27_a_strangers_name_card_group_and_invitation_are_text_in_both_windows() {
    let mut stage = Stage::open_in_chat().await;
    let names = names();
    assert!(names.len() >= 200, "{}", names.len());
    let group = |name: &String| Group { id: GroupId(0), name: name.clone() };
    stage.save_site(|site| {
        site.form.title.clone_from(&names[0]);
        site.form.group_title.clone_from(&names[1]);
        // Every fifth: of each way to write an element, and of each element, there are some.
        site.form.groups = names.iter().step_by(5).take(50).map(group).collect();
    });
    stage.restart_visitor().await;
    let window = stage.operators_window().await;
    set_canary(&stage.visitor, "visitor_typing", &json!({ "text": "canary" })).await;
    set_canary(&window, "operator_typing", &json!({ "visitor": stage.id, "typing": true })).await;
    for name in &names {
        let wish = OperatorWish::Card { name: Some(name.clone()), emails: Vec::new(), phones: Vec::new() };
        stage.operator.verbs().want(&stage.id, wish).unwrap();
    }
    let last = names.last().unwrap();
    stage.operator.until_row("the last name", &stage.id, |row| row["name"] == json!(last));
    for shown in names.iter().step_by(20).chain([last]) {
        let wish = OperatorWish::Card { name: Some(shown.clone()), emails: Vec::new(), phones: Vec::new() };
        stage.operator.verbs().want(&stage.id, wish).unwrap();
        // A page leaves out what only stands round a name.
        let row = "document.querySelector('[data-test=visitor-row]')?.textContent";
        let is_listed = format!("{row}.includes({}.trim())", json!(shown));
        window.page().wait_until(&format!("{shown:?} is in the list"), &is_listed).await;
        stage
            .until("the card has the name", &format!("hand.getVisitorCard().name === {}", json!(shown)))
            .await;
    }
    stage.operator.verbs().close_chat(&stage.id).unwrap();
    stage.until("the chat is over", "hand.getState() === 'available'").await;
    stage.invite(&names[2]);
    stage.until("the invitation", "hand.getState() === 'invite'").await;
    let invited = format!("document.body.textContent.includes({})", json!(names[2]));
    stage.until("the words of the invitation", &invited).await;
    for app in [&stage.visitor, &window] {
        let told: Value = app.page().script(TOUCH).await;
        assert_eq!((&told["fired"], &told["broken"]), (&json!([]), &json!([])));
        assert!(told["wide"].as_i64() <= Some(0), "a name makes the page wider: {}", told["wide"]);
    }
    let sang = |told: &[Value]| told.iter().any(|one| one["type"] == "typing" && one["text"] == "canary");
    assert!(!sang(&stage.operator.told()), "the visitor's canary sang");
}

#[tokio::test]
async fn threats_27_a_strangers_words_are_text_in_the_letter() {
    let Some(post) = Postfix::start() else { return };
    let stage = Stage::open_in_chat().await;
    stage.take_mail_to(&post);
    let attacks = corpus::attacks();
    for batch in attacks.chunks(AT_ONCE) {
        for text in batch {
            stage.hand(&format!("sendChatMessage({})", json!(text))).await;
        }
        stage.has_said(batch.last().unwrap());
    }
    let to = format!("kim@{DOMAIN}");
    stage.hand(&format!("sendChatByMail('{to}')")).await;
    let html = html_of(&post.letter(&to));
    let bare = App::bare(&stage.world).await;
    let script = FIRE.replace("STRINGS", &json!([html]).to_string());
    let fired: Vec<usize> = serde_json::from_value(bare.page().script_async(&script).await).unwrap();
    assert_eq!(fired, [] as [usize; 0], "{html}");
    let read = "return new DOMParser().parseFromString(LETTER, 'text/html').body.textContent";
    let read: String = bare.page().script(&read.replace("LETTER", &json!(html).to_string())).await;
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let read = words(&read);
    // Marks that only turn the writing round are left out of letters.
    let plain = attacks.iter().filter(|text| !text.contains(['\u{202e}', '\u{feff}']));
    let lost: Vec<_> = plain.filter(|text| !read.contains(&words(text))).collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

/// The part of a letter that mail programs show.
fn html_of(letter: &[u8]) -> String {
    let letter = mailparse::parse_mail(letter).unwrap();
    letter.subparts.last().unwrap().get_body().unwrap()
}

async fn set_canary(app: &App, command: &str, words: &Value) {
    let script = CANARY.replace("COMMAND", &json!(command).to_string()).replace("WORDS", &words.to_string());
    let _: Value = app.page().script(&format!("{script} return null")).await;
}
