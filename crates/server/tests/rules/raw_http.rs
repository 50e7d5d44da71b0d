//! HTTP as bytes: a client that says exactly what a test writes, and reads what comes back. And people who send files
//! with it.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_server::RunningDesk;
use deskbell_wire::*;
use ring::digest::{SHA256, digest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use uuid::Uuid;

use crate::common::{device, stream, token, visitor};

/// Longer than anything here may take; only a failure waits for it.
const LIMIT: Duration = Duration::from_secs(20);

/// A connection.
pub(crate) struct Raw {
    pub(crate) tcp: TcpStream,
    read: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Who speaks, as headers.
#[derive(Clone)]
pub(crate) struct Voice {
    pub(crate) token: Secret,
    pub(crate) device: DeviceId,
    pub(crate) visitor: Option<VisitorId>,
}

/// A file of a test.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) id: FileId,
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) stream: StreamId,
}

pub(crate) fn digest_of(bytes: &[u8]) -> FileDigest {
    FileDigest(digest(&SHA256, bytes).as_ref().try_into().unwrap())
}

/// Bytes that no two samples share, and that are of no known kind.
pub(crate) fn noise(seed: u8, count: usize) -> Vec<u8> {
    let mut state = u64::from(seed) + 0x9e37_79b9;
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    bytes.truncate(count);
    // No format begins like that.
    if let Some(first) = bytes.first_mut() {
        *first = 0xf7;
    }
    bytes
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn offset(&self) -> u64 {
        self.header("upload-offset").unwrap_or_else(|| panic!("no offset in {self:?}")).parse().unwrap()
    }

    /// The code of a refusal.
    pub(crate) fn code(&self) -> FileRefusal {
        #[derive(serde::Deserialize)]
        struct Body {
            code: FileRefusal,
        }
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        serde_json::from_slice::<Body>(&self.body).unwrap_or_else(|_| panic!("{self:?}")).code
    }

    pub(crate) fn refused(&self) -> (u16, FileRefusal) {
        (self.status, self.code())
    }
}

impl Raw {
    pub(crate) async fn to(address: SocketAddr) -> Self {
        let tcp = TcpStream::connect(address).await.unwrap();
        tcp.set_nodelay(true).unwrap();
        Self { tcp, read: vec![] }
    }

    pub(crate) async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        self.tcp.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next answer; `None` where the desk closed instead. The answer to HEAD has no body.
    pub(crate) async fn hear_to(&mut self, is_head: bool) -> Option<Answer> {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if !self.more().await {
                return None;
            }
        };
        let head = String::from_utf8(self.read.drain(..end + 4).collect()).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut answer = Answer { status, headers, body: vec![] };
        if is_head || matches!(status, 100 | 204) {
            return Some(answer);
        }
        let length: usize = answer.header("content-length").expect("a length").parse().unwrap();
        while self.read.len() < length {
            if !self.more().await {
                return None;
            }
        }
        answer.body = self.read.drain(..length).collect();
        Some(answer)
    }

    pub(crate) async fn hear(&mut self) -> Answer {
        self.hear_to(false).await.expect("an answer before the end")
    }

    async fn more(&mut self) -> bool {
        let read = timeout(LIMIT, self.tcp.read_buf(&mut self.read)).await.expect("something in time");
        matches!(read, Ok(1..))
    }

    /// Nothing more comes, and the desk closes.
    pub(crate) async fn is_closed(&mut self) -> bool {
        !self.more().await && self.read.is_empty()
    }

    /// A request with a body, and its answer.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.say(request(method, path, headers, body)).await;
        self.hear_to(method == "HEAD").await.expect("an answer before the end")
    }
}

