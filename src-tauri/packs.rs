//! The form that the visitor's window runs: the one in the folder of the command line, otherwise the site's, otherwise
//! the one that a company ships beside the program.
//!
//! What must always hold: a page's files come from the very pack that it was told of, whatever the folder or the site has
//! become meanwhile; a form that hung or ended its process is not run again until it is another one.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_api::dto::{DeviceKind, FlawReport, Locale, PackAnswer, Problem};
use deskbell_api::packs;
use deskbell_pack::{Flaw, FlawKind, Pack};
use tauri::{AppHandle, Manager};
use tokio::sync::Semaphore;

use crate::pack_protocol;
use crate::problem;
use crate::shell::Shell;

/// Digits of the digest that stand in a pack's URLs.
const ID_DIGITS: usize = 16;

/// Answers that are made for a pack at the same time.
const AT_ONCE: usize = 4;

/// A pack that a page runs.
#[derive(Clone)]
pub(crate) struct Given {
    /// What stands in its URLs.
    pub(crate) id: String,
    /// Its files.
    pub(crate) pack: Arc<Pack>,
    digest: String,
}

/// Which pack the page was told of last, and which one must not be run again.
#[derive(Default)]
pub(crate) struct Packs(Mutex<Known>);

#[derive(Default)]
struct Known {
    given: Option<Given>,
    stopped: Option<(String, FlawKind)>,
    has_run: bool,
}

impl Known {
    fn give(&mut self, given: Option<Given>) {
        self.has_run |= given.is_some();
        self.given = given;
    }
}

impl Packs {
    /// Has a foreign form run since the program began? What it left in a page may outlast it.
    pub(crate) fn has_run(&self) -> bool {
        self.known().has_run
    }

    /// Tells a page which form to run.
    pub(crate) fn answer(
        &self,
        found: Result<Option<Arc<Pack>>, Problem>,
        device: DeviceKind,
        locale: Locale,
    ) -> PackAnswer {
        let given =
            found.map(|pack| pack.map(Given::new)).and_then(|given| self.unless_stopped(given, locale));
        self.known().give(given.as_ref().ok().cloned().flatten());
        let (pack, flaw) = match given {
            Ok(given) => (given.map(|given| given.boot()), None),
            Err(flaw) => (None, Some(flaw)),
        };
        PackAnswer { device, pack, flaw }
    }

    fn unless_stopped(&self, given: Option<Given>, locale: Locale) -> Result<Option<Given>, Problem> {
        let stopped = self.known().stopped.clone();
        match (&given, stopped) {
            (Some(given), Some((digest, kind))) if given.digest == digest => {
                Err(packs::flaw_problem(&Flaw { file: String::new(), place: None, kind }, locale))
            }
            _ => Ok(given),
        }
    }

    /// The pack that the page runs.
    pub(crate) fn given(&self) -> Option<Given> {
        self.known().given.clone()
    }

    /// The pack of these URLs, if it is the page's.
    pub(crate) fn with_id(&self, id: &str) -> Option<Arc<Pack>> {
        self.given().filter(|given| given.id == id).map(|given| given.pack)
    }

    /// The page's pack is not run again. `false` where the page runs none: then there is nobody to blame.
    pub(crate) fn stop(&self, kind: FlawKind) -> bool {
        let mut known = self.known();
        let given = known.given.take();
        let stopped = given.map(|given| (given.digest, kind));
        let is_stopped = stopped.is_some();
        known.stopped = stopped.or(known.stopped.take());
        is_stopped
    }

    /// The folder has changed: whatever is in it may be tried.
    pub(crate) fn forgive(&self) {
        self.known().stopped = None;
    }

    /// What the page found wrong with its pack, as a sentence.
    pub(crate) fn report(&self, report: FlawReport, locale: Locale) -> Problem {
        match self.given() {
            Some(given) => packs::report(&given.pack, report, locale),
            // The page's form was taken away meanwhile.
            None => problem::say("unexpected", locale),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Given {
    fn new(pack: Arc<Pack>) -> Self {
        let digest = pack.digest();
        Self { id: digest.chars().take(ID_DIGITS).collect(), pack, digest }
    }

    /// Where its files are, for the page.
    fn boot(&self) -> deskbell_api::dto::PackBoot {
        packs::boot_of(&self.pack, &pack_protocol::base(&self.id))
    }
}

/// Does work of a pack off the main thread, a few pieces at once: a form may ask for thousands of files, and each is held
/// in memory until it is handed over.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
    let _place = PLACES.acquire().await.ok()?;
    tauri::async_runtime::spawn_blocking(work).await.ok()
}

/// Tells the page that begins which form to run: each reads the folder of the command line anew.
pub(crate) async fn tell(app: &AppHandle) -> Result<PackAnswer, Problem> {
    let looking = app.clone();
    let told = tauri::async_runtime::spawn_blocking(move || {
        let shell = looking.state::<Shell>();
        let (request, locale) = (shell.request(), shell.locale());
        let found = match &request.pack {
            Some(folder) => read(folder, locale),
            None => match shell.visitor().and_then(|visitor| visitor.pack()) {
                // Until the desk has told of one, the company's own stands in, where it ships one.
                Ok(None) => shell.site().pack().map_or(Ok(None), |folder| read(&folder, locale)),
                of_site => of_site,
            },
        };
        shell.packs().answer(found, request.device, locale)
    });
    told.await.map_err(|_| problem::say("unexpected", app.state::<Shell>().locale()))
}

fn read(folder: &Path, locale: Locale) -> Result<Option<Arc<Pack>>, Problem> {
    Pack::read(folder).map(|pack| Some(Arc::new(pack))).map_err(|flaw| packs::flaw_problem(&flaw, locale))
}
