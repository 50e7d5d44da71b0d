//! A client's connection: frames in, frames out, and as little else as can be, for it shares the processors with what
//! it measures.

use deskbell_wire::{
    ClientFrame, DeviceId, Hello, Identity, PROTO, Secret, SiteKey, StreamId, VisitorId, encode,
};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use uuid::Uuid;

use super::server::Server;

/// A connection that has said hello and was welcomed.
pub(super) struct Line {
    socket: WebSocketStream<TcpStream>,
}

impl Line {
    /// As a new visitor; also says which stream is his.
    pub(super) async fn visitor(server: &Server) -> (Self, StreamId) {
        let visitor = VisitorId(Uuid::new_v4());
        let (site, token) = (SiteKey::main(), Secret::new([1; 32]));
        let who = Identity::Visitor { site: site.clone(), visitor_id: visitor, token };
        (Self::dial(server, who, config()).await, StreamId::public(site, visitor))
    }

    /// As the operator.
    pub(super) async fn operator(server: &Server) -> Self {
        let who = Identity::Operator { token: server.session.clone() };
        Self::dial(server, who, config().read_buffer_size(64 * 1024)).await
    }

    async fn dial(server: &Server, who: Identity, config: WebSocketConfig) -> Self {
        let tcp = TcpStream::connect(server.address).await.expect("a connection");
        tcp.set_nodelay(true).expect("no delay");
        let url = format!("ws://{}/v1/ws", server.address);
        let dialled = tokio_tungstenite::client_async_with_config(url, tcp, Some(config)).await;
        let mut line = Self { socket: dialled.expect("a WebSocket").0 };
        let device_id = DeviceId(Uuid::new_v4());
        line.write(&ClientFrame::Hello(Hello { proto: PROTO, device_id, who, cursors: vec![] })).await;
        let answer = line.next().await;
        let welcomed = answer.starts_with("{\"welcome\"") || answer.starts_with("{\"hello\"");
        assert!(welcomed, "not welcome: {answer}");
        line
    }

    /// Queues a frame; it leaves with [`Self::flush`].
    pub(super) async fn feed(&mut self, frame: &ClientFrame) {
        let text = encode(frame).expect("a frame");
        self.socket.feed(Message::text(text)).await.expect("a connection that lasts");
    }

    pub(super) async fn flush(&mut self) {
        self.socket.flush().await.expect("a connection that lasts");
    }

    pub(super) async fn write(&mut self, frame: &ClientFrame) {
        self.feed(frame).await;
        self.flush().await;
    }

    /// The next frame.
    pub(super) async fn next(&mut self) -> Utf8Bytes {
        text(self.socket.next().await)
    }

    /// The next frame, if it has arrived.
    pub(super) fn arrived(&mut self) -> Option<Utf8Bytes> {
        self.socket.next().now_or_never().map(text)
    }
}

type Heard = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

fn text(heard: Heard) -> Utf8Bytes {
    match heard {
        Some(Ok(Message::Text(text))) => text,
        other => panic!("the connection ended: {other:?}"),
    }
}

/// A small buffer: there are thousands of lines.
pub(super) fn config() -> WebSocketConfig {
    WebSocketConfig::default().read_buffer_size(4_096)
}
