//! Notifications: shown by dunst and by a daemon of the test's own, pressed, taken back, and never where they would be
//! wrong.

use std::net::SocketAddr;
use std::time::Duration;

use deskbell_api::dto::OperatorWish;
use deskbell_server::{DeskLimits, DeskOptions, RunningDesk};
use deskbell_tests::desk::PASSWORD;
use deskbell_tests::notifications::{Dunst, Ear, Note, Standing};
use deskbell_tests::operator::Operator;
use deskbell_tests::screen::Screen;
use deskbell_tests::tray_host::TrayHost;
use deskbell_tests::visitor::Visitor;
use deskbell_tests::{App, World};
use deskbell_wire::{JoinLink, SiteKey};

const HOSTILE: &str = "<a href='https://evil.test'>Anna</a> & <img src=x>";

/// A computer with a tray, and a desk somewhere.
pub(super) struct Ground {
    pub(super) world: World,
    pub(super) desk: RunningDesk,
    _tray: TrayHost,
}

impl Ground {
    /// The desk's operator is called so.
    pub(super) fn new(operator: &str) -> Self {
        let world = World::new();
        let (listen, limits) = (SocketAddr::from(([127, 0, 0, 1], 0)), DeskLimits::unpaced());
        let desk = deskbell_server::start(DeskOptions { listen, limits, ..DeskOptions::default() }).unwrap();
        desk.add_operator(operator, "anna", PASSWORD).unwrap();
        let tray = TrayHost::start(&world);
        Self { world, desk, _tray: tray }
    }

    fn link(&self) -> JoinLink {
        self.desk.join_link(&SiteKey::main())
    }

