//! A desk with several operators, for tests of settings, groups, requests and time.

use deskbell_server::desk::{ConnId, Input};
use deskbell_wire::*;

use crate::common::*;

/// The owner's settings as they were last told.
pub(crate) fn settings(room: &Room, conn: ConnId) -> SiteSettings {
    site(room, conn).settings
}

/// The site as it was last told to that operator.
pub(crate) fn site(room: &Room, conn: ConnId) -> Site {
    let frames = room.inbox.get(&conn).into_iter().flatten();
    let mut sites = frames.filter_map(|frame| match frame {
        DeskFrame::Site(site) => Some(Site::clone(site)),
        _ => None,
    });
    sites.next_back().expect("a site")
}

/// Asks and gives the answer.
pub(crate) fn ask(room: &mut Room, conn: ConnId, ask: Ask) -> Told {
    room.say(conn, ClientFrame::Ask { n: 7, ask });
    let frames = room.inbox.get(&conn).into_iter().flatten();
    let mut told = frames.filter_map(|frame| match frame {
        DeskFrame::Told { n: 7, told } => Some(told.clone()),
        _ => None,
    });
    told.next_back().expect("an answer")
}

pub(crate) fn refusal(told: &Told) -> (Refusal, Option<&str>) {
    match told {
        Told::Refused { code, detail } => (*code, detail.as_deref()),
        other => panic!("{other:?}"),
    }
}

/// Saves what `change` makes of the settings.
pub(crate) fn save(room: &mut Room, admin: ConnId, change: impl FnOnce(&mut SiteSettings)) -> Told {
    let mut wished = settings(room, admin);
    change(&mut wished);
    ask(room, admin, Ask::SaveSite(Box::new(wished)))
}

pub(crate) fn saved(room: &mut Room, admin: ConnId, change: impl FnOnce(&mut SiteSettings)) {
    assert_eq!(save(room, admin, change), Told::Done {});
}

pub(crate) fn group(name: &str) -> Group {
    Group { id: GroupId(0), name: name.into() }
}

/// Gives the site these groups, numbered from 1.
pub(crate) fn with_groups(room: &mut Room, admin: ConnId, names: &[&str]) {
    saved(room, admin, |site| site.form.groups = names.iter().map(|name| group(name)).collect());
}

/// An operator who signs in with `login` on device `d`; his account is made where there is none.
pub(crate) fn colleague(room: &mut Room, login: &str, d: u128) -> (ConnId, OperatorId) {
    if !room.desk.list_operators().unwrap().iter().any(|entry| entry.login == login) {
        room.desk.add_operator(login, login, "$hash", Timestamp(room.now)).unwrap();
    }
    let conn = room.open();
    let sign_in = SignIn { proto: PROTO, device_id: device(d), login: login.into(), password: "word".into() };
    room.say(conn, ClientFrame::SignIn(sign_in));
    room.together(vec![Input::Verified { conn, right: Some(true) }]);
    let Some(DeskFrame::SignedIn(SignedIn { operator, token })) = room.take(conn).pop() else { panic!() };
    room.say(
        conn,
        ClientFrame::Hello(Hello {
            proto: PROTO,
            device_id: device(d),
            who: Identity::Operator { token },
            cursors: vec![],
        }),
    );
    (conn, operator.id)
}

/// Puts an operator into groups.
pub(crate) fn place(room: &mut Room, admin: ConnId, operator: OperatorId, groups: &[u32]) {
    let groups = groups.iter().copied().map(GroupId).collect();
    assert_eq!(ask(room, admin, Ask::SetGroups { operator, groups }), Told::Done {});
}

pub(crate) fn for_group(words: &str, group: u32) -> SendBody {
    SendBody::Message { text: words.into(), group: Some(GroupId(group)), file: None }
}

/// The present, as that visitor was last told.
pub(crate) fn state(room: &Room, conn: ConnId) -> State {
    let frames = room.inbox.get(&conn).into_iter().flatten();
    let mut states = frames.filter_map(|frame| match frame {
        DeskFrame::State(state) => Some(State::clone(state)),
        _ => None,
    });
    states.next_back().expect("a state")
}
