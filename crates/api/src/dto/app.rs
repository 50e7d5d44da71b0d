//! The app's own window: first start and what keeps the app from starting.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Asked, Company, SecretsQuestion, SettingsSection};

/// What the app's window starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppBoot {
    /// Which screen.
    pub screen: AppScreen,
    /// Which language.
    pub locale: Locale,
    /// What is wrong, with [`AppScreen::Problem`].
    pub problem: Option<Problem>,
    /// Where the settings open, with [`AppScreen::Settings`].
    pub section: Option<SettingsSection>,
    /// What is asked of the person, with [`AppScreen::Secrets`].
    pub secrets: Option<SecretsQuestion>,
    /// With [`AppScreen::Problem`]: what is on the disk may be set aside, unread, and the program begin anew.
    pub anew: bool,
    /// A link that was opened: asked about with [`AppScreen::Asked`], and filled in on the first start's screens.
    pub asked: Option<Asked>,
    /// What the company says that ships the program, where one does.
    pub company: Option<Company>,
}

impl AppBoot {
    /// A screen with nothing beside it.
    pub const fn at(screen: AppScreen, locale: Locale) -> Self {
        Self {
            screen,
            locale,
            problem: None,
            section: None,
            secrets: None,
            anew: false,
            asked: None,
            company: None,
        }
    }
}

/// Screens of the app's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppScreen {
    /// A visitor's first start: where is the desk?
    JoinVisitor,
    /// An operator's first start: join a desk or start one here.
    JoinOperator,
    /// The profile's keys are not open: a passphrase, a keyring, or this session only.
    Secrets,
    /// A link was opened while a session runs: go there?
    Asked,
    /// Settings, beside a session that runs.
    Settings,
    /// The app cannot go on.
    Problem,
}

/// What is wrong, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// Stable.
    pub code: String,
    /// One clear sentence, in the person's language.
    pub message: String,
}

/// Languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    En,
    /// Russian.
    Ru,
}
