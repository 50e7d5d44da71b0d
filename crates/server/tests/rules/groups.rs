//! Groups: who is there for which, and who may read and do what in which.

use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{ConnId, DeskSetup};
use deskbell_wire::*;

const SALES: u32 = 1;
const SUPPORT: u32 = 2;

/// An owner who works everywhere, one operator in sales, one in support, a visitor.
struct Office {
    room: Room,
    owner: ConnId,
    sales: ConnId,
    support: ConnId,
    sales_id: OperatorId,
    ann: Device,
    sent: u128,
}

impl Office {
    fn new() -> Self {
        Self::with(unpaced())
    }

    fn with(setup: DeskSetup) -> Self {
        let mut room = Room::with(setup);
        let owner = room.operator(50);
        with_groups(&mut room, owner, &["Sales", "Support"]);
        let (sales, sales_id) = colleague(&mut room, "sales", 51);
        let (support, support_id) = colleague(&mut room, "support", 52);
        place(&mut room, owner, sales_id, &[SALES]);
        place(&mut room, owner, support_id, &[SUPPORT]);
        let ann = room.visitor(1);
        Self { room, owner, sales, support, sales_id, ann, sent: 100 }
    }

    fn does(&mut self, conn: ConnId, body: SendBody) -> Result<(), NackCode> {
        self.sent += 1;
        let n = self.sent;
        self.room.send(conn, entry(&self.ann.stream(), n, body));
        match self.room.nacks(conn).into_iter().find(|nack| nack.uid == uid(n)) {
            Some(nack) => Err(nack.code),
            None => Ok(()),
        }
    }

    fn watch(&mut self) {
        for conn in [self.owner, self.sales, self.support] {
            self.room.say(conn, ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 100 }));
        }
        self.room.pass(1_000);
    }

    /// Does the operator's list show the visitor, after all that was told so far?
    fn shows(&self, conn: ConnId) -> bool {
        let mut shown = false;
        for frame in self.room.inbox.get(&conn).into_iter().flatten() {
            if let DeskFrame::List(list) = frame {
                shown &= !list.whole && !list.gone.contains(&self.ann.stream());
                shown |= list.rows.iter().any(|row| row.stream == self.ann.stream());
            }
        }
        shown
    }

    fn reads(&mut self, conn: ConnId) -> usize {
        let stream = self.ann.stream();
        self.room.log(conn, &stream).len()
    }
}

fn pushed(office: &Office, conn: ConnId) -> Vec<&'static str> {
    kinds(&office.room.events(conn))
}

