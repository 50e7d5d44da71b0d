//! The app's window while a session runs: settings, diagnostics, and what one takes along or leaves behind.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Hosting;
use crate::desktop::{AlertPrefs, Kind, KindPrefs, QuietHours, Side};

/// Everything that the settings show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DesktopSettings {
    /// Which face the program has.
    pub face: AppFace,
    /// What the person wants to be told.
    pub alerts: AlertSettings,
    /// The program starts by itself after signing in to the computer.
    pub autostart: bool,
    /// What closing the window does.
    pub keep_in_tray: Closing,
    /// The desk inside this program, where there is one.
    pub hosting: Option<Hosting>,
    /// The desk's link or address, for people; `null` before one is chosen.
    pub desk: Option<String>,
    /// The profile's name.
    pub profile: String,
    /// Where the keys are.
    pub secrets: SecretsPlace,
    /// The program's version.
    pub version: String,
}

/// Faces of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppFace {
    /// The chat form.
    Visitor,
    /// The workplace.
    Operator,
}

/// What closing the last window does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The program stays in the tray.
    Tray,
    /// The program ends.
    Quit,
    /// The person is asked.
    Ask,
}

/// Where a profile's keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsPlace {
    /// In the system's keyring.
    Keyring,
    /// In a file that a passphrase opens.
    Passphrase,
    /// Nowhere: what this session has is gone with it.
    Session,
}

/// Sections of the settings: which one the window opens at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingsSection {
    /// Notifications and sounds.
    Alerts,
    /// Start, tray, keys, the desk.
    General,
    /// What works and what does not.
    Diagnostics,
    /// Export, backup, leaving.
    Data,
    /// Version and licence.
    About,
}

/// Kinds of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A visitor is invited to a chat.
    Invitation,
    /// New words.
    Words,
    /// The chat was closed.
    Closed,
    /// A visitor waits.
    Waiting,
    /// A chat without an answer.
    Unanswered,
    /// A chat was handed over.
    Transfer,
    /// A request was left.
    Request,
}

/// What a person chose about alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertSettings {
    /// The kinds that this face has, in the order in which they are shown.
    pub kinds: Vec<KindSettings>,
    /// Alerts say neither who nor what.
    pub hide_words: bool,
    /// One alert for many of a kind.
    pub grouping: bool,
    /// Loudness of the sounds, 0 to 100.
    pub volume: u8,
    /// Hours without alerts.
    pub quiet: Option<Quiet>,
    /// A chat without an answer is told after so many seconds, and again after as many; 0: never.
    pub unanswered_s: u32,
}

/// One kind's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KindSettings {
    /// Which.
    pub kind: AlertKind,
    /// Show a notification.
    pub show: bool,
    /// Play the kind's sound.
    pub sound: bool,
}

/// Hours without alerts, by the computer's own clock; they may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Quiet {
    /// Minutes after midnight, 0 to 1439.
    pub from: u16,
    /// Minutes after midnight, 0 to 1439; the same as `from`: the whole day.
    pub to: u16,
}

/// What one look at a part of the program found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    /// Which part.
    pub part: CheckPart,
    /// How it stands.
    pub state: CheckState,
    /// One sentence, in the person's language.
    pub sentence: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// Parts that can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckPart {
    /// The line to the desk.
    Connection,
    /// The history on the disk.
    Store,
    /// The system's keyring.
    Keyring,
    /// The tray.
    Tray,
    /// The notification service.
    Notifications,
    /// The sound device.
    Sound,
    /// The desk inside this program.
    Hosting,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It works.
    Good,
    /// The program gets along without it.
    Warn,
    /// It does not work, and something is lost by it.
    Bad,
    /// It gave no answer in time.
    Unknown,
}

/// A report that the program wrote when it crashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CrashReport {
    /// What the other commands name.
    pub id: String,
    /// When (Unix milliseconds).
    #[ts(type = "number")]
    pub when: i64,
    /// Everything that is in it.
    pub text: String,
}

/// What was written where the person said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// The file.
    pub path: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What of the files of conversations an export takes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFiles {
    /// Their names.
    Names,
    /// Those that are on this computer.
    Here,
    /// All: those that are not here are brought first, as far as the desk is reached.
    All,
}

/// What files there are to take along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilesHeld {
    /// On this computer.
    pub here: FileSum,
    /// At the desk alone.
    pub away: FileSum,
    /// Is the desk reached now?
    pub online: bool,
}

/// Files, taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileSum {
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportProgress {
    /// Files that are written.
    pub done: FileSum,
    /// Files that there are.
    pub all: FileSum,
    /// Is one brought from the desk now?
    pub fetching: bool,
}

/// An export that was written where the person said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Its size in bytes, without the files beside it.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Conversations in it.
    #[ts(type = "number")]
    pub conversations: u64,
    /// The folder beside it, where files were written into one.
    pub folder: Option<String>,
    /// Files that were written.
    pub files: FileSum,
    /// Files that were wanted and could not be had.
    #[ts(type = "number")]
    pub missing: u64,
}

