//! Where chosen files are taken in: read from their place or from a page's pieces into the vault, looked at, and held
//! until they are sent.
//!
//! Why before they are sent: what the outbox names must be on this disk, whatever becomes of the file that was chosen.
//! What must always hold: no file is held in memory; a file that is refused stops none behind it, and takes no place
//! from one that is not; what was not sent is gone from the vault, at the latest at the next start.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use deskbell_vault::Vault;
use deskbell_wire::limits::FILE_PIECE_BYTES;
use deskbell_wire::{FileCard, FileDigest, VisitorId};
use uuid::Uuid;

use super::leaving::Leaving;
use super::pictures::Pictures;
use super::reading::Reading;
use super::refused::{AT_ONCE, Refused};
use super::rules::Bounds;
use super::staged::{Contents, Staged, Stand};
use crate::dto::{Locale, NewPiece, StagedFile};

/// Between two words of how far reading is.
const PACE: Duration = Duration::from_millis(100);

/// Is told the files that are chosen in a conversation, whole and in order.
pub(crate) type Tell = Box<dyn Fn(VisitorId, Vec<StagedFile>) + Send + Sync>;

/// The files of one session that were chosen and not sent yet. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Intake {
    shared: Arc<Shared>,
    reader: Arc<Mutex<Option<Reader>>>,
}

/// The thread that reads from paths.
struct Reader {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<()>,
}

/// A file to read.
struct Job {
    id: Uuid,
    path: PathBuf,
    bounds: Bounds,
}

pub(super) struct Shared {
    pub(super) vault: Vault,
    locale: Locale,
    pictures: RwLock<Option<Arc<dyn Pictures>>>,
    list: Mutex<Vec<Staged>>,
    /// Files that come in pieces.
    feeds: Mutex<HashMap<Uuid, Arc<Mutex<Reading>>>>,
    /// Files whose bytes are being put into the vault and are not in the list yet.
    making: Mutex<usize>,
    tell: Tell,
    /// Whose turn it is to tell.
    telling: Mutex<()>,
}

/// While there is one, no bytes are let go of.
struct Making<'a>(&'a Shared);

impl Intake {
    pub(crate) fn new(vault: Vault, locale: Locale, tell: Tell) -> Self {
        let shared = Shared {
            vault,
            locale,
            pictures: RwLock::default(),
            list: Mutex::default(),
            feeds: Mutex::default(),
            making: Mutex::default(),
            tell,
            telling: Mutex::default(),
        };
        Self { shared: Arc::new(shared), reader: Arc::default() }
    }

    /// What looks into pictures from now on.
    pub(crate) fn look_with(&self, pictures: Arc<dyn Pictures>) {
        *self.shared.pictures.write().unwrap_or_else(PoisonError::into_inner) = Some(pictures);
    }

    /// Takes files in from where they are. They are listed at once and read one after the other; what is refused says
    /// so in the list, until others are chosen or sent.
    ///
    /// # Errors
    /// [`Refused::Limit`] where there are too many; those that fit are taken.
    pub(crate) fn paths(&self, to: VisitorId, paths: Vec<PathBuf>, bounds: &Bounds) -> Result<(), Refused> {
        self.shared.forget_refused(to);
        let room = AT_ONCE.saturating_sub(self.shared.count(to));
        let is_over = paths.len() > room;
        for path in paths.into_iter().take(room) {
            let staged = Staged::new(to, super::reading::name_of(&path), 0, String::new());
            let id = staged.id;
            self.shared.list().push(staged);
            if !self.hand(Job { id, path, bounds: bounds.clone() }) {
                self.shared.refuse(id, Refused::Disk);
            }
        }
        self.shared.told(to);
        if is_over { Err(Refused::Limit) } else { Ok(()) }
    }

    /// A page's own file is about to come in pieces.
    ///
    /// # Errors
    /// What is known against it before a byte of it comes; it is not listed then.
    pub(crate) fn begin(&self, to: VisitorId, file: &NewPiece, bounds: &Bounds) -> Result<Uuid, Refused> {
        if self.shared.forget_refused(to) {
            self.shared.told(to);
        }
        if self.shared.count(to) >= AT_ONCE {
            return Err(Refused::Limit);
        }
        let (mut staged, reading) = Reading::announced(to, file, bounds, &self.shared.vault)?;
        staged.size = file.size;
        let id = staged.id;
        self.shared.list().push(staged);
        self.shared.feeds().insert(id, Arc::new(Mutex::new(reading)));
        self.shared.told(to);
        Ok(id)
    }

    /// The next bytes of a page's own file; at most 1 MiB.
    ///
    /// # Errors
    /// When they are more than was announced, or the disk refuses; the file is over then.
    pub(crate) fn piece(&self, id: Uuid, bytes: &[u8]) -> Result<(), Refused> {
        if bytes.len() > FILE_PIECE_BYTES {
            return Err(Refused::Unknown);
        }
        let feed = self.shared.feeds().get(&id).cloned().ok_or(Refused::Unknown)?;
        let fed = lock(&feed).take(bytes);
        let taken = fed.inspect_err(|refused| self.shared.refuse(id, *refused))?;
        self.shared.progress(id, taken, None);
        Ok(())
    }

