//! What the tray shows: one picture, one sentence's parts, and the menu, as data.
//!
//! Why here: which picture wins and which entries a face has are rules, and rules are tested without a desktop.
//! What must always hold: the same facts give the same face; names are cut and free of control characters; where the
//! person hides words, no name is in it.

use deskbell_wire::{MessageId, Timestamp, VisitorId};

use super::{Facts, Line, Side, clean};

/// Visitors who wait and have an entry of their own; the rest is a number.
const GUESTS: usize = 5;
/// Characters of a name in a menu.
const NAME: usize = 40;

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayFace {
    /// The picture.
    pub icon: TrayIcon,
    /// How the session stands; `None` before there is one.
    pub standing: Option<Standing>,
    /// Messages that the person has not read.
    pub unread: u64,
    /// Visitors who wait for an operator.
    pub waiting: u64,
    /// No alerts until then; `None`: they come.
    pub paused_until: Option<Timestamp>,
    /// The menu, from above.
    pub entries: Vec<TrayEntry>,
}

/// A picture. Each is told from the others by its shape and not by its colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrayIcon {
    /// Connected, nothing to do.
    Plain,
    /// Something unread, or an invitation.
    Unread,
    /// A visitor waits.
    Waiting,
    /// The operator takes no chats; for a visitor: nobody is there.
    Away,
    /// No line to the desk, or nobody signed in.
    Offline,
}

/// How the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The operator takes chats.
    Online,
    /// The operator takes none.
    Away,
    /// Somebody is there for the visitor.
    Served,
    /// Nobody is.
    Unserved,
    /// The desk is being looked for.
    Connecting,
    /// The line ended for a reason that a person has to look at.
    Ended,
    /// No operator is signed in.
    SignedOut,
}

/// A line of the menu.
#[derive(Clone, PartialEq, Eq)]
pub enum TrayEntry {
    /// Brings the window forward.
    Open,
    /// A line between groups.
    Gap,
    /// A caption over what belongs to an invitation, with the name of who invites.
    Invitation(Option<String>),
    /// Accepts the invitation.
    Accept(MessageId),
    /// Declines it.
    Decline(MessageId),
    /// A caption: so many visitors wait.
    Waiting(u64),
    /// Opens the chat of a visitor who waits.
    Guest(VisitorId, Option<String>),
    /// So many more wait; opens the window.
    MoreGuests(u64),
    /// The operator takes chats: chosen or not.
    TakeChats(bool),
    /// No alerts for an hour.
    PauseHour,
    /// No alerts until the next morning.
    PauseUntilTomorrow,
    /// Alerts again.
    Resume,
    /// The app's own window, at its settings.
    Settings,
    /// Ends the program.
    Quit,
}

impl std::fmt::Debug for TrayEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Gap => "Gap",
            Self::Invitation(_) => "Invitation",
            Self::Accept(_) => "Accept",
            Self::Decline(_) => "Decline",
            Self::Waiting(_) => "Waiting",
            Self::Guest(..) => "Guest",
            Self::MoreGuests(_) => "MoreGuests",
            Self::TakeChats(_) => "TakeChats",
            Self::PauseHour => "PauseHour",
            Self::PauseUntilTomorrow => "PauseUntilTomorrow",
            Self::Resume => "Resume",
            Self::Settings => "Settings",
            Self::Quit => "Quit",
        })
    }
}

/// What the person chose that changes the face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrayView {
    /// No alerts until then.
    pub paused_until: Option<Timestamp>,
    /// Names are not shown.
    pub hide_names: bool,
}

/// The face for these facts; `None` before a session runs.
pub fn face(facts: Option<&Facts>, view: TrayView) -> TrayFace {
    TrayFace {
        icon: facts.map_or(TrayIcon::Offline, icon),
        standing: facts.map(standing),
        unread: facts.map_or(0, |facts| facts.unread),
        waiting: facts.map_or(0, waiting),
        paused_until: view.paused_until,
        entries: entries(facts, view),
    }
}

