//! What people wish besides words, what the site does by itself, and what becomes of letters.

use std::collections::BTreeMap;

use deskbell_core::store::Store;
use deskbell_server::desk::Input;
use deskbell_server::mail::MailError;
use deskbell_wire::{
    Consent, EventBody, Group, GroupId, Lang, LeadForm, MailSecurity, MailSettings, MessageId, Request,
    RetentionMessage, Rule, RuleAction, SendBody, Seq, SiteSettings, StreamId, Times, Uid, Way,
};
use uuid::Uuid;

use super::{OPERATOR, World};
use crate::checker::words;
use crate::dice::Dice;

/// A site that does by itself whatever a site can: within a run's minutes, again and again.
pub(super) fn settings(dice: &mut Dice) -> SiteSettings {
    let mut settings = SiteSettings {
        rules: vec![
            rule("greet", 20, RuleAction::Invite { text: "Can we help?".to_owned() }),
            rule("call", 90, RuleAction::Lead { form: LeadForm::CallGenerator }),
        ],
        times: Times { invite_s: 60, idle_s: 1_200, gone_s: 300 },
        mail: Some(mail()),
        ..SiteSettings::default()
    };
    settings.form.groups =
        ["Sales", "Support"].map(|name| Group { id: GroupId(0), name: name.into() }).into();
    let message = |after_s| RetentionMessage { after_s, text: format!("{after_s} seconds") };
    settings.form.retention.messages = vec![message(15), message(30)];
    (settings.form.retention.way, settings.form.retention.way_after_s) = (Some(Way::Chat), 45);
    settings.form.consent =
        dice.chance(200).then(|| Consent { version: 1, text: "Terms".to_owned(), url: String::new() });
    settings
}

fn rule(name: &str, after_s: u32, action: RuleAction) -> Rule {
    Rule { name: name.to_owned(), enabled: true, after_s, visits: 0, online: None, every_h: 0, action }
}

fn mail() -> MailSettings {
    MailSettings {
        host: "mail.example".to_owned(),
        port: 587,
        security: MailSecurity::StartTls,
        login: String::new(),
        password: None,
        ca_file: String::new(),
        from: "desk@mail.example".to_owned(),
        from_name: String::new(),
    }
}

impl World {
    /// Something that the person of this device may wish now, whether it makes sense or not.
    pub(super) fn wish(&mut self, at: usize, stream: &StreamId, uid: Uid) -> SendBody {
        if at == OPERATOR { self.operators_wish(stream, uid) } else { self.visitors_wish(at, uid) }
    }

    fn visitors_wish(&mut self, at: usize, uid: Uid) -> SendBody {
        let invited = self.devices[at].present().and_then(|present| present.invite.as_ref());
        let invite = invited.map_or(MessageId(Uuid::nil()), |invite| invite.id);
        match self.dice.roll(16) {
            0..=1 => SendBody::Start {},
            2..=3 => SendBody::Close {},
            4..=5 => SendBody::Accept { invite },
            6 => SendBody::Reject { invite },
            7..=8 => SendBody::Rate { mark: [None, Some(1), Some(5)][self.dice.index(3)] },
            9 => self.card(uid),
            10 => SendBody::Transcript { email: "a@b.example".to_owned(), lang: Lang::En, zone_min: 0 },
            11 => SendBody::CancelLead {},
            12 => SendBody::Consent { version: 1 },
            13 => SendBody::Message { text: words(uid, "for you"), group: self.group(), file: None },
            _ => SendBody::Request(self.request(uid)),
        }
    }

    fn operators_wish(&mut self, stream: &StreamId, uid: Uid) -> SendBody {
        match self.dice.roll(16) {
            0..=1 => SendBody::Close {},
            2..=5 => SendBody::Invite { text: words(uid, "may I help?") },
            6 => SendBody::Withdraw {},
            7..=8 => SendBody::Join {},
            9 => SendBody::Leave {},
            10..=11 => SendBody::Move { group: self.group() },
            12 => self.card(uid),
            13 => SendBody::Ban { banned: self.dice.chance(300) },
            _ => SendBody::Settle { request: self.some_request(stream), done: self.dice.chance(700) },
        }
    }

    fn group(&mut self) -> Option<GroupId> {
        [None, Some(GroupId(1)), Some(GroupId(2))][self.dice.index(3)]
    }

    fn card(&mut self, uid: Uid) -> SendBody {
        let emails = vec![format!("{}@b.example", self.dice.roll(9))];
        SendBody::Card { name: Some(words(uid, "Grace")), emails, phones: Vec::new() }
    }

    fn request(&mut self, uid: Uid) -> Request {
        let (name, email, phone) = (words(uid, "Grace"), String::new(), "12345".to_owned());
        let group = self.group();
        match self.dice.roll(3) {
            0 => Request::Offline { name, email, phone, text: words(uid, "call me"), group },
            1 => Request::Callback { name, phone, group, at: None },
            _ => Request::Lead {
                form: LeadForm::CallGenerator,
                fields: BTreeMap::from([("phone".to_owned(), phone)]),
            },
        }
    }

    /// One that the operator has seen, or none.
    fn some_request(&mut self, stream: &StreamId) -> MessageId {
        let session = self.devices[OPERATOR].session.as_ref();
        let held = session.and_then(|session| session.store().before(stream, Seq::MAX, 200).ok());
        let requests = held.into_iter().flatten();
        let requests = requests.filter(|event| matches!(event.body, EventBody::Requested(_)));
        let ids: Vec<MessageId> = requests.map(|event| event.message_id).collect();
        self.dice.pick(&ids).unwrap_or(MessageId(Uuid::nil()))
    }

    /// The mail server took a letter, or it could not be reached, or it is left waiting.
    pub(super) fn post(&mut self) {
        let Some(ticket) = self.letters.pop() else { return };
        let result = match self.dice.roll(3) {
            0 => Err(MailError::Unreachable { cause: "no route".to_owned() }),
            _ => Ok(()),
        };
        self.desk_handles(vec![Input::Mailed { ticket, result }]);
    }
}
