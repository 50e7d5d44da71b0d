//! What an alert says, in the person's language.
//!
//! What must always hold: nothing of what people wrote is in it unless the alert brings it; what they wrote is a value
//! in a sentence of ours and never one that is filled in itself.

use deskbell_api::desktop::{Act, Alert, AlertId, Kind};
use deskbell_api::dto::Locale;

use crate::texts::{counted, text};

/// An alert with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Poster {
    /// The alert.
    pub(super) alert: Alert,
    /// Its words.
    pub(super) said: Said,
}

/// An alert in words.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// One line.
    pub(super) title: String,
    /// What was written, where the alert brings it; otherwise nothing.
    pub(super) body: String,
    /// What a click on the alert itself does.
    pub(super) open: String,
    /// The alert's buttons, in their order.
    pub(super) buttons: Vec<(Act, String)>,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Said").field("buttons", &self.buttons.len()).finish_non_exhaustive()
    }
}

/// Trial alerts and sentences of the shell's own have ids from here on, which the rules never reach.
const OURS: u64 = u64::MAX - 100;

impl Poster {
    /// An alert of the session.
    pub(super) fn of(alert: Alert, locale: Locale) -> Self {
        Self { said: say(&alert, locale), alert }
    }

    /// How an alert of this kind looks.
    pub(super) fn trial(kind: Kind, locale: Locale) -> Self {
        let place = Kind::ALL.iter().position(|other| *other == kind).unwrap_or_default();
        let alert = own(OURS.saturating_add(u64::try_from(place).unwrap_or_default()), kind);
        let said =
            Said { title: text(name(kind), locale), body: text("alert_test", locale), ..say(&alert, locale) };
        Self { alert, said }
    }

    /// A sentence of the shell's own, by its name among the texts.
    pub(super) fn notice(notice: &str, locale: Locale) -> Self {
        let alert = own(u64::MAX, Kind::Closed);
        let [title, body] = ["title", "body"].map(|part| text(&format!("notice_{notice}_{part}"), locale));
        Self { said: Said { title, body, ..say(&alert, locale) }, alert }
    }
}

const fn own(id: u64, kind: Kind) -> Alert {
    Alert {
        id: AlertId(id),
        kind,
        subject: None,
        who: None,
        words: None,
        count: 1,
        acts: Vec::new(),
        stays: false,
        silent: false,
    }
}

/// Says it.
fn say(alert: &Alert, locale: Locale) -> Said {
    Said {
        title: title(alert, locale),
        body: alert.words.clone().unwrap_or_default(),
        open: text("alert_open", locale),
        buttons: alert.acts.iter().map(|act| (*act, text(button(*act), locale))).collect(),
    }
}

fn title(alert: &Alert, locale: Locale) -> String {
    let name = name(alert.kind);
    let named = if alert.who.is_some() { "_who" } else { "" };
    let sentence = match (alert.subject, alert.kind) {
        (None, Kind::Invitation) => text(name, locale),
        (None, _) => counted(&format!("{name}_many"), alert.count, locale),
        (Some(_), Kind::Words) if alert.count > 1 => {
            counted(&format!("{name}_count{named}"), alert.count, locale)
        }
        (Some(_), _) => text(&format!("{name}{named}"), locale),
    };
    // Last, so that a name which looks like a placeholder stays a name.
    sentence.replace("{who}", alert.who.as_deref().unwrap_or_default())
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Invitation => "alert_invitation",
        Kind::Words => "alert_words",
        Kind::Closed => "alert_closed",
        Kind::Waiting => "alert_waiting",
        Kind::Unanswered => "alert_unanswered",
        Kind::Transfer => "alert_transfer",
        Kind::Request => "alert_request",
    }
}

const fn button(act: Act) -> &'static str {
    match act {
        Act::Accept => "alert_accept",
        Act::Decline => "alert_decline",
        Act::Reply => "alert_reply",
        Act::Open => "alert_open",
    }
}

#[cfg(test)]
mod tests {
    use deskbell_api::desktop::Subject;
    use deskbell_wire::VisitorId;

    use super::*;

    fn alert(kind: Kind, who: Option<&str>, count: u64) -> Alert {
        Alert {
            id: AlertId(1),
            kind,
            subject: Some(Subject::Words(VisitorId("6f1a2b3c-0000-4000-8000-000000000001".parse().unwrap()))),
            who: who.map(str::to_owned),
            words: who.map(|_| "Is anybody there?".to_owned()),
            count,
            acts: vec![Act::Reply],
            stays: false,
            silent: false,
        }
    }

    #[test]
    fn every_kind_has_a_sentence_for_one_with_and_without_a_name_and_for_many() {
        for locale in [Locale::En, Locale::Ru] {
            for kind in Kind::ALL {
                let many = Alert { subject: None, ..alert(kind, None, 5) };
                for alert in
                    [alert(kind, None, 1), alert(kind, Some("Anna"), 1), alert(kind, Some("Anna"), 2), many]
                {
                    let said = say(&alert, locale);
                    assert_eq!(said.title.contains("Anna"), alert.who.is_some(), "{}", said.title);
                    assert!(!said.title.contains(['{', '}', '_']), "{}", said.title);
                }
            }
        }
    }

    #[test]
    fn an_alert_without_words_says_none() {
        let said = say(&alert(Kind::Words, None, 3), Locale::En);
        assert_eq!((said.title.as_str(), said.body.as_str()), ("3 new messages", ""));
        let said = say(&alert(Kind::Words, Some("Anna"), 3), Locale::En);
        assert_eq!((said.title.as_str(), said.body.as_str()), ("Anna: 3 new messages", "Is anybody there?"));
        assert_eq!(said.buttons, [(Act::Reply, "Reply".to_owned())]);
    }

    #[test]
    fn a_trial_and_a_notice_are_no_alerts_of_the_session() {
        let posters: Vec<_> = Kind::ALL.into_iter().map(|kind| Poster::trial(kind, Locale::En)).collect();
        assert!(posters.iter().all(|it| it.alert.id.0 >= OURS && !it.said.title.is_empty()));
        assert_eq!(posters[3].said.title, "A visitor is waiting");
        let ids: std::collections::BTreeSet<_> = posters.iter().map(|it| it.alert.id).collect();
        assert_eq!(ids.len(), Kind::ALL.len());
        assert!(!ids.contains(&Poster::notice("none", Locale::En).alert.id));
    }

    #[test]
    fn threats_34_a_name_is_never_a_placeholder() {
        let said = say(&alert(Kind::Words, Some("{count} {who}"), 3), Locale::En);
        assert_eq!(said.title, "{count} {who}: 3 new messages");
    }
}
