//! The operator's app, in this process, and a session of an operator who works in another group.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deskbell_api::desktop::Newsroom;
use deskbell_api::dto::{Locale, Message, NewPiece, OperatorUpdate, Sender};
use deskbell_api::operator::{OperatorApp, OperatorOptions};
use deskbell_api::profile::{DeskKey, Keep, ProfileSecrets};
use deskbell_wire::{DeviceId, FileQuota, Group, GroupId, JoinLink, Secret, VisitorId};

use super::plan::{Sameness, Transfer};
use super::visitor::{has_stopped, say_problem};
use crate::torture::Trouble;
use crate::torture::desk::PASSWORD;

/// Nothing at the start takes that long.
const LIMIT: Duration = Duration::from_secs(30);
/// Bytes of a piece in which a file is handed over.
const PIECE: usize = 1024 * 1024;

/// An operator who is signed in.
pub(super) struct Operator {
    pub(super) app: OperatorApp,
    pub(super) device: DeviceId,
    news: Receiver<OperatorUpdate>,
    token: Arc<Mutex<Option<Secret>>>,
    fetched: HashMap<usize, (String, Instant)>,
    /// Visitors' files that were read to the end.
    pub(super) read: HashMap<usize, Sameness>,
    pub(super) again: u32,
}

impl Operator {
    /// Signs in. `folder`: where the history is kept; without one in memory.
    pub(super) fn start(link: &JoinLink, folder: Option<&Path>, login: &str) -> Result<Self, Trouble> {
        let secrets = ProfileSecrets::generate(Locale::En).map_err(say_problem)?;
        let (token, device) = (Arc::new(Mutex::new(None)), secrets.device_id);
        let kept = Arc::clone(&token);
        let options = OperatorOptions {
            desk: DeskKey::of(link),
            link: link.clone(),
            secrets,
            keep: folder.map_or(Keep::SessionOnly, |folder| Keep::Disk { folder: folder.to_owned() }),
            locale: Locale::En,
            newsroom: Newsroom::silent(),
            hosting: None,
            needs_setup: false,
            // One that is forgotten here is what a thief would have.
            keep_token: Box::new(move |new| {
                if new.is_some() {
                    *kept.lock().unwrap_or_else(PoisonError::into_inner) = new;
                }
            }),
        };
        let app = OperatorApp::start(options).map_err(say_problem)?;
        let (told, news) = channel();
        let listener = Box::new(move |update| {
            // Nobody listens at the very end.
            let _ = told.send(update);
        });
        app.boot(listener).map_err(say_problem)?;
        app.sign_in(login, PASSWORD).map_err(say_problem)?;
        let (fetched, read) = (HashMap::new(), HashMap::new());
        Ok(Self { app, device, news, token, fetched, read, again: 0 })
    }

    /// Takes the limits for days off and makes two groups; gives their numbers.
    pub(super) fn set_site_up(&self) -> Result<Vec<GroupId>, Trouble> {
        let mut settings = self.site(|_| true)?.0;
        let group = |name: &str| Group { id: GroupId(0), name: name.to_owned() };
        settings.form.groups = vec![group("Sales"), group("Support")];
        settings.quota = FileQuota { visitor_day_bytes: 1 << 40, site_bytes: 1 << 40 };
        self.app.save_site(settings).map_err(say_problem)?;
        let groups = self.site(|groups| groups.len() == 2)?.1;
        Ok(groups)
    }

