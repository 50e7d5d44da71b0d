//! One of every frame that a desk may say.

use deskbell_wire::*;

use crate::samples::{
    event_bodies, form, id, offline, operator, pack, person, stream, told_settings, visitor_card,
};

pub(crate) fn frames() -> Vec<(String, DeskFrame)> {
    let mut frames = session();
    frames.extend(
        event_bodies().into_iter().map(|(name, body)| {
            (format!("event_{name}"), DeskFrame::Event(event(body, Author::System, None)))
        }),
    );
    frames.extend(log());
    frames.extend(present());
    frames.extend(
        answers().into_iter().map(|(name, told)| (format!("told_{name}"), DeskFrame::Told { n: 7, told })),
    );
    frames
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

fn message(uid: Option<Uid>) -> Event {
    event(EventBody::Message { text: "Good day".into(), file: None }, Author::Visitor, uid)
}

fn head() -> StreamHead {
    StreamHead { stream: stream(), head: 8, reset: false }
}

fn session() -> Vec<(String, DeskFrame)> {
    let welcome = Welcome {
        epoch: Epoch(id(3)),
        limits: Limits::default(),
        heads: vec![head()],
        operator: Some(operator()),
        status: Some(OperatorStatus::Online),
        now: Timestamp(12),
    };
    let signed_in = SignedIn { operator: operator(), token: Secret::new([3; 32]) };
    let bye = Bye { code: ByeCode::Stopping, retry_after: Some(2_000), moved: None };
    vec![
        ("welcome".into(), DeskFrame::Welcome(welcome)),
        ("signed_in".into(), DeskFrame::SignedIn(signed_in)),
        ("linked".into(), DeskFrame::Linked(Linked { visitor_id: VisitorId(id(1)) })),
        ("pong".into(), DeskFrame::Pong { n: 1, heads: vec![head()] }),
        ("bye".into(), DeskFrame::Bye(bye)),
    ]
}

fn log() -> Vec<(String, DeskFrame)> {
    let (uid, message_id) = (Uid(id(6)), MessageId(id(10)));
    let ack = Ack { uid, stream: stream(), seq: 8, message_id, ts: Timestamp(12), dup: true };
    let nack = Nack { uid, code: NackCode::Rate, fatal: false, retry_after: Some(1_000) };
    let page = Page { stream: stream(), epoch: Epoch(id(3)), base: 7, events: vec![message(None)], head: 8 };
    vec![
        ("event_message".into(), DeskFrame::Event(message(None))),
        ("event_own_message".into(), DeskFrame::Event(message(Some(uid)))),
        ("ack".into(), DeskFrame::Ack(ack)),
        ("nack".into(), DeskFrame::Nack(nack)),
        ("page".into(), DeskFrame::Page(page)),
        ("lag".into(), DeskFrame::Lag { stream: stream(), head: 8 }),
    ]
}

fn row() -> VisitorRow {
    VisitorRow {
        stream: stream(),
        name: Some("Boris".into()),
        status: VisitorStatus::Waiting,
        since: Timestamp(1),
        connected: true,
        chat_id: Some(ChatId(id(11))),
        operator: Some(operator()),
        group: Some(GroupId(3)),
        head: 8,
        last: Some(LastWords { text: "Good day".into(), side: Side::Visitor, ts: Timestamp(12) }),
        unread: 1,
    }
}

fn state() -> State {
    State {
        visitor_state: VisitorState::Invite,
        availability: Availability { online: true, groups: vec![GroupId(3)] },
        operator: Some(operator()),
        group: Some(GroupId(3)),
        invite: Some(Invitation {
            id: MessageId(id(20)),
            text: "May I help".into(),
            operator: Some(operator()),
            ts: Timestamp(12),
            expires: Some(Timestamp(99)),
        }),
        lead: Some(LeadForm::CallGenerator),
        rating: Some(Rating { chat_id: ChatId(id(11)), mark: Some(4) }),
        card: visitor_card(),
        retention: Some(Way::Sitephone),
        consented: 2,
    }
}

fn present() -> Vec<(String, DeskFrame)> {
    let list = List {
        list: ListName::Visitors,
        whole: false,
        version: 2,
        rows: vec![row()],
        gone: vec![stream()],
        total: 1,
    };
    let request = RequestRow {
        id: MessageId(id(20)),
        stream: stream(),
        ts: Timestamp(12),
        request: offline(),
        visitor: Some("Boris".into()),
        done_by: Some(operator()),
    };
    let requests = Requests { whole: false, rows: vec![request], gone: vec![MessageId(id(21))], open: 1 };
    let seat = OperatorSeat { card: operator(), groups: vec![GroupId(3)], admin: true, online: true };
    let site = Site { settings: told_settings(), operators: vec![seat], admin: true };
    let heard = Heard { stream: stream(), side: Side::Operator, typing: true, text: String::new() };
    let marks = Marks { stream: stream(), side: Side::Operator, delivered: 8, read: 7 };
    vec![
        ("list".into(), DeskFrame::List(list)),
        ("requests".into(), DeskFrame::Requests(requests)),
        ("state".into(), DeskFrame::State(Box::new(state()))),
        ("form".into(), DeskFrame::Form(Box::new(form()))),
        ("form_with_a_pack".into(), DeskFrame::Form(Box::new(FormSettings { pack: Some(pack()), ..form() }))),
        ("site".into(), DeskFrame::Site(Box::new(site))),
        ("ephemeral".into(), DeskFrame::Ephemeral(heard)),
        ("marks".into(), DeskFrame::Marks(marks)),
    ]
}

fn answers() -> Vec<(&'static str, Told)> {
    let device =
        DeviceRow { device_id: DeviceId(id(9)), linked: Timestamp(1), seen: Timestamp(12), connected: true };
    let refused = Told::Refused { code: Refusal::Invalid, detail: Some("form.groups".into()) };
    vec![
        ("done", Told::Done {}),
        ("person", Told::Person(Box::new(person()))),
        ("link_code", Told::LinkCode { code: "ABCD-EFGH-2345".into(), expires: Timestamp(99) }),
        ("devices", Told::Devices(vec![device])),
        ("pack", Told::Pack { total: pack().bytes, part: "Zm9ybQ==".into() }),
        ("refused", refused),
    ]
}
