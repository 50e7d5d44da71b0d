//! Pictures and files that a person pastes into a window, where the system's web view hands a page neither (WebKitGTK).
//!
//! What must always hold: they are taken at a key of the person's own: a page's script can make up a key event, but that
//! never reaches the toolkit, so no form pastes by itself. A page chooses no path: nothing is taken that this program put
//! on the clipboard, and paths are read only from types that file managers alone write: no browser lets a page write
//! them, whoever keeps the clipboard afterwards. Never both: a key at which something is taken is not given to the page;
//! any other one is, as it came and in its order. The shell does not look into a picture, and waits for no other program.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use deskbell_api::dto::{Locale, NewPiece, Problem};
use gtk::gdk::keys::constants as keys;
use gtk::gdk::{self, ModifierType, SELECTION_CLIPBOARD};
use gtk::glib::{self, Propagation};
use gtk::prelude::WidgetExt as _;
use gtk::{Clipboard, SelectionData};
use tauri::{AppHandle, Manager, WebviewWindow};
use webkit2gtk::WebView;

use super::Side;
use crate::shell::Shell;
use crate::texts::text;

/// Where a program has not said by then what it copied, the key goes to the page.
const PATIENCE: Duration = Duration::from_millis(400);
/// What file managers write: lines, of which some are addresses of files.
const FILES: [&str; 3] =
    ["x-special/gnome-copied-files", "x-special/mate-copied-files", "application/x-kde4-urilist"];
/// Pictures as they can be sent, the best first: a program offers one in several types.
const PICTURES: [(&str, &str); 5] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/webp", "webp"),
    ("image/gif", "gif"),
    ("image/bmp", "bmp"),
];
/// Where words lie beside a picture, they are meant: office programs bring a picture of them.
const WORDS: [&str; 4] = ["UTF8_STRING", "STRING", "TEXT", "COMPOUND_TEXT"];
const PLAIN: &str = "text/plain";
/// Locks do not change what a key means.
const CHORD: ModifierType = ModifierType::CONTROL_MASK
    .union(ModifierType::SHIFT_MASK)
    .union(ModifierType::MOD1_MASK)
    .union(ModifierType::SUPER_MASK)
    .union(ModifierType::META_MASK);

/// Takes what is pasted into a face's window.
pub(super) fn attend(window: &WebviewWindow) -> tauri::Result<()> {
    let app = window.app_handle().clone();
    window.with_webview(move |view| {
        let door = Rc::new(Door {
            app,
            held: RefCell::default(),
            passes: Cell::default(),
            given: RefCell::default(),
        });
        view.inner().connect_key_press_event(move |view, key| door.hear(view, key));
    })
}

/// What is on the clipboard, as far as it concerns us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    /// Files, listed in this type.
    Files(&'static str),
    /// A picture: its type, and how such a file's name ends.
    Picture(&'static str, &'static str),
}

impl Meant {
    /// `None`: it is the page's.
    fn by(types: &[String]) -> Option<Self> {
        let has = |wanted: &str| types.iter().any(|given| given == wanted);
        if let Some(list) = FILES.into_iter().find(|list| has(list)) {
            return Some(Self::Files(list));
        }
        let words = WORDS.into_iter().any(has) || types.iter().any(|given| given.starts_with(PLAIN));
        let (media, ending) = PICTURES.into_iter().find(|(media, _)| !words && has(media))?;
        Some(Self::Picture(media, ending))
    }

    const fn list(self) -> &'static str {
        match self {
            Self::Files(list) => list,
            Self::Picture(media, _) => media,
        }
    }
}

/// The keys of one window.
struct Door {
    app: AppHandle,
    /// While the clipboard is asked: the key that asked, and what was typed behind it.
    held: RefCell<Option<Vec<gdk::Event>>>,
    /// What was held goes to the page.
    passes: Cell<bool>,
    given: RefCell<Given>,
}

/// The keys that the page was given last. One that it has no use for the view gives to the window once more, some time
/// later: whoever holds such a one, too, confuses the view, which then loses another.
#[derive(Default)]
struct Given(VecDeque<(u32, u16)>);

impl Given {
    /// More than a person presses before a page that is alive has looked at them.
    const KEPT: usize = 64;

    /// A key, by its time and its place on the keyboard, goes to the page.
    fn keep(&mut self, key: (u32, u16)) {
        self.0.truncate(Self::KEPT - 1);
        self.0.push_front(key);
    }