#[test]
fn availability_is_told_per_group_when_it_changes_and_forgives_a_lost_line_for_a_minute() {
    let mut office = Office::new();
    let told = |office: &mut Office| {
        let frames = office.room.take(office.ann.conn);
        let states = frames.into_iter().filter_map(|frame| match frame {
            DeskFrame::State(state) => Some(state.availability),
            _ => None,
        });
        states
            .map(|there| (there.online, there.groups.iter().map(|group| group.0).collect()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&mut office), [(true, vec![SALES, SUPPORT])]);
    // The owner works in all groups: while he is there, so is everybody.
    office.room.say(office.sales, ClientFrame::Status(OperatorStatus::Away));
    assert_eq!(told(&mut office), []);
    office.room.say(office.owner, ClientFrame::Status(OperatorStatus::Away));
    assert_eq!(told(&mut office), [(true, vec![SUPPORT])]);
    office.room.say(office.sales, ClientFrame::Status(OperatorStatus::Online));
    assert_eq!(told(&mut office), [(true, vec![SALES, SUPPORT])]);
    office.room.close(office.support);
    office.room.pass(59_999);
    assert_eq!(told(&mut office), []);
    assert!(office.room.desk.wakes_at().unwrap() <= Timestamp(office.room.now + 1));
    office.room.pass(1);
    assert_eq!(told(&mut office), [(true, vec![SALES])]);
    place(&mut office.room, office.owner, office.sales_id, &[SUPPORT]);
    assert_eq!(told(&mut office), [(true, vec![SUPPORT])]);
    place(&mut office.room, office.owner, office.sales_id, &[]);
    assert_eq!(told(&mut office), [(true, vec![SALES, SUPPORT])], "none: all");
    office.room.say(office.sales, ClientFrame::Status(OperatorStatus::Away));
    assert_eq!(told(&mut office), [(false, vec![])]);
}

#[test]
fn i13_a_chat_for_a_group_exists_for_that_group_alone() {
    let mut office = Office::new();
    office.watch();
    assert!(
        [office.owner, office.sales, office.support].iter().all(|conn| office.shows(*conn)),
        "no chat yet"
    );
    office.room.order.clear();
    office.room.take(office.support);
    let ann = office.ann;
    office.does(ann.conn, for_group("a", SALES)).unwrap();
    let typing = Ephemeral { stream: ann.stream(), typing: true, text: "words".into() };
    office.room.say(ann.conn, ClientFrame::Ephemeral(typing));
    office.room.say(ann.conn, ClientFrame::Mark(Mark { stream: ann.stream(), kind: MarkKind::Read, seq: 1 }));
    office.room.pass(1_000);
    assert_eq!(pushed(&office, office.sales), ["opened", "message"]);
    assert_eq!((office.shows(office.sales), office.reads(office.sales)), (true, 2));
    // Nothing of it reaches the other group but that the row is gone.
    let frames = office.room.take(office.support);
    let gone = frames.iter().all(|frame| match frame {
        DeskFrame::List(list) => list.rows.is_empty() && list.gone == [ann.stream()],
        _ => false,
    });
    assert!(gone && frames.len() == 1, "{frames:?}");
    let nobody = stream(visitor(77));
    for of in [ann.stream(), nobody.clone()] {
        assert_eq!(office.room.log(office.support, &of), []);
        let told = ask(&mut office.room, office.support, Ask::Person { stream: of.clone() });
        assert_eq!(refusal(&told), (Refusal::Forbidden, None));
        let cursor = Cursor { epoch: office.room.desk.epoch(), seq: 1, message_id: MessageId(uid(1).0) };
        let (again, _) = colleague_with(&mut office.room, "support", 53, StreamCursor { stream: of, cursor });
        let Some(DeskFrame::Welcome(welcome)) = office.room.take(again).into_iter().next() else { panic!() };
        assert_eq!((welcome.heads[0].head, welcome.heads[0].reset), (0, true));
        office.room.close(again);
    }
    let support = office.support;
    for body in [text("b"), SendBody::Close {}, SendBody::Join {}, SendBody::Move { group: None }] {
        assert_eq!(office.does(support, body), Err(NackCode::Forbidden));
    }
    office.room.say(support, ClientFrame::Mark(Mark { stream: ann.stream(), kind: MarkKind::Read, seq: 2 }));
    let typing = Ephemeral { stream: ann.stream(), typing: true, text: String::new() };
    office.room.take(ann.conn);
    office.room.say(support, ClientFrame::Ephemeral(typing));
    assert!(office.room.take(ann.conn).is_empty());
    // After the chat the visitor's past stays theirs.
    office.does(ann.conn, SendBody::Close {}).unwrap();
    office.room.pass(1_000);
    assert_eq!((office.shows(office.sales), office.shows(support), office.reads(support)), (true, false, 0));
    // A chat for everybody opens it to everybody.
    office.does(ann.conn, text("all of you")).unwrap();
    office.room.pass(1_000);
    assert_eq!((office.shows(support), office.reads(support)), (true, 5));
}

/// Like `colleague`, with a cursor in the hello.
fn colleague_with(room: &mut Room, login: &str, d: u128, cursor: StreamCursor) -> (ConnId, OperatorId) {
    use deskbell_server::desk::Input;
    let conn = room.open();
    let sign_in = SignIn { proto: PROTO, device_id: device(d), login: login.into(), password: "word".into() };
    room.say(conn, ClientFrame::SignIn(sign_in));
    room.together(vec![Input::Verified { conn, right: Some(true) }]);
    let Some(DeskFrame::SignedIn(SignedIn { operator, token })) = room.take(conn).pop() else { panic!() };
    let who = Identity::Operator { token };
    room.say(
        conn,
        ClientFrame::Hello(Hello { proto: PROTO, device_id: device(d), who, cursors: vec![cursor] }),
    );
    (conn, operator.id)
}

#[test]
fn i13_a_chat_that_moves_on_is_the_other_groups_and_the_first_hears_no_more() {
    let mut office = Office::new();
    let (ann, sales, support) = (office.ann, office.sales, office.support);
    office.does(ann.conn, for_group("a", SALES)).unwrap();
    office.does(sales, text("b")).unwrap();
    office.watch();
    office.room.clear();
    office.does(sales, SendBody::Move { group: Some(GroupId(SUPPORT)) }).unwrap();
    office.room.pass(1_000);
    assert_eq!(pushed(&office, sales), ["left", "moved"], "who gives it away is told that it is given");
    assert_eq!(pushed(&office, support), ["left", "moved"]);
    let gone = office.room.take(sales).into_iter().any(|frame| match frame {
        DeskFrame::List(list) => list.gone == [ann.stream()],
        _ => false,
    });
    assert!(gone && office.shows(support));
    office.does(ann.conn, text("c")).unwrap();
    office.does(support, text("d")).unwrap();
    office.room.pass(1_000);
    assert!(office.room.take(sales).is_empty(), "pushes stop");
    assert_eq!(office.does(sales, text("e")), Err(NackCode::Forbidden));
    assert_eq!(office.does(sales, SendBody::Close {}), Err(NackCode::Forbidden));
    // What was once his he may read, and after the chat he sees the visitor again.
    assert_eq!(office.reads(sales), 9);
    office.does(support, SendBody::Close {}).unwrap();
    office.room.pass(1_000);
    let back = office.room.take(sales).into_iter().any(|frame| match frame {
        DeskFrame::List(list) => list.rows.iter().any(|row| row.stream == ann.stream()),
        _ => false,
    });
    assert!(back);
}

#[test]
fn s10_a_place_that_changes_counts_at_once_also_for_a_live_connection() {
    let mut office = Office::new();
    let (ann, sales, support) = (office.ann, office.sales, office.support);
    office.does(ann.conn, for_group("a", SALES)).unwrap();
    office.watch();
    assert!(office.shows(sales) && !office.shows(support));
    place(&mut office.room, office.owner, office.sales_id, &[SUPPORT]);
    office.room.pass(1_000);
    assert!(!office.shows(sales), "his row is gone");
    assert_eq!(office.reads(sales), 0);
    assert_eq!(office.does(sales, text("b")), Err(NackCode::Forbidden));
    let seats = site(&office.room, support).operators;
    let seat = seats.iter().find(|seat| seat.card.id == office.sales_id).unwrap();
    assert_eq!((seat.groups.as_slice(), seat.admin, seat.online), (&[GroupId(SUPPORT)][..], false, true));
}

#[test]
fn places_survive_a_restart_and_outlive_a_group_that_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut office = Office::with(setup());
    let ann = office.ann;
    office.does(ann.conn, for_group("a", SALES)).unwrap();
    saved(&mut office.room, office.owner, |site| drop(site.form.groups.pop()));
    drop(office);
    let mut room = Room::with(setup());
    let (support, _) = colleague(&mut room, "support", 52);
    assert_eq!(
        room.log(support, &ann.stream()),
        [],
        "who worked in a group that is gone does not see all by that"
    );
    let (sales, _) = colleague(&mut room, "sales", 51);
    assert_eq!(room.log(sales, &ann.stream()).len(), 2);
    let owner = room.operator(50);
    let operator = site(&room, owner).operators[1].card.id;
    for (operator, groups, path) in [
        (operator, vec![GroupId(SUPPORT)], "groups"),
        (operator, vec![GroupId(0)], "groups"),
        (operator, vec![GroupId(SALES); 51], "groups"),
        (OperatorId(uid(1).0), vec![], "operator"),
    ] {
        let told = ask(&mut room, owner, Ask::SetGroups { operator, groups });
        assert_eq!(refusal(&told), (Refusal::Invalid, Some(path)));
    }
}

