//! A visitor's second device: linked by a code, in step with the first, and sent away again. Sessions without windows
//! where the page adds nothing, and two windows where the shell and the keyring take part.

use std::net::SocketAddr;
use std::path::Path;

use deskbell_api::dto::{Device, Locale, VisitorWish};
use deskbell_api::profile::{Keep, ProfileSecrets};
use deskbell_server::{DeskLimits, DeskOptions, Pace, RunningDesk};
use deskbell_tests::bus::Keyring;
use deskbell_tests::operator::Operator;
use deskbell_tests::process::free_port;
use deskbell_tests::visitor::Visitor;
use deskbell_tests::{App, World};
use deskbell_wire::{JoinLink, SiteKey};
use serde_json::Value;

fn start_desk(limits: DeskLimits) -> (RunningDesk, JoinLink) {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let desk = deskbell_server::start(DeskOptions { listen, limits, ..DeskOptions::default() }).unwrap();
    desk.add_owner("Anna Berg").unwrap();
    let link = desk.join_link(&SiteKey::main());
    (desk, link)
}

fn unpaced() -> (RunningDesk, JoinLink) {
    start_desk(DeskLimits { redeems: Pace::OFF, ..DeskLimits::unpaced() })
}

fn code(visitor: &Visitor) -> String {
    visitor.until_phase("online");
    visitor.verbs().link_code().unwrap().code
}

fn other(devices: Vec<Device>) -> Device {
    devices.into_iter().find(|device| !device.this).unwrap()
}

#[test]
fn i6_two_devices_of_one_visitor_show_the_same_conversation() {
    let (desk, link) = unpaced();
    let operator = Operator::start(&desk);
    let (first, mut second) = (Visitor::start(&link), Visitor::start(&link));
    first.verbs().send("before there were two", None).unwrap();
    first.until("it is on the desk", |told| told.iter().any(|update| update["type"] == "status"));
    second.link(&code(&first).to_lowercase(), true).unwrap();
    assert_eq!(second.id(), first.id());
    second.until_words(&["before there were two"]);

    second.verbs().send("from the second", None).unwrap();
    operator.until_lines("the visitor's words", first.id(), |lines| lines.len() >= 3);
    first.until_words(&["before there were two", "from the second"]);
    operator.verbs().send(first.id(), "to both").unwrap();
    let all = ["before there were two", "from the second", "to both"];
    first.until_words(&all);
    second.until_words(&all);
    let shown = first.told().iter().filter(|update| update["message"]["text"] == "from the second").count();
    assert_eq!(shown, 1, "once");

    let seq = second.lines().last().and_then(|line| line.seq).unwrap();
    second.verbs().read(seq).unwrap();
    operator
        .until("what one device read is read", |told| told.iter().any(|it| it["receipts"]["read"] == seq));
    operator.verbs().typing(first.id(), true).unwrap();
    for device in [&first, &second] {
        device.until("the operator types", |told| told.iter().any(|update| update["typing"] == true));
    }
    let name = VisitorWish::Card { name: Some("Boris".into()), emails: vec![], phones: vec![] };
    first.verbs().want("5b0f4ad2-5c2e-4a6f-9b33-0c2f5d1e7a01", name).unwrap();
    second.until("the card", |told| told.iter().any(|it| it["present"]["card"]["name"] == "Boris"));
    let devices = first.verbs().devices().unwrap();
    assert_eq!((devices.len(), devices.iter().filter(|device| device.connected).count()), (2, 2));
}

#[test]
fn threats_8_a_revoked_device_is_told_why_and_never_comes_back_by_itself() {
    let (_desk, link) = unpaced();
    let (first, mut second) = (Visitor::start(&link), Visitor::start(&link));
    let secrets = second.link(&code(&first), true).unwrap();
    second.until_phase("online");
    let own = first.verbs().devices().unwrap().into_iter().find(|device| device.this).unwrap();
    assert_eq!(first.verbs().revoke(&own.device_id).unwrap_err().code, "invalid", "not itself");

    first.verbs().revoke(&other(first.verbs().devices().unwrap()).device_id).unwrap();
    let connection = second.until_phase("stopped");
    assert_eq!(connection["code"], "revoked");
    assert!(connection["sentence"].as_str().unwrap().contains("on another device"), "{connection}");
    let again = Visitor::with(&link, secrets, Keep::SessionOnly);
    assert_eq!(again.until_phase("stopped")["code"], "revoked", "after a restart, too");
    assert_eq!(first.verbs().devices().unwrap().len(), 1);

    second.link(&code(&first), true).unwrap();
    second.until_phase("online");
}

