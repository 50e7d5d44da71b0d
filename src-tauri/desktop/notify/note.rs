//! A notification as the desktop's specification has it.
//!
//! What must always hold: what people wrote stands in the title and the text and nowhere else: not in a hint, not in an
//! action's key; and where a daemon reads markup, it reads none in it (threats 34).

use deskbell_api::desktop::{Act, Kind};

use crate::desktop::words::Poster;

/// What a click on the notification itself is called.
const CLICK: &str = "default";
/// Until the daemon's own time is over.
const SOON: i32 = -1;
/// Until somebody closes it.
const NEVER: i32 = 0;

/// What a daemon can do, of what makes a difference here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Abilities {
    /// It reads markup in the text.
    pub(super) markup: bool,
    /// It has buttons.
    pub(super) actions: bool,
}

impl Abilities {
    /// By the names that the specification gives them.
    pub(super) fn named(names: &[String]) -> Self {
        let has = |name| names.iter().any(|other| other == name);
        Self { markup: has("body-markup"), actions: has("actions") }
    }
}

/// Of a daemon that does not say: text that shows `&amp;` is better than text that is markup.
impl Default for Abilities {
    fn default() -> Self {
        Self { markup: true, actions: true }
    }
}

/// What is shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// The title; never markup, as the specification says, and without the signs that some daemons take for it.
    pub(super) summary: String,
    /// The text.
    pub(super) body: String,
    /// Keys and labels in turn.
    pub(super) actions: Vec<String>,
    /// How urgent: 0 or 1. Never 2, which breaks through do-not-disturb.
    pub(super) urgency: u8,
    /// What kind of notification, by the specification's names.
    pub(super) category: &'static str,
    /// Milliseconds; see [`SOON`] and [`NEVER`].
    pub(super) timeout: i32,
}

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Note").field("category", &self.category).finish_non_exhaustive()
    }
}

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// The notification itself.
    Alert,
    /// A button.
    Button(Act),
}

impl Press {
    /// By the key of an action; `None`: not one of ours.
    pub(super) fn of(key: &str) -> Option<Self> {
        let button =
            [Act::Accept, Act::Decline, Act::Reply, Act::Open].into_iter().find(|act| self::key(*act) == key);
        button.map(Self::Button).or_else(|| (key == CLICK).then_some(Self::Alert))
    }
}

/// As this daemon shows it.
pub(super) fn note(poster: &Poster, abilities: Abilities) -> Note {
    let Poster { alert, said } = poster;
    let click = [CLICK.to_owned(), said.open.clone()];
    let buttons = said.buttons.iter().flat_map(|(act, label)| [key(*act).to_owned(), label.clone()]);
    Note {
        summary: plain(&said.title),
        body: if abilities.markup { escaped(&said.body) } else { said.body.clone() },
        actions: if abilities.actions { click.into_iter().chain(buttons).collect() } else { vec![] },
        urgency: u8::from(!alert.silent),
        category: category(alert.kind),
        timeout: if alert.stays { NEVER } else { SOON },
    }
}

const fn key(act: Act) -> &'static str {
    match act {
        Act::Accept => "accept",
        Act::Decline => "decline",
        Act::Reply => "reply",
        Act::Open => "open",
    }
}

const fn category(kind: Kind) -> &'static str {
    match kind {
        Kind::Invitation | Kind::Words | Kind::Waiting | Kind::Unanswered | Kind::Request => "im.received",
        Kind::Closed | Kind::Transfer => "im",
    }
}

/// Escapes what markup is made of.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A title is plain text by the specification, and yet there are daemons that read markup in it; escaped it would be
/// wrong in all others. Brackets that look alike are text in both; without a bracket there is no markup.
fn plain(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›")
}

#[cfg(test)]
mod tests {
    use deskbell_api::desktop::{Alert, AlertId};
    use deskbell_api::dto::Locale;

    use super::*;

    const HOSTILE: &str = "<a href='https://evil.test'>Anna</a> & <img src=x>";

    fn alert() -> Alert {
        Alert {
            id: AlertId(1),
            kind: Kind::Invitation,
            subject: None,
            who: Some(HOSTILE.to_owned()),
            words: Some(HOSTILE.to_owned()),
            count: 1,
            acts: vec![Act::Accept, Act::Decline],
            stays: true,
            silent: false,
        }
    }

    fn shown(alert: &Alert, abilities: Abilities) -> Note {
        note(&Poster::of(alert.clone(), Locale::En), abilities)
    }

    #[test]
    fn threats_34_markup_is_text() {
        let note = shown(&alert(), Abilities::default());
        assert_eq!(note.body, "&lt;a href='https://evil.test'&gt;Anna&lt;/a&gt; &amp; &lt;img src=x&gt;");
        let plain = shown(&alert(), Abilities { markup: false, actions: true });
        assert_eq!(plain.body, HOSTILE, "a daemon that reads none is given none");
        let named =
            shown(&Alert { kind: Kind::Words, subject: Some(subject()), ..alert() }, Abilities::default());
        assert!(named.summary.starts_with("‹a href=") && !named.summary.contains(['<', '>']));
    }

    fn subject() -> deskbell_api::desktop::Subject {
        deskbell_api::desktop::Subject::Words(deskbell_wire::VisitorId(
            "6f1a2b3c-0000-4000-8000-000000000001".parse().unwrap(),
        ))
    }

    #[test]
    fn threats_34_keys_are_ours_and_come_back() {
        let note = shown(&alert(), Abilities::default());
        assert_eq!(note.actions, ["default", "Open", "accept", "Accept", "decline", "Decline"]);
        let pressed: Vec<_> = note.actions.iter().step_by(2).map(|key| Press::of(key)).collect();
        let buttons = [Press::Alert, Press::Button(Act::Accept), Press::Button(Act::Decline)];
        assert_eq!(pressed, buttons.map(Some));
        assert_eq!(Press::of("Anna"), None);
        assert!(shown(&alert(), Abilities::named(&["body".to_owned()])).actions.is_empty());
    }

    #[test]
    fn nothing_breaks_through_do_not_disturb() {
        let quiet = Alert { silent: true, stays: false, ..alert() };
        let [loud, quiet] = [alert(), quiet].map(|alert| shown(&alert, Abilities::default()));
        assert_eq!((loud.urgency, loud.timeout), (1, NEVER));
        assert_eq!((quiet.urgency, quiet.timeout), (0, SOON));
    }
}