#[test]
fn who_asks_a_group_that_is_gone_asks_everybody() {
    let mut office = Office::new();
    let ann = office.ann;
    saved(&mut office.room, office.owner, |site| drop(site.form.groups.pop()));
    office.does(ann.conn, for_group("a", SUPPORT)).unwrap();
    assert_eq!(state(&office.room, ann.conn).group, None);
    assert_eq!(pushed(&office, office.sales), ["opened", "message"]);
}

#[test]
fn colleagues_are_told_of_each_other_once_a_second_at_most() {
    let mut office = Office::new();
    office.room.pass(2_000);
    office.room.clear();
    for status in [OperatorStatus::Away, OperatorStatus::Online, OperatorStatus::Away] {
        office.room.say(office.sales, ClientFrame::Status(status));
    }
    office.room.pass(999);
    assert!(office.room.take(office.owner).is_empty());
    office.room.pass(1);
    assert_eq!(office.room.inbox.get(&office.owner).map_or(0, Vec::len), 1);
    let seats = site(&office.room, office.owner).operators;
    assert_eq!(seats.iter().map(|seat| seat.online).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(seats.iter().map(|seat| seat.admin).collect::<Vec<_>>(), [true, false, false]);
    office.room.pass(10_000);
    assert_eq!(office.room.inbox.get(&office.owner).map_or(0, Vec::len), 1);
}
