//! Files: on a line, on their way, and chosen but not sent yet.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file on a line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileView {
    /// Names it in every question: the line's message id, or its uid while the desk does not have it.
    pub key: String,
    /// Tidied, with its true extension; at most 200 characters.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// `type/subtype`.
    pub media: String,
    /// What it is for people.
    pub kind: FileKind,
    /// May it be opened from here?
    pub opening: Opening,
    /// Is there something to show of it: a picture, the first page, the first words?
    pub preview: Preview,
    /// On its way from or to this device; `null`: at rest.
    pub transfer: Option<Transfer>,
    /// Are its bytes on this device?
    pub here: bool,
}

/// What a file is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture.
    Image,
    /// A PDF.
    Pdf,
    /// Plain text.
    Text,
    /// Sound.
    Audio,
    /// Moving pictures.
    Video,
    /// Written, reckoned or drawn in an office program.
    Document,
    /// Files in a file.
    Archive,
    /// Anything else.
    Other,
}

/// May a file be opened from here?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    /// Yes.
    Plain,
    /// After a warning: it may bring code of its own.
    Warn,
    /// Never; it can be saved.
    Never,
}

/// What can be shown of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Preview {
    /// Nothing.
    None,
    /// A picture, from `desk://localhost/preview/<key>`.
    Picture,
    /// Words, by asking for them.
    Words,
}

/// A file on its way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Transfer {
    /// `false`: to this device.
    pub up: bool,
    /// How it stands.
    pub state: TransferState,
    /// Bytes that are there.
    #[ts(type = "number")]
    pub done: u64,
    /// Bytes in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Bytes a second, over the last seconds; `null` while that is not known.
    #[ts(type = "number | null")]
    pub speed: Option<u64>,
    /// Seconds that it may take; `null` while that is not known.
    #[ts(type = "number | null")]
    pub left_s: Option<u64>,
    /// Why it failed.
    pub code: Option<String>,
    /// The same in words, in the person's language.
    pub sentence: Option<String>,
}

/// How a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// For the line, or for its turn.
    Waiting,
    /// Bytes go.
    Running,
    /// The person has stopped it.
    Paused,
    /// It will not go on by itself.
    Failed,
}

/// A transfer went on, or ended: then `file` shows it at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileNews {
    /// The whole of it.
    pub file: FileView,
}

/// A file that the person has chosen and not sent yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StagedFile {
    /// Names it until it is sent.
    pub id: String,
    /// Tidied.
    pub name: String,
    /// Bytes, as far as known.
    #[ts(type = "number")]
    pub size: u64,
    /// What it is for people.
    pub kind: FileKind,
    /// Bytes that were taken in; equal to `size` when it can be sent.
    #[ts(type = "number")]
    pub taken: u64,
    /// Can it be sent now?
    pub ready: bool,
    /// What can be shown of it, under `desk://localhost/preview/<id>`.
    pub preview: Preview,
    /// Does the file say where, when or by whom it was made? `null`: it does not, or nothing is known of its type.
    pub details: Option<Details>,
    /// Why it cannot be sent.
    pub code: Option<String>,
    /// The same in words, in the person's language.
    pub sentence: Option<String>,
}

/// What becomes of what a file says beside itself: place, time, camera, author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Details {
    /// Taken out when it is sent.
    Removed,
    /// Left in, because the person says so.
    Kept,
    /// Left in, for of this type it is not taken out; the person is told.
    Told,
}

/// The first words of a text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileWords {
    /// At most 64 KiB.
    pub text: String,
    /// Is there more?
    pub more: bool,
}

/// A page's own file, before its pieces come.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewPiece {
    /// As the page has it; not trusted.
    pub name: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// As the page has it; not trusted; may be empty.
    pub media: String,
}

/// Files of a conversation, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FilesPage {
    /// Their lines.
    pub lines: Vec<super::Message>,
    /// Is there more before them?
    pub more: bool,
}

macro_rules! quiet {
    ($($name:ident)*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}

quiet!(FileView Transfer StagedFile FileWords NewPiece);
