//! Who asks for files over plain HTTP, past every app: those who may, and those who may not (I14).

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use deskbell_wire::{DeviceId, MessageId, Secret, VisitorId};
use uuid::Uuid;

use super::plan::{Sameness, Transfer};
use crate::torture::Trouble;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A voice at the desk's door.
pub(super) struct Voice {
    pub(super) name: &'static str,
    pub(super) token: Option<Secret>,
    pub(super) device: DeviceId,
    /// `None`: an operator.
    pub(super) visitor: Option<VisitorId>,
}

/// What the desk answered.
struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl Voice {
    /// Is the file given to it, whole?
    pub(super) fn gets(&self, desk: SocketAddr, id: MessageId, transfer: &Transfer) -> Result<bool, Trouble> {
        let answer = self.ask(desk, id, "")?;
        let same = || transfer.compare(answer.body.as_slice(), false).map(|found| found == Sameness::Same);
        Ok(answer.status == 200 && same()?)
    }

    /// Does it learn nothing, whatever it asks: neither bytes nor whether there is such a file?
    pub(super) fn learns_nothing(&self, desk: SocketAddr, id: MessageId) -> Result<bool, Trouble> {
        let nobodys = MessageId(Uuid::now_v7());
        for range in ["", "Range: bytes=0-0\r\n"] {
            let (theirs, none) = (self.ask(desk, id, range)?, self.ask(desk, nobodys, range)?);
            if theirs.status != 403 || none.status != 403 || theirs.body != none.body {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn ask(&self, desk: SocketAddr, id: MessageId, more: &str) -> Result<Answer, Trouble> {
        let mut line = TcpStream::connect_timeout(&desk, LIMIT)?;
        line.set_read_timeout(Some(LIMIT))?;
        write!(line, "GET /v1/files/{id} HTTP/1.1\r\nHost: {desk}\r\nDeskbell-Device: {}\r\n", self.device)?;
        if let Some(token) = &self.token {
            write!(line, "Authorization: Bearer {}\r\n", token.to_hex())?;
        }
        if let Some(visitor) = self.visitor {
            write!(line, "Deskbell-Visitor: main/{visitor}\r\n")?;
        }
        write!(line, "{more}Connection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)?;
        Answer::read(&answer).ok_or_else(|| "the desk answers no HTTP".into())
    }
}

impl Answer {
    fn read(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&answer[..end]).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Self { status, body: answer[end + 4..].to_vec() })
    }
}
