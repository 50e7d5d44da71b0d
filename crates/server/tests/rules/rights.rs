//! S10, I13: whatever happens in whatever order, no operator is told of a stream that is not his.

use std::collections::BTreeSet;

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::ConnId;
use deskbell_wire::*;

/// A generator whose runs can be repeated.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// What ought to be known of a stream. Group 0: everybody.
#[derive(Clone, Default)]
struct Truth {
    chats: BTreeSet<u32>,
    asked: BTreeSet<u32>,
    open: Option<u32>,
}

impl Truth {
    fn read_by(&self, places: &[u32]) -> bool {
        let his = |group: &u32| *group == 0 || places.contains(group);
        places.is_empty() || self.chats.is_empty() || self.chats.iter().any(his) || self.asked.iter().any(his)
    }

    fn followed_by(&self, places: &[u32]) -> bool {
        let open = self.open.is_none_or(|group| places.is_empty() || group == 0 || places.contains(&group));
        self.read_by(places) && open
    }

    fn opened(&mut self, group: u32) {
        if self.open.is_none() {
            self.open = Some(group);
            self.chats.insert(group);
        }
    }
}

/// A stream that a frame tells of, and whether being allowed to read it is enough.
fn told(frame: &DeskFrame) -> Vec<(StreamId, bool)> {
    match frame {
        DeskFrame::Event(event) => {
            let given = matches!(event.body, EventBody::Moved { .. } | EventBody::Left { .. });
            vec![(event.stream.clone(), given)]
        }
        DeskFrame::Marks(marks) => vec![(marks.stream.clone(), false)],
        DeskFrame::Ephemeral(heard) => vec![(heard.stream.clone(), false)],
        DeskFrame::Lag { stream, .. } => vec![(stream.clone(), false)],
        DeskFrame::List(list) => list.rows.iter().map(|row| (row.stream.clone(), false)).collect(),
        DeskFrame::Requests(list) => list.rows.iter().map(|row| (row.stream.clone(), true)).collect(),
        DeskFrame::Pong { heads, .. } => heads.iter().map(|head| (head.stream.clone(), true)).collect(),
        DeskFrame::Page(page) if page.head > 0 => vec![(page.stream.clone(), true)],
        _ => vec![],
    }
}

struct Play {
    room: Room,
    dice: Dice,
    owner: ConnId,
    operators: Vec<(ConnId, OperatorId, Vec<u32>)>,
    visitors: Vec<Device>,
    truth: Vec<Truth>,
    sent: u128,
}

impl Play {
    fn new(seed: u64) -> Self {
        let mut room = Room::new();
        let owner = room.operator(50);
        with_groups(&mut room, owner, &["A", "B", "C"]);
        let mut operators = Vec::new();
        for (n, login) in ["a", "b", "c"].into_iter().enumerate() {
            let (conn, id) = colleague(&mut room, login, 60 + n as u128);
            for list in [ListName::Visitors, ListName::Requests] {
                room.say(conn, ClientFrame::Watch(Watch { list, limit: 100 }));
            }
            operators.push((conn, id, vec![]));
        }
        let visitors = (1..=4).map(|n| room.visitor(n)).collect();
        Self { room, dice: Dice(seed), owner, operators, visitors, truth: vec![Truth::default(); 4], sent: 0 }
    }

    fn send(&mut self, conn: ConnId, who: usize, body: SendBody) -> bool {
        self.sent += 1;
        let n = self.sent;
        self.room.send(conn, entry(&self.visitors[who].stream(), n, body));
        self.room.acks(conn).iter().any(|ack| ack.uid == uid(n))
    }

    /// Does something; `may` is checked against what the desk said.
    fn step(&mut self) {
        let who = self.dice.throw(4);
        let ann = self.visitors[who];
        let (operator, id, places) = self.operators[self.dice.throw(3)].clone();
        let acts = self.truth[who].followed_by(&places);
        let group = self.dice.throw(4) as u32;
        let some = (group > 0).then_some(GroupId(group));
        match self.dice.throw(9) {
            0 | 1 => {
                assert!(self.send(
                    ann.conn,
                    who,
                    SendBody::Message { text: "x".into(), group: some, file: None }
                ));
                self.truth[who].opened(group);
            }
            2 => {
                if self.send(ann.conn, who, SendBody::Close {}) {
                    self.truth[who].open = None;
                }
            }
            3 => {
                let text = String::from("x");
                let (name, email, phone) = (String::new(), String::new(), String::new());
                let request = Request::Offline { name, email, phone, text, group: some };
                assert!(self.send(ann.conn, who, SendBody::Request(request)));
                self.truth[who].asked.extend(some.map(|group| group.0));
            }
            4 => {
                let open = self.truth[who].open.is_some();
                let moved = self.send(operator, who, SendBody::Move { group: some });
                assert_eq!(moved, open && acts);
                if moved {
                    self.truth[who].open = Some(group);
                    self.truth[who].chats.insert(group);
                }
            }
            5 => {
                let open = self.truth[who].open.is_some();
                assert_eq!(self.send(operator, who, text("y")), open && acts);
            }
            6 => {
                let groups: Vec<u32> = (1..=3).filter(|_| self.dice.throw(2) == 0).collect();
                place(&mut self.room, self.owner, id, &groups);
                self.operators.iter_mut().find(|known| known.1 == id).unwrap().2 = groups;
            }
            7 => {
                let typing = Ephemeral { stream: ann.stream(), typing: true, text: "z".into() };
                self.room.say(ann.conn, ClientFrame::Ephemeral(typing));
                let mark = Mark { stream: ann.stream(), kind: MarkKind::Read, seq: 1 };
                self.room.say(ann.conn, ClientFrame::Mark(mark));
            }
            _ => {
                let read = !self.room.log(operator, &ann.stream()).is_empty();
                let there = !self.room.log(ann.conn, &ann.stream()).is_empty();
                assert_eq!(read, there && self.truth[who].read_by(&places));
                self.room.say(operator, ClientFrame::Ping { n: 1 });
            }
        }
    }

    /// Whatever was told since the last call was told to somebody who may know it, now or before the step.
    fn check(&mut self, before: &[Truth], placed: &[Vec<u32>]) {
        for (n, (conn, _, places)) in self.operators.clone().into_iter().enumerate() {
            for frame in self.room.take(conn) {
                for (stream, reading) in told(&frame) {
                    let at = self.visitors.iter().position(|ann| ann.stream() == stream).unwrap();
                    let may = |truth: &Truth, places: &[u32]| match reading {
                        true => truth.read_by(places),
                        false => truth.followed_by(places),
                    };
                    let fine = may(&self.truth[at], &places) || may(&before[at], &placed[n]);
                    assert!(fine, "operator {n} of {places:?} was told {frame:?}");
                }
            }
        }
    }
}

#[test]
fn s10_i13_no_operator_is_told_of_what_is_not_his_whatever_happens() {
    for seed in 1..=150 {
        let mut play = Play::new(seed);
        println!("seed {seed}");
        for _ in 0..60 {
            let placed: Vec<_> = play.operators.iter().map(|operator| operator.2.clone()).collect();
            let before = play.truth.clone();
            // What was gathered is told before the next step, so that it is judged by the right moment.
            play.step();
            play.room.pass(200);
            play.check(&before, &placed);
        }
    }
}
