//! One of every frame that a client may say.

use deskbell_wire::*;

use crate::samples::{id, pack, send_bodies, settings, stream};

pub(crate) fn frames() -> Vec<(String, ClientFrame)> {
    let mut frames = greetings();
    frames.extend(send_bodies().into_iter().map(|(name, body)| (format!("send_{name}"), entry(body))));
    frames.extend(requests());
    frames.extend(
        asks().into_iter().map(|(name, ask)| (format!("ask_{name}"), ClientFrame::Ask { n: 7, ask })),
    );
    frames
}

fn entry(body: SendBody) -> ClientFrame {
    let (uid, prev_uid) = (Uid(id(6)), Some(Uid(id(5))));
    ClientFrame::Send(Entry { stream: stream(), uid, prev_uid, body, created_at: Timestamp(8) })
}

fn greetings() -> Vec<(String, ClientFrame)> {
    let cursor = Cursor { epoch: Epoch(id(3)), seq: 7, message_id: MessageId(id(4)) };
    let visitor = Identity::Visitor {
        site: SiteKey::main(),
        visitor_id: VisitorId(id(1)),
        token: Secret::new([1; 32]),
    };
    let hello =
        |who, cursors| ClientFrame::Hello(Hello { proto: PROTO, device_id: DeviceId(id(9)), who, cursors });
    let sign_in = SignIn {
        proto: PROTO,
        device_id: DeviceId(id(9)),
        login: "anna".into(),
        password: "a long password".into(),
    };
    let redeem = Redeem {
        proto: PROTO,
        device_id: DeviceId(id(9)),
        site: SiteKey::main(),
        code: Secretive("ABCD-EFGH-2345".into()),
        token: Secret::new([4; 32]),
    };
    vec![
        ("hello_visitor".into(), hello(visitor, vec![StreamCursor { stream: stream(), cursor }])),
        ("hello_operator".into(), hello(Identity::Operator { token: Secret::new([2; 32]) }, vec![])),
        ("sign_in".into(), ClientFrame::SignIn(sign_in)),
        ("redeem".into(), ClientFrame::Redeem(redeem)),
    ]
}

fn requests() -> Vec<(String, ClientFrame)> {
    let typing = Ephemeral { stream: stream(), typing: true, text: "Good da".into() };
    let fetch = |from, limit| ClientFrame::Fetch(Fetch { stream: stream(), from, limit });
    let watch = |list| ClientFrame::Watch(Watch { list, limit: 500 });
    vec![
        ("fetch_after".into(), fetch(Bound::After(7), 200)),
        ("fetch_before".into(), fetch(Bound::Before(7), 20)),
        ("snapshot".into(), ClientFrame::Snapshot(Snapshot { stream: stream(), tail: 50 })),
        ("mark".into(), ClientFrame::Mark(Mark { stream: stream(), kind: MarkKind::Read, seq: 7 })),
        ("ephemeral".into(), ClientFrame::Ephemeral(typing)),
        ("watch".into(), watch(ListName::Visitors)),
        ("watch_requests".into(), watch(ListName::Requests)),
        ("status".into(), ClientFrame::Status(OperatorStatus::Away)),
        ("ping".into(), ClientFrame::Ping { n: 1 }),
    ]
}

fn asks() -> Vec<(&'static str, Ask)> {
    vec![
        ("person", Ask::Person { stream: stream() }),
        ("save_site", Ask::SaveSite(Box::new(settings()))),
        ("set_groups", Ask::SetGroups { operator: OperatorId(id(2)), groups: vec![GroupId(3)] }),
        ("test_mail", Ask::TestMail { to: "boris@home.example".into() }),
        (
            "set_password",
            Ask::SetPassword { operator: OperatorId(id(2)), password: Secretive("correct horse".into()) },
        ),
        ("sign_out", Ask::SignOut {}),
        ("link_code", Ask::LinkCode {}),
        ("devices", Ask::Devices {}),
        ("revoke", Ask::Revoke { device: DeviceId(id(9)) }),
        ("pack", Ask::Pack { digest: pack().digest, from: 32_768 }),
    ]
}