#[test]
fn a_code_that_fails_leaves_the_device_who_it_was() {
    let (_desk, link) = unpaced();
    let (first, mut second) = (Visitor::start(&link), Visitor::start(&link));
    let good = code(&first);
    second.until_phase("online");
    let before = second.id().to_owned();
    for (typed, expected) in [("ABCD-EFGH-2345", "bad_code"), ("", "bad_code"), ("0 1 I O", "bad_code")] {
        assert_eq!(second.link(typed, true).unwrap_err().code, expected, "{typed:?}");
        second.until_phase("online");
    }
    assert_eq!(second.link(&good, false).unwrap_err().code, "link_not_kept");
    second.until_phase("online");
    assert_eq!(second.id(), before);
    second.verbs().send("still myself", None).unwrap();
    second.until_words(&["still myself"]);
    assert!(first.words().is_empty(), "nothing of it is the other visitor's");
    let told = second.told();
    assert!(!told.iter().any(|update| update["connection"]["phase"] == "stopped"), "{told:#?}");
}

#[test]
fn threats_10_a_device_that_guesses_is_told_to_wait_and_still_chats() {
    let (_desk, link) = start_desk(DeskLimits::unpaced());
    let mut eve = Visitor::start(&link);
    let codes: Vec<String> = (0..7)
        .map(|_| {
            eve.until_phase("online");
            eve.link("ABCD-EFGH-2345", true).unwrap_err().code
        })
        .collect();
    assert_eq!(codes.iter().filter(|code| *code == "bad_code").count(), 5, "{codes:?}");
    assert_eq!(codes.last().unwrap(), "limit");
    eve.until_phase("online");
}

#[test]
fn i1_what_waits_on_a_device_keeps_it_from_being_linked() {
    let nobody: JoinLink = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let mut device = Visitor::start(&nobody);
    assert_eq!(device.link("ABCD-EFGH-2345", true).unwrap_err().code, "unreachable");
    device.verbs().send("on its way", None).unwrap();
    let problem = device.link("ABCD-EFGH-2345", true).unwrap_err();
    assert_eq!(problem.code, "unsent");
    assert!(problem.message.contains("still on their way"), "{}", problem.message);
    let shown = device.verbs().boot(Box::new(|_| {})).unwrap().messages;
    assert_eq!(shown.last().unwrap().text, "on its way");
}

#[test]
fn i1_what_a_device_had_before_stays_in_a_file_of_its_own() {
    let (_desk, link) = unpaced();
    let folder = tempfile::tempdir().unwrap();
    let keep = || Keep::Disk { folder: folder.path().to_owned() };
    let own = ProfileSecrets::generate(Locale::En).unwrap();
    let first = Visitor::start(&link);
    first.verbs().send("of the first", None).unwrap();
    let mut second = Visitor::with(&link, own.clone(), keep());
    second.verbs().send("of the second alone", None).unwrap();
    second.until("nothing waits", |told| {
        told.iter().any(|update| update["type"] == "message" || update["type"] == "status")
    });
    let good = code(&first);
    let linked = loop {
        match second.link(&good, true) {
            Ok(secrets) => break secrets,
            Err(problem) => assert_eq!(problem.code, "unsent"),
        }
    };
    second.until_words(&["of the first"]);
    drop(second);
    assert_eq!(histories(folder.path()), 2);
    let second = Visitor::with(&link, linked, keep());
    second.until_words(&["of the first"]);
    drop(second);
    let before = Visitor::with(&link, own, keep());
    assert_eq!(before.words(), ["of the second alone"], "not deleted, not renamed, not sent");
}

fn histories(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    files.filter(|name| name.to_string_lossy().ends_with(".db")).count()
}

/// Calls a command as the page does: what it answers, or the problem's code.
async fn call(app: &App, command: &str, arguments: &str) -> Value {
    let script = format!(
        "const done = arguments[0];
        __TAURI_INTERNALS__.invoke('{command}', {arguments}).then(done, (why) => done(why.code ?? String(why)))"
    );
    app.page().script_async(&script).await
}

