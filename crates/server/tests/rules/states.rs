//! A visitor's states at the desk (§7 of the consultant API): what each side does, and what the other is told.

use crate::common::*;
use deskbell_server::desk::{ConnId, DeskSetup};
use deskbell_wire::*;
use uuid::Uuid;

/// A visitor and an operator before a desk.
struct Pair {
    room: Room,
    visitor: Device,
    operator: ConnId,
    sent: u128,
}

impl Pair {
    fn new() -> Self {
        Self::with(unpaced())
    }

    fn with(setup: DeskSetup) -> Self {
        let mut room = Room::with(setup);
        let operator = room.operator(50);
        let visitor = room.visitor(1);
        Self { room, visitor, operator, sent: 0 }
    }

    fn does(&mut self, conn: ConnId, body: SendBody) {
        self.sent += 1;
        let stream = self.visitor.stream();
        let n = self.sent;
        self.room.send(conn, entry(&stream, n, body));
        assert!(self.room.acks(conn).iter().any(|ack| ack.uid == uid(n)), "{:?}", self.room.nacks(conn));
    }

    fn refused(&mut self, conn: ConnId, body: SendBody) -> NackCode {
        self.sent += 1;
        let stream = self.visitor.stream();
        let n = self.sent;
        self.room.send(conn, entry(&stream, n, body));
        self.room.nacks(conn).into_iter().find(|nack| nack.uid == uid(n)).expect("a refusal").code
    }

    fn visitor_does(&mut self, body: SendBody) {
        self.does(self.visitor.conn, body);
    }

    fn operator_does(&mut self, body: SendBody) {
        self.does(self.operator, body);
    }

    /// What the visitor's form was told last.
    fn present(&self) -> State {
        let frames = self.room.inbox.get(&self.visitor.conn).into_iter().flatten();
        let mut states = frames.filter_map(|frame| match frame {
            DeskFrame::State(state) => Some(State::clone(state)),
            _ => None,
        });
        states.next_back().expect("a state")
    }

    fn kinds(&mut self) -> Vec<&'static str> {
        let stream = self.visitor.stream();
        kinds(&self.room.log(self.operator, &stream))
    }

    /// Watches the list and gives the visitor's row.
    fn row(&mut self) -> VisitorRow {
        let watch = Watch { list: ListName::Visitors, limit: 100 };
        self.room.say(self.operator, ClientFrame::Watch(watch));
        self.room.pass(1_000);
        let visitor = self.visitor.visitor;
        let frames = self.room.inbox.get(&self.operator).into_iter().flatten();
        let mut rows = frames.filter_map(|frame| match frame {
            DeskFrame::List(list) => list.rows.iter().find(|row| row.stream.visitor == visitor).cloned(),
            _ => None,
        });
        rows.next_back().expect("a row")
    }

    fn invite(&mut self) -> MessageId {
        self.operator_does(SendBody::Invite { text: "May I help?".into() });
        self.present().invite.expect("an invitation").id
    }
}

#[test]
fn invite_shows_the_operator_s_words_and_accepting_makes_a_chat_with_him() {
    let mut pair = Pair::new();
    let invite = pair.invite();
    let present = pair.present();
    assert_eq!(present.visitor_state, VisitorState::Invite);
    assert_eq!(present.invite.as_ref().map(|invite| invite.text.as_str()), Some("May I help?"));
    assert_eq!(pair.row().status, VisitorStatus::Invited);
    pair.visitor_does(SendBody::Accept { invite });
    let present = pair.present();
    assert_eq!((present.visitor_state, present.invite.is_none()), (VisitorState::Chat, true));
    assert_eq!(present.operator.map(|card| card.name).as_deref(), Some("Ann"));
    assert_eq!(pair.kinds(), ["invited", "opened", "joined"]);
    assert_eq!(pair.row().status, VisitorStatus::InChat);
}

#[test]
fn a_message_in_state_invite_and_then_inviteaccept_make_one_chat() {
    let mut pair = Pair::new();
    let invite = pair.invite();
    pair.visitor_does(text("Yes, please"));
    pair.visitor_does(SendBody::Accept { invite });
    assert_eq!(pair.kinds(), ["invited", "opened", "joined", "message"]);
}