    /// Every piece has come. May take seconds: the file is made durable, and a picture is looked at.
    ///
    /// # Errors
    /// When it is not what was announced, or the disk refuses; the file is over then.
    pub(crate) fn end(&self, id: Uuid) -> Result<(), Refused> {
        let feed = self.shared.feeds().remove(&id).ok_or(Refused::Unknown)?;
        let reading = Arc::into_inner(feed).ok_or(Refused::Unknown)?;
        let reading = reading.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.shared.finish(id, reading).inspect_err(|refused| self.shared.refuse(id, *refused))
    }

    /// Forgets a file. What it has in the vault is given back, for whoever knows whether it is needed elsewhere.
    ///
    /// # Errors
    /// [`Refused::Unknown`], also for one that is being sent.
    pub(crate) fn unstage(&self, id: Uuid) -> Result<Vec<FileDigest>, Refused> {
        self.shared.feeds().remove(&id);
        let staged = self.shared.take(id).ok_or(Refused::Unknown)?;
        drop(self.shared.vault.drop_part(id));
        let mut digests: HashSet<_> = staged.cards().iter().map(|card| card.digest).collect();
        self.shared.list().iter().flat_map(Staged::cards).for_each(|card| {
            digests.remove(&card.digest);
        });
        self.shared.told(staged.to);
        Ok(digests.into_iter().collect())
    }

    /// What a picture says of its maker is left in, or is not.
    ///
    /// # Errors
    /// [`Refused::Unknown`].
    pub(crate) fn keep_details(&self, id: Uuid, keeps: bool) -> Result<(), Refused> {
        self.shared.change(id, |staged| staged.keeps = keeps).map(drop).ok_or(Refused::Unknown)
    }

    /// Begins to send these, in their order.
    ///
    /// # Errors
    /// The first thing against any of them.
    pub(crate) fn leave(&self, to: VisitorId, ids: &[Uuid]) -> Result<Leaving, Refused> {
        Leaving::new(self, to, ids)
    }

    pub(super) fn list(&self) -> MutexGuard<'_, Vec<Staged>> {
        self.shared.list()
    }

    pub(super) fn told(&self, to: VisitorId) {
        self.shared.told(to);
    }

    pub(super) fn forget_refused(&self, to: VisitorId) {
        self.shared.forget_refused(to);
    }

    /// Removes bytes that no chosen file needs, and nothing else: `wanted` knows what else does, where it can be known.
    /// `false`: not now, for a file that has just been read may be one of them.
    pub(super) fn let_go(
        &self,
        digests: &HashSet<FileDigest>,
        wanted: impl FnOnce() -> Option<HashSet<FileDigest>>,
    ) -> bool {
        // What is chosen first: what is sent meanwhile is found in the one or in the other.
        let making = lock(&self.shared.making);
        let chosen = self.digests();
        if *making > 0 {
            return false;
        }
        // Where it cannot be known, the next start knows.
        let wanted = wanted();
        let needed = |digest: &&FileDigest| {
            chosen.contains(digest) || wanted.as_ref().is_none_or(|wanted| wanted.contains(digest))
        };
        for digest in digests.iter().filter(|digest| !needed(digest)) {
            if let Err(error) = self.shared.vault.remove(digest) {
                tracing::warn!(%error, "a file that nothing needs is still there");
            }
        }
        true
    }

    /// A file that can be looked at before it is sent.
    pub(crate) fn card(&self, id: Uuid) -> Option<FileCard> {
        let list = self.shared.list();
        list.iter().find(|staged| staged.id == id).and_then(|staged| staged.cards().pop())
    }

    /// What lies in the vault for it.
    pub(crate) fn digests(&self) -> HashSet<FileDigest> {
        self.shared.list().iter().flat_map(Staged::cards).map(|card| card.digest).collect()
    }

    /// Tells what is chosen, to a page that has just come.
    pub(crate) fn tell(&self) {
        let everybody: HashSet<_> = self.shared.list().iter().map(|staged| staged.to).collect();
        everybody.into_iter().for_each(|to| self.shared.told(to));
    }

    /// The end; waits until nothing is read any more.
    pub(crate) fn stop(&self) {
        self.shared.list().clear();
        self.shared.feeds().clear();
        if let Some(Reader { jobs, thread }) = lock(&self.reader).take() {
            drop(jobs);
            let _ = thread.join();
        }
    }

    fn hand(&self, job: Job) -> bool {
        let mut reader = lock(&self.reader);
        if reader.is_none() {
            *reader = Reader::start(Arc::clone(&self.shared)).ok();
        }
        reader.as_ref().is_some_and(|reader| reader.jobs.send(job).is_ok())
    }
}

