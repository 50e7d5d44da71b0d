//! What is wrong with a pack, for people: one sentence that names the file and the line.

use std::fmt;

/// Where in a file. Both count from 1; a column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// What is wrong, and where. `Display` is the English sentence; [`FlawKind::code`] names it for other languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The file's path inside the pack, with `/` between its parts; empty where it is about the pack as a whole.
    pub file: String,
    /// Where in the file, if it is a place.
    pub place: Option<Place>,
    /// What.
    pub kind: FlawKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// The folder, or a file in it, cannot be read (the system's word).
    Unreadable(String),
    /// There is neither a `pack.json` nor an `index.html` with `applyWidgetsOptions`.
    NoMapping,
    /// A file that is named here is not in the pack.
    Missing(String),
    /// A path that is named here leads out of the pack.
    Outside(String),
    /// The file is no UTF-8.
    NotText,
    /// The pack, or a file in it, is larger than this many bytes.
    TooLarge(u64),
    /// The pack has more files than this.
    TooMany(usize),
    /// The JSON cannot be read, or has another shape than it should (what was expected).
    Json(String),
    /// A template cannot be compiled (what is wrong).
    Template(String),
    /// A script threw, or cannot be read as JavaScript (the engine's word).
    Script(String),
    /// A script reached for the network (where to).
    Network(String),
    /// A script wanted to run a text as a program.
    Eval,
    /// The form did not answer for this many seconds.
    Hangs(u32),
    /// The form used up its memory, or its process ended.
    Crashed,
    /// Nobody has registered this view controller.
    NoController(String),
    /// The bytes are not those that the desk named.
    Digest,
}

impl FlawKind {
    /// The stable code of it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "pack_unreadable",
            Self::NoMapping => "pack_no_mapping",
            Self::Missing(_) => "pack_missing",
            Self::Outside(_) => "pack_outside",
            Self::NotText => "pack_not_text",
            Self::TooLarge(_) => "pack_too_large",
            Self::TooMany(_) => "pack_too_many",
            Self::Json(_) => "pack_json",
            Self::Template(_) => "pack_template",
            Self::Script(_) => "pack_script",
            Self::Network(_) => "pack_network",
            Self::Eval => "pack_eval",
            Self::Hangs(_) => "pack_hangs",
            Self::Crashed => "pack_crashed",
            Self::NoController(_) => "pack_no_controller",
            Self::Digest => "pack_digest",
        }
    }

    /// What stands for `{what}` in the sentence; empty where nothing does.
    pub fn what(&self) -> String {
        match self {
            Self::Unreadable(what)
            | Self::Missing(what)
            | Self::Outside(what)
            | Self::Json(what)
            | Self::Template(what)
            | Self::Script(what)
            | Self::Network(what)
            | Self::NoController(what) => what.clone(),
            Self::TooLarge(bytes) => bytes.to_string(),
            Self::TooMany(files) => files.to_string(),
            Self::Hangs(seconds) => seconds.to_string(),
            Self::NoMapping | Self::NotText | Self::Eval | Self::Crashed | Self::Digest => String::new(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", self.file)?;
            if let Some(Place { line, column }) = self.place {
                write!(f, ", line {line}, column {column}")?;
            }
            write!(f, ": ")?;
        }
        let what = self.kind.what();
        match &self.kind {
            FlawKind::Unreadable(_) => write!(f, "It cannot be read ({what})."),
            FlawKind::NoMapping => {
                write!(f, "There is neither a pack.json nor an index.html that calls applyWidgetsOptions.")
            }
            FlawKind::Missing(_) => write!(f, "It names {what}, which is not in the pack."),
            FlawKind::Outside(_) => write!(f, "It names {what}, which lies outside the pack."),
            FlawKind::NotText => write!(f, "It is not UTF-8 text."),
            FlawKind::TooLarge(_) => write!(f, "It is larger than {what} bytes."),
            FlawKind::TooMany(_) => write!(f, "There are more than {what} files."),
            FlawKind::Json(_) => write!(f, "{what}"),
            FlawKind::Template(_) => write!(f, "The template cannot be compiled: {what}"),
            FlawKind::Script(_) => write!(f, "The script failed: {what}"),
            FlawKind::Network(_) => write!(f, "It reached for {what}, but a form has no network."),
            FlawKind::Eval => write!(f, "It wanted to run text as a program, which is not allowed."),
            FlawKind::Hangs(_) => write!(f, "The form did not answer for {what} seconds."),
            FlawKind::Crashed => write!(f, "The form's process ended."),
            FlawKind::NoController(_) => write!(f, "No script has registered the view controller {what}."),
            FlawKind::Digest => write!(f, "The pack is not the one that the desk named."),
        }
    }
}

impl std::error::Error for Flaw {}