/// What needs a person comes first; without a line nothing else can be known.
fn icon(facts: &Facts) -> TrayIcon {
    match standing(facts) {
        Standing::Connecting | Standing::Ended | Standing::SignedOut => TrayIcon::Offline,
        _ if !facts.waiting.is_empty() => TrayIcon::Waiting,
        _ if facts.unread > 0 || facts.invitation.is_some() => TrayIcon::Unread,
        Standing::Away | Standing::Unserved => TrayIcon::Away,
        Standing::Online | Standing::Served => TrayIcon::Plain,
    }
}

const fn standing(facts: &Facts) -> Standing {
    match (facts.line, facts.side, facts.online) {
        _ if !facts.signed_in => Standing::SignedOut,
        (Line::Down, ..) => Standing::Connecting,
        (Line::Ended, ..) => Standing::Ended,
        (Line::Up, Side::Operator, true) => Standing::Online,
        (Line::Up, Side::Operator, false) => Standing::Away,
        (Line::Up, Side::Visitor, true) => Standing::Served,
        (Line::Up, Side::Visitor, false) => Standing::Unserved,
    }
}

fn waiting(facts: &Facts) -> u64 {
    u64::try_from(facts.waiting.len()).unwrap_or(u64::MAX)
}

fn entries(facts: Option<&Facts>, view: TrayView) -> Vec<TrayEntry> {
    let mut entries = vec![TrayEntry::Open];
    if let Some(facts) = facts.filter(|facts| facts.signed_in) {
        invitation(facts, view, &mut entries);
        guests(facts, view, &mut entries);
        if facts.side == Side::Operator {
            entries.extend([TrayEntry::Gap, TrayEntry::TakeChats(facts.online)]);
        }
        entries.push(TrayEntry::Gap);
        match view.paused_until {
            Some(_) => entries.push(TrayEntry::Resume),
            None => entries.extend([TrayEntry::PauseHour, TrayEntry::PauseUntilTomorrow]),
        }
    }
    entries.extend([TrayEntry::Gap, TrayEntry::Settings, TrayEntry::Quit]);
    entries
}

fn invitation(facts: &Facts, view: TrayView, entries: &mut Vec<TrayEntry>) {
    let Some((id, who)) = &facts.invitation else { return };
    let caption = TrayEntry::Invitation(name(who.as_deref(), view));
    entries.extend([TrayEntry::Gap, caption, TrayEntry::Accept(*id), TrayEntry::Decline(*id)]);
}

fn guests(facts: &Facts, view: TrayView, entries: &mut Vec<TrayEntry>) {
    if facts.waiting.is_empty() {
        return;
    }
    entries.extend([TrayEntry::Gap, TrayEntry::Waiting(waiting(facts))]);
    for guest in facts.waiting.iter().take(GUESTS) {
        entries.push(TrayEntry::Guest(guest.visitor, name(guest.name.as_deref(), view)));
    }
    let more = facts.waiting.len().saturating_sub(GUESTS);
    if let Ok(more @ 1..) = u64::try_from(more) {
        entries.push(TrayEntry::MoreGuests(more));
    }
}