/// Shapes of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// For people: one file that any browser shows and prints.
    Html,
    /// For programs: docs/export.md.
    Json,
}

/// Whether others can reach the desk inside this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reach {
    /// `127.0.0.1:7717`.
    pub listen: String,
    /// Where it may be reached in this computer's networks.
    pub addresses: Vec<ReachAddress>,
    /// What to do, a sentence each, the first thing first.
    pub advice: Vec<String>,
}

/// One of this computer's addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReachAddress {
    /// `192.168.1.5:7717`.
    pub address: String,
    /// Does the desk answer there, asked from this computer? A firewall may still keep others out.
    pub reachable: Reachable,
    /// Who is meant.
    pub scope: ReachScope,
}

/// Does the desk answer at an address?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reachable {
    /// It does.
    Yes,
    /// Nobody answers, or somebody else.
    No,
    /// There was no answer in time.
    Unknown,
}

/// From where an address can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReachScope {
    /// This computer alone.
    Computer,
    /// The local network.
    Network,
    /// Anybody's, if no firewall forbids it.
    Internet,
}

/// Somebody who is connected to the desk inside this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Connected {
    /// What they are called; `null`: a visitor who gave no name.
    pub name: Option<String>,
    /// Whose side they are on.
    pub side: AppFace,
}

impl From<Side> for AppFace {
    fn from(side: Side) -> Self {
        match side {
            Side::Visitor => Self::Visitor,
            Side::Operator => Self::Operator,
        }
    }
}

impl AlertKind {
    /// The kinds that a face has.
    pub const fn of(face: AppFace) -> &'static [Self] {
        match face {
            AppFace::Visitor => &[Self::Invitation, Self::Words, Self::Closed],
            AppFace::Operator => {
                &[Self::Waiting, Self::Words, Self::Unanswered, Self::Transfer, Self::Request]
            }
        }
    }
}

impl From<AlertKind> for Kind {
    fn from(kind: AlertKind) -> Self {
        match kind {
            AlertKind::Invitation => Self::Invitation,
            AlertKind::Words => Self::Words,
            AlertKind::Closed => Self::Closed,
            AlertKind::Waiting => Self::Waiting,
            AlertKind::Unanswered => Self::Unanswered,
            AlertKind::Transfer => Self::Transfer,
            AlertKind::Request => Self::Request,
        }
    }
}

impl AlertSettings {
    /// What a face's page sees of the preferences.
    pub fn of(prefs: &AlertPrefs, face: AppFace) -> Self {
        let settings = |kind: &AlertKind| {
            let KindPrefs { show, sound } = prefs.of(Kind::from(*kind));
            KindSettings { kind: *kind, show, sound }
        };
        Self {
            kinds: AlertKind::of(face).iter().map(settings).collect(),
            hide_words: prefs.hide_words,
            grouping: prefs.grouping,
            volume: prefs.volume,
            quiet: prefs.quiet.map(|QuietHours { from, to }| Quiet { from, to }),
            unanswered_s: prefs.unanswered_s,
        }
    }

    /// The preferences with what the page chose. Whatever is out of bounds comes back to the nearest that is not.
    pub fn over(self, mut prefs: AlertPrefs) -> AlertPrefs {
        for KindSettings { kind, show, sound } in self.kinds {
            prefs.kinds.insert(kind.into(), KindPrefs { show, sound });
        }
        let chosen = AlertPrefs {
            hide_words: self.hide_words,
            grouping: self.grouping,
            volume: self.volume,
            quiet: self.quiet.map(|Quiet { from, to }| QuietHours { from, to }),
            unanswered_s: self.unanswered_s,
            ..prefs
        };
        chosen.within_bounds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_change_what_they_show_and_nothing_else() {
        let prefs = AlertPrefs {
            kinds: [(Kind::Waiting, KindPrefs { show: false, sound: true })].into(),
            quiet: Some(QuietHours { from: 1320, to: 420 }),
            ..AlertPrefs::default()
        };
        let shown = AlertSettings::of(&prefs, AppFace::Visitor);
        assert_eq!(shown.kinds.len(), 3);
        let back = shown.over(prefs.clone());
        assert_eq!(back.of(Kind::Waiting), prefs.of(Kind::Waiting), "another face's kind stays");
        assert_eq!((back.quiet, back.volume), (prefs.quiet, prefs.volume));
    }

    #[test]
    fn settings_out_of_bounds_are_mended() {
        let wild = AlertSettings {
            volume: 255,
            quiet: Some(Quiet { from: 5000, to: 0 }),
            unanswered_s: u32::MAX,
            ..AlertSettings::of(&AlertPrefs::default(), AppFace::Operator)
        };
        let prefs = wild.over(AlertPrefs::default());
        assert_eq!((prefs.volume, prefs.unanswered_s), (100, 86_400));
        assert_eq!(prefs.quiet, None, "hours that no clock has");
    }
}
