//! Where the windows were, so that they are there again.
//!
//! What must always hold: a window never opens where no screen is, nor larger than the screen it opens on; a window that
//! was maximised keeps the size that it had before.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use deskbell_api::dto::AppScreen;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, LogicalPosition, LogicalSize, Manager, WebviewWindow};

use crate::shell::Shell;
use crate::windows::Pane;

/// So much of a window's upper edge must be on a screen, or nobody could take hold of it. Logical pixels.
const GRIP: (f64, f64) = (96.0, 24.0);

/// A window's place, in logical pixels of all screens together: the place of its frame, the size within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Placement {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    maximised: bool,
}

// Numbers that came from whole pixels; a file with anything else is set aside when it is read.
impl Eq for Placement {}

/// A screen, in the same pixels.
#[derive(Clone, Copy, Debug)]
struct Screen {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// As seen since the start, by label; written when a window is hidden and at the end.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<BTreeMap<String, Placement>>);

impl Places {
    /// The window moved or changed its size. Called on the main thread.
    pub(crate) fn note(&self, window: &WebviewWindow) {
        if !is_remembered(window)
            || !window.is_visible().unwrap_or(false)
            || window.is_minimized().unwrap_or(false)
        {
            return;
        }
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = places.get(window.label()).copied();
        if window.is_maximized().unwrap_or(false) {
            let place = before.or_else(|| seen(window)).unwrap_or_default();
            places.insert(window.label().to_owned(), Placement { maximised: true, ..place });
        } else if let Some(place) = seen(window) {
            places.insert(window.label().to_owned(), place);
        }
    }
}

/// Of the app's own window only as the settings: what it asks comes in the middle, as large as it needs to be.
fn is_remembered(window: &WebviewWindow) -> bool {
    window.label() != Pane::App.label() || window.state::<Shell>().screen().screen == AppScreen::Settings
}

fn seen(window: &WebviewWindow) -> Option<Placement> {
    let scale = window.scale_factor().ok()?;
    let place = window.outer_position().ok()?.to_logical::<f64>(scale);
    let size = window.inner_size().ok()?.to_logical::<f64>(scale);
    Some(Placement { x: place.x, y: place.y, width: size.width, height: size.height, maximised: false })
}

/// Writes what was seen into the profile; waits for the disk where something differs.
pub(crate) fn keep(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let seen = shell.places().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let kept = shell.preferences().change(|now| now.windows.extend(seen));
    if let Err(error) = kept {
        tracing::warn!(%error, "the windows' places are not kept");
    }
}

/// Puts a window that is not shown yet where it was the last time.
pub(crate) fn restore(window: &WebviewWindow) -> tauri::Result<()> {
    if !is_remembered(window) {
        return Ok(());
    }
    let kept = window.state::<Shell>().preferences().now().windows;
    let Some(place) = kept.get(window.label()).copied() else { return Ok(()) };
    let screens = screens(window)?;
    let Some(place) = on_screens(place, &screens) else { return Ok(()) };
    window.set_size(LogicalSize::new(place.width, place.height))?;
    window.set_position(LogicalPosition::new(place.x, place.y))?;
    if place.maximised {
        window.maximize()?;
    }
    Ok(())
}

fn screens(window: &WebviewWindow) -> tauri::Result<Vec<Screen>> {
    let monitors = window.available_monitors()?.into_iter();
    Ok(monitors
        .map(|monitor| {
            let scale = monitor.scale_factor();
            let (place, size) = (monitor.position().to_logical(scale), monitor.size().to_logical(scale));
            Screen { x: place.x, y: place.y, width: size.width, height: size.height }
        })
        .collect())
}

/// The place as it can be used with these screens; `None`: there is no such place any more.
fn on_screens(place: Placement, screens: &[Screen]) -> Option<Placement> {
    let numbers = [place.x, place.y, place.width, place.height];
    if numbers.iter().any(|number| !number.is_finite()) || place.width < 1.0 || place.height < 1.0 {
        return None;
    }
    // As large as it will be: only that part is there to take hold of.
    let cut = |screen: &Screen| {
        let (width, height) = (place.width.min(screen.width), place.height.min(screen.height));
        (*screen, Placement { width, height, ..place })
    };
    screens.iter().map(cut).find(|(screen, place)| is_held(*place, *screen)).map(|(_, place)| place)
}

fn is_held(place: Placement, screen: Screen) -> bool {
    let across = (place.x + place.width).min(screen.x + screen.width) - place.x.max(screen.x);
    let (top, bottom) = (place.y - screen.y, screen.y + screen.height - place.y);
    across >= GRIP.0.min(place.width) && top >= 0.0 && bottom >= GRIP.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Screen = Screen { x: 0.0, y: 0.0, width: 1280.0, height: 800.0 };
    const RIGHT: Screen = Screen { x: 1280.0, y: 0.0, width: 1920.0, height: 1080.0 };

    fn at(x: f64, y: f64) -> Placement {
        Placement { x, y, width: 400.0, height: 640.0, maximised: false }
    }

    #[test]
    fn a_window_comes_back_only_where_a_screen_is() {
        for (place, both, left) in [
            (at(100.0, 50.0), true, true),
            (at(1500.0, 50.0), true, false),
            (at(1270.0, 50.0), true, false),
            (at(-350.0, 50.0), false, false),
            (at(100.0, -30.0), false, false),
            (at(100.0, 790.0), false, false),
            (at(f64::NAN, 0.0), false, false),
            (at(-1e308, 0.0), false, false),
            (Placement { width: 6_000.0, ..at(-5_000.0, 0.0) }, false, false),
            (Placement { width: -400.0, ..at(0.0, 0.0) }, false, false),
        ] {
            assert_eq!(on_screens(place, &[LEFT, RIGHT]).is_some(), both, "{place:?}");
            assert_eq!(on_screens(place, &[LEFT]).is_some(), left, "{place:?}");
        }
    }

    #[test]
    fn a_window_is_not_larger_than_its_screen() {
        let large = Placement { width: 3000.0, height: 2000.0, ..at(0.0, 0.0) };
        let cut = on_screens(large, &[LEFT]).unwrap();
        assert_eq!((cut.width, cut.height), (1280.0, 800.0));
    }
}
