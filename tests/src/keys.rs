//! The keyboard and the mouse of the screen, for windows that no driver reaches.
//!
//! What must always hold: a key is pressed only when the window that it is for has the keyboard; there is no window
//! manager here that would give it.

use std::process::Command;

use x11rb::protocol::xproto::Window;

use crate::screen::Screen;

/// Presses keys in a window, one after the other: `ctrl+v`, `Return`.
#[track_caller]
pub fn press(window: Window, keys: &[&str]) {
    Screen::here().focus(window);
    xdotool(&["key", "--clearmodifiers"], keys);
}

/// Types words in a window.
#[track_caller]
pub fn type_words(window: Window, words: &str) {
    Screen::here().focus(window);
    xdotool(&["type", "--clearmodifiers", "--delay", "5"], &[words]);
}

/// Clicks a place of a window, in pixels from its upper left corner.
#[track_caller]
pub fn click(window: Window, x: i32, y: i32) {
    let (x, y) = (x.to_string(), y.to_string());
    xdotool(&["mousemove", "--window", &window.to_string(), &x, &y, "click", "1"], &[]);
}

#[track_caller]
fn xdotool(words: &[&str], more: &[&str]) {
    let done = Command::new("xdotool").args(words).args(more).output().unwrap();
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
}