impl Reader {
    fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let run = move || {
            deskbell_vault::stand_back();
            queue.into_iter().for_each(|job| shared.read(&job));
        };
        let thread = std::thread::Builder::new().name("deskbell-intake".to_owned()).spawn(run)?;
        Ok(Self { jobs, thread })
    }
}

impl Shared {
    fn list(&self) -> MutexGuard<'_, Vec<Staged>> {
        lock(&self.list)
    }

    fn feeds(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Mutex<Reading>>>> {
        lock(&self.feeds)
    }

    fn count(&self, to: VisitorId) -> usize {
        self.list().iter().filter(|staged| staged.to == to && !staged.is_refused()).count()
    }

    /// Whoever chooses or sends has read what was refused before. Was there anything?
    fn forget_refused(&self, to: VisitorId) -> bool {
        let mut list = self.list();
        let before = list.len();
        list.retain(|staged| staged.to != to || !staged.is_refused());
        list.len() < before
    }

    fn read(&self, Job { id, path, bounds }: &Job) {
        let read = self.read_whole(*id, path, bounds);
        match read.and_then(|reading| reading.map(|reading| self.finish(*id, reading)).transpose()) {
            Ok(Some(())) => {}
            // It was taken out of the list meanwhile.
            Ok(None) => drop(self.vault.drop_part(*id)),
            Err(refused) => {
                drop(self.vault.drop_part(*id));
                self.refuse(*id, refused);
            }
        }
    }

    /// Every byte was read.
    fn finish(&self, id: Uuid, reading: Reading) -> Result<(), Refused> {
        let _making = Making::new(self);
        let whole = reading.end()?;
        self.whole(id, whole);
        Ok(())
    }

    fn read_whole(
        &self,
        id: Uuid,
        path: &std::path::Path,
        bounds: &Bounds,
    ) -> Result<Option<Reading>, Refused> {
        let mut source = super::reading::Source::open(path, bounds)?;
        let Some(to) = self.change(id, |staged| staged.size = source.size) else { return Ok(None) };
        let mut reading = Reading::new(id, source.announced(path), &self.vault)?;
        let mut last = Instant::now();
        while let Some(bytes) = source.next()? {
            let taken = reading.take(bytes)?;
            let now = last.elapsed() >= PACE;
            if now {
                last = Instant::now();
            }
            if !self.progress(id, taken, Some((to, now))) {
                return Ok(None);
            }
        }
        source.unchanged(path)?;
        Ok(Some(reading))
    }

    /// `false`: it is not wanted any more.
    fn progress(&self, id: Uuid, taken: u64, tell: Option<(VisitorId, bool)>) -> bool {
        let found = {
            let mut list = self.list();
            let staged = list.iter_mut().find(|staged| staged.id == id);
            staged.map(|staged| {
                staged.taken = taken;
                staged.to
            })
        };
        if let (Some(to), None | Some((_, true))) = (found, tell) {
            self.told(to);
        }
        found.is_some()
    }

    /// Its bytes are in the vault.
    fn whole(&self, id: Uuid, whole: FileCard) {
        let pictures = self.pictures.read().unwrap_or_else(PoisonError::into_inner).clone();
        let clean = super::details::clean(&self.vault, &whole, pictures.as_deref());
        let (name, media, size) = (whole.name.clone(), whole.media.clone(), whole.size);
        let contents = Contents { whole, clean };
        let told = self.change(id, |staged| {
            (staged.name, staged.media, staged.size, staged.taken) = (name, media, size, size);
            staged.stand = Stand::Here(contents);
        });
        if told.is_none() {
            // It was taken back meanwhile; the sweep at the next start has what is left of it.
            tracing::debug!("a file was taken back while it was read");
        }
    }

    fn refuse(&self, id: Uuid, refused: Refused) {
        self.feeds().remove(&id);
        self.change(id, |staged| staged.stand = Stand::Refused(refused));
    }

    /// Changes one, and tells.
    fn change(&self, id: Uuid, change: impl FnOnce(&mut Staged)) -> Option<VisitorId> {
        let to = {
            let mut list = self.list();
            let staged = list.iter_mut().find(|staged| staged.id == id)?;
            change(staged);
            staged.to
        };
        self.told(to);
        Some(to)
    }

    fn take(&self, id: Uuid) -> Option<Staged> {
        let mut list = self.list();
        let at = list.iter().position(|staged| staged.id == id && !staged.leaves)?;
        Some(list.remove(at))
    }

    /// The list is not locked while somebody is told. One after the other: what is told last is how things stand, and
    /// what stood before would stay on the screen.
    fn told(&self, to: VisitorId) {
        let _turn = lock(&self.telling);
        let files = {
            let list = self.list();
            list.iter().filter(|staged| staged.to == to).map(|staged| staged.view(self.locale)).collect()
        };
        (self.tell)(to, files);
    }
}

impl<'a> Making<'a> {
    fn new(shared: &'a Shared) -> Self {
        *lock(&shared.making) += 1;
        Self(shared)
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let mut making = lock(&self.0.making);
        *making = making.saturating_sub(1);
    }
}

pub(super) fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
