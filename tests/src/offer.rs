//! What one program offers another through the screen: the clipboard, or what is dragged.
//!
//! What must always hold: it is asked for as any program asks (ICCCM), so that the app takes it as it takes anybody's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt, CreateWindowAux, EventMask, PropMode, SelectionNotifyEvent,
    SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Something in several formats, under the name of a selection.
pub(crate) struct Offer {
    pub(crate) server: RustConnection,
    /// Whose it is.
    pub(crate) window: Window,
    selection: Atom,
    formats: Vec<(Atom, Vec<u8>)>,
}

impl Offer {
    pub(crate) fn new(selection: &str, formats: &[(&str, Vec<u8>)]) -> Self {
        let (server, number) = x11rb::connect(None).unwrap();
        let root = server.setup().roots[number].root;
        let window = server.generate_id().unwrap();
        let quiet = CreateWindowAux::new().override_redirect(1);
        let made = server.create_window(0, window, root, -9, -9, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &quiet);
        made.unwrap().check().unwrap();
        let atom = |name: &str| server.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let formats = formats.iter().map(|(name, content)| (atom(name), content.clone())).collect();
        let selection = atom(selection);
        server.set_selection_owner(window, selection, x11rb::CURRENT_TIME).unwrap().check().unwrap();
        let owner = server.get_selection_owner(selection).unwrap().reply().unwrap().owner;
        assert_eq!(owner, window, "somebody else has the selection");
        Self { server, window, selection, formats }
    }

    pub(crate) fn atom(&self, name: &str) -> Atom {
        self.server.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }

    pub(crate) fn formats(&self) -> impl Iterator<Item = Atom> + '_ {
        self.formats.iter().map(|(format, _)| *format)
    }

    /// The next thing that happens, if anything has; whoever asks for the content is answered.
    pub(crate) fn next(&self) -> Option<Event> {
        self.next_after(Duration::ZERO)
    }

    fn next_after(&self, takes: Duration) -> Option<Event> {
        let event = self.server.poll_for_event().unwrap();
        if let Some(Event::SelectionRequest(asked)) = &event {
            std::thread::sleep(takes);
            self.answer(asked);
        }
        event
    }

    fn answer(&self, asked: &SelectionRequestEvent) {
        // Old programs name no place for the answer.
        let place = if asked.property == x11rb::NONE { asked.target } else { asked.property };
        let put = asked.selection == self.selection && self.put(asked.requestor, place, asked.target);
        let said = SelectionNotifyEvent {
            response_type: x11rb::protocol::xproto::SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: asked.requestor,
            selection: asked.selection,
            target: asked.target,
            property: if put { place } else { x11rb::NONE },
        };
        // Who asked may have ended.
        let _ = self.server.send_event(false, asked.requestor, EventMask::NO_EVENT, said);
        self.server.flush().unwrap();
    }

    fn put(&self, to: Window, place: Atom, format: Atom) -> bool {
        let replace = PropMode::REPLACE;
        if format == self.atom("TARGETS") {
            let formats: Vec<Atom> = self.formats().chain([format]).collect();
            return self.server.change_property32(replace, to, place, AtomEnum::ATOM, &formats).is_ok();
        }
        let content = self.formats.iter().find(|(known, _)| *known == format);
        content.is_some_and(|(_, content)| {
            self.server.change_property8(replace, to, place, format, content).is_ok()
        })
    }
}

/// What is on the screen's clipboard until this is dropped.
pub struct Clipboard {
    ended: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

impl Clipboard {
    /// Something that was copied elsewhere, in each of its types, as `image/png`. At most some 100 KiB each.
    pub fn with(types: &[(&str, &[u8])]) -> Self {
        Self::slow(types, Duration::ZERO)
    }

    /// The same of a program that takes so long for each answer.
    pub fn slow(types: &[(&str, &[u8])], takes: Duration) -> Self {
        let types: Vec<_> = types.iter().map(|(name, content)| (*name, content.to_vec())).collect();
        let offer = Offer::new("CLIPBOARD", &types);
        let ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ended);
        let server = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                if offer.next_after(takes).is_none() {
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        });
        Self { ended, server: Some(server) }
    }
}

impl Drop for Clipboard {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let _ = self.server.take().map(JoinHandle::join);
    }
}