    fn has(&self, key: (u32, u16)) -> bool {
        self.0.contains(&key)
    }
}

impl Door {
    fn hear(self: &Rc<Self>, view: &WebView, key: &gdk::EventKey) -> Propagation {
        let name = (key.time(), key.hardware_keycode());
        // What another program makes up has no time, and is not held.
        if key.time() == 0 || self.given.borrow().has(name) {
            return Propagation::Proceed;
        }
        if !self.passes.get() && self.holds(view, key) {
            return Propagation::Stop;
        }
        self.given.borrow_mut().keep(name);
        Propagation::Proceed
    }

    /// Is the key kept from the page, for now?
    fn holds(self: &Rc<Self>, view: &WebView, key: &gdk::EventKey) -> bool {
        if let Some(held) = self.held.borrow_mut().as_mut() {
            held.push((**key).clone());
            return true;
        }
        if !is_paste(key) || is_own() {
            return false;
        }
        let Some(side) = Side::now(&self.app.state::<Shell>()).ok().filter(Side::has_place) else {
            return false;
        };
        *self.held.borrow_mut() = Some(vec![(**key).clone()]);
        self.ask(view, side);
        true
    }

    /// The first of the answer and the end of our patience decides.
    fn ask(self: &Rc<Self>, view: &WebView, side: Side) {
        let waits = Rc::new(Cell::new(true));
        let (door, late, of) = (Rc::clone(self), Rc::clone(&waits), view.clone());
        glib::timeout_add_local_once(PATIENCE, move || {
            if late.replace(false) {
                door.release(&of, 0);
            }
        });
        let (door, view) = (Rc::clone(self), view.clone());
        let types = gdk::Atom::intern("TARGETS");
        Clipboard::get(&SELECTION_CLIPBOARD).request_contents(&types, move |clipboard, types| {
            if !waits.replace(false) {
                return;
            }
            let types = types.targets().unwrap_or_default();
            let types: Vec<String> = types.into_iter().map(|kind| kind.name().into()).collect();
            let meant = Meant::by(&types).filter(|_| !is_own());
            if let Some(meant) = meant {
                door.take(clipboard, meant, side);
            }
            door.release(&view, usize::from(meant.is_some()));
        });
    }

    /// Gives what was held to the page, but for what is `taken` of it.
    fn release(&self, view: &WebView, taken: usize) {
        let held = self.held.take().unwrap_or_default();
        self.passes.set(true);
        for key in held.iter().skip(taken) {
            view.event(key);
        }
        self.passes.set(false);
    }

    fn take(&self, clipboard: &Clipboard, meant: Meant, side: Side) {
        let locale = self.app.state::<Shell>().locale();
        clipboard.request_contents(&gdk::Atom::intern(meant.list()), move |_, content| {
            // It may have changed hands meanwhile.
            let content = if is_own() { Vec::new() } else { bytes(content) };
            if content.is_empty() {
                return tracing::info!("what is on the clipboard did not come");
            }
            drop(tauri::async_runtime::spawn_blocking(move || {
                if let Err(problem) = stage(&side, meant, &content, locale) {
                    tracing::info!(code = problem.code, "what was pasted was not taken");
                }
            }));
        });
    }
}

fn bytes(content: &SelectionData) -> Vec<u8> {
    // Less than nothing: there is none.
    if content.length() > 0 { content.data() } else { Vec::new() }
}

/// Takes it in; its page is told what is wrong with it.
fn stage(side: &Side, meant: Meant, content: &[u8], locale: Locale) -> Result<(), Problem> {
    match meant {
        Meant::Files(_) => side.drop_onto(paths(content)),
        Meant::Picture(media, ending) => {
            let name = format!("{}.{ending}", named(locale, &jiff::Zoned::now()));
            side.paste(&NewPiece { name, size: content.len() as u64, media: media.to_owned() }, content)
        }
    }
}

/// What a picture is called that has no name.
fn named(locale: Locale, now: &jiff::Zoned) -> String {
    let form = match locale {
        Locale::En => "%Y-%m-%d %H.%M.%S",
        Locale::Ru => "%d.%m.%Y %H.%M.%S",
    };
    text("file_pasted", locale).replace("{date}", &now.strftime(form).to_string())
}

