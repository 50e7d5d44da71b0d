//! What time alone brings, in virtual time: rules, expiry, messages while a chat waits, chats that end; over restarts
//! and failed commits.

mod faults;
mod rules;
mod waiting;

use deskbell_server::desk::{ConnId, DeskSetup, Input};
use deskbell_wire::*;

use crate::common::*;
use crate::office::saved;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600_000;

fn invite(name: &str, after_s: u32) -> Rule {
    let action = RuleAction::Invite { text: format!("{name}?") };
    Rule { name: name.into(), enabled: true, after_s, visits: 0, online: None, every_h: 0, action }
}

fn lead(name: &str, after_s: u32) -> Rule {
    Rule { action: RuleAction::Lead { form: LeadForm::CallGenerator }, ..invite(name, after_s) }
}

/// Lets time pass as the desk's thread does: from one wake to the next.
fn run(room: &mut Room, ms: i64) {
    let end = room.now + ms;
    for _ in 0..100_000 {
        room.together(vec![Input::Tick]);
        match room.desk.wakes_at() {
            Some(at) if at.0 <= end => room.now = room.now.max(at.0),
            _ => {
                room.now = end;
                room.together(vec![Input::Tick]);
                return;
            }
        }
    }
    panic!("the desk wakes without end");
}

/// A desk with these settings, its owner, and nobody else.
fn desk(setup: DeskSetup, change: impl FnOnce(&mut SiteSettings)) -> (Room, ConnId) {
    let mut room = Room::with(setup);
    let owner = room.operator(50);
    saved(&mut room, owner, change);
    (room, owner)
}

fn with_rules(rules: &[Rule]) -> (Room, ConnId) {
    desk(unpaced(), |site| site.rules = rules.to_vec())
}

/// The visitor's events without the chat's own, as `kind` or `message:words`.
fn story(room: &mut Room, ann: Device) -> Vec<String> {
    let log = room.log(ann.conn, &ann.stream());
    let told = log.into_iter().map(|event| match event.body {
        EventBody::Message { text, .. } => format!("{}:{text}", side(&event.author)),
        EventBody::Closed { reason } => format!("{reason:?}"),
        EventBody::InviteEnded { reason } => format!("invite {reason:?}"),
        EventBody::LeadEnded { reason } => format!("lead {reason:?}"),
        EventBody::Invited { text, operator: None, .. } => {
            assert_eq!(event.author, Author::System);
            text
        }
        other => other.kind().to_owned(),
    });
    told.collect()
}

fn side(author: &Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Operator(_) => "operator",
        Author::System => "system",
    }
}

fn restarting(folder: &tempfile::TempDir) -> impl Fn() -> DeskSetup + use<> {
    let file = folder.path().join("desk.db");
    move || DeskSetup { file: Some(file.clone()), ..unpaced() }
}

fn retention(site: &mut SiteSettings) {
    let message = |after_s, text: &str| RetentionMessage { after_s, text: text.into() };
    // As somebody typed them, not as they come.
    let messages = vec![message(20, "two"), message(10, "one"), message(60, "three")];
    site.form.retention = Retention { messages, way: Some(Way::OfflineMessage), way_after_s: 40 };
}
