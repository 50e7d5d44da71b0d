//! Past the system's cache: for long files, where the system and the disk let us.
//!
//! Why: what waits in the cache goes out in bursts, and the fsync of every word stands behind them; and filling it costs
//! as much as sealing. A file that is written or read here once is not looked at again soon.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use crate::part::read_full;

/// Bytes that go at once. With four files at once the fsync of words waits for four of these at most.
pub(crate) const BLOCK: usize = 512 * 1024;
/// Where a block may begin and end, in the file and in memory: what the disks of today take.
pub(crate) const ALIGN: usize = 4096;

/// A file's way past the cache.
pub(crate) struct Past(File);

impl Past {
    /// `None` where the system or the disk has no such way.
    pub(crate) fn of(file: &File) -> Option<Self> {
        open(file).map(Self)
    }

    /// Writes blocks there. False: it does not go this way, and never will; they may be there in part.
    pub(crate) fn write(&mut self, start: u64, blocks: &[u8]) -> io::Result<bool> {
        Ok(goes(write_at(&mut self.0, start, blocks))?.is_some())
    }

    /// Reads from there as much as there is; less than asked for at the end of the file alone. `None`: not this way.
    pub(crate) fn read(&mut self, start: u64, into: &mut [u8]) -> io::Result<Option<usize>> {
        self.0.seek(SeekFrom::Start(start))?;
        goes(self.0.read(into))
    }
}

/// `None`: it wants other boundaries; or took a part of it, for the disk is full, and the cache says so in its words.
fn goes<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(None),
        done => done.map(Some),
    }
}

/// The very file that is open already, wherever its name went.
#[cfg(target_os = "linux")]
fn open(file: &File) -> Option<File> {
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;

    let is_written = rustix::fs::fcntl_getfl(file).ok()?.contains(OFlags::RDWR);
    let mut options = File::options();
    options.read(true).write(is_written).custom_flags(i32::try_from(OFlags::DIRECT.bits()).ok()?);
    options.open(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()
}

#[cfg(not(target_os = "linux"))]
fn open(_: &File) -> Option<File> {
    None
}

/// Through the cache, at that place.
pub(crate) fn write_at(file: &mut File, start: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    file.write_all(bytes)
}

/// Through the cache, from that place as much as there is.
pub(crate) fn read_at(file: &mut File, start: u64, into: &mut [u8]) -> io::Result<usize> {
    file.seek(SeekFrom::Start(start))?;
    read_full(file, into)
}

/// Memory that begins on an [`ALIGN`] boundary.
pub(crate) struct Buffer {
    raw: Vec<u8>,
    at: usize,
    bytes: usize,
}

impl Buffer {
    pub(crate) fn of(bytes: usize) -> Self {
        let raw = vec![0; bytes + ALIGN];
        // Where that cannot be told it is not aligned, and the disk says so.
        let at = raw.as_ptr().align_offset(ALIGN).min(ALIGN);
        Self { raw, at, bytes }
    }

    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        self.raw.get_mut(self.at..self.at + self.bytes).unwrap_or_default()
    }
}