/// The files of this computer in a list.
fn paths(list: &[u8]) -> Vec<PathBuf> {
    let lines = String::from_utf8_lossy(list);
    let files = lines.lines().map(|line| line.trim_matches('\0')).filter_map(|line| {
        let (path, host) = glib::filename_from_uri(line).ok()?;
        host.is_none_or(|host| host.is_empty() || host == "localhost").then_some(path)
    });
    files.filter(|path| path.is_absolute()).collect()
}

/// Is what is on the clipboard from this program: from a page, then?
fn is_own() -> bool {
    let owner = gdk::selection_owner_get(&SELECTION_CLIPBOARD);
    // The toolkit knows windows of other programs, too, that it has heard of.
    owner.is_some_and(|window| window.window_type() != gdk::WindowType::Foreign)
}

/// Control+V, on whatever layout, or Shift+Insert.
fn is_paste(key: &gdk::EventKey) -> bool {
    let (chord, value) = (key.state() & CHORD, key.keyval());
    if chord == ModifierType::SHIFT_MASK {
        return value == keys::Insert || value == keys::KP_Insert;
    }
    chord == ModifierType::CONTROL_MASK && (is_v(*value) || is_v_elsewhere(key))
}

fn is_v(value: u32) -> bool {
    value == *keys::v || value == *keys::V
}

/// Where the layout in use has other letters, the key is that of another one.
fn is_v_elsewhere(key: &gdk::EventKey) -> bool {
    let is_latin = key.keyval().to_unicode().is_none_or(|letter| letter.is_ascii());
    let display = gdk::Display::default().filter(|_| !is_latin);
    let Some(map) = display.and_then(|display| gdk::Keymap::for_display(&display)) else { return false };
    (0..4).any(|group| {
        let there = map.translate_keyboard_state(key.hardware_keycode().into(), ModifierType::empty(), group);
        there.is_some_and(|(value, ..)| is_v(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(types: &[&str]) -> Option<Meant> {
        Meant::by(&types.iter().map(|&given| given.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_key_that_the_page_was_given_is_known_when_it_comes_back() {
        let mut given = Given::default();
        for at in 1..=100 {
            given.keep((at, 38));
        }
        assert!(given.has((100, 38)) && given.has((37, 38)));
        assert!(!given.has((100, 39)) && !given.has((36, 38)), "another key, and one of long ago");
    }

    #[test]
    fn words_are_the_pages_and_a_picture_is_taken_in_its_best_type() {
        assert_eq!(meant(&["TARGETS", "UTF8_STRING", "text/plain;charset=utf-8"]), None);
        assert_eq!(meant(&["text/html", "image/png", "text/plain"]), None, "a table and its picture");
        assert_eq!(meant(&["image/tiff"]), None, "a type that nobody could look at");
        let best = Some(Meant::Picture("image/png", "png"));
        assert_eq!(meant(&["image/bmp", "image/jpeg", "image/png", "text/html"]), best);
        assert_eq!(meant(&["image/jpeg"]), Some(Meant::Picture("image/jpeg", "jpg")));
        assert_eq!(meant(&[]), None);
    }

    #[test]
    fn threats_36_only_a_file_managers_own_list_names_files() {
        let list = "x-special/gnome-copied-files";
        assert_eq!(meant(&["text/plain", "text/uri-list", list]), Some(Meant::Files(list)));
        assert_eq!(meant(&["text/uri-list"]), None, "any page of any browser can write that");
        assert_eq!(meant(&["text/uri-list", "image/png"]), Some(Meant::Picture("image/png", "png")));
    }

    #[test]
    fn threats_36_of_a_list_only_this_computers_files_are_taken() {
        let list =
            b"copy\nfile:///a%20b/c.txt\r\nfile://localhost/d\nfile://elsewhere/e\nhttps://x.example/f\n\
                     file:relative\n/plain\nfile:///g\0";
        let taken: Vec<PathBuf> = ["/a b/c.txt", "/d", "/g"].map(PathBuf::from).into();
        assert_eq!(paths(list), taken);
        assert!(paths(b"").is_empty() && paths(&[0xff, b'\n', 0]).is_empty());
    }

    #[test]
    fn a_picture_is_called_by_the_time_it_came() {
        let now = jiff::civil::date(2031, 2, 3).at(4, 5, 6, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        assert_eq!(named(Locale::En, &now), "Picture 2031-02-03 04.05.06");
        assert_eq!(named(Locale::Ru, &now), "Снимок 03.02.2031 04.05.06");
    }
}
