//! Who comes in, and how long he may take.

use std::time::Duration;

use deskbell_server::{DeskLimits, DeskOptions, start};
use deskbell_wire::*;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{self, Message};

use super::*;
use crate::common::{device, hello, token, visitor};

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
