//! Files over real sockets: what the machine cannot show.

mod abuse;
mod line;
mod loss;
mod midway;
mod races;
mod rights;
mod threats;
mod way;

use deskbell_server::{DeskOptions, RunningDesk, start};
use deskbell_wire::*;
use tokio::net::TcpStream;

use crate::raw_http::{Raw, Sample, Voice};
use crate::sockets::{Client, unpaced, visitor_at};

/// A desk with visitor 1 on device 1 and its owner's files' voice on device 50.
struct Room {
    desk: RunningDesk,
    ann: Client<TcpStream>,
    voice: Voice,
    owner: Voice,
}

impl Room {
    async fn new() -> Self {
        Self::with(unpaced()).await
    }

    async fn with(options: DeskOptions) -> Self {
        let desk = start(options).unwrap();
        if !desk.has_operators().unwrap() {
            desk.add_owner("Ann").unwrap();
        }
        let ann = visitor_at(desk.address(), 1, 1).await;
        let (voice, owner) = (Voice::visitor(1, 1), Voice::owner(&desk, 50));
        Self { desk, ann, voice, owner }
    }

    async fn line(&self) -> Raw {
        Raw::to(self.desk.address()).await
    }

    /// The visitor sends the message that carries it.
    async fn carry(&mut self, file: &Sample) -> Result<MessageId, NackCode> {
        carry(&mut self.ann, file).await
    }

    /// The visitor sends the file with its message.
    async fn send(&mut self, file: &Sample) -> MessageId {
        let answer = self.voice.upload(&mut self.line().await, file).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        self.carry(file).await.unwrap()
    }
}

async fn carry(client: &mut Client<TcpStream>, file: &Sample) -> Result<MessageId, NackCode> {
    client.say(&file.entry("")).await;
    client
        .until(|frame| match frame {
            DeskFrame::Ack(ack) if ack.uid.0 == file.id.0 => Some(Ok(ack.message_id)),
            DeskFrame::Nack(nack) if nack.uid.0 == file.id.0 => Some(Err(nack.code)),
            _ => None,
        })
        .await
}

/// Every file below a folder, by name.
fn names(folder: &std::path::Path) -> Vec<String> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(names(&path));
        } else {
            found.push(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    found
}
