//! A device that wrote nothing reads everything: the desk's log as any new device would see it.

use std::time::{Duration, Instant};

use deskbell_client::{Audience, Client};
use deskbell_core::{Config, Notice, Role, Session};
use deskbell_store::{Location, SqliteStore};
use deskbell_vault::Vault;
use deskbell_wire::{DeviceId, JoinLink, Seq, StreamId};
use uuid::Uuid;

use super::Trouble;
use super::child::LOGIN;
use super::desk::PASSWORD;
use crate::checker::{Held, Log};

struct Deaf;

impl Audience<SqliteStore> for Deaf {
    fn hear(&mut self, _: &mut Session<SqliteStore>, _: Notice) {}
}

/// Reads these streams to their heads within `limit`.
pub(super) fn read(link: JoinLink, streams: &[StreamId], limit: Duration) -> Result<Vec<Log>, Trouble> {
    let store = SqliteStore::open(&Location::Memory, None)?;
    let device_id = DeviceId(Uuid::new_v4());
    let config = Config { device_id, role: Role::Operator { token: None }, seed: 7 };
    let client = Client::start(link, Session::open(config, store)?, Deaf, Vault::passing()?)?;
    client.ask(|session, _, now| session.sign_in(LOGIN.to_owned(), PASSWORD.to_owned(), now))?;
    let until = Instant::now() + limit;
    loop {
        let wanted = streams.to_vec();
        if let Some(held) = client.ask(move |session, _, now| everything(session, &wanted, now))? {
            client.stop();
            return held.into_iter().map(log).collect();
        }
        if Instant::now() > until {
            return Err("a new device did not reach the heads in time (I11)".into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// `None`: not yet.
fn everything(
    session: &mut Session<SqliteStore>,
    streams: &[StreamId],
    now: deskbell_core::Now,
) -> Option<Vec<Held>> {
    let heads: Vec<(StreamId, Seq)> = session.rows().0.map(|row| (row.stream.clone(), row.head)).collect();
    for stream in streams {
        let (_, head) = heads.iter().find(|(known, _)| known == stream)?;
        session.open_stream(stream, now);
        session.held(stream).filter(|held| held.seq() == *head && held.base == 0)?;
    }
    let mut held = Held::all(session.store()).ok()?;
    held.retain(|held| streams.contains(&held.stream));
    Some(held)
}

fn log(held: Held) -> Result<Log, Trouble> {
    let cursor = held.cursor.ok_or("a stream is empty")?;
    Ok(Log { stream: held.stream, epoch: cursor.epoch, events: held.events })
}
