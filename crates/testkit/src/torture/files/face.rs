//! The product's app of a visitor or of an operator, as far as files go: the same verbs for both. A conversation is named
//! by its visitor's number.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use deskbell_api::desktop::Newsroom;
use deskbell_api::dto::{
    FileView, FilesPage, Locale, Message, NewPiece, OperatorUpdate, Problem, StagedFile, VisitorUpdate,
};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_api::visitor::{VisitorApp, VisitorOptions};
use deskbell_vault::Blob;
use deskbell_wire::VisitorId;

use super::app::Who;

/// Files that are chosen, as the app tells.
pub(super) type Staged = Arc<Mutex<Vec<StagedFile>>>;

/// An app that runs.
pub(super) enum Face {
    /// Writes to this group.
    Visitor(VisitorApp, Option<u32>),
    /// With the visitors in the order of their numbers.
    Operator(OperatorApp, Vec<String>),
}

macro_rules! either {
    ($face:expr, $app:ident => $does:expr) => {
        match $face {
            Face::Visitor($app, _) => $does,
            Face::Operator($app, _) => $does,
        }
    };
}

impl Face {
    /// Opens the profile and starts the session; what is chosen is told to `staged`.
    pub(super) fn start(who: &Who, secrets: ProfileSecrets, staged: &Staged) -> Result<Self, Problem> {
        let keep = Keep::Disk { folder: who.profile.clone() };
        let (link, locale, newsroom) = (who.link.clone(), Locale::En, Newsroom::silent());
        if who.visitors.is_empty() {
            let options = VisitorOptions { link, secrets, keep, locale, newsroom };
            let app = VisitorApp::start(options)?;
            boot(&app, staged)?;
            return Ok(Self::Visitor(app, Some(who.group)));
        }
        let options = OperatorOptions {
            desk: DeskKey::of(&link),
            link,
            secrets,
            keep,
            locale,
            hosting: None,
            needs_setup: false,
            // It is signed in already.
            keep_token: Box::new(|_| {}),
            newsroom,
        };
        let (app, staged) = (OperatorApp::start(options)?, Arc::clone(staged));
        app.boot(Box::new(move |update| {
            if let OperatorUpdate::Staged { files, .. } = update {
                *staged.lock().unwrap_or_else(PoisonError::into_inner) = files;
            }
        }))?;
        Ok(Self::Operator(app, who.visitors.iter().map(VisitorId::to_string).collect()))
    }

    /// The newest lines of a conversation; `None`: it does not know of it, or not yet.
    pub(super) fn lines(&self, with: usize, staged: &Staged) -> Result<Option<Vec<Message>>, Problem> {
        match self {
            Self::Visitor(app, _) => boot(app, staged).map(Some),
            Self::Operator(app, ids) => {
                known(app.open(&ids[with])).map(|talk| talk.map(|talk| talk.messages))
            }
        }
    }

    /// Its files, newest first, below that one.
    pub(super) fn list(&self, with: usize, below: Option<&str>) -> Result<Option<FilesPage>, Problem> {
        match self {
            Self::Visitor(app, _) => app.files_list(below, None).map(Some),
            Self::Operator(app, ids) => known(app.files_list(&ids[with], below, None)),
        }
    }

    pub(super) fn stage_path(&self, with: usize, path: PathBuf) -> Result<(), Problem> {
        match self {
            Self::Visitor(app, _) => app.file_stage_paths(vec![path]),
            Self::Operator(app, ids) => app.file_stage_paths(&ids[with], vec![path]),
        }
    }

    pub(super) fn begin(&self, with: usize, piece: &NewPiece) -> Result<String, Problem> {
        match self {
            Self::Visitor(app, _) => app.file_begin(piece),
            Self::Operator(app, ids) => app.file_begin(&ids[with], piece),
        }
    }

    pub(super) fn send(&self, with: usize, id: String, caption: &str) -> Result<(), Problem> {
        let sent = match self {
            Self::Visitor(app, group) => app.file_send(&[id], caption, *group),
            Self::Operator(app, ids) => app.file_send(&ids[with], &[id], caption),
        };
        sent.map(drop)
    }

    pub(super) fn say(&self, with: usize, text: &str) -> Result<(), Problem> {
        match self {
            Self::Visitor(app, group) => app.send(text, *group).map(drop),
            Self::Operator(app, ids) => app.send(&ids[with], text).map(drop),
        }
    }

    pub(super) fn piece(&self, id: &str, bytes: &[u8]) -> Result<(), Problem> {
        either!(self, app => app.file_piece(id, bytes))
    }

    pub(super) fn end(&self, id: &str) -> Result<(), Problem> {
        either!(self, app => app.file_end(id))
    }

    pub(super) fn unstage(&self, id: &str) -> Result<(), Problem> {
        either!(self, app => app.file_unstage(id))
    }

    pub(super) fn fetch(&self, key: &str) -> Result<(), Problem> {
        either!(self, app => app.file_fetch(key))
    }

    pub(super) fn file(&self, key: &str) -> Result<FileView, Problem> {
        either!(self, app => app.file(key))
    }

    pub(super) fn blob(&self, key: &str) -> Result<Blob, Problem> {
        either!(self, app => app.file_blob(key).map(|(_, blob)| blob))
    }

    pub(super) fn wake(&self) -> Result<(), Problem> {
        either!(self, app => app.wake())
    }

    pub(super) fn stop(self) {
        either!(self, app => app.stop());
    }
}

/// A visitor's newest lines. What is chosen is told to `staged` from now on.
fn boot(app: &VisitorApp, staged: &Staged) -> Result<Vec<Message>, Problem> {
    let staged = Arc::clone(staged);
    let boot = app.boot(Box::new(move |update| {
        if let VisitorUpdate::Staged { files } = update {
            *staged.lock().unwrap_or_else(PoisonError::into_inner) = files;
        }
    }));
    boot.map(|boot| boot.messages)
}

/// An operator's app learns of visitors from the desk: after a start it takes until the line is there.
fn known<T>(told: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match told {
        Ok(told) => Ok(Some(told)),
        Err(problem) if problem.code == "unknown_visitor" => Ok(None),
        Err(problem) => Err(problem),
    }
}
