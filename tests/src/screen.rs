//! The windows on the screen, as their server knows them: there is no window manager here that would say more.

use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::app::App;
use crate::process::limit;

/// The screen that the tests share.
pub struct Screen {
    server: RustConnection,
    root: Window,
}

/// A window's upper left corner and its size, in pixels.
pub type Place = (i16, i16, u16, u16);

impl Screen {
    /// The one that the environment names.
    pub fn here() -> Self {
        let (server, number) = x11rb::connect(None).unwrap();
        let root = server.setup().roots[number].root;
        Self { server, root }
    }

    /// Waits for a window of this app whose title has these words in it, shown or not.
    #[track_caller]
    pub fn window(&self, app: &App, title: &str) -> Window {
        let until = Instant::now() + limit();
        loop {
            if let Some(window) = self.find(app, title) {
                return window;
            }
            assert!(Instant::now() < until, "no window {title:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Is there such a window now?
    pub fn has(&self, app: &App, title: &str) -> bool {
        self.find(app, title).is_some_and(|window| self.is_shown(window))
    }

    fn find(&self, app: &App, title: &str) -> Option<Window> {
        let pids = app.pids();
        let windows = self.server.query_tree(self.root).unwrap().reply().unwrap().children;
        let is_ours = |window: &Window| self.pid(*window).is_some_and(|pid| pids.contains(&pid));
        windows.into_iter().find(|window| is_ours(window) && self.title(*window).contains(title))
    }

    /// Waits until the window is shown, or is not.
    #[track_caller]
    pub fn until_shown(&self, window: Window, shown: bool) {
        self.until(if shown { "it is shown" } else { "it is hidden" }, || self.is_shown(window) == shown);
    }

    /// Waits until the window is where it should be.
    #[track_caller]
    pub fn until_at(&self, window: Window, place: Place) {
        let until = Instant::now() + limit();
        while self.place(window) != place {
            assert!(Instant::now() < until, "it is at {:?} and not at {place:?}", self.place(window));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Is it on the screen?
    pub fn is_shown(&self, window: Window) -> bool {
        let asked = self.server.get_window_attributes(window).unwrap().reply();
        asked.is_ok_and(|window| window.map_state == MapState::VIEWABLE)
    }

    /// Where it is.
    pub fn place(&self, window: Window) -> Place {
        let place = self.server.get_geometry(window).unwrap().reply().unwrap();
        (place.x, place.y, place.width, place.height)
    }

    /// Moves it and gives it a size, as dragging does.
    pub fn put(&self, window: Window, (x, y, width, height): Place) {
        let change = ConfigureWindowAux::new()
            .x(i32::from(x))
            .y(i32::from(y))
            .width(u32::from(width))
            .height(u32::from(height));
        self.server.configure_window(window, &change).unwrap().check().unwrap();
        self.until_at(window, (x, y, width, height));
    }

    /// Asks it to close, as the button in its frame does.
    pub fn close(&self, window: Window) {
        let atom =
            |name: &str| self.server.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let data = [atom("WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
        self.server.send_event(false, window, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    }

    /// Gives the window the keyboard, as a click into it does; it has it when this returns.
    #[track_caller]
    pub fn focus(&self, window: Window) {
        use x11rb::protocol::xproto::InputFocus;
        self.until_shown(window, true);
        self.until("it has the keyboard", || {
            // One that is hidden in this moment takes none, and is asked again.
            let asked = self.server.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
            asked.unwrap().check().is_ok() && self.focused() == window
        });
    }

    /// Does a window of this app have the keyboard?
    pub fn has_keyboard(&self, app: &App) -> bool {
        self.pid(self.focused()).is_some_and(|pid| app.pids().contains(&pid))
    }

    /// The window with the keyboard. The toolkit gives it to a window inside of the one with the title.
    fn focused(&self) -> Window {
        let mut window = self.server.get_input_focus().unwrap().reply().unwrap().focus;
        while let Ok(tree) = self.server.query_tree(window).unwrap().reply()
            && tree.parent != self.root
            && tree.parent != x11rb::NONE
        {
            window = tree.parent;
        }
        window
    }

    /// How many different colours the window's middle has.
    pub fn colours(&self, window: Window) -> usize {
        use x11rb::protocol::xproto::ImageFormat;
        let (_, _, width, height) = self.place(window);
        let image =
            self.server.get_image(ImageFormat::Z_PIXMAP, window, 8, 8, width - 16, height - 16, !0).unwrap();
        let pixels = image.reply().unwrap().data;
        pixels.chunks_exact(4).collect::<std::collections::BTreeSet<_>>().len()
    }

    #[track_caller]
    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let until = Instant::now() + limit();
        while !is_so() {
            assert!(Instant::now() < until, "never: {what}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn pid(&self, window: Window) -> Option<u32> {
        let atom = self.server.intern_atom(false, b"_NET_WM_PID").unwrap().reply().unwrap().atom;
        let asked = self.server.get_property(false, window, atom, AtomEnum::CARDINAL, 0, 1).unwrap().reply();
        asked.ok()?.value32()?.next()
    }

    fn title(&self, window: Window) -> String {
        let [name, utf8] = ["_NET_WM_NAME", "UTF8_STRING"]
            .map(|name| self.server.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom);
        let asked = self.server.get_property(false, window, name, utf8, 0, 256).unwrap().reply();
        asked.map(|title| String::from_utf8_lossy(&title.value).into_owned()).unwrap_or_default()
    }
}
