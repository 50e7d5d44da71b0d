//! A site's settings: what its form is told, and what the desk does by itself.
//!
//! What must always hold: a client and a desk agree on what is in bounds, because both ask [`SiteSettings::flaw`].

use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::file::{FileQuota, FileRules};
use crate::ids::GroupId;
use crate::limits::{FIELDS, GROUPS, NAME_CHARS, RETENTION_MESSAGES, RULES, TEXT_CHARS};
use crate::pack::PackRef;
use crate::request::LeadForm;

/// Everything that those who look after a desk may set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SiteSettings {
    /// Grows with every change. Whoever saves names the one that he changed.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub version: u64,
    /// What visitors' forms are told.
    pub form: FormSettings,
    /// At most 20; the first that fits acts.
    pub rules: Vec<Rule>,
    /// What ends by itself, and when.
    pub times: Times,
    /// How transcripts are sent; `None`: not at all.
    pub mail: Option<MailSettings>,
    /// How much room files may take.
    pub quota: FileQuota,
}

/// What visitors' forms are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormSettings {
    /// The form's title, at most 200 characters; empty: the pack's own.
    pub title: String,
    /// `#RRGGBB`; empty: the pack's own.
    pub banner_color: String,
    /// Above the choice of groups, at most 200 characters; empty: the pack's own.
    pub group_title: String,
    /// At most 50; none: there is no choice.
    pub groups: Vec<Group>,
    /// What the chat asks a visitor about himself.
    pub fields: Vec<Field>,
    /// What the offline form asks.
    pub offline_fields: Vec<Field>,
    /// May operators be rated?
    pub rating: bool,
    /// May a transcript be sent? Set by the desk: there is a mail server.
    pub mail: bool,
    /// What happens while a chat waits.
    pub retention: Retention,
    /// What a visitor agrees to before the first message.
    pub consent: Option<Consent>,
    /// Which files may be sent.
    pub files: FileRules,
    /// The site's pack; without one the form is the app's own. Set by the desk, for visitors alone; no settings keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub pack: Option<PackRef>,
}

/// A group of operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Group {
    /// 0 in a group that is new: the desk gives it its number.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub id: GroupId,
    /// 1 to 200 characters.
    pub name: String,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Field {
    /// Which.
    pub name: FieldName,
    /// At most 200 characters; empty: the pack's own.
    pub title: String,
    /// Must it be filled in?
    pub is_required: bool,
}

/// What a form may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum FieldName {
    /// The visitor's name.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// What happens while a chat waits unanswered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Retention {
    /// At most 10, each after its own time.
    pub messages: Vec<RetentionMessage>,
    /// What is offered in the end.
    pub way: Option<Way>,
    /// Seconds after which it is offered.
    pub way_after_s: u32,
}

/// A timed message of the site.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RetentionMessage {
    /// Seconds since the chat began to wait.
    pub after_s: u32,
    /// 1 to 8,000 characters.
    pub text: String,
}

/// Another way to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Way {
    /// The offline form.
    OfflineMessage,
    /// The call form.
    Sitephone,
    /// Another group's chat.
    Chat,
}

/// What a visitor agrees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Consent {
    /// 1 and up; another one asks again.
    pub version: u32,
    /// 1 to 8,000 characters.
    pub text: String,
    /// Where the whole of it can be read (`https://…`); may be empty.
    pub url: String,
}

/// Something that the desk does by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Rule {
    /// For people, at most 200 characters.
    pub name: String,
    /// Does it act?
    pub enabled: bool,
    /// Seconds since the visitor came.
    pub after_s: u32,
    /// From this visit on; 0 and 1: from the first.
    pub visits: u32,
    /// Only while an operator is online (`true`), or none (`false`).
    pub online: Option<bool>,
    /// Hours before it may act again for the same visitor; 0: once per visit.
    pub every_h: u32,
    /// What it does.
    pub action: RuleAction,
}

/// What a rule does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum RuleAction {
    /// Invites to a chat.
    Invite {
        /// 1 to 8,000 characters.
        text: String,
    },
    /// Shows a lead form.
    Lead {
        /// Which.
        form: LeadForm,
    },
}

/// What ends by itself. 0: never.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Times {
    /// Seconds for which an invitation, or a lead form, waits.
    pub invite_s: u32,
    /// Seconds without a word from either side after which a chat is closed.
    pub idle_s: u32,
    /// Seconds after which a chat is closed whose visitor is gone.
    pub gone_s: u32,
}

/// A mail server that takes the desk's mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailSettings {
    /// A name or an address.
    pub host: String,
    /// Mostly 587 (STARTTLS) or 465 (TLS).
    pub port: u16,
    /// How the connection is encrypted.
    pub security: MailSecurity,
    /// Empty: no login.
    pub login: String,
    /// From those who set it; the desk gives it to nobody. `None`: as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// A file of certificates on the desk's computer, PEM, that are trusted beside the public ones; may be empty.
    #[serde(default)]
    pub ca_file: String,
    /// The sender's address.
    pub from: String,
    /// The sender's name, at most 200 characters.
    pub from_name: String,
}

