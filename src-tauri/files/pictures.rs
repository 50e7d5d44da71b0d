//! Pictures of files: drawn by the preview worker, kept for a while.
//!
//! What must always hold: a stranger's bytes are decoded in the worker's process alone; a page gets nothing but what came
//! from there; a page that asks for many pictures gets them two at a time.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_api::files::{Bytes, Pictures as LooksIntoPictures};
use deskbell_preview::{Why, Worker};
use tokio::sync::Semaphore;

use crate::files::Side;
use crate::shell::Shell;

/// Of pictures, so many bytes are kept.
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// And so many of them, drawn or known not to be.
const KEPT: usize = 400;
/// The program's own subcommand that draws.
pub(crate) const WORKER: &str = "preview-worker";
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

/// What was drawn, and who draws.
pub(crate) struct Pictures {
    kept: Mutex<Kept>,
    turns: Semaphore,
    worker: Worker,
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
        Self { kept: Mutex::default(), turns: Semaphore::new(AT_ONCE), worker: worker() }
    }
}

impl Pictures {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing is kept any more.
    pub(super) fn clear(&self) {
        self.kept().0.clear();
    }

    /// What looks into pictures before they are sent.
    pub(super) fn look(&self) -> Arc<dyn LooksIntoPictures> {
        Arc::new(Look(self.worker.clone()))
    }
}

/// This very program, whatever lies in its place by now.
fn worker() -> Worker {
    let own = if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() };
    let own = own.inspect_err(|error| tracing::warn!(%error, "previews may not be drawn"));
    Worker::new(own.unwrap_or_else(|_| "deskbell".into()), vec![WORKER.into()])
}

struct Look(Worker);

impl LooksIntoPictures for Look {
    fn has_details(&self, mut picture: &mut dyn Bytes, media: &str) -> io::Result<bool> {
        Ok(self.0.has_details(&mut picture, media)?)
    }

    fn without_details(
        &self,
        mut picture: &mut dyn Bytes,
        media: &str,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        Ok(self.0.without_details(&mut picture, media, to)?)
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
    let (side, wanted, worker) = (Side::now(shell).ok()?, asked.clone(), pictures.worker.clone());
    let drawn = tauri::async_runtime::spawn_blocking(move || draw(&side, &wanted, &worker)).await.ok()??;
    pictures.kept().keep(asked, drawn.clone());
    drawn
}

/// `None`: it is not here yet, or nobody could look at it now.
fn draw(side: &Side, asked: &Asked, worker: &Worker) -> Option<Option<Picture>> {
    let (card, mut blob) = side.blob(&asked.key).ok()?;
    match worker.picture(&mut blob, &card.media, asked.px) {
        Ok(drawn) => Some(Some(Picture { media: drawn.media, bytes: drawn.bytes.into() })),
        Err(why) => {
            tracing::info!(%why, "there is no picture of a file");
            let is_so = matches!(why, Why::Unsupported | Why::Unreadable | Why::TooLarge);
            is_so.then_some(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(number: usize) -> Asked {
        Asked::new(number.to_string(), None)
    }

    fn picture(bytes: usize) -> Option<Picture> {
        Some(Picture { media: "image/png", bytes: vec![0; bytes].into() })
    }

    #[test]
    fn threats_39_what_is_kept_is_bounded_and_the_oldest_goes_first() {
        let mut kept = Kept::default();
        for number in 0..20 {
            kept.keep(asked(number), picture(1024 * 1024));
            assert!(kept.find(&asked(0)).is_some(), "what is asked for stays");
        }
        assert!(kept.bytes() <= KEPT_BYTES && kept.find(&asked(1)).is_none());
        for number in 100..200 + KEPT {
            kept.keep(asked(number), None);
        }
        assert_eq!(kept.0.len(), KEPT);
    }

    #[test]
    fn a_page_asks_for_few_sizes() {
        let sizes: std::collections::BTreeSet<_> =
            (0..5_000).map(|px| Asked::new(String::new(), Some(px)).px).collect();
        assert_eq!(sizes, SIZES.into_iter().collect());
    }
}
