//! Every frame has a snapshot, so that its shape cannot change unseen, and a round-trip property.
#![allow(clippy::unwrap_used, reason = "tests")]

use deskbell_wire::*;
use proptest::prelude::*;
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn stream() -> StreamId {
    StreamId::public(SiteKey::main(), VisitorId(id(1)))
}

fn card() -> OperatorCard {
    OperatorCard { id: OperatorId(id(2)), name: "Anna".into(), position: "Support".into() }
}

fn client_frames() -> Vec<(&'static str, ClientFrame)> {
    let cursor = Cursor { epoch: Epoch(id(3)), seq: 7, message_id: MessageId(id(4)) };
    let visitor = Identity::Visitor {
        site: SiteKey::main(),
        visitor_id: VisitorId(id(1)),
        token: Secret::new([1; 32]),
    };
    let entry = |body| {
        let (uid, prev_uid) = (Uid(id(6)), Some(Uid(id(5))));
        ClientFrame::Send(Entry {
            stream: stream(),
            uid,
            prev_uid,
            body,
            files: vec![],
            created_at: Timestamp(8),
        })
    };
    vec![
        (
            "hello_visitor",
            ClientFrame::Hello(Hello {
                proto: PROTO,
                device_id: DeviceId(id(9)),
                who: visitor,
                cursors: vec![StreamCursor { stream: stream(), cursor }],
            }),
        ),
        (
            "hello_operator",
            ClientFrame::Hello(Hello {
                proto: PROTO,
                device_id: DeviceId(id(9)),
                who: Identity::Operator { token: Secret::new([2; 32]) },
                cursors: vec![],
            }),
        ),
        (
            "sign_in",
            ClientFrame::SignIn(SignIn {
                proto: PROTO,
                device_id: DeviceId(id(9)),
                login: "anna".into(),
                password: "a long password".into(),
            }),
        ),
        ("send_message", entry(SendBody::message("Good day"))),
        ("send_start", entry(SendBody::Start {})),
        ("send_close", entry(SendBody::Close {})),
        ("fetch_after", ClientFrame::Fetch(Fetch { stream: stream(), from: Bound::After(7), limit: 200 })),
        ("fetch_before", ClientFrame::Fetch(Fetch { stream: stream(), from: Bound::Before(7), limit: 20 })),
        ("snapshot", ClientFrame::Snapshot(Snapshot { stream: stream(), tail: 50 })),
        ("mark", ClientFrame::Mark(Mark { stream: stream(), kind: MarkKind::Read, seq: 7 })),
        (
            "ephemeral",
            ClientFrame::Ephemeral(Ephemeral { stream: stream(), typing: true, text: "Good da".into() }),
        ),
        ("watch", ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 500 })),
        ("status", ClientFrame::Status(OperatorStatus::Away)),
        ("ping", ClientFrame::Ping { n: 1 }),
    ]
}

fn event(body: EventBody, author: Author, uid: Option<Uid>) -> Event {
    Event {
        stream: stream(),
        seq: 8,
        message_id: MessageId(id(10)),
        chat_id: Some(ChatId(id(11))),
        author,
        ts: Timestamp(12),
        body,
        uid,
    }
}

fn row() -> VisitorRow {
    VisitorRow {
        stream: stream(),
        name: Some("Boris".into()),
        status: VisitorStatus::Waiting,
        since: Timestamp(1),
        connected: true,
        chat_id: Some(ChatId(id(11))),
        operator: Some(card()),
        head: 8,
        last: Some(LastWords { text: "Good day".into(), side: Side::Visitor, ts: Timestamp(12) }),
        unread: 1,
    }
}

fn desk_frames() -> Vec<(&'static str, DeskFrame)> {
    let head = StreamHead { stream: stream(), head: 8, reset: false };
    let message = |uid| event(EventBody::Message { text: "Good day".into() }, Author::Visitor, uid);
    let told = |body| DeskFrame::Event(event(body, Author::System, None));
    vec![
        (
            "welcome",
            DeskFrame::Welcome(Welcome {
                epoch: Epoch(id(3)),
                limits: Limits::default(),
                heads: vec![head.clone()],
                operator: Some(card()),
                status: Some(OperatorStatus::Online),
                now: Timestamp(12),
            }),
        ),
        ("signed_in", DeskFrame::SignedIn(SignedIn { operator: card(), token: Secret::new([3; 32]) })),
        ("event_message", DeskFrame::Event(message(None))),
        ("event_own_message", DeskFrame::Event(message(Some(Uid(id(6)))))),
        ("event_opened", told(EventBody::Opened { by: OpenedBy::Message })),
        ("event_joined", told(EventBody::Joined { operator: card() })),
        ("event_left", told(EventBody::Left { operator: OperatorId(id(2)) })),
        ("event_closed", told(EventBody::Closed { reason: CloseReason::ClosedByOperator })),
        (
            "ack",
            DeskFrame::Ack(Ack {
                uid: Uid(id(6)),
                stream: stream(),
                seq: 8,
                message_id: MessageId(id(10)),
                ts: Timestamp(12),
                dup: true,
            }),
        ),
        (
            "nack",
            DeskFrame::Nack(Nack {
                uid: Uid(id(6)),
                code: NackCode::Rate,
                fatal: false,
                retry_after: Some(1_000),
            }),
        ),
        (
            "page",
            DeskFrame::Page(Page {
                stream: stream(),
                epoch: Epoch(id(3)),
                base: 7,
                events: vec![message(None)],
                head: 8,
            }),
        ),
        ("lag", DeskFrame::Lag { stream: stream(), head: 8 }),
        (
            "list",
            DeskFrame::List(List {
                list: ListName::Visitors,
                whole: false,
                version: 2,
                rows: vec![row()],
                gone: vec![stream()],
                total: 1,
            }),
        ),
        (
            "state",
            DeskFrame::State(State {
                visitor_state: VisitorState::Chat,
                availability: Availability { online: true },
                operator: Some(card()),
            }),
        ),
        (
            "ephemeral",
            DeskFrame::Ephemeral(Heard {
                stream: stream(),
                side: Side::Operator,
                typing: true,
                text: String::new(),
            }),
        ),
        ("marks", DeskFrame::Marks(Marks { stream: stream(), side: Side::Operator, delivered: 8, read: 7 })),
        ("pong", DeskFrame::Pong { n: 1, heads: vec![head] }),
        ("bye", DeskFrame::Bye(Bye { code: ByeCode::Stopping, retry_after: Some(2_000), moved: None })),
    ]
}

