//! Pictures of files: drawn by the preview worker, kept for a while.
//!
//! What must always hold: a stranger's bytes are decoded in the worker's process alone; a page gets nothing but what came
//! from there; a page that asks for many pictures gets them two at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::files::Side;
use crate::shell::Shell;

/// Of pictures, so many bytes are kept.
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// And so many of them, drawn or known not to be.
const KEPT: usize = 400;
/// Workers at a time.
const AT_ONCE: usize = 2;
/// Pixels of the longer side that a page may ask for: the least of these that suffices.
const SIZES: [u32; 5] = [128, 256, 512, 1024, 2048];
/// Where it says nothing.
const USUAL: u32 = 512;

/// A picture in a format of ours.
#[derive(Clone)]
pub(crate) struct Picture {
    /// `image/…`
    pub(crate) media: &'static str,
    /// The whole of it.
    pub(crate) bytes: Arc<[u8]>,
}

/// What a page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// A file's key, or a staged one's id.
    pub(crate) key: String,
    px: u32,
}

impl Asked {
    /// Of that size, or the usual one.
    pub(crate) fn new(key: String, px: Option<u32>) -> Self {
        let wanted = px.unwrap_or(USUAL);
        let px = SIZES.into_iter().find(|size| *size >= wanted).unwrap_or(2048);
        Self { key, px }
    }
}

/// What was drawn.
pub(crate) struct Pictures {
    kept: Mutex<Kept>,
    turns: Semaphore,
}

/// The latest first; `None`: there is nothing to show of it.
#[derive(Default)]
struct Kept(VecDeque<(Asked, Option<Picture>)>);

impl Kept {
    fn find(&mut self, asked: &Asked) -> Option<Option<Picture>> {
        let at = self.0.iter().position(|(known, _)| known == asked)?;
        let found = self.0.remove(at)?;
        let picture = found.1.clone();
        self.0.push_front(found);
        Some(picture)
    }

    fn keep(&mut self, asked: Asked, picture: Option<Picture>) {
        self.0.push_front((asked, picture));
        while self.0.len() > KEPT || self.bytes() > KEPT_BYTES {
            self.0.pop_back();
        }
    }

    fn bytes(&self) -> usize {
        self.0.iter().filter_map(|(_, picture)| picture.as_ref()).map(|picture| picture.bytes.len()).sum()
    }
}

impl Default for Pictures {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }
}

impl Pictures {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Draws it, or finds it drawn; `None`: there is nothing to show.
pub(crate) async fn picture(shell: &Shell, asked: Asked) -> Option<Picture> {
    let pictures = shell.files().pictures();
    let found = pictures.kept().find(&asked);
    if let Some(found) = found {
        return found;
    }
    let _turn = pictures.turns.acquire().await.ok()?;
    // Somebody else may have asked for the same meanwhile.
    let found = pictures.kept().find(&asked);
    if let Some(found) = found {
        return found;
    }
    let (side, wanted) = (Side::now(shell).ok()?, asked.clone());
    let drawn = tauri::async_runtime::spawn_blocking(move || draw(&side, &wanted)).await.ok()??;
    pictures.kept().keep(asked, drawn.clone());
    drawn
}

/// `None`: it is not here yet.
fn draw(side: &Side, asked: &Asked) -> Option<Option<Picture>> {
    side.blob(&asked.key).ok().map(|_| None)
}
