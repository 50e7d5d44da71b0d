//! A desk in virtual time, with named people before it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};

use deskbell_server::desk::{Class, ConnId, Desk, DeskSetup, HashTicket, Input, Output, Parcel};
use deskbell_server::{DeskLimits, Pace};
use deskbell_wire::*;
use uuid::Uuid;

/// The start of all tests' time.
pub(crate) const START: i64 = 1_700_000_000_000;

/// A desk and everything that it sent.
pub(crate) struct Room {
    pub(crate) desk: Desk,
    pub(crate) now: i64,
    pub(crate) inbox: BTreeMap<ConnId, Vec<DeskFrame>>,
    pub(crate) closed: BTreeSet<ConnId>,
    /// Outputs in the order in which they came, with their class.
    pub(crate) order: Vec<(ConnId, DeskFrame, Class)>,
    pub(crate) verify: Vec<(ConnId, String, String)>,
    /// Passwords to be hashed.
    pub(crate) hashes: Vec<(HashTicket, String)>,
    /// Letters that were handed out.
    pub(crate) mails: Vec<Parcel>,
    next: u64,
}

/// A person's device on a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Device {
    pub(crate) conn: ConnId,
    pub(crate) visitor: VisitorId,
    pub(crate) device: DeviceId,
}

impl Device {
    pub(crate) fn stream(&self) -> StreamId {
        stream(self.visitor)
    }
}

pub(crate) fn unpaced() -> DeskSetup {
    DeskSetup { limits: DeskLimits::unpaced(), ..DeskSetup::default() }
}

pub(crate) fn stream(visitor: VisitorId) -> StreamId {
    StreamId::public(SiteKey::main(), visitor)
}

pub(crate) fn visitor(n: u128) -> VisitorId {
    VisitorId(Uuid::from_u128(0x1000 + n))
}

pub(crate) fn device(n: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(0x2000 + n))
}

pub(crate) fn uid(n: u128) -> Uid {
    Uid(Uuid::from_u128(0x3000 + n))
}

pub(crate) fn token(n: u8) -> Secret {
    Secret::new([n; 32])
}

pub(crate) fn text(words: &str) -> SendBody {
    SendBody::message(words)
}

pub(crate) fn entry(stream: &StreamId, n: u128, body: SendBody) -> Entry {
    Entry { stream: stream.clone(), uid: uid(n), prev_uid: None, body, created_at: Timestamp(START) }
}

pub(crate) fn hello(visitor_id: VisitorId, device_id: DeviceId, token: Secret) -> Hello {
    Hello {
        proto: PROTO,
        device_id,
        who: Identity::Visitor { site: SiteKey::main(), visitor_id, token },
        cursors: vec![],
    }
}

impl Room {
    pub(crate) fn new() -> Self {
        Self::with(unpaced())
    }

    pub(crate) fn with(setup: DeskSetup) -> Self {
        Self::starting_at(setup, START)
    }

    pub(crate) fn starting_at(setup: DeskSetup, now: i64) -> Self {
        let desk = Desk::open(setup, Timestamp(now)).unwrap();
        Self {
            desk,
            now,
            inbox: BTreeMap::new(),
            closed: BTreeSet::new(),
            order: vec![],
            verify: vec![],
            hashes: vec![],
            mails: vec![],
            next: 0,
        }
    }

    /// Hands over what happened together and sorts what came out.
    pub(crate) fn together(&mut self, mut inputs: Vec<Input>) {
        for output in self.desk.handle(&mut inputs, Timestamp(self.now)) {
            match output {
                Output::Frame { to, text, class } => {
                    assert!(!self.closed.contains(&to), "a frame after the close of {to}");
                    let frame = decode_desk(&text).unwrap();
                    self.inbox.entry(to).or_default().push(frame.clone());
                    self.order.push((to, frame, class));
                }
                Output::Close { conn } => {
                    self.closed.insert(conn);
                }
                Output::Verify { conn, password, hash } => {
                    self.verify.push((conn, password.to_string(), hash.to_string()));
                }
                Output::Hash { ticket, password } => self.hashes.push((ticket, password.to_string())),
                Output::Mail(parcel) => self.mails.push(*parcel),
                Output::Authenticated { .. } => {}
            }
        }
    }

    pub(crate) fn say(&mut self, conn: ConnId, frame: ClientFrame) {
        self.together(vec![Input::Frame { conn, frame }]);
    }

    pub(crate) fn pass(&mut self, ms: i64) {
        self.now += ms;
        self.together(vec![Input::Tick]);
    }

