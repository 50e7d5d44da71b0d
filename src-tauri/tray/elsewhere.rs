//! The tray of the systems that always have one: their own menu behind Tauri's icon.
//!
//! What must always hold: the icon is made and changed on the main thread alone, and one face after the other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_api::desktop::TrayFace;
use tauri::menu::{CheckMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};

use super::words::{self, Drawn};
use super::{Faces, name, picture};
use crate::deeds::{self, Deed};
use crate::shell::Shell;

/// The icon's name inside the program.
const ID: &str = "deskbell";

/// Shows every face until the program ends.
pub(super) fn run(app: &AppHandle, faces: &Faces, there: &Arc<AtomicBool>) {
    let mut face = Some(Faces::first());
    while let Some(next) = face {
        let (shown, worn, seen) = (app.clone(), next.clone(), Arc::clone(there));
        let done = app.run_on_main_thread(move || match wear(&shown, &worn) {
            Ok(()) => seen.store(true, Ordering::Release),
            Err(error) => tracing::warn!(%error, "the tray kept its face"),
        });
        if done.is_err() {
            return;
        }
        face = faces.after(&next);
    }
}

fn wear(app: &AppHandle, face: &TrayFace) -> tauri::Result<()> {
    let locale = app.state::<Shell>().locale();
    let icon = match app.tray_by_id(ID) {
        Some(icon) => icon,
        None => build(app)?,
    };
    icon.set_icon(picture(face.icon))?;
    icon.set_tooltip(Some(format!("{}\n{}", name(app), words::sentence(face, locale))))?;
    icon.set_menu(Some(menu(app, words::menu(face, &name(app), locale))?))?;
    badge(app, face.unread.saturating_add(face.waiting))
}

/// What waits for the person, on the program's own icon where the system draws such a number.
fn badge(app: &AppHandle, count: u64) -> tauri::Result<()> {
    let count = i64::try_from(count).ok().filter(|count| *count > 0);
    app.webview_windows().values().next().map_or(Ok(()), |window| window.set_badge_count(count))
}

/// What each line of the menu does. A line is never named as one before it was: an old click does nothing.
#[derive(Default)]
struct Deeds(Mutex<(u64, HashMap<String, Deed>)>);

impl Deeds {
    fn forget(&self) {
        self.lock().1.clear();
    }

    fn name(&self, deed: Deed) -> String {
        let mut deeds = self.lock();
        deeds.0 += 1;
        let name = format!("tray-{}", deeds.0);
        deeds.1.insert(name.clone(), deed);
        name
    }

    fn of(&self, name: &str) -> Option<Deed> {
        self.lock().1.get(name).copied()
    }

    fn lock(&self) -> MutexGuard<'_, (u64, HashMap<String, Deed>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The left click opens the window; the menu is the right one's.
fn build(app: &AppHandle) -> tauri::Result<TrayIcon> {
    app.manage(Deeds::default());
    TrayIconBuilder::with_id(ID)
        .show_menu_on_left_click(false)
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                deeds::perform(icon.app_handle(), Deed::Open);
            }
        })
        .on_menu_event(|app, event| {
            if let Some(deed) = app.state::<Deeds>().of(event.id().as_ref()) {
                deeds::perform(app, deed);
            }
        })
        .build(app)
}

fn menu(app: &AppHandle, lines: Vec<Drawn>) -> tauri::Result<Menu<tauri::Wry>> {
    let (menu, deeds) = (Menu::new(app)?, app.state::<Deeds>());
    deeds.forget();
    for line in lines {
        match line {
            Drawn::Gap => menu.append(&PredefinedMenuItem::separator(app)?)?,
            Drawn::Caption(label) => {
                menu.append(&MenuItem::new(app, plain(&label), false, None::<&str>)?)?;
            }
            Drawn::Button(label, deed) => {
                let id = deeds.name(deed);
                menu.append(&MenuItem::with_id(app, id, plain(&label), true, None::<&str>)?)?;
            }
            Drawn::Choice(label, checked, deed) => {
                let id = deeds.name(deed);
                menu.append(&CheckMenuItem::with_id(app, id, plain(&label), true, checked, None::<&str>)?)?;
            }
        }
    }
    Ok(menu)
}

/// A single ampersand would mark a key.
fn plain(label: &str) -> String {
    label.replace('&', "&&")
}
