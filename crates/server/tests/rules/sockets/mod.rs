//! The desk behind real sockets: what the machine cannot show.

mod doors;
mod life;
mod pace;
mod tls;

use std::net::SocketAddr;
use std::time::Duration;

use deskbell_server::{DeskLimits, DeskOptions, RunningDesk};
use deskbell_wire::*;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::common::{device, hello, token, visitor};

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
