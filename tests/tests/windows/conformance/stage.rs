//! Where a row plays: a desk, an operator's session, and a visitor's window with a recorder in its page.

use std::path::Path;
use std::time::{Duration, Instant};

use deskbell_api::dto::OperatorWish;
use deskbell_server::RunningDesk;
use deskbell_testkit::postfix::{self, Postfix};
use deskbell_testkit::proxy::{Proxy, Rules};
use deskbell_tests::desk::PASSWORD;
use deskbell_tests::operator::Operator;
use deskbell_tests::process::{free_port, limit};
use deskbell_tests::{App, World};
use deskbell_wire::{MailSecurity, MailSettings, SiteSettings};
use serde_json::Value;

use super::ground::{copy_files, histories, save_site, start_desk, start_visitor};
use super::recorder::{Heard, record};

/// The name of the operator, as visitors see it.
pub(super) const OPERATOR: &str = "Anna Berg";

/// The two sides of a row.
pub(super) struct Stage {
    // The order in which they end: who asks before who answers.
    pub(super) visitor: App,
    pub(super) operator: Operator,
    /// Between the visitor's window and the desk.
    pub(super) line: Proxy,
    desk: Option<RunningDesk>,
    port: u16,
    /// The visitor's.
    pub(super) id: String,
    pub(super) world: World,
}

impl Stage {
    /// An operator who is online, and a visitor who has just come.
    pub(super) async fn open() -> Self {
        Self::open_at(|_| {}).await
    }

    /// The same at a site that was changed before the visitor came: a form without a chat begins anew when its site
    /// changes, and the recorder would be gone with it.
    pub(super) async fn open_at(change: impl FnOnce(&mut SiteSettings)) -> Self {
        let world = World::new();
        let port = free_port();
        let desk = start_desk(&world.path("desk"), port);
        desk.add_owner(OPERATOR).unwrap();
        let operator = Operator::start(&desk);
        save_site(&operator, change);
        // It brings a runtime of its own.
        let address = desk.address();
        let line = std::thread::spawn(move || Proxy::start(address)).join().unwrap();
        let visitor = start_visitor(&world, &line).await;
        let id: String = visitor.page().script("return CallGear.getVisitorId()").await;
        operator.until_row("the visitor is on site", &id, |row| row["status"] == "on_site");
        let stage = Self { visitor, operator, line, desk: Some(desk), port, id, world };
        // Who is online reaches the page after it has opened.
        stage.until("an operator is seen", "hand.isChatAvailable()").await;
        stage
    }

    /// The same with a chat in which nobody has said anything.
    pub(super) async fn open_in_chat() -> Self {
        let stage = Self::open().await;
        stage.hand("startChat()").await;
        stage.until("a chat is open", "hand.getState() === 'chat'").await;
        stage.until_row("the visitor waits", "waiting");
        stage
    }

    /// The same with an operator in the chat, who has said this.
    pub(super) async fn open_answered(words: &str) -> Self {
        let stage = Self::open_in_chat().await;
        stage.say(words);
        stage.until("the operator's words", "arrived > 0 && hand.getOperatorVcard()").await;
        stage
    }

    /// A further operator's window, in which the visitor's conversation is open.
    pub(super) async fn operators_window(&self) -> App {
        let desk = self.desk.as_ref().unwrap();
        desk.add_operator("Ben Ode", "ben", PASSWORD).unwrap();
        let app = App::operator(&self.world, "operator", &["--desk", &desk.address().to_string()]).await;
        app.page().type_into("sign-in-login", "ben").await;
        app.page().type_into("sign-in-password", PASSWORD).await;
        app.page().click("sign-in-submit").await;
        app.page().click("visitor-row").await;
        // To a chat, or to invite to one.
        let place = "document.querySelector('[data-test=composer], [data-test=offer]')";
        app.page().wait_until("a place to write", place).await;
        app
    }

    /// Ends the desk, does something to its folder, and starts it again where it was.
    pub(super) fn restart_desk(&mut self, meanwhile: impl FnOnce(&Path)) {
        self.desk.take().unwrap().stop();
        let folder = self.world.path("desk");
        meanwhile(&folder);
        self.desk = Some(start_desk(&folder, self.port));
    }

    /// The visitor's line fails; neither side hears anything until it is healed.
    pub(super) fn cut_line(&self) {
        self.line.set(Rules { refuses: true, ..Rules::default() });
        self.line.reset();
        self.operator.until_gone(&self.id);
    }

    /// The line works again, and the visitor asks for it at once.
    pub(super) async fn heal_line(&self) {
        self.line.set(Rules::default());
        let _: Value = self.visitor.page().script_async(&invoke("visitor_reconnect")).await;
    }

    /// Ends the visitor's app and keeps what its device has by now.
    pub(super) fn set_history_aside(&mut self) {
        self.visitor.end();
        let aside = self.world.path("aside");
        for file in histories(self.visitor.data()) {
            std::fs::create_dir_all(&aside).unwrap();
            std::fs::copy(&file, aside.join(file.file_name().unwrap())).unwrap();
        }
    }

    /// The device has what it had then, and starts without the desk. The line is healed when the recorder is there.
    pub(super) async fn take_history_back(&mut self) {
        self.line.set(Rules { refuses: true, ..Rules::default() });
        self.line.reset();
        self.visitor.end();
        let files = histories(self.visitor.data());
        let folder = files[0].parent().unwrap().to_owned();
        for file in files {
            std::fs::remove_file(file).unwrap();
        }
        copy_files(&self.world.path("aside"), &folder);
        self.restart_visitor().await;
        self.heal_line().await;
    }

