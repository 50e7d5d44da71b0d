//! The desk behind real sockets: what the machine cannot show.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use deskbell_server::{DeskError, DeskLimits, DeskOptions, RunningDesk, start};
use deskbell_wire::*;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::common::{device, entry, hello, stream, text, token, visitor};

/// Longer than anything here may take; only a failure waits for it.
const LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn options() -> DeskOptions {
    DeskOptions { listen: "127.0.0.1:0".parse().unwrap(), ..DeskOptions::default() }
}

pub(crate) fn unpaced() -> DeskOptions {
    DeskOptions { limits: DeskLimits::unpaced(), ..options() }
}

/// A client that says and hears frames.
pub(crate) struct Client<S>(WebSocketStream<S>);

pub(crate) async fn connect(address: SocketAddr) -> Client<TcpStream> {
    let tcp = TcpStream::connect(address).await.unwrap();
    let (socket, _) = client_async(format!("ws://{address}/v1/ws"), tcp).await.unwrap();
    Client(socket)
}

pub(crate) async fn visitor_at(address: SocketAddr, n: u8, d: u128) -> Client<TcpStream> {
    let mut client = connect(address).await;
    client.say(&ClientFrame::Hello(hello(visitor(n.into()), device(d), token(n)))).await;
    assert!(matches!(client.hear().await, Some(DeskFrame::Welcome(_))));
    client
}

