//! The types that cross to the pages. Written to `ui/generated/` by `cargo xtask gen`.
//!
//! Dates are Unix milliseconds, ids are text. A field that is absent is `null`, never missing.

mod app;
mod desktop;
mod doors;
mod file;
mod message;
mod operator;
mod pack;
mod present;
mod secrets;
mod summon;
mod visitor;
mod work;

pub use app::{AppBoot, AppScreen, Locale, Problem};
pub use deskbell_wire::{
    Consent, Field, FieldName, FileQuota, FileRules, FormSettings, Group, GroupFiles, LeadForm, MailSecurity,
    MailSettings, Retention, RetentionMessage, Rule, RuleAction, SiteSettings, Times, VisitorCard, Way,
};
pub use desktop::{
    AlertKind, AlertSettings, AppFace, Check, CheckPart, CheckState, Closing, Connected, CrashReport,
    DesktopSettings, ExportFiles, ExportFormat, ExportProgress, Exported, FileSum, FilesHeld, KindSettings,
    Quiet, Reach, ReachAddress, ReachScope, Reachable, Saved, SecretsPlace, SettingsSection,
};
pub use doors::{Asked, Company, DeskPlace, DeskProof, LinkAnswer};
pub use file::{
    Details, FileKind, FileNews, FileView, FileWords, FilesPage, NewPiece, Opening, Preview, StagedFile,
    Transfer, TransferState,
};
pub use message::{
    Connection, Detail, Message, MessageKind, MessageStatus, MessagesPage, Phase, Receipts, Sender,
    StatusChange,
};
pub use operator::{
    Conversation, Hosting, OperatorBoot, OperatorPhase, OperatorUpdate, VisitorListRow, VisitorListStatus,
};
pub use pack::{DeviceKind, FlawReport, PackAnswer, PackBoot};
pub use present::{ChatRating, ChatState, Device, LinkCode, Present, VisitorWish};
pub use secrets::{SecretsQuestion, SecretsSettings, SecretsTrouble};
pub use summon::Summon;
pub use visitor::{Answer, Verb, VisitorBoot, VisitorUpdate};
pub use work::{MarkGiven, OperatorPlace, OperatorWish, PersonCard, RequestBody, RequestLine, SiteView};

/// An operator as a page shows one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub struct Operator {
    /// Identity.
    pub id: String,
    /// At most 200 characters.
    pub name: String,
    /// "Support", "Sales" …; may be empty.
    pub position: String,
}
