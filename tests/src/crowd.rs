//! Visitors by the hundred: each no more than a socket, for a session of the app's own would be a thread and a file.

use std::net::SocketAddr;
use std::time::Instant;

use deskbell_wire::{
    ClientFrame, DeviceId, Entry, Hello, Identity, PROTO, Secret, SendBody, SiteKey, StreamId, Timestamp,
    Uid, VisitorId, encode,
};
use futures_util::future::join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

/// Visitors who arrive at the same time.
const TOGETHER: usize = 50;

/// A visitor of the main site.
pub struct Guest {
    socket: WebSocketStream<TcpStream>,
    stream: StreamId,
}

/// So many visitors, each welcomed by the desk.
pub async fn arrive(desk: SocketAddr, count: usize) -> Vec<Guest> {
    let mut guests = Vec::with_capacity(count);
    while guests.len() < count {
        let next = (guests.len()..count).take(TOGETHER).map(|_| Guest::arrive(desk));
        guests.extend(join_all(next).await);
    }
    guests
}

impl Guest {
    async fn arrive(desk: SocketAddr) -> Self {
        let (visitor_id, site) = (VisitorId(Uuid::new_v4()), SiteKey::main());
        let tcp = TcpStream::connect(desk).await.unwrap();
        let (socket, _) = tokio_tungstenite::client_async(format!("ws://{desk}/v1/ws"), tcp).await.unwrap();
        let mut guest = Self { socket, stream: StreamId::public(site.clone(), visitor_id) };
        let who = Identity::Visitor { site, visitor_id, token: Secret::new([1; 32]) };
        let device_id = DeviceId(Uuid::new_v4());
        guest.write(&ClientFrame::Hello(Hello { proto: PROTO, device_id, who, cursors: vec![] })).await;
        guest.hear("welcome").await;
        guest
    }

    /// Writes a message; when the desk had acknowledged it.
    pub async fn say(&mut self, text: &str) -> Instant {
        let (stream, uid) = (self.stream.clone(), Uid(Uuid::new_v4()));
        let body = SendBody::message(text.to_owned());
        let entry = Entry { stream, uid, prev_uid: None, body, created_at: Timestamp(0) };
        self.write(&ClientFrame::Send(entry)).await;
        self.hear("ack").await
    }

    async fn write(&mut self, frame: &ClientFrame) {
        self.socket.send(Message::text(encode(frame).unwrap())).await.unwrap();
    }

    /// Waits for a frame of this name.
    async fn hear(&mut self, name: &str) -> Instant {
        let begin = format!("{{\"{name}\"");
        loop {
            let message = self.socket.next().await.unwrap().unwrap();
            let Message::Text(text) = message else { continue };
            assert!(!text.starts_with("{\"nack\"") && !text.starts_with("{\"bye\""), "refused: {text}");
            if text.starts_with(&begin) {
                return Instant::now();
            }
        }
    }
}