pub(crate) async fn operator_at(desk: &RunningDesk, d: u128) -> Client<TcpStream> {
    if !desk.has_operators().unwrap() {
        desk.add_owner("Ann").unwrap();
    }
    let (_, token) = desk.local_session(device(d)).unwrap();
    let mut client = connect(desk.address()).await;
    let who = Identity::Operator { token };
    client.say(&ClientFrame::Hello(Hello { proto: PROTO, device_id: device(d), who, cursors: vec![] })).await;
    assert!(matches!(client.hear().await, Some(DeskFrame::Welcome(_))));
    client
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    pub(crate) async fn say(&mut self, frame: &ClientFrame) {
        self.0.send(Message::Text(encode(frame).unwrap().into())).await.unwrap();
    }

    /// `false`: the desk has ended the connection.
    pub(crate) async fn could_say(&mut self, frame: &ClientFrame) -> bool {
        self.0.send(Message::Text(encode(frame).unwrap().into())).await.is_ok()
    }

    /// The next frame; `None` at the end.
    pub(crate) async fn hear(&mut self) -> Option<DeskFrame> {
        loop {
            match timeout(LIMIT, self.0.next()).await.expect("something in time") {
                Some(Ok(Message::Text(text))) => return Some(decode_desk(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    pub(crate) async fn until<T>(&mut self, mut wanted: impl FnMut(&DeskFrame) -> Option<T>) -> T {
        loop {
            let frame = self.hear().await.expect("a frame before the end");
            if let Some(found) = wanted(&frame) {
                return found;
            }
        }
    }

    async fn words(&mut self) -> String {
        self.until(|frame| match frame {
            DeskFrame::Event(Event { body: EventBody::Message { text, .. }, .. }) => Some(text.clone()),
            _ => None,
        })
        .await
    }

    async fn bye(&mut self) -> Option<ByeCode> {
        while let Some(frame) = self.hear().await {
            if let DeskFrame::Bye(bye) = frame {
                assert!(self.hear().await.is_none(), "the end follows");
                return Some(bye.code);
            }
        }
        None
    }
}

/// Reads until the other end closes; fails when it does not.
async fn closed(tcp: &mut TcpStream) -> Vec<u8> {
    let mut bytes = vec![];
    let _ = timeout(LIMIT, tcp.read_to_end(&mut bytes)).await.expect("closed in time");
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_crosses_the_desk() {
    let desk = start(unpaced()).unwrap();
    let mut operator = operator_at(&desk, 50).await;
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let own = stream(visitor(1));
    ann.say(&ClientFrame::Send(entry(&own, 1, text("hello")))).await;
    assert_eq!(operator.words().await, "hello");
    operator.say(&ClientFrame::Send(entry(&own, 2, text("good day")))).await;
    assert_eq!(ann.words().await, "hello");
    assert_eq!(ann.words().await, "good day");
    let mark = Mark { stream: own, kind: MarkKind::Read, seq: 4 };
    ann.say(&ClientFrame::Mark(mark)).await;
    let read =
        operator.until(|frame| if let DeskFrame::Marks(marks) = frame { Some(marks.read) } else { None });
    assert_eq!(read.await, 4);
    desk.stop();
    assert_eq!(ann.bye().await, Some(ByeCode::Stopping));
    assert_eq!(operator.bye().await, Some(ByeCode::Stopping));
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_10_and_11_an_operator_signs_in_with_a_password() {
    let desk = start(options()).unwrap();
    desk.add_operator("Ann", "ann", "correct horse").unwrap();
    let attempt = async |login: &str, password: &str| {
        let mut client = connect(desk.address()).await;
        let (login, password) = (login.to_owned(), password.to_owned());
        client
            .say(&ClientFrame::SignIn(SignIn { proto: PROTO, device_id: device(50), login, password }))
            .await;
        let frame = client.hear().await.unwrap();
        (client, frame)
    };
    for (login, password) in [("ann", "wrong horse"), ("bob", "correct horse")] {
        let (_, frame) = attempt(login, password).await;
        assert!(matches!(frame, DeskFrame::Bye(Bye { code: ByeCode::BadCredentials, .. })), "{frame:?}");
    }
    let (mut client, frame) = attempt("ann", "correct horse").await;
    let DeskFrame::SignedIn(SignedIn { operator, token }) = frame else { panic!("{frame:?}") };
    assert_eq!(operator.name, "Ann");
    let who = Identity::Operator { token: token.clone() };
    let says = ClientFrame::Hello(Hello { proto: PROTO, device_id: device(50), who, cursors: vec![] });
    client.say(&says).await;
    assert!(matches!(client.hear().await, Some(DeskFrame::Welcome(Welcome { operator: Some(_), .. }))));
    // Threats 8: the live socket is closed at once.
    let before = Instant::now();
    desk.set_password("ann", "another horse").unwrap();
    assert_eq!(client.bye().await, Some(ByeCode::BadToken));
    assert!(before.elapsed() < Duration::from_secs(10), "hashing included");
    let mut client = connect(desk.address()).await;
    client.say(&says).await;
    assert_eq!(client.bye().await, Some(ByeCode::BadToken));
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_the_older_socket_of_a_device_is_really_closed() {
    let desk = start(unpaced()).unwrap();
    let mut old = visitor_at(desk.address(), 1, 1).await;
    let _new = visitor_at(desk.address(), 1, 1).await;
    assert_eq!(old.bye().await, Some(ByeCode::Replaced));
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_15_and_16_foreign_pages_and_foreign_names_get_no_socket() {
    let desk = start(DeskOptions { origins: vec!["https://good.example".into()], ..unpaced() }).unwrap();
    let address = desk.address();
    let status = async |origin: Option<&str>, host: Option<&str>| {
        let mut request = format!("ws://{address}/v1/ws").into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        if let Some(host) = host {
            request.headers_mut().insert("host", host.parse().unwrap());
        }
        let tcp = TcpStream::connect(address).await.unwrap();
        match client_async(request, tcp).await {
            Ok(_) => 101,
            Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(status(None, None).await, 101);
    assert_eq!(status(Some("https://good.example"), None).await, 101);
    for evil in ["https://evil.example", "null", "https://good.example.evil.example", "http://127.0.0.1"] {
        assert_eq!(status(Some(evil), None).await, 403, "{evil}");
    }
    assert_eq!(status(None, Some("localhost:1")).await, 101);
    for evil in ["rebound.example", "127.0.0.1.nip.example:7717"] {
        assert_eq!(status(None, Some(evil)).await, 403, "{evil}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_19_whoever_stays_silent_is_closed() {
    let limits =
        DeskLimits { header_ms: 300, hello_ms: 300, strangers_on_loopback: 1_100, ..DeskLimits::default() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let mut silent = vec![];
    for n in 0..1_000 {
        let mut tcp = TcpStream::connect(desk.address()).await.unwrap();
        if n % 2 == 0 {
            tcp.write_all(b"GET /v1/ws HTTP/1.1\r\nHost: localhost\r\n").await.unwrap();
        }
        silent.push(tcp);
    }
    let mut stranger = connect(desk.address()).await;
    assert!(stranger.hear().await.is_none(), "no hello in time");
    for tcp in &mut silent {
        closed(tcp).await;
    }
    // Meanwhile, and afterwards, others come in.
    visitor_at(desk.address(), 1, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_19_an_address_has_so_many_strangers() {
    let limits = DeskLimits { strangers_on_loopback: 3, ..DeskLimits::default() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let mut strangers = vec![];
    for _ in 0..3 {
        strangers.push(connect(desk.address()).await);
    }
    let mut fourth = TcpStream::connect(desk.address()).await.unwrap();
    assert!(closed(&mut fourth).await.is_empty());
    // Who says who he is makes room.
    let mut first = strangers.remove(0);
    first.say(&ClientFrame::Hello(hello(visitor(1), device(1), token(1)))).await;
    assert!(first.hear().await.is_some());
    visitor_at(desk.address(), 2, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_20_and_24_what_is_too_large_or_no_frame_ends_the_connection() {
    let desk = start(unpaced()).unwrap();
    let fragment = |opcode, last: bool, bytes: usize| {
        Message::Frame(Frame::message(vec![b' '; bytes], OpCode::Data(opcode), last))
    };
    let attacks: Vec<(&str, Vec<Message>)> = vec![
        ("too large", vec![Message::Text(" ".repeat(64 * 1024 + 1).into())]),
        (
            "too large in fragments",
            std::iter::once(fragment(Data::Text, false, 30_000))
                .chain((0..3).map(|_| fragment(Data::Continue, false, 30_000)))
                .collect(),
        ),
        ("binary", vec![Message::Binary(vec![0; 10].into())]),
        ("no frame", vec![Message::Text("{}".into())]),
        ("too deep", vec![Message::Text("[".repeat(20).into())]),
        ("bad UTF-8", vec![Message::Frame(Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true))]),
    ];
    for (name, messages) in attacks {
        let mut eve = visitor_at(desk.address(), 9, 9).await;
        for message in messages {
            // The desk may be quicker to close than we are to send.
            let _ = eve.0.send(message).await;
        }
        while eve.hear().await.is_some() {}
        assert!(timeout(LIMIT, eve.0.next()).await.is_ok(), "{name}");
    }
    visitor_at(desk.address(), 1, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_21_i12_who_does_not_read_delays_nobody_and_is_sent_away() {
    let limits = DeskLimits { slow_ms: 500, queue_bytes: 200_000, ..DeskLimits::unpaced() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let stalled = operator_at(&desk, 50).await;
    let mut reading = operator_at(&desk, 51).await;
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let own = stream(visitor(1));
    let (mut seq, deadline, mut sent) = (0, Instant::now() + LIMIT, 0_u128);
    // Until the desk has given the stalled one up: what he would have to read is far more than all buffers hold.
    while desk.connections().unwrap() == 3 {
        assert!(Instant::now() < deadline, "still there after {sent} messages");
        for _ in 0..8 {
            sent += 1;
            ann.say(&ClientFrame::Send(entry(&own, sent, text(&"x".repeat(8_000))))).await;
        }
        for _ in 0..8 {
            ann.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
            seq = reading
                .until(|frame| match frame {
                    DeskFrame::Event(Event { seq, body: EventBody::Message { .. }, .. }) => Some(*seq),
                    _ => None,
                })
                .await;
        }
    }
    assert_eq!(u128::from(seq), sent + 1, "the others missed nothing");
    drop(stalled);
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_after_a_lag_everything_can_be_fetched() {
    let limits = DeskLimits { queue_events: 4, ..DeskLimits::unpaced() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let mut operator = operator_at(&desk, 50).await;
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let own = stream(visitor(1));
    for n in 0..200 {
        ann.0
            .feed(Message::Text(encode(&ClientFrame::Send(entry(&own, n, text("x")))).unwrap().into()))
            .await
            .unwrap();
    }
    ann.0.flush().await.unwrap();
    let (mut cursor, mut fetching, mut lagged) = (0, false, false);
    while cursor < 201 {
        match operator.hear().await.unwrap() {
            DeskFrame::Event(event) if event.seq == cursor + 1 => cursor = event.seq,
            DeskFrame::Event(event) if event.seq <= cursor => {}
            DeskFrame::Event(_) | DeskFrame::Lag { .. } if !fetching => {
                (fetching, lagged) = (true, true);
                let fetch = Fetch { stream: own.clone(), from: Bound::After(cursor), limit: 200 };
                operator.say(&ClientFrame::Fetch(fetch)).await;
            }
            DeskFrame::Page(page) => {
                assert!(page.base <= cursor);
                cursor = page.events.last().map_or(cursor, |event| event.seq.max(cursor));
                fetching = cursor < page.head;
                if fetching {
                    let fetch = Fetch { stream: own.clone(), from: Bound::After(cursor), limit: 200 };
                    operator.say(&ClientFrame::Fetch(fetch)).await;
                }
            }
            _ => {}
        }
    }
    assert!(lagged, "the queue was never full: the test shows nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_a_chatty_connection_is_read_more_slowly() {
    let limits = DeskLimits { visitor_frames: deskbell_server::Pace::new(5, 100), ..DeskLimits::unpaced() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let mut eve = visitor_at(desk.address(), 1, 1).await;
    let before = Instant::now();
    for n in 0..10 {
        eve.say(&ClientFrame::Ping { n }).await;
    }
    eve.until(|frame| matches!(frame, DeskFrame::Pong { n: 9, .. }).then_some(())).await;
    assert!(before.elapsed() >= Duration::from_millis(400), "{:?}", before.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_17_elsewhere_than_on_loopback_everything_is_encrypted_and_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().join("data"));
    let anywhere = || DeskOptions { listen: "0.0.0.0:0".parse().unwrap(), data: data.clone(), ..unpaced() };
    let desk = start(anywhere()).unwrap();
    let link = desk.join_link(&SiteKey::main());
    let port = desk.address().port();
    assert_eq!((link.port, link.pin.is_some()), (port, true));
    // In plain text there is nothing to talk to.
    let mut plain = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    plain.write_all(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    assert!(!String::from_utf8_lossy(&closed(&mut plain).await).contains("HTTP"));
    let pinned = Arc::new(Pinned::default());
    let tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let tls = tokio_rustls::TlsConnector::from(Arc::new(trusting(pinned.clone())));
    let stream = tls.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
    let (socket, _) = client_async(format!("wss://localhost:{port}/v1/ws"), stream).await.unwrap();
    let mut client = Client(socket);
    client.say(&ClientFrame::Hello(hello(visitor(1), device(1), token(1)))).await;
    assert!(matches!(client.hear().await, Some(DeskFrame::Welcome(_))));
    let seen = pinned.0.lock().unwrap().take().unwrap();
    let spki = link.pin.unwrap();
    assert!(holds_key_of(&seen, &spki), "the pin is that of the certificate that was shown");
    desk.stop();
    let again = start(anywhere()).unwrap();
    assert_eq!(again.join_link(&SiteKey::main()).pin, link.pin, "the same key after a restart");
}

/// Does some part of the certificate, as a whole DER element, hash to the pin?
fn holds_key_of(certificate: &[u8], pin: &Pin) -> bool {
    use sha2::{Digest as _, Sha256};
    (0..certificate.len()).filter(|at| certificate[*at] == 0x30).any(|at| {
        let rest = &certificate[at..];
        let length = match rest.get(1) {
            Some(short @ 0..=0x7f) => 2 + usize::from(*short),
            Some(0x81) => 3 + usize::from(rest[2]),
            Some(0x82) => 4 + usize::from(rest[2]) * 256 + usize::from(rest[3]),
            _ => return false,
        };
        rest.get(..length).is_some_and(|element| Sha256::digest(element).as_slice() == pin.0)
    })
}

/// Trusts everybody, and remembers whom.
#[derive(Debug, Default)]
struct Pinned(std::sync::Mutex<Option<Vec<u8>>>);

fn trusting(verifier: Arc<Pinned>) -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth()
}

impl rustls::client::danger::ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &rustls::pki_types::CertificateDer<'_>,
        _: &[rustls::pki_types::CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap() = Some(end_entity.to_vec());
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_cannot_start_with_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().join("data"));
    let key = Some(zeroize::Zeroizing::new([7; 32]));
    let here = || DeskOptions { data: data.clone(), key: key.clone(), ..unpaced() };
    let desk = start(here()).unwrap();
    let code = |options| start(options).err().map(|error: DeskError| error.code());
    assert_eq!(code(here()), Some("data_in_use"));
    assert_eq!(code(DeskOptions { listen: desk.address(), ..unpaced() }), Some("port_in_use"));
    let certificate = folder.path().join("none.pem");
    let tls = deskbell_server::Tls::Files { certificate: certificate.clone(), key: certificate };
    assert_eq!(code(DeskOptions { tls, ..unpaced() }), Some("certificate"));
    desk.stop();
    assert_eq!(
        code(DeskOptions { key: Some(zeroize::Zeroizing::new([8; 32])), ..here() }),
        Some("wrong_key")
    );
    let file = folder.path().join("plain");
    std::fs::write(&file, "").unwrap();
    assert_eq!(code(DeskOptions { data: Some(file.join("below")), ..unpaced() }), Some("data_denied"));
    let desk = start(here()).unwrap();
    assert!(!desk.has_operators().unwrap());
    for (name, login, password) in [
        ("", "a", "long enough"),
        ("Ann", "", "long enough"),
        ("Ann", "a b", "long enough"),
        ("Ann", "a", "short"),
    ] {
        assert_eq!(desk.add_operator(name, login, password).unwrap_err().code(), "bad_account");
    }
    assert_eq!(desk.local_session(device(1)).unwrap_err().code(), "no_account");
    desk.add_operator("Ann", "ann", "long enough").unwrap();
    assert_eq!(desk.add_operator("Bob", "ann", "long enough").unwrap_err().code(), "login_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_can_be_started_and_dropped_inside_a_runtime() {
    // The app that hosts a desk has a runtime of its own.
    let desk = start(unpaced()).unwrap();
    let address = desk.address();
    let mut ann = visitor_at(address, 1, 1).await;
    drop(desk);
    assert_eq!(ann.bye().await, Some(ByeCode::Stopping));
    assert_eq!(start(DeskOptions { listen: address, ..unpaced() }).unwrap().address(), address);
}
