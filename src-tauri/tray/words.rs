//! The tray's menu and its sentence, in the person's language.
//!
//! What must always hold: the sentence on the icon has no name and nothing that people wrote in it.

use deskbell_api::desktop::{Standing, TrayEntry, TrayFace};
use deskbell_api::dto::Locale;
use deskbell_wire::{Timestamp, VisitorId};

use crate::deeds::Deed;
use crate::texts::{counted, text};

/// A line of the menu as it is drawn.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    /// A line between groups.
    Gap,
    /// Only to be read.
    Caption(String),
    /// To be clicked.
    Button(String, Deed),
    /// To be clicked, and chosen or not.
    Choice(String, bool, Deed),
}

/// The menu, from above.
pub(super) fn menu(face: &TrayFace, name: &str, locale: Locale) -> Vec<Drawn> {
    let mut menu: Vec<_> = face.entries.iter().map(|entry| drawn(entry, face, name, locale)).collect();
    if let Some(standing) = standing(face, locale) {
        menu.insert(1.min(menu.len()), Drawn::Caption(standing));
    }
    menu
}

fn drawn(entry: &TrayEntry, face: &TrayFace, name: &str, locale: Locale) -> Drawn {
    let button = |key, deed| Drawn::Button(text(key, locale), deed);
    match entry {
        TrayEntry::Open => Drawn::Button(text("tray_open", locale).replace("{name}", name), Deed::Open),
        TrayEntry::Gap => Drawn::Gap,
        TrayEntry::Invitation(Some(who)) => {
            Drawn::Caption(text("tray_invitation", locale).replace("{name}", who))
        }
        TrayEntry::Invitation(None) => Drawn::Caption(text("tray_invitation_nameless", locale)),
        TrayEntry::Accept(id) => button("tray_accept", Deed::Accept(*id)),
        TrayEntry::Decline(id) => button("tray_decline", Deed::Decline(*id)),
        TrayEntry::Waiting(count) => Drawn::Caption(counted("tray_waiting", *count, locale)),
        TrayEntry::Guest(visitor, who) => {
            let who = who.clone().unwrap_or_else(|| nameless(*visitor, locale));
            Drawn::Button(who, Deed::OpenChat { visitor: Some(*visitor), compose: false })
        }
        TrayEntry::MoreGuests(count) => Drawn::Button(counted("tray_more", *count, locale), Deed::Open),
        TrayEntry::TakeChats(on) => Drawn::Choice(text("tray_take_chats", locale), *on, Deed::SetOnline(!on)),
        TrayEntry::PauseHour => button("tray_pause_hour", Deed::Pause(Some(60))),
        TrayEntry::PauseUntilTomorrow => button("tray_pause_tomorrow", Deed::PauseUntilTomorrow),
        TrayEntry::Resume => Drawn::Button(paused("tray_resume", face, locale), Deed::Pause(None)),
        TrayEntry::Settings => button("tray_settings", Deed::Settings),
        TrayEntry::Quit => button("tray_quit", Deed::Quit),
    }
}

/// As the operator's list calls them: several who gave no name must be told apart.
fn nameless(visitor: VisitorId, locale: Locale) -> String {
    let start: String = visitor.to_string().chars().take(4).collect();
    text("tray_guest", locale).replace("{id}", &start)
}

/// What stands beside the icon when the person points at it, below the program's name.
pub(super) fn sentence(face: &TrayFace, locale: Locale) -> String {
    let waiting = (face.waiting > 0).then(|| counted("tray_waiting", face.waiting, locale));
    let paused = face.paused_until.map(|_| paused("tray_paused", face, locale));
    let parts = [standing(face, locale), waiting, paused];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// How it stands, with what is unread.
fn standing(face: &TrayFace, locale: Locale) -> Option<String> {
    let standing = text(
        match face.standing? {
            Standing::Online => "tray_online",
            Standing::Away => "tray_away",
            Standing::Served => "tray_served",
            Standing::Unserved => "tray_unserved",
            Standing::Connecting => "tray_connecting",
            Standing::Ended => "tray_ended",
            Standing::SignedOut => "tray_signed_out",
        },
        locale,
    );
    match face.unread {
        0 => Some(standing),
        unread => Some(format!("{standing} · {}", counted("tray_unread", unread, locale))),
    }
}

fn paused(key: &str, face: &TrayFace, locale: Locale) -> String {
    text(key, locale).replace("{time}", &face.paused_until.map(clock).unwrap_or_default())
}

/// The time of the day where the computer is.
fn clock(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use deskbell_api::desktop::{Facts, Guest, Line, Side, TrayView, tray_face};
    use deskbell_wire::MessageId;

    use super::*;

    fn facts(side: Side) -> Facts {
        Facts {
            side,
            line: Line::Up,
            online: true,
            signed_in: true,
            unread: 0,
            waiting: vec![],
            invitation: None,
        }
    }

    fn visitor() -> VisitorId {
        "7b0c1a52-5a2f-4a44-9a8b-0f6f3a0c1d11".parse().unwrap()
    }

    fn invite() -> MessageId {
        MessageId(visitor().0)
    }

    #[test]
    fn the_menu_reads_as_a_person_would_say_it() {
        let waiting = vec![Guest { visitor: visitor(), name: None, since: Timestamp(0) }];
        let facts = Facts { unread: 3, waiting, ..facts(Side::Operator) };
        let face = tray_face(Some(&facts), TrayView::default());
        let menu = menu(&face, "Deskbell", Locale::En);
        assert_eq!(menu[0], Drawn::Button("Open Deskbell".into(), Deed::Open));
        assert_eq!(menu[1], Drawn::Caption("You take chats · 3 unread messages".into()));
        assert_eq!(menu[3], Drawn::Caption("1 visitor waits".into()));
        let chat = Deed::OpenChat { visitor: Some(visitor()), compose: false };
        assert_eq!(menu[4], Drawn::Button("Visitor 7b0c".into(), chat));
        assert_eq!(menu[6], Drawn::Choice("Take chats".into(), true, Deed::SetOnline(false)));
        assert_eq!(
            sentence(&face, Locale::Ru),
            "Вы принимаете чаты · 3 непрочитанных сообщения\n1 посетитель ждёт"
        );
    }

    #[test]
    fn the_sentence_on_the_icon_names_nobody() {
        let facts = Facts { invitation: Some((invite(), Some("Anna".into()))), ..facts(Side::Visitor) };
        let view = TrayView { paused_until: Some(Timestamp(0)), hide_names: false };
        let face = tray_face(Some(&facts), view);
        assert!(!sentence(&face, Locale::En).contains("Anna"));
        assert!(sentence(&face, Locale::En).contains("paused until"));
        let menu = menu(&face, "Deskbell", Locale::En);
        assert!(menu.contains(&Drawn::Caption("Anna invites you to a chat".into())));
        assert!(menu.contains(&Drawn::Button("Accept".into(), Deed::Accept(invite()))));
    }
}
