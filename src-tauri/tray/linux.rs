//! The tray of Linux's desktops: a StatusNotifierItem on the session's bus, with a left click, a sentence and a menu.
//!
//! What must always hold: without a bus, or without anybody on it who shows icons, the program runs on, and nothing
//! here waits on the main thread; a window that was hidden comes back when the panel that it was hidden in is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deskbell_api::desktop::{TrayFace, TrayIcon};
use ksni::blocking::TrayMethods;
use ksni::menu::{CheckmarkItem, StandardItem};
use ksni::{Category, Icon, MenuItem, OfflineReason, ToolTip};
use tauri::{AppHandle, Manager};

use super::words::{self, Drawn};
use super::{Faces, name, picture};
use crate::closing;
use crate::deeds::{self, Deed};
use crate::shell::Shell;

/// A panel that starts anew is back after that long.
const PANEL_PAUSE: Duration = Duration::from_secs(3);

/// Shows every face until the program ends.
pub(super) fn run(app: &AppHandle, faces: &Faces, there: &Arc<AtomicBool>) {
    let mut face = Faces::first();
    let item = Item::new(app.clone(), face.clone(), Arc::clone(there));
    // Before the registration: a panel that is not there says so while it is tried.
    there.store(true, Ordering::Release);
    let handle = match item.assume_sni_available(true).spawn() {
        Ok(handle) => handle,
        Err(error) => {
            there.store(false, Ordering::Release);
            tracing::info!(%error, "no tray");
            return;
        }
    };
    while let Some(next) = faces.after(&face) {
        face = next.clone();
        if handle.update(|item| item.wear(next)).is_none() {
            there.store(false, Ordering::Release);
            return;
        }
    }
}

/// What the panel asks.
struct Item {
    app: AppHandle,
    face: TrayFace,
    /// Drawn once per picture: a panel asks for it at every change.
    icon: (TrayIcon, Vec<Icon>),
    there: Arc<AtomicBool>,
}

impl Item {
    fn new(app: AppHandle, face: TrayFace, there: Arc<AtomicBool>) -> Self {
        let icon = (face.icon, pixels(face.icon));
        Self { app, face, icon, there }
    }

    fn wear(&mut self, face: TrayFace) {
        if self.icon.0 != face.icon {
            self.icon = (face.icon, pixels(face.icon));
        }
        self.face = face;
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        self.app.config().identifier.clone()
    }

    fn category(&self) -> Category {
        Category::Communications
    }

    fn title(&self) -> String {
        name(&self.app)
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        self.icon.1.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        let description = words::sentence(&self.face, self.app.state::<Shell>().locale());
        ToolTip { title: name(&self.app), description, ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        deeds::perform(&self.app, Deed::Open);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let menu = words::menu(&self.face, &name(&self.app), self.app.state::<Shell>().locale());
        menu.into_iter().map(line).collect()
    }

    fn watcher_online(&self) {
        self.there.store(true, Ordering::Release);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        self.there.store(false, Ordering::Release);
        let (app, there) = (self.app.clone(), Arc::clone(&self.there));
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(PANEL_PAUSE).await;
            if !there.load(Ordering::Acquire) {
                closing::tray_is_gone(&app);
            }
        });
        true
    }
}

fn line(drawn: Drawn) -> MenuItem<Item> {
    match drawn {
        Drawn::Gap => MenuItem::Separator,
        Drawn::Caption(label) => {
            StandardItem { label: plain(&label), enabled: false, ..StandardItem::default() }.into()
        }
        Drawn::Button(label, deed) => {
            StandardItem { label: plain(&label), activate: does(deed), ..StandardItem::default() }.into()
        }
        Drawn::Choice(label, checked, deed) => {
            let activate = does(deed);
            CheckmarkItem { label: plain(&label), checked, activate, ..CheckmarkItem::default() }.into()
        }
    }
}

fn does(deed: Deed) -> Box<dyn Fn(&mut Item) + Send> {
    Box::new(move |item| deeds::perform(&item.app, deed))
}

/// A single underscore would mark a key.
fn plain(label: &str) -> String {
    label.replace('_', "__")
}

/// As the bus carries it: alpha, red, green, blue.
fn pixels(icon: TrayIcon) -> Vec<Icon> {
    let Some(picture) = picture(icon) else { return vec![] };
    let (Ok(width), Ok(height)) = (i32::try_from(picture.width()), i32::try_from(picture.height())) else {
        return vec![];
    };
    let mut data = picture.rgba().to_vec();
    data.chunks_exact_mut(4).for_each(|pixel| pixel.rotate_right(1));
    vec![Icon { width, height, data }]
}