    pub(crate) fn open(&mut self) -> ConnId {
        self.open_from(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    pub(crate) fn open_from(&mut self, address: IpAddr) -> ConnId {
        self.next += 1;
        let conn = ConnId(self.next);
        self.together(vec![Input::Opened { conn, address }]);
        conn
    }

    pub(crate) fn close(&mut self, conn: ConnId) {
        self.closed.insert(conn);
        self.together(vec![Input::Closed { conn }]);
    }

    /// Visitor `n` on his device `d`.
    pub(crate) fn visitor_on(&mut self, n: u8, d: u128) -> Device {
        let conn = self.open();
        let (visitor, device) = (visitor(n.into()), device(d));
        self.say(conn, ClientFrame::Hello(hello(visitor, device, token(n))));
        Device { conn, visitor, device }
    }

    pub(crate) fn visitor(&mut self, n: u8) -> Device {
        self.visitor_on(n, n.into())
    }

    /// The owner of the desk on device `d`; made where there is none.
    pub(crate) fn operator(&mut self, d: u128) -> ConnId {
        if self.desk.list_operators().unwrap().is_empty() {
            self.desk.add_operator("Ann", "", "", Timestamp(self.now)).unwrap();
        }
        let (_, token) = self.desk.local_session(device(d), Timestamp(self.now)).unwrap();
        self.operator_with(d, token, vec![])
    }

    pub(crate) fn operator_with(&mut self, d: u128, token: Secret, cursors: Vec<StreamCursor>) -> ConnId {
        let conn = self.open();
        let who = Identity::Operator { token };
        self.say(conn, ClientFrame::Hello(Hello { proto: PROTO, device_id: device(d), who, cursors }));
        conn
    }

    pub(crate) fn send(&mut self, conn: ConnId, entry: Entry) {
        self.say(conn, ClientFrame::Send(entry));
    }

    /// Everything that came since the last call.
    pub(crate) fn take(&mut self, conn: ConnId) -> Vec<DeskFrame> {
        self.inbox.remove(&conn).unwrap_or_default()
    }

    pub(crate) fn clear(&mut self) {
        self.inbox.clear();
        self.order.clear();
    }

    pub(crate) fn acks(&mut self, conn: ConnId) -> Vec<Ack> {
        let frames = self.inbox.get(&conn).into_iter().flatten();
        frames
            .filter_map(|frame| if let DeskFrame::Ack(ack) = frame { Some(ack.clone()) } else { None })
            .collect()
    }

    pub(crate) fn nacks(&mut self, conn: ConnId) -> Vec<Nack> {
        let frames = self.inbox.get(&conn).into_iter().flatten();
        frames
            .filter_map(|frame| if let DeskFrame::Nack(nack) = frame { Some(nack.clone()) } else { None })
            .collect()
    }

    pub(crate) fn events(&self, conn: ConnId) -> Vec<Event> {
        let frames = self.inbox.get(&conn).into_iter().flatten();
        frames
            .filter_map(|frame| if let DeskFrame::Event(event) = frame { Some(event.clone()) } else { None })
            .collect()
    }

    pub(crate) fn bye(&self, conn: ConnId) -> Option<Bye> {
        match self.inbox.get(&conn)?.last()? {
            DeskFrame::Bye(bye) => Some(bye.clone()),
            _ => None,
        }
    }

    /// The whole stream, by pages, as `conn` may read it.
    pub(crate) fn log(&mut self, conn: ConnId, stream: &StreamId) -> Vec<Event> {
        let mut events: Vec<Event> = vec![];
        loop {
            let after = events.last().map_or(0, |event| event.seq);
            let fetch = Fetch { stream: stream.clone(), from: Bound::After(after), limit: 200 };
            let kept = self.inbox.remove(&conn);
            self.say(conn, ClientFrame::Fetch(fetch));
            let page = self.take(conn).into_iter().find_map(|frame| match frame {
                DeskFrame::Page(page) => Some(page),
                _ => None,
            });
            if let Some(kept) = kept {
                self.inbox.insert(conn, kept);
            }
            let page = page.expect("a page");
            assert_eq!(page.base, after);
            assert!(page.events.iter().zip(after + 1..).all(|(event, seq)| event.seq == seq), "dense");
            let done = page.events.is_empty();
            events.extend(page.events);
            if done || events.last().is_some_and(|event| event.seq >= page.head) {
                return events;
            }
        }
    }
}

/// What a log says, in short.
pub(crate) fn kinds(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.body.kind()).collect()
}

pub(crate) fn words(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .filter_map(
            |event| if let EventBody::Message { text, .. } = &event.body { Some(text.clone()) } else { None },
        )
        .collect()
}

pub(crate) fn slow() -> Pace {
    Pace::new(2, 1_000)
}