    /// The visitor's app starts again, or once more after [`App::end`].
    pub(super) async fn restart_visitor(&mut self) {
        self.visitor.end();
        self.visitor = start_visitor(&self.world, &self.line).await;
    }

    /// The desk is put back to what it was before `meanwhile`.
    pub(super) async fn put_desk_back(&mut self, meanwhile: &str) {
        let copy = self.world.path("copy");
        self.restart_desk(|folder| copy_files(folder, &copy));
        self.operator.until_row("the visitor is back", &self.id, |row| row["connected"] == true);
        self.say(meanwhile);
        self.until("it has arrived", "arrived === 2").await;
        self.restart_desk(|folder| {
            std::fs::remove_dir_all(folder).unwrap();
            copy_files(&copy, folder);
        });
    }

    /// Makes another `chat`, to which nothing was handed out yet.
    pub(super) async fn another_widget(&self) {
        record(&self.visitor).await;
    }

    /// The same with an invitation that waits for an answer.
    pub(super) async fn open_invited(words: &str) -> Self {
        let stage = Self::open().await;
        stage.invite(words);
        stage.until("the invitation", "hand.getState() === 'invite'").await;
        stage
    }

    /// Calls a method of the widget under test: `closeChat()`; what it returned.
    pub(super) async fn chat(&self, call: &str) -> Value {
        self.visitor.page().script(&format!("return window.chat.{call} ?? null")).await
    }

    /// Calls a method that works although it is switched off: for what comes before a row.
    pub(super) async fn hand(&self, call: &str) -> Value {
        self.visitor.page().script(&format!("return window.hand.{call} ?? null")).await
    }

    /// Waits until this is so in the page.
    pub(super) async fn until(&self, what: &str, condition: &str) {
        self.visitor.page().wait_until(what, condition).await;
    }

    /// Waits until the operator sees the visitor in this status.
    pub(super) fn until_row(&self, what: &str, status: &str) {
        self.operator.until_row(what, &self.id, |row| row["status"] == status);
    }

    /// The operator says something.
    pub(super) fn say(&self, words: &str) {
        self.operator.verbs().send(&self.id, words).unwrap();
    }

    /// The operator invites the visitor.
    pub(super) fn invite(&self, words: &str) {
        let wish = OperatorWish::Invite { text: words.to_owned() };
        self.operator.verbs().want(&self.id, wish).unwrap();
    }

    /// Waits until the operator has the visitor's words.
    pub(super) fn has_said(&self, words: &str) {
        self.operator.until_lines(words, &self.id, |lines| lines.iter().any(|line| line.text == words));
    }

    /// Changes the site's settings, as an operator does who may.
    pub(super) fn save_site(&self, change: impl FnOnce(&mut SiteSettings)) {
        save_site(&self.operator, change);
    }

    /// The desk hands its mail to this server; the visitor's form knows.
    pub(super) fn take_mail_to(&self, post: &Postfix) {
        self.save_site(|site| {
            site.mail = Some(MailSettings {
                host: postfix::HOST.to_owned(),
                port: post.ports().starttls,
                security: MailSecurity::StartTls,
                login: postfix::ACCOUNT.0.to_owned(),
                password: Some(postfix::ACCOUNT.1.to_owned()),
                ca_file: post.ca_file().display().to_string(),
                from: format!("desk@{}", postfix::DOMAIN),
                from_name: "The desk".to_owned(),
            });
        });
    }

    /// The operator says `message 0`, `message 1` and so on. All are on the desk when this returns.
    pub(super) fn say_many(&self, count: usize) {
        /// The session gives its last lines whole while they wait, so only few may.
        const AT_ONCE: usize = 100;
        for at in 0..count {
            self.say(&format!("message {at}"));
            if (at + 1) % AT_ONCE == 0 || at + 1 == count {
                self.operator.until_lines("all are on the desk", &self.id, |lines| {
                    lines.last().is_some_and(|line| line.seq.is_some())
                });
            }
        }
    }

    /// Everything that the page heard of this event, oldest first.
    pub(super) async fn heard(&self, event: &str) -> Vec<Heard> {
        let told: Vec<Heard> = self.visitor.page().script("return window.told").await;
        told.into_iter().filter(|one| one.event == event).collect()
    }

    /// Waits until this has been heard of a message in the page, whatever is switched off: a condition upon `event`
    /// and `payload`.
    pub(super) async fn overhears(&self, what: &str, uid: &Value, condition: &str) {
        self.until(what, &overheard(uid, condition)).await;
    }

    /// Waits until the page has heard this event, with a payload like that.
    pub(super) async fn hears(&self, event: &str, is_it: impl Fn(&Value) -> bool) -> Heard {
        let until = Instant::now() + limit();
        loop {
            let heard = self.heard(event).await;
            if let Some(one) = heard.iter().find(|one| is_it(&one.payload)) {
                return one.clone();
            }
            if Instant::now() > until {
                let told: Value = self.visitor.page().script("return window.told").await;
                panic!("`{event}` never came like that: {told:#}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// In the page: has this been heard of the message?
pub(super) fn overheard(uid: &Value, condition: &str) -> String {
    format!("overheard.some(({{ event, payload }}) => payload?.uid === {uid} && {condition})")
}

/// A script that calls one of the window's commands and waits.
fn invoke(command: &str) -> String {
    format!(
        "const done = arguments[0]; __TAURI_INTERNALS__.invoke('{command}').then(done, (why) => done(String(why)))"
    )
}
