//! Files that are dragged over a window and let go, as a file manager does it (XDND 5).
//!
//! What must always hold: nothing here knows the app; a drop is one only where the window has said that it takes it.

use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::protocol::Event;
use x11rb::protocol::xproto::{Atom, ClientMessageEvent, ConnectionExt, EventMask, Window};

use crate::offer::Offer;
use crate::process::limit;
use crate::screen::Screen;

/// The version that is spoken.
const VERSION: u32 = 5;

/// Files under the pointer, over a window.
pub struct Drag {
    offer: Offer,
    over: Window,
}

impl Drag {
    /// Files are picked up and held over the middle of a window; its page may have been told when this returns.
    pub fn over(screen: &Screen, window: Window, files: &[&Path]) -> Self {
        let uris: String = files.iter().map(|file| uri(file) + "\r\n").collect();
        Self::offering(screen, window, &[("text/uri-list", uris.into_bytes())])
    }

    /// The same with anything else, in up to three formats.
    pub fn offering(screen: &Screen, window: Window, formats: &[(&str, Vec<u8>)]) -> Self {
        let offer = Offer::new("XdndSelection", formats);
        let drag = Self { offer, over: window };
        let mut formats = drag.offer.formats();
        let mut next = || formats.next().unwrap_or(x11rb::NONE);
        drag.say("XdndEnter", [VERSION << 24, next(), next(), next()]);
        drop(formats);
        let (x, y, width, height) = screen.place(window);
        drag.until_taken(i32::from(x) + i32::from(width) / 2, i32::from(y) + i32::from(height) / 2);
        drag
    }

    /// Lets go.
    pub fn release(self) {
        self.say("XdndDrop", [0, x11rb::CURRENT_TIME, 0, 0]);
        let finished = self.offer.atom("XdndFinished");
        let until = Instant::now() + limit();
        while self.heard(finished).is_none() {
            assert!(Instant::now() < until, "what was let go was never taken");
        }
    }

    /// Goes on without letting go.
    pub fn leave(self) {
        self.say("XdndLeave", [0; 4]);
        self.offer.server.get_input_focus().unwrap().reply().unwrap();
    }

    /// A window asks for what is dragged before it says whether it takes it: the pointer moves a little meanwhile.
    fn until_taken(&self, x: i32, y: i32) {
        let (status, copy) = (self.offer.atom("XdndStatus"), self.offer.atom("XdndActionCopy"));
        let until = Instant::now() + limit();
        for step in 0.. {
            let at = u32::try_from(((x + step % 2) << 16) | y).unwrap();
            self.say("XdndPosition", [0, at, x11rb::CURRENT_TIME, copy]);
            let pause = Instant::now() + Duration::from_millis(100);
            while Instant::now() < pause {
                if self.heard(status).is_some_and(|answer| answer[1] & 1 == 1) {
                    return;
                }
            }
            assert!(Instant::now() < until, "the window does not take what is dragged over it");
        }
    }

    fn say(&self, what: &str, rest: [u32; 4]) {
        let [a, b, c, d] = rest;
        let data = [self.offer.window, a, b, c, d];
        let event = ClientMessageEvent::new(32, self.over, self.offer.atom(what), data);
        self.offer.server.send_event(false, self.over, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    }

    /// What the window says of this kind, if it has said it; waits a moment where it has said nothing.
    fn heard(&self, kind: Atom) -> Option<[u32; 5]> {
        match self.offer.next() {
            Some(Event::ClientMessage(said)) if said.type_ == kind => Some(said.data.as_data32()),
            Some(_) => None,
            None => {
                std::thread::sleep(Duration::from_millis(5));
                None
            }
        }
    }
}

/// As file managers name a file.
fn uri(file: &Path) -> String {
    let path = file.to_str().unwrap().bytes().map(|byte| match byte {
        b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    format!("file://{}", path.collect::<String>())
}
