//! The icon in the panel and its menu.
//!
//! What must always hold: whoever shows a face waits for nobody, and only the newest face counts; a desktop without a
//! tray is no error, and one that gets its tray later shows it then.

mod words;

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "elsewhere.rs")]
mod host;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use deskbell_api::desktop::{TrayFace, TrayIcon, TrayView, tray_face};
use tauri::image::Image;
use tauri::{AppHandle, Manager};

use crate::shell::Shell;

/// The program's icon in the panel; clones mean the same one.
#[derive(Clone)]
pub(crate) struct Tray {
    faces: Sender<TrayFace>,
    there: Arc<AtomicBool>,
}

impl Tray {
    /// Puts it into the panel, now or when there is one.
    pub(crate) fn start(app: AppHandle) -> std::io::Result<Self> {
        let (faces, shown) = mpsc::channel();
        let there = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&there);
        let thread = thread::Builder::new().name("tray".to_owned());
        thread.spawn(move || host::run(&app, &Faces::starting(shown), &seen))?;
        Ok(Self { faces, there })
    }

    /// Is it where a person can reach it?
    pub(crate) fn is_there(&self) -> bool {
        self.there.load(Ordering::Acquire)
    }
}

/// Shows it, from any thread.
pub(crate) fn show(app: &AppHandle, face: TrayFace) {
    if let Some(tray) = app.state::<Shell>().tray() {
        drop(tray.faces.send(face));
    }
}

/// Can a window be hidden and be found again?
pub(crate) fn is_there(app: &AppHandle) -> bool {
    app.state::<Shell>().tray().is_some_and(Tray::is_there)
}

/// The faces to show, each once.
struct Faces(Receiver<TrayFace>);

impl Faces {
    const fn starting(faces: Receiver<TrayFace>) -> Self {
        Self(faces)
    }

    /// Before the session has said anything.
    fn first() -> TrayFace {
        tray_face(None, TrayView::default())
    }

    /// The newest one that differs from this; `None` when the program ends.
    fn after(&self, shown: &TrayFace) -> Option<TrayFace> {
        loop {
            let first = self.0.recv().ok()?;
            let newest = self.0.try_iter().last().unwrap_or(first);
            if newest != *shown {
                return Some(newest);
            }
        }
    }
}

/// A picture as it was drawn, 64 pixels wide.
fn picture(icon: TrayIcon) -> Option<Image<'static>> {
    let drawn: &[u8] = match icon {
        TrayIcon::Plain => include_bytes!("../../icons/tray/plain.png"),
        TrayIcon::Unread => include_bytes!("../../icons/tray/unread.png"),
        TrayIcon::Waiting => include_bytes!("../../icons/tray/waiting.png"),
        TrayIcon::Away => include_bytes!("../../icons/tray/away.png"),
        TrayIcon::Offline => include_bytes!("../../icons/tray/offline.png"),
    };
    Image::from_bytes(drawn).ok()
}

/// What the program is called, by whoever ships it.
pub(crate) fn name(app: &AppHandle) -> String {
    app.config().product_name.clone().unwrap_or_else(|| "Deskbell".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_its_picture() {
        let icons = [TrayIcon::Plain, TrayIcon::Unread, TrayIcon::Waiting, TrayIcon::Away, TrayIcon::Offline];
        let pictures: std::collections::BTreeSet<_> =
            icons.map(|icon| picture(icon).unwrap().rgba().to_vec()).into();
        assert_eq!(pictures.len(), icons.len());
    }

    #[test]
    fn of_many_faces_the_newest_is_shown() {
        let (faces, shown) = mpsc::channel();
        let first = Faces::first();
        faces.send(first.clone()).unwrap();
        for unread in 1..=3 {
            faces.send(TrayFace { unread, ..first.clone() }).unwrap();
        }
        assert_eq!(Faces::starting(shown).after(&first).unwrap().unread, 3);
    }
}
