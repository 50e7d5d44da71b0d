//! A desk starts, serves and stops.

use deskbell_server::{DeskError, DeskOptions, start};
use deskbell_wire::*;

use super::*;
use crate::common::{device, entry, stream, text, visitor};

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_crosses_the_desk() {
    let desk = start(unpaced()).unwrap();
    let mut operator = operator_at(&desk, 50).await;
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let own = stream(visitor(1));
    ann.say(&ClientFrame::Send(entry(&own, 1, text("hello")))).await;
    assert_eq!(operator.words().await, "hello");
    operator.say(&ClientFrame::Send(entry(&own, 2, text("good day")))).await;
    assert_eq!(ann.words().await, "hello");
    assert_eq!(ann.words().await, "good day");
    let mark = Mark { stream: own, kind: MarkKind::Read, seq: 4 };
    ann.say(&ClientFrame::Mark(mark)).await;
    let read =
        operator.until(|frame| if let DeskFrame::Marks(marks) = frame { Some(marks.read) } else { None });
    assert_eq!(read.await, 4);
    desk.stop();
    assert_eq!(ann.bye().await, Some(ByeCode::Stopping));
    assert_eq!(operator.bye().await, Some(ByeCode::Stopping));
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_the_older_socket_of_a_device_is_really_closed() {
    let desk = start(unpaced()).unwrap();
    let mut old = visitor_at(desk.address(), 1, 1).await;
    let _new = visitor_at(desk.address(), 1, 1).await;
    assert_eq!(old.bye().await, Some(ByeCode::Replaced));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_cannot_start_with_is_one_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let data = Some(folder.path().join("data"));
    let key = Some(zeroize::Zeroizing::new([7; 32]));
    let here = || DeskOptions { data: data.clone(), key: key.clone(), ..unpaced() };
    let desk = start(here()).unwrap();
    let code = |options| start(options).err().map(|error: DeskError| error.code());
    assert_eq!(code(here()), Some("data_in_use"));
    assert_eq!(code(DeskOptions { listen: desk.address(), ..unpaced() }), Some("port_in_use"));
    let certificate = folder.path().join("none.pem");
    let tls = deskbell_server::Tls::Files { certificate: certificate.clone(), key: certificate };
    assert_eq!(code(DeskOptions { tls, ..unpaced() }), Some("certificate"));
    desk.stop();
    assert_eq!(
        code(DeskOptions { key: Some(zeroize::Zeroizing::new([8; 32])), ..here() }),
        Some("wrong_key")
    );
    let file = folder.path().join("plain");
    std::fs::write(&file, "").unwrap();
    assert_eq!(code(DeskOptions { data: Some(file.join("below")), ..unpaced() }), Some("data_denied"));
    let desk = start(here()).unwrap();
    assert!(!desk.has_operators().unwrap());
    for (name, login, password) in [
        ("", "a", "long enough"),
        ("Ann", "", "long enough"),
        ("Ann", "a b", "long enough"),
        ("Ann", "a", "short"),
    ] {
        assert_eq!(desk.add_operator(name, login, password).unwrap_err().code(), "bad_account");
    }
    assert_eq!(desk.local_session(device(1)).unwrap_err().code(), "no_account");
    desk.add_operator("Ann", "ann", "long enough").unwrap();
    assert_eq!(desk.add_operator("Bob", "ann", "long enough").unwrap_err().code(), "login_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_can_be_started_and_dropped_inside_a_runtime() {
    // The app that hosts a desk has a runtime of its own.
    let desk = start(unpaced()).unwrap();
    let address = desk.address();
    let mut ann = visitor_at(address, 1, 1).await;
    drop(desk);
    assert_eq!(ann.bye().await, Some(ByeCode::Stopping));
    assert_eq!(start(DeskOptions { listen: address, ..unpaced() }).unwrap().address(), address);
}