#[test]
fn invitereject_and_withdrawal_lead_back_to_available_and_a_late_answer_is_stale() {
    let mut pair = Pair::new();
    let invite = pair.invite();
    pair.visitor_does(SendBody::Reject { invite });
    assert_eq!(pair.present().visitor_state, VisitorState::Available);
    assert_eq!(pair.refused(pair.visitor.conn, SendBody::Accept { invite }), NackCode::Stale);
    pair.invite();
    assert_eq!(
        pair.refused(pair.operator, SendBody::Invite { text: "again".into() }),
        NackCode::Stale,
        "one at a time"
    );
    pair.operator_does(SendBody::Withdraw {});
    assert_eq!(pair.present().visitor_state, VisitorState::Available);
    assert_eq!(pair.kinds(), ["invited", "invite_ended", "invited", "invite_ended"]);
}

#[test]
fn an_operator_takes_leaves_and_answers() {
    let mut pair = Pair::new();
    pair.visitor_does(SendBody::Start {});
    assert_eq!(pair.row().status, VisitorStatus::Waiting);
    pair.operator_does(SendBody::Join {});
    assert_eq!(pair.row().status, VisitorStatus::InChat);
    assert!(pair.present().operator.is_some());
    pair.operator_does(SendBody::Join {});
    pair.operator_does(SendBody::Leave {});
    assert!(pair.present().operator.is_none(), "operatorleave");
    assert_eq!(pair.row().status, VisitorStatus::Waiting);
    pair.operator_does(text("back again"));
    assert_eq!(pair.kinds(), ["opened", "joined", "left", "joined", "message"]);
}

#[test]
fn setoperatorrating_is_kept_changed_cleared_and_belongs_to_the_chat() {
    let mut pair = Pair::new();
    assert_eq!(pair.refused(pair.visitor.conn, SendBody::Rate { mark: Some(5) }), NackCode::Stale);
    pair.visitor_does(text("hello"));
    assert_eq!(pair.present().rating, None, "nobody to rate");
    pair.operator_does(text("good day"));
    assert_eq!(pair.present().rating.map(|rating| rating.mark), Some(None), "rateable");
    for mark in [Some(5), Some(2), None] {
        pair.visitor_does(SendBody::Rate { mark });
        assert_eq!(pair.present().rating.map(|rating| rating.mark), Some(mark));
    }
    pair.visitor_does(SendBody::Rate { mark: Some(4) });
    pair.operator_does(SendBody::Close {});
    assert_eq!(pair.present().rating.map(|rating| rating.mark), Some(Some(4)), "after the chat, too");
    pair.visitor_does(text("once more"));
    pair.operator_does(text("yes?"));
    assert_eq!(pair.present().rating.map(|rating| rating.mark), Some(None), "another chat, no mark yet");
}

#[test]
fn setvisitorcard_reaches_the_operators_list_and_an_operator_may_add_to_it() {
    let mut pair = Pair::new();
    let card = |name: Option<&str>, email: &str| SendBody::Card {
        name: name.map(str::to_owned),
        emails: vec![email.to_owned()],
        phones: Vec::new(),
    };
    pair.visitor_does(card(Some("Anna"), "a@b.example"));
    pair.operator_does(card(None, "c@d.example"));
    let held = pair.present().card;
    assert_eq!(
        (held.name.as_str(), held.emails.as_slice()),
        ("Anna", &["c@d.example".into(), "a@b.example".into()][..])
    );
    assert_eq!(pair.row().name.as_deref(), Some("Anna"));
}

#[test]
fn a_banned_visitor_is_out_of_the_chat_and_not_heard_until_let_in_again() {
    let mut pair = Pair::new();
    pair.visitor_does(text("hello"));
    pair.operator_does(SendBody::Ban { banned: true });
    let log = pair.room.log(pair.operator, &pair.visitor.stream());
    assert!(log.iter().any(|event| event.body == EventBody::Closed { reason: CloseReason::VisitorBanned }));
    assert_eq!(pair.present().visitor_state, VisitorState::Available);
    assert_eq!(pair.refused(pair.visitor.conn, text("still here")), NackCode::Banned);
    pair.operator_does(SendBody::Ban { banned: false });
    pair.visitor_does(text("thank you"));
}