/// How the connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum MailSecurity {
    /// From the first byte.
    Tls,
    /// After STARTTLS, and never without.
    StartTls,
    /// Not at all; on the desk's own computer only.
    None,
}

/// What is wrong with settings: the field's path, for whoever fills it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not in bounds")]
pub struct Flaw(pub &'static str);

impl Default for FormSettings {
    fn default() -> Self {
        Self {
            title: String::new(),
            banner_color: String::new(),
            group_title: String::new(),
            groups: Vec::new(),
            fields: Vec::new(),
            offline_fields: Vec::new(),
            rating: true,
            mail: false,
            retention: Retention::default(),
            consent: None,
            files: FileRules::default(),
            pack: None,
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Self { invite_s: 300, idle_s: 3_600, gone_s: 1_800 }
    }
}

impl SiteSettings {
    /// The first thing that is out of bounds.
    pub fn flaw(&self) -> Option<Flaw> {
        self.form
            .flaw()
            .or_else(|| self.rules_flaw())
            .or_else(|| self.mail.as_ref().and_then(MailSettings::flaw))
    }

    fn rules_flaw(&self) -> Option<Flaw> {
        if self.rules.len() > RULES {
            return Some(Flaw("rules"));
        }
        let bad = self.rules.iter().any(|rule| {
            let text = match &rule.action {
                RuleAction::Invite { text } => is_text(text),
                RuleAction::Lead { .. } => true,
            };
            !text || !is_name(&rule.name)
        });
        bad.then_some(Flaw("rules"))
    }
}

impl FormSettings {
    fn flaw(&self) -> Option<Flaw> {
        let messages = &self.retention.messages;
        let color = self.banner_color.strip_prefix('#').unwrap_or_default();
        let has_color = color.len() == 6 && color.chars().all(|c| c.is_ascii_hexdigit());
        let checks = [
            ("form.title", is_name(&self.title)),
            ("form.group_title", is_name(&self.group_title)),
            ("form.banner_color", self.banner_color.is_empty() || has_color),
            ("form.groups", self.groups_fit()),
            ("form.fields", fields_fit(&self.fields)),
            ("form.offline_fields", fields_fit(&self.offline_fields)),
            (
                "form.retention",
                messages.len() <= RETENTION_MESSAGES && messages.iter().all(|m| is_text(&m.text)),
            ),
            ("form.consent", self.consent.as_ref().is_none_or(Consent::fits)),
            ("form.files", self.files.fits()),
        ];
        checks.into_iter().find(|(_, fits)| !fits).map(|(path, _)| Flaw(path))
    }

    fn groups_fit(&self) -> bool {
        let known = self.groups.iter().map(|group| group.id).filter(|id| id.0 != 0);
        let ids: HashSet<GroupId> = known.clone().collect();
        let named = self.groups.iter().all(|group| is_name(&group.name) && !group.name.trim().is_empty());
        self.groups.len() <= GROUPS && ids.len() == known.count() && named
    }
}

impl Consent {
    fn fits(&self) -> bool {
        let url = self.url.is_empty() || self.url.starts_with("https://") && is_name(&self.url);
        self.version > 0 && is_text(&self.text) && url
    }
}

impl MailSettings {
    fn flaw(&self) -> Option<Flaw> {
        let host = !self.host.is_empty() && is_name(&self.host) && !self.host.contains(char::is_whitespace);
        let checks = [
            ("mail.host", host && self.port > 0),
            ("mail.login", is_name(&self.login)),
            ("mail.from", crate::contact::is_email(&self.from)),
            ("mail.from_name", is_name(&self.from_name)),
            ("mail.ca_file", self.ca_file.chars().count() <= 1_000 && !self.ca_file.contains('\0')),
        ];
        checks.into_iter().find(|(_, fits)| !fits).map(|(path, _)| Flaw(path))
    }
}

fn fields_fit(fields: &[Field]) -> bool {
    let names: HashSet<FieldName> = fields.iter().map(|field| field.name).collect();
    fields.len() <= FIELDS && names.len() == fields.len() && fields.iter().all(|field| is_name(&field.title))
}

fn is_name(text: &str) -> bool {
    text.chars().count() <= NAME_CHARS && !text.chars().any(char::is_control)
}

fn is_text(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= TEXT_CHARS && !text.contains('\0')
}

impl Drop for MailSettings {
    fn drop(&mut self) {
        self.password.zeroize();
    }
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RetentionMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RetentionMessage({} s)", self.after_s)
    }
}

impl fmt::Debug for RuleAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invite { .. } => f.write_str("Invite"),
            Self::Lead { form } => write!(f, "Lead({form:?})"),
        }
    }
}