#[test]
fn every_client_frame_keeps_its_shape() {
    for (name, frame) in client_frames() {
        insta::assert_json_snapshot!(format!("client_{name}"), frame);
        assert_eq!(decode_client(&encode(&frame).unwrap()), Ok(frame));
    }
}

#[test]
fn every_desk_frame_keeps_its_shape() {
    for (name, frame) in desk_frames() {
        insta::assert_json_snapshot!(format!("desk_{name}"), frame);
        assert_eq!(decode_desk(&encode(&frame).unwrap()), Ok(frame));
    }
}

#[test]
fn threats_6_every_client_frame_refuses_a_field_that_is_not_its_own() {
    for (name, frame) in client_frames() {
        let mut value = serde_json::to_value(&frame).unwrap();
        let Some(fields) = value.as_object_mut().and_then(|outer| outer.values_mut().next()?.as_object_mut())
        else {
            continue;
        };
        fields.insert("author".to_owned(), "system".into());
        assert_eq!(decode_client(&value.to_string()), Err(FrameError::Malformed), "{name}");
    }
}

#[test]
fn a_newer_desk_may_say_more_than_this_app_knows() {
    for (name, frame) in desk_frames() {
        let mut value = serde_json::to_value(&frame).unwrap();
        let fields =
            value.as_object_mut().and_then(|outer| outer.values_mut().next()?.as_object_mut()).unwrap();
        fields.insert("later".to_owned(), true.into());
        assert_eq!(decode_desk(&value.to_string()), Ok(frame), "{name}");
    }
}

#[test]
fn debug_hides_what_people_wrote_and_every_secret() {
    let client = client_frames().into_iter().map(|(_, frame)| format!("{frame:?}"));
    let desk = desk_frames().into_iter().map(|(_, frame)| format!("{frame:?}"));
    for text in client.chain(desk) {
        for secret in ["Good day", "Anna", "Boris", "a long password", "0101", "0202", "0303"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[\\PC\\u{0}-\\u{1f}\\u{202e}\"\\\\]{0,200}"]
}

fn any_id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

prop_compose! {
    fn any_entry()(
        uid in any_id(), prev in proptest::option::of(any_id()), visitor in any_id(), text in any_text(),
        created_at in any::<i64>(), kind in 0..3_u8,
    ) -> ClientFrame {
        let body = match kind {
            0 => SendBody::Start {},
            1 => SendBody::Close {},
            _ => SendBody::message(text),
        };
        ClientFrame::Send(Entry {
            stream: StreamId::public(SiteKey::main(), VisitorId(visitor)),
            uid: Uid(uid), prev_uid: prev.map(Uid), body, files: vec![], created_at: Timestamp(created_at),
        })
    }
}

prop_compose! {
    fn any_event()(
        seq in 0..u64::MAX, message in any_id(), chat in proptest::option::of(any_id()), text in any_text(),
        name in any_text(), ts in any::<i64>(), uid in proptest::option::of(any_id()), by_operator in any::<bool>(),
    ) -> DeskFrame {
        let operator = OperatorCard { id: OperatorId(message), name, position: String::new() };
        DeskFrame::Event(Event {
            stream: stream(), seq, message_id: MessageId(message), chat_id: chat.map(ChatId),
            author: if by_operator { Author::Operator(operator) } else { Author::Visitor },
            ts: Timestamp(ts), body: EventBody::Message { text }, uid: uid.map(Uid),
        })
    }
}

proptest! {
    #[test]
    fn any_entry_survives_the_wire(frame in any_entry()) {
        prop_assert_eq!(decode_client(&encode(&frame).unwrap()), Ok(frame));
    }

    #[test]
    fn any_event_survives_the_wire(frame in any_event()) {
        prop_assert_eq!(decode_desk(&encode(&frame).unwrap()), Ok(frame));
    }

    #[test]
    fn threats_24_no_text_breaks_the_decoder(text in any_text()) {
        let _ = decode_client(&text);
        let _ = decode_desk(&text);
    }

    #[test]
    fn threats_24_no_damaged_frame_breaks_the_decoder(frame in any_entry(), at in any::<usize>(), c in any::<char>()) {
        let mut text: Vec<char> = encode(&frame).unwrap().chars().collect();
        let at = at % text.len();
        if let Some(place) = text.get_mut(at) {
            *place = c;
        }
        let _ = decode_client(&text.into_iter().collect::<String>());
    }
}