/// A name as a menu may show it. A name is somebody else's words: it draws no second line and turns no text around.
fn name(who: Option<&str>, view: TrayView) -> Option<String> {
    who.filter(|_| !view.hide_names).and_then(|who| clean::line(who, NAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::Guest;

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

    fn guest(number: u128, name: &str) -> Guest {
        let visitor = VisitorId(uuid::Uuid::from_u128(number));
        Guest { visitor, name: Some(name.to_owned()), since: Timestamp(0) }
    }

    fn invited(name: &str) -> Facts {
        let id = MessageId(uuid::Uuid::from_u128(7));
        Facts { invitation: Some((id, Some(name.to_owned()))), ..facts(Side::Visitor) }
    }

    fn shown(facts: &Facts) -> TrayFace {
        face(Some(facts), TrayView::default())
    }

    #[test]
    fn what_needs_a_person_is_the_picture() {
        let plain = facts(Side::Operator);
        let away = Facts { online: false, ..plain.clone() };
        let unread = Facts { unread: 2, ..away.clone() };
        let waiting = Facts { waiting: vec![guest(1, "Eve")], ..unread.clone() };
        let down = Facts { line: Line::Down, ..waiting.clone() };
        let out = Facts { signed_in: false, ..plain.clone() };
        for (facts, icon, standing) in [
            (&plain, TrayIcon::Plain, Standing::Online),
            (&away, TrayIcon::Away, Standing::Away),
            (&unread, TrayIcon::Unread, Standing::Away),
            (&waiting, TrayIcon::Waiting, Standing::Away),
            (&down, TrayIcon::Offline, Standing::Connecting),
            (&out, TrayIcon::Offline, Standing::SignedOut),
        ] {
            let face = shown(facts);
            assert_eq!((face.icon, face.standing), (icon, Some(standing)));
        }
        assert_eq!(shown(&invited("Anna")).icon, TrayIcon::Unread);
    }

    #[test]
    fn a_visitor_is_offered_the_invitation_and_no_operators_entries() {
        let entries = shown(&invited("Anna")).entries;
        let id = MessageId(uuid::Uuid::from_u128(7));
        let caption =
            entries.iter().position(|it| *it == TrayEntry::Invitation(Some("Anna".into()))).unwrap();
        assert_eq!(entries[caption + 1..caption + 3], [TrayEntry::Accept(id), TrayEntry::Decline(id)]);
        assert!(!entries.iter().any(|it| matches!(it, TrayEntry::TakeChats(_) | TrayEntry::Waiting(_))));
    }

    #[test]
    fn an_operator_sees_who_waits_longest_and_how_many_more() {
        let waiting = (1..=7).map(|number| guest(number, &format!("Guest {number}"))).collect();
        let face = shown(&Facts { waiting, ..facts(Side::Operator) });
        let guests: Vec<_> = face
            .entries
            .iter()
            .filter(|it| matches!(it, TrayEntry::Guest(..) | TrayEntry::MoreGuests(_)))
            .collect();
        assert_eq!(guests.len(), 6);
        assert_eq!(*guests[0], TrayEntry::Guest(VisitorId(uuid::Uuid::from_u128(1)), Some("Guest 1".into())));
        assert_eq!(*guests[5], TrayEntry::MoreGuests(2));
        assert_eq!(face.waiting, 7);
    }

    #[test]
    fn a_pause_can_be_taken_back_and_names_can_be_hidden() {
        let view = TrayView { paused_until: Some(Timestamp(1)), hide_names: true };
        let entries = face(Some(&invited("Anna")), view).entries;
        assert!(entries.contains(&TrayEntry::Resume) && !entries.contains(&TrayEntry::PauseHour));
        assert!(entries.contains(&TrayEntry::Invitation(None)));
    }

    #[test]
    fn before_a_session_there_is_the_window_and_the_end() {
        let entries = [TrayEntry::Open, TrayEntry::Gap, TrayEntry::Settings, TrayEntry::Quit];
        assert_eq!(face(None, TrayView::default()).entries, entries);
        let out = Facts { signed_in: false, waiting: vec![guest(1, "Eve")], ..facts(Side::Operator) };
        assert_eq!(shown(&out).entries, entries);
    }

    #[test]
    fn a_name_draws_no_second_line_and_turns_nothing_around() {
        let long = "x".repeat(200);
        for (said, shown) in [
            ("Anna\n  Berg", Some("Anna Berg")),
            ("\u{202E}gnp.exe\u{0}", Some("gnp.exe")),
            ("\u{200F}\t ", None),
            (long.as_str(), Some(&*format!("{}…", "x".repeat(39)))),
        ] {
            assert_eq!(name(Some(said), TrayView::default()).as_deref(), shown);
        }
    }
}