/// A request as bytes. `headers` are whole lines.
pub(crate) fn request(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = if body.is_empty() && method != "PATCH" {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    let mut bytes =
        format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{length}{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

impl Voice {
    /// Visitor `n` on device `d`.
    pub(crate) fn visitor(n: u8, d: u128) -> Self {
        Self { token: token(n), device: device(d), visitor: Some(visitor(n.into())) }
    }

    /// The desk's owner, on a device of his own.
    pub(crate) fn owner(desk: &RunningDesk, d: u128) -> Self {
        let (_, token) = desk.local_session(device(d)).unwrap();
        Self { token, device: device(d), visitor: None }
    }

    pub(crate) fn headers(&self) -> String {
        let visitor = self.visitor.map(|visitor| format!("Deskbell-Visitor: main/{visitor}\r\n"));
        format!(
            "Authorization: Bearer {}\r\nDeskbell-Device: {}\r\n{}",
            self.token.to_hex(),
            self.device,
            visitor.unwrap_or_default()
        )
    }

    /// With what every request about an upload has.
    pub(crate) fn tus(&self) -> String {
        format!("{}Tus-Resumable: 1.0.0\r\n", self.headers())
    }

    pub(crate) async fn announce(&self, raw: &mut Raw, file: &Sample) -> Answer {
        raw.ask("POST", "/v1/files", &format!("{}{}", self.tus(), file.announced()), &[]).await
    }

    /// Announces the file, and returns its address.
    pub(crate) async fn begin(&self, raw: &mut Raw, file: &Sample) -> String {
        let answer = self.announce(raw, file).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.header("location").unwrap().to_owned()
    }

    pub(crate) async fn patch(&self, raw: &mut Raw, place: &str, offset: u64, bytes: &[u8]) -> Answer {
        self.patch_with(raw, place, &piece(offset), bytes).await
    }

    /// With the headers of the piece as they are given.
    pub(crate) async fn patch_with(&self, raw: &mut Raw, place: &str, piece: &str, bytes: &[u8]) -> Answer {
        raw.ask("PATCH", place, &format!("{}{piece}", self.tus()), bytes).await
    }

    pub(crate) async fn stand(&self, raw: &mut Raw, place: &str) -> Answer {
        raw.ask("HEAD", place, &self.tus(), &[]).await
    }

    /// The whole file, in one piece.
    pub(crate) async fn upload(&self, raw: &mut Raw, file: &Sample) -> Answer {
        let place = self.begin(raw, file).await;
        self.patch(raw, &place, 0, &file.bytes).await
    }

    pub(crate) async fn fetch(&self, raw: &mut Raw, message: MessageId, more: &str) -> Answer {
        raw.ask("GET", &format!("/v1/files/{message}"), &format!("{}{more}", self.headers()), &[]).await
    }
}

/// The headers of a piece.
pub(crate) fn piece(offset: u64) -> String {
    format!("Content-Type: application/offset+octet-stream\r\nUpload-Offset: {offset}\r\n")
}

pub(crate) fn checksum(bytes: &[u8]) -> String {
    format!("Upload-Checksum: sha256 {}\r\n", STANDARD.encode(digest_of(bytes).0))
}

impl Sample {
    /// The `n`th file of visitor `v`.
    pub(crate) fn new(n: u128, v: u8, name: &str, bytes: Vec<u8>) -> Self {
        let id = FileId(Uuid::from_u128(0x3000 + n));
        Self { id, name: name.to_owned(), media: String::new(), bytes, stream: stream(visitor(v.into())) }
    }

    fn announced(&self) -> String {
        let stream = serde_json::to_string(&self.stream).unwrap();
        let digest = digest_of(&self.bytes).to_string();
        let id = self.id.to_string();
        let pairs = [
            ("id", &id),
            ("stream", &stream),
            ("name", &self.name),
            ("type", &self.media),
            ("digest", &digest),
        ];
        let pairs = pairs.map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
        format!("Upload-Length: {}\r\nUpload-Metadata: {}\r\n", self.bytes.len(), pairs.join(","))
    }

    /// The entry that carries it.
    pub(crate) fn entry(&self, words: &str) -> ClientFrame {
        ClientFrame::Send(Entry {
            stream: self.stream.clone(),
            uid: Uid(self.id.0),
            prev_uid: None,
            body: SendBody::Message { text: words.to_owned(), group: None, file: Some(self.id) },
            created_at: Timestamp(0),
        })
    }
}
