//! What an alert says, in the person's language.
//!
//! What must always hold: nothing of what people wrote is in it unless the alert brings it; what they wrote is a value
//! in a sentence of ours and never one that is filled in itself.

use deskbell_api::desktop::{Act, Alert, Kind};
use deskbell_api::dto::Locale;

use crate::texts::{counted, text};

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

/// Says it.
pub(super) fn say(alert: &Alert, locale: Locale) -> Said {
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
        (Some(_), Kind::Words) if alert.count > 1 => counted(&format!("{name}_count{named}"), alert.count, locale),
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
    use deskbell_api::desktop::{AlertId, Subject};
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
                for alert in [alert(kind, None, 1), alert(kind, Some("Anna"), 1), alert(kind, Some("Anna"), 2), many] {
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
    fn threats_34_a_name_is_never_a_placeholder() {
        let said = say(&alert(Kind::Words, Some("{count} {who}"), 3), Locale::En);
        assert_eq!(said.title, "{count} {who}: 3 new messages");
    }
}