/// Without waiting: the window that asks is loaded anew before there is an answer.
async fn link(app: &App, code: &str) {
    let script = format!("__TAURI_INTERNALS__.invoke('visitor_link', {{ code: '{code}' }}); return true");
    let _: bool = app.page().script(&script).await;
}

/// A widget of the test's own, which remembers the messages that it hears.
const LISTEN: &str = "window.heard = [];
    const chat = CallGear.UI.createWidget('consultant_chat', { template: '<div></div>' });
    chat.on('sendmessage', (message) => window.heard.push([message.sender, message.text]));
    return true";
const HEARD: &str = "return window.heard";

async fn online(world: &World, name: &str, address: &str) -> App {
    ready(App::visitor(world, name, &["--desk", address]).await).await
}

async fn for_session(world: &World, name: &str, address: &str) -> App {
    ready(App::visitor(world, name, &["--desk", address, "--session-only"]).await).await
}

async fn ready(app: App) -> App {
    app.page().wait_for("composer").await;
    app
}

async fn until_called(app: &App, id: &str) {
    let is_id = format!("window.CallGear && CallGear.getVisitorId() === '{id}'");
    app.page().wait_until("the window is the other visitor's", &is_id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i6_a_second_window_is_linked_by_a_code_kept_in_step_and_sent_away() {
    let world = World::new();
    let (desk, _) = unpaced();
    let address = desk.address().to_string();
    let operator = Operator::start(&desk);
    let (one, mut two) = (online(&world, "one", &address).await, online(&world, "two", &address).await);
    let id: String = one.page().script("return CallGear.getVisitorId()").await;
    one.page().say("on the first device").await;
    one.page().wait_for_status("on the first device", &["sent", "delivered", "read"]).await;

    assert_eq!(call(&two, "visitor_link", "{ code: 'ABCD-EFGH-2345' }").await, "bad_code");
    let made = call(&one, "visitor_link_code", "{}").await;
    link(&two, made["code"].as_str().unwrap()).await;
    until_called(&two, &id).await;
    two.page().wait_for_words(&[("visitor", "on the first device")]).await;

    for window in [&one, &two] {
        let _: bool = window.page().script(LISTEN).await;
    }
    one.page().say("from one to two").await;
    two.page().wait_until("`sendmessage` on the second device", "heard.length > 0").await;
    two.page().wait_for_words(&[("visitor", "on the first device"), ("visitor", "from one to two")]).await;
    let heard: Vec<(String, String)> = two.page().script(HEARD).await;
    assert_eq!(heard, [("visitor".to_owned(), "from one to two".to_owned())]);
    let own: Vec<(String, String)> = one.page().script(HEARD).await;
    assert!(own.is_empty(), "no echo of what this window sent: {own:?}");
    operator.until_lines("both", &id, |lines| lines.iter().any(|line| line.text == "from one to two"));
    operator.verbs().send(&id, "to both").unwrap();
    for window in [&one, &two] {
        window.page().wait_for_text("to both").await;
    }

    two.end();
    let two = online(&world, "two", &address).await;
    until_called(&two, &id).await;
    two.page().wait_for_text("to both").await;
    let devices: Vec<Device> = serde_json::from_value(call(&one, "visitor_devices", "{}").await).unwrap();
    assert_eq!(devices.len(), 2);
    let revoke = format!("{{ device: '{}' }}", other(devices).device_id);
    assert_eq!(call(&one, "visitor_revoke", &revoke).await, Value::Null);
    two.page().wait_for_text("its access was taken away on another device").await;
    one.page().say("alone again").await;
    one.page().wait_for_status("alone again", &["sent", "delivered", "read"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_a_linked_window_is_linked_for_the_session() {
    let world = World::with(Keyring::None);
    let (desk, door) = unpaced();
    let address = desk.address().to_string();
    let first = Visitor::start(&door);
    first.verbs().send("on the first device", None).unwrap();
    let two = for_session(&world, "two", &address).await;
    let own: String = two.page().script("return CallGear.getVisitorId()").await;
    link(&two, &code(&first)).await;
    until_called(&two, first.id()).await;
    two.page().wait_for_words(&[("visitor", "on the first device")]).await;
    two.close().await;
    let again = for_session(&world, "two", &address).await;
    let new: String = again.page().script("return CallGear.getVisitorId()").await;
    assert!(new != first.id() && new != own, "without a keyring every session is somebody new");
}