    /// What the person of this profile chose before.
    pub(super) fn prefer(&self, profile: &str, preferences: &str) {
        let folder = self.world.path(profile).join(profile);
        std::fs::create_dir_all(&folder).unwrap();
        let text = format!(r#"{{ "told_hidden": true, "closing": "run", "alerts": {preferences} }}"#);
        std::fs::write(folder.join("preferences.json"), text).unwrap();
    }

    async fn visitor(&self) -> App {
        self.prefer("visitor", "{}");
        let visitor = App::visitor(&self.world, "visitor", &["--desk", &self.link().to_string()]).await;
        visitor.page().wait_for("composer").await;
        visitor
    }

    /// An operator's window, signed in to the account that the desk's first session has, too.
    pub(super) async fn operator(&self) -> App {
        let operator = App::operator(&self.world, "operator", &["--desk", &self.link().to_string()]).await;
        let page = operator.page();
        page.type_into("sign-in-login", "anna").await;
        page.type_into("sign-in-password", PASSWORD).await;
        page.click("sign-in-submit").await;
        page.wait_for("status-switch").await;
        operator
    }
}

/// Closes the app's window, which leaves it in the tray.
pub(super) fn hide(app: &App) -> u32 {
    let screen = Screen::here();
    let window = screen.window(app, "Deskbell");
    screen.until_shown(window, true);
    screen.close(window);
    screen.until_shown(window, false);
    window
}

async fn until_composing(app: &App) {
    let composing = "document.activeElement?.closest('[data-test=composer]')";
    app.page().wait_until("the composer has the focus", composing).await;
}

fn only_visitor(operator: &Operator) -> String {
    operator.until("a visitor", |told| told.iter().any(|it| !rows(it).is_empty()));
    let told = operator.told();
    let row = told.iter().find_map(|it| rows(it).first().cloned()).unwrap();
    row["visitor"].as_str().unwrap().to_owned()
}

fn rows(update: &serde_json::Value) -> Vec<serde_json::Value> {
    update["rows"].as_array().cloned().unwrap_or_default()
}

fn is_offered(note: &Note, key: &str) -> bool {
    note.actions.iter().any(|other| other == key)
}

/// Nothing of what people wrote is where a daemon takes it for something else.
fn assert_only_text(note: &Note) {
    for text in [&note.summary, &note.body] {
        assert!(!text.contains(['<', '>']), "{note:?}");
    }
    assert_eq!((note.app.as_str(), note.icon.as_str()), ("Deskbell", "deskbell"));
    let names: Vec<_> = note.hints.keys().map(String::as_str).collect();
    assert_eq!(names, ["category", "desktop-entry", "suppress-sound", "urgency"]);
    for (name, value) in &note.hints {
        assert!(!value.contains("Anna") && !value.contains("evil"), "{name}: {value}");
    }
    let keys: Vec<_> = note.actions.iter().step_by(2).map(String::as_str).collect();
    let ours = ["default", "accept", "decline", "reply", "open"];
    assert!(keys.iter().all(|key| ours.contains(key)), "{keys:?}");
}

#[tokio::test]
async fn threats_34_an_invitation_is_text_and_is_accepted_from_its_notification() {
    let ground = Ground::new(HOSTILE);
    let (dunst, ear) = (Dunst::start(&ground.world), Ear::at(&ground.world));
    let operator = Operator::start(&ground.desk);
    let visitor = ground.visitor().await;
    let window = hide(&visitor);
    let who = only_visitor(&operator);

    operator.verbs().want(&who, OperatorWish::Invite { text: HOSTILE.to_owned() }).unwrap();
    let note = ear.until("the invitation", |note| is_offered(note, "accept")).await;
    assert_only_text(&note);
    assert!(note.body.starts_with("&lt;a href="), "{note:?}");
    dunst.until_displayed(1).await;

    dunst.press("Accept");
    operator.until_row("it is accepted, seen at the desk", &who, |row| row["chatting"] == true);
    Screen::here().until_shown(window, true);
    until_composing(&visitor).await;
    dunst.until_displayed(0).await;
    assert_eq!(ear.count(), 1, "{:#?}", ear.notes());
}

#[tokio::test]
async fn a_message_is_replied_to_from_its_notification_and_none_comes_for_what_is_in_view() {
    let ground = Ground::new("Anna Berg");
    let (dunst, ear) = (Dunst::start(&ground.world), Ear::at(&ground.world));
    ground.prefer("operator", "{}");
    let operator = ground.operator().await;
    let elsewhere = Operator::start(&ground.desk);
    let window = hide(&operator);

    let visitor = Visitor::start(&ground.link());
    visitor.verbs().send("the first", None).unwrap();
    let waits = ear.until("a visitor waits", |note| note.body == "the first").await;
    elsewhere.verbs().want(visitor.id(), OperatorWish::Join).unwrap();
    ear.until_taken_back(&waits).await;

    visitor.verbs().send("the second", None).unwrap();
    let note = ear.until("the message", |note| note.body == "the second").await;
    assert!(is_offered(&note, "reply"), "{note:?}");
    dunst.until_displayed(1).await;
    dunst.press("Reply");
    Screen::here().until_shown(window, true);
    until_composing(&operator).await;
    operator.page().wait_for_text("the second").await;

    visitor.verbs().send("the third, in view", None).unwrap();
    operator.page().wait_for_text("the third, in view").await;
    hide(&operator);
    visitor.verbs().send("the fourth", None).unwrap();
    let fourth = ear.until("the message", |note| note.body == "the fourth").await;
    assert!(ear.notes().iter().all(|note| note.body != "the third, in view"), "{:#?}", ear.notes());

    elsewhere.until_lines("the fourth", visitor.id(), |lines| {
        lines.last().is_some_and(|line| line.text == "the fourth")
    });
    let seq = elsewhere.lines(visitor.id()).last().and_then(|line| line.seq).unwrap();
    elsewhere.verbs().read(visitor.id(), seq).unwrap();
    ear.until_taken_back(&fourth).await;
    dunst.until_displayed(0).await;
}

#[tokio::test]
async fn without_a_daemon_nothing_hangs_and_one_that_comes_later_shows_what_is_open() {
    let ground = Ground::new("Anna Berg");
    let ear = Ear::at(&ground.world);
    let operator = Operator::start(&ground.desk);
    let visitor = ground.visitor().await;
    visitor.page().say("I need a lamp").await;
    let who = only_visitor(&operator);
    operator.until_row("the chat is open", &who, |row| row["chatting"] == true);
    operator.verbs().want(&who, OperatorWish::Join).unwrap();
    let window = hide(&visitor);

    operator.verbs().send(&who, "is it still the blue one?").unwrap();
    operator.verbs().send(&who, "or the red one?").unwrap();
    visitor.page().wait_for_text("or the red one?").await;
    let daemon = Standing::start(&ground.world, Duration::ZERO);
    let note = ear.until("what is open", |note| note.body == "or the red one?").await;
    assert_eq!(note.summary, "Anna Berg: 2 new messages");

    // Whoever else is on the bus presses nothing.
    Standing::press_as_another(&ground.world, &note, "reply");
    operator.verbs().send(&who, "or both?").unwrap();
    let newer = ear.until("it is replaced", |note| note.body == "or both?").await;
    assert_eq!(newer.replaces, note.number.unwrap());
    assert!(!Screen::here().is_shown(window));
    daemon.press(&newer, "reply");
    Screen::here().until_shown(window, true);
    until_composing(&visitor).await;
    ear.until_taken_back(&newer).await;

    hide(&visitor);
    operator.verbs().send(&who, "good bye").unwrap();
    let last = ear.until("the last one", |note| note.body == "good bye").await;
    visitor.close().await;
    ear.until_taken_back(&last).await;
}
