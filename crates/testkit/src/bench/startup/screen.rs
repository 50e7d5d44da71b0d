//! A virtual screen, and what can be seen on it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, MapState, Window};
use x11rb::rust_connection::RustConnection;

/// Of the window's rows, every one of so many is looked at: enough to see any change, and little work.
const ROW_STEP: u16 = 8;
/// Of the pixels of a row, as many are skipped.
const PIXEL_BYTES: usize = 4;
const PIXEL_STEP: usize = 4;
/// A smaller window is no window of an app.
const LEAST: u16 = 100;

/// An X server that ends with this.
pub(super) struct Screen {
    server: Child,
    name: String,
    x11: RustConnection,
    root: Window,
}

/// Where a window stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    x: i16,
    y: i16,
    width: u16,
    height: u16,
}

/// Some of a window's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Picture(Vec<u8>);

impl Screen {
    pub(super) fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (package xvfb)");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("its output")).read_line(&mut number).expect("a display");
        let name = format!(":{}", number.trim());
        let (x11, screen) = RustConnection::connect(Some(&name)).expect("a screen");
        let root = x11.setup().roots[screen].root;
        Self { server, name, x11, root }
    }

    /// For `DISPLAY`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The app's window, once it is shown.
    pub(super) fn window(&self) -> Option<Frame> {
        let tree = self.x11.query_tree(self.root).ok()?.reply().ok()?;
        tree.children.into_iter().rev().find_map(|window| self.frame(window))
    }

    fn frame(&self, window: Window) -> Option<Frame> {
        let shown =
            self.x11.get_window_attributes(window).ok()?.reply().ok()?.map_state == MapState::VIEWABLE;
        let place = self.x11.get_geometry(window).ok()?.reply().ok()?;
        let large = place.width >= LEAST && place.height >= LEAST;
        (shown && large).then_some(Frame { x: place.x, y: place.y, width: place.width, height: place.height })
    }

    /// How it looks now; `None` while it stands partly outside the screen.
    pub(super) fn look(&self, at: Frame) -> Option<Picture> {
        let rows = (0..at.height).step_by(usize::from(ROW_STEP)).map(|row| {
            let y = at.y.checked_add_unsigned(row)?;
            self.x11.get_image(ImageFormat::Z_PIXMAP, self.root, at.x, y, at.width, 1, u32::MAX).ok()
        });
        // All are asked for before the first answer is read.
        let rows: Vec<_> = rows.collect::<Option<_>>()?;
        let mut pixels = Vec::new();
        for row in rows {
            let row = row.reply().ok()?.data;
            pixels.extend(row.chunks_exact(PIXEL_BYTES).step_by(PIXEL_STEP).flatten());
        }
        Some(Picture(pixels))
    }
}

impl Picture {
    #[cfg(test)]
    pub(super) fn of(pixels: Vec<u8>) -> Self {
        Self(pixels)
    }

    /// The share of pixels that differ; 1 where the sizes do.
    pub(super) fn difference(&self, other: &Self) -> f64 {
        if self.0.len() != other.0.len() {
            return 1.0;
        }
        let pairs = self.0.chunks_exact(PIXEL_BYTES).zip(other.0.chunks_exact(PIXEL_BYTES));
        let (count, different) = (pairs.len(), pairs.filter(|(one, other)| one != other).count());
        different as f64 / count.max(1) as f64
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
