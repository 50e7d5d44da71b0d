//! Files before a desk in virtual time: voices, announcements, and uploads whose bytes are always right.

use std::net::{IpAddr, Ipv4Addr};

use deskbell_server::desk::{ConnId, Desk, FilePlace, FileStand, FileVoice, Input, NewFile};
use deskbell_wire::*;

use crate::common::*;

/// Bytes of a file, where a test does not say.
pub(crate) const SIZE: u64 = 1_000;
pub(crate) const HOUR: i64 = 3_600_000;

/// An operator, and what his device speaks with over HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Clerk {
    pub(crate) conn: ConnId,
    pub(crate) id: OperatorId,
    pub(crate) voice: FileVoice,
}

/// The voice of visitor `n` on device `d` with token `t`.
pub(crate) fn voice(n: u8, d: u128, t: u8) -> FileVoice {
    let who = Identity::Visitor { site: SiteKey::main(), visitor_id: visitor(n.into()), token: token(t) };
    FileVoice { who, device: device(d) }
}

/// The voice of visitor `n` on his first device.
pub(crate) fn voice_of(n: u8) -> FileVoice {
    voice(n, n.into(), n)
}

/// The voice of an operator's session.
pub(crate) fn session(token: &Secret, d: u128) -> FileVoice {
    FileVoice { who: Identity::Operator { token: token.clone() }, device: device(d) }
}

/// The owner of the desk on device `d`.
pub(crate) fn owner(room: &mut Room, d: u128) -> Clerk {
    if room.desk.list_operators().unwrap().is_empty() {
        room.desk.add_operator("Ann", "", "", Timestamp(room.now)).unwrap();
    }
    let (card, token) = room.desk.local_session(device(d), Timestamp(room.now)).unwrap();
    let voice = session(&token, d);
    Clerk { conn: room.operator_with(d, token, vec![]), id: card.id, voice }
}

/// An operator who signs in with `login` on device `d`; his account is made where there is none.
pub(crate) fn clerk(room: &mut Room, login: &str, d: u128) -> Clerk {
    if !room.desk.list_operators().unwrap().iter().any(|entry| entry.login == login) {
        room.desk.add_operator(login, login, "$hash", Timestamp(room.now)).unwrap();
    }
    let conn = room.open();
    let sign_in = SignIn { proto: PROTO, device_id: device(d), login: login.into(), password: "word".into() };
    room.say(conn, ClientFrame::SignIn(sign_in));
    room.together(vec![Input::Verified { conn, right: Some(true) }]);
    let Some(DeskFrame::SignedIn(SignedIn { operator, token })) = room.take(conn).pop() else { panic!() };
    let who = Identity::Operator { token: token.clone() };
    room.say(conn, ClientFrame::Hello(Hello { proto: PROTO, device_id: device(d), who, cursors: vec![] }));
    Clerk { conn, id: operator.id, voice: session(&token, d) }
}

/// The `n`th file for that stream: no two have the same content.
pub(crate) fn file(n: u128, stream: &StreamId) -> NewFile {
    let mut digest = [7; 32];
    digest[..16].copy_from_slice(&n.to_be_bytes());
    NewFile {
        id: FileId(uid(n).0),
        stream: stream.clone(),
        group: None,
        name: format!("file {n}.png"),
        size: SIZE,
        media: "image/png".into(),
        digest: FileDigest(digest),
    }
}

/// The message that carries the `n`th file.
pub(crate) fn carrying(n: u128, words: &str) -> SendBody {
    SendBody::Message { text: words.into(), group: None, file: Some(FileId(uid(n).0)) }
}

impl Room {
    pub(crate) fn create(&mut self, voice: &FileVoice, new: &NewFile) -> Result<FilePlace, FileRefusal> {
        self.desk.create_file(voice, new, IpAddr::V4(Ipv4Addr::LOCALHOST), Timestamp(self.now))
    }

    pub(crate) fn at(&mut self, voice: &FileVoice, secret: &Secret) -> Result<FileStand, FileRefusal> {
        self.desk.file_at(voice, secret, Timestamp(self.now))
    }

    pub(crate) fn whole(&mut self, voice: &FileVoice, secret: &Secret) -> Result<(), FileRefusal> {
        self.desk.file_whole(voice, secret, "image/png", Timestamp(self.now))
    }

    /// Announces a file and has all its bytes come.
    pub(crate) fn upload(&mut self, voice: &FileVoice, new: &NewFile) -> FilePlace {
        let place = self.create(voice, new).unwrap();
        self.whole(voice, &place.secret).unwrap();
        place
    }

    /// Sends the message that carries the `n`th file: its id, or why not.
    pub(crate) fn carry(&mut self, conn: ConnId, stream: &StreamId, n: u128) -> Result<MessageId, NackCode> {
        self.inbox.remove(&conn);
        self.send(conn, entry(stream, n, carrying(n, "")));
        match self.nacks(conn).first() {
            Some(nack) => Err(nack.code),
            None => Ok(self.acks(conn).first().expect("an answer").message_id),
        }
    }

    pub(crate) fn read(&mut self, voice: &FileVoice, message: MessageId) -> Result<FileCard, FileRefusal> {
        self.desk.readable_file(voice, message, Timestamp(self.now))
    }

    /// Forgets what nobody asked for: the parts and digests that may go.
    pub(crate) fn sweep(&mut self) -> (usize, Vec<FileDigest>) {
        let gone = self.desk.stale_files(Timestamp(self.now));
        (gone.parts.len(), gone.digests)
    }
}

/// Is everything that the desk wants what these files are, with how many parts?
pub(crate) fn wants(desk: &Desk, digests: &[FileDigest], parts: usize) {
    let wanted = desk.wanted_digests(None).unwrap();
    let mut expected = digests.to_vec();
    expected.sort();
    assert_eq!(desk.wanted_digests(wanted.last().copied()).unwrap_or_default(), []);
    assert_eq!((wanted, desk.wanted_parts().unwrap().len()), (expected, parts));
}