#[test]
fn what_was_left_is_settled_in_its_own_stream_alone() {
    let mut pair = Pair::new();
    let request =
        Request::Callback { name: String::new(), phone: "+49 30 1234567".into(), group: None, at: None };
    pair.visitor_does(SendBody::Request(request));
    let left = pair.room.log(pair.operator, &pair.visitor.stream()).remove(0).message_id;
    let other = pair.room.visitor(2);
    let elsewhere = entry(&other.stream(), 900, SendBody::Settle { request: left, done: true });
    pair.room.send(pair.operator, elsewhere);
    assert_eq!(pair.room.nacks(pair.operator).last().map(|nack| nack.code), Some(NackCode::Invalid));
    pair.operator_does(SendBody::Settle { request: left, done: true });
    assert_eq!(pair.kinds(), ["requested", "settled"]);
    let unknown = MessageId(Uuid::from_u128(1));
    assert_eq!(
        pair.refused(pair.operator, SendBody::Settle { request: unknown, done: true }),
        NackCode::Invalid
    );
}

#[test]
fn threats_2_operators_verbs_are_not_a_visitors() {
    let mut pair = Pair::new();
    for body in [SendBody::Join {}, SendBody::Ban { banned: true }, SendBody::Invite { text: "x".into() }] {
        assert_eq!(pair.refused(pair.visitor.conn, body), NackCode::Forbidden);
    }
    for body in [SendBody::Start {}, SendBody::Rate { mark: Some(1) }, SendBody::Consent { version: 1 }] {
        assert_eq!(pair.refused(pair.operator, body), NackCode::Forbidden);
    }
    assert_eq!(pair.kinds(), Vec::<&str>::new());
}

#[test]
fn consent_of_a_device_that_knows_older_terms_takes_nothing_back() {
    let mut pair = Pair::new();
    for version in [2, 1] {
        pair.visitor_does(SendBody::Consent { version });
        assert_eq!(pair.present().consented, 2);
    }
}

#[test]
fn i8_a_wish_that_comes_twice_changes_nothing_more() {
    let mut pair = Pair::new();
    pair.visitor_does(text("hello"));
    pair.operator_does(text("good day"));
    let rate = SendBody::Rate { mark: Some(3) };
    pair.visitor_does(rate.clone());
    let before = pair.kinds();
    let again = entry(&pair.visitor.stream(), pair.sent, rate);
    pair.room.send(pair.visitor.conn, again);
    assert!(pair.room.acks(pair.visitor.conn).last().is_some_and(|ack| ack.dup));
    assert_eq!(pair.kinds(), before);
}

#[test]
fn every_state_survives_the_desk() {
    let folder = tempfile::tempdir().unwrap();
    let setup = || DeskSetup { file: Some(folder.path().join("desk.db")), ..unpaced() };
    let mut pair = Pair::with(setup());
    pair.visitor_does(SendBody::Card { name: Some("Anna".into()), emails: Vec::new(), phones: Vec::new() });
    pair.visitor_does(text("hello"));
    pair.operator_does(text("good day"));
    pair.visitor_does(SendBody::Rate { mark: Some(5) });
    pair.visitor_does(SendBody::Close {});
    let invite = pair.invite();
    let before = pair.present();
    let Pair { room, .. } = pair;
    drop(room);

    let mut pair = Pair::with(setup());
    pair.sent = 100;
    let after = pair.present();
    assert_eq!(
        (after.visitor_state, &after.card, after.rating),
        (before.visitor_state, &before.card, before.rating)
    );
    assert_eq!(after.invite, before.invite, "the very invitation");
    pair.visitor_does(SendBody::Accept { invite });
    assert_eq!(pair.present().operator.map(|card| card.name).as_deref(), Some("Ann"), "who invited joins");
}