    fn site(
        &self,
        is_it: impl Fn(&[GroupId]) -> bool,
    ) -> Result<(deskbell_wire::SiteSettings, Vec<GroupId>), Trouble> {
        let until = Instant::now() + LIMIT;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if let OperatorUpdate::Site { site } =
                self.news.recv_timeout(left).map_err(|_| "the site never came")?
            {
                let groups: Vec<GroupId> = site.settings.form.groups.iter().map(|group| group.id).collect();
                if is_it(&groups) {
                    return Ok((site.settings, groups));
                }
            }
        }
    }

    /// Signs out. The desk is to hear of it, so it waits until the line is there.
    pub(super) fn sign_out(&self) -> Result<(), Trouble> {
        self.site(|_| true)?;
        self.app.sign_out().map_err(say_problem)
    }

    /// What it sees as failed in these conversations, with the code.
    pub(super) fn failed(&self, visitors: &[VisitorId]) -> Result<Vec<String>, Trouble> {
        let mut failed = Vec::new();
        for visitor in visitors {
            let lines = self.app.open(&visitor.to_string()).map_err(say_problem)?.messages;
            let own = lines.into_iter().filter(|line| line.mine && line.seq.is_none());
            failed.extend(own.map(|line| {
                format!("{} of the operator: {:?} {}", line.text, line.status, line.code.unwrap_or_default())
            }));
        }
        Ok(failed)
    }

    /// Which operator it is.
    pub(super) fn id(&self) -> Result<String, Trouble> {
        let boot = self.app.boot(Box::new(|_| {})).map_err(say_problem)?;
        Ok(boot.operator.ok_or("nobody is signed in")?.id)
    }

    /// The proof that the desk gave.
    pub(super) fn token(&self) -> Result<Secret, Trouble> {
        Ok(self.token.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or("no token")?)
    }

    /// Sends a file as a page hands it over, or says the code for which it was refused.
    pub(super) fn send(
        &self,
        visitor: VisitorId,
        transfer: &Transfer,
    ) -> Result<Result<(), String>, Trouble> {
        let visitor = visitor.to_string();
        let piece = NewPiece { name: transfer.name(), size: transfer.size, media: String::new() };
        let id = match self.app.file_begin(&visitor, &piece) {
            Ok(id) => id,
            Err(problem) => return Ok(Err(problem.code)),
        };
        let (mut bytes, mut chunk) = (transfer.bytes(), vec![0; PIECE]);
        loop {
            let count = bytes.read(&mut chunk)?;
            if count == 0 {
                break;
            }
            self.app.file_piece(&id, &chunk[..count]).map_err(say_problem)?;
        }
        if let Err(problem) = self.app.file_end(&id) {
            return Ok(Err(problem.code));
        }
        self.app.file_send(&visitor, &[id], &transfer.caption()).map_err(say_problem)?;
        Ok(Ok(()))
    }

    /// Has this visitor said anything? Before that there is no chat to write in.
    pub(super) fn knows(&self, visitor: VisitorId) -> bool {
        let theirs = |line: &Message| line.sender == Sender::Visitor;
        self.app.open(&visitor.to_string()).is_ok_and(|talk| talk.messages.iter().any(theirs))
    }

    /// Brings here what visitors have sent, and reads what has come.
    pub(super) fn look(
        &mut self,
        visitors: &[VisitorId],
        transfers: &[Transfer],
        flip: bool,
    ) -> Result<(), Trouble> {
        // What was told so far is seen in the lines.
        while self.news.try_recv().is_ok() {}
        for visitor in visitors {
            self.fetch_new(&visitor.to_string())?;
        }
        let here: HashSet<usize> = self.read.keys().copied().collect();
        let waiting: Vec<(usize, String)> = self
            .fetched
            .iter()
            .filter(|(n, _)| !here.contains(n))
            .map(|(n, (key, _))| (*n, key.clone()))
            .collect();
        waiting.into_iter().try_for_each(|(n, key)| self.read_or_press(n, &key, &transfers[n], flip))
    }

    fn fetch_new(&mut self, visitor: &str) -> Result<(), Trouble> {
        if self.app.open(visitor).is_err() {
            return Ok(());
        }
        let mut below: Option<String> = None;
        loop {
            let page = self.app.files_list(visitor, below.as_deref(), None).map_err(say_problem)?;
            let theirs = page.lines.iter().filter(|line| line.sender == Sender::Visitor);
            let found: Vec<(usize, String)> = theirs
                .filter_map(|line| line.file.as_ref())
                .filter_map(|file| Some((Transfer::number(&file.name)?, file.key.clone())))
                .collect();
            let is_known = found.iter().any(|(n, _)| self.fetched.contains_key(n));
            for (n, key) in found {
                if !self.fetched.contains_key(&n) {
                    self.app.file_fetch(&key).map_err(say_problem)?;
                    self.fetched.insert(n, (key, Instant::now()));
                }
            }
            if is_known || !page.more {
                return Ok(());
            }
            below = page.lines.last().and_then(|line| Some(line.file.as_ref()?.key.clone()));
        }
    }

    fn read_or_press(&mut self, n: usize, key: &str, transfer: &Transfer, flip: bool) -> Result<(), Trouble> {
        let file = self.app.file(key).map_err(say_problem)?;
        if file.here {
            let (_, blob) = self.app.file_blob(key).map_err(say_problem)?;
            self.read.insert(n, transfer.compare(blob, flip)?);
        } else if has_stopped(&file) && self.fetched[&n].1.elapsed() > Duration::from_secs(1) {
            // A person would press again.
            self.again += 1;
            self.app.file_fetch(key).map_err(say_problem)?;
            self.fetched.insert(n, (key.to_owned(), Instant::now()));
        }
        Ok(())
    }
}
