//! Who gets a file, and who may send one.

use deskbell_wire::*;
use uuid::Uuid;

use super::{Room, carry};
use crate::raw_http::{Sample, Voice, digest_of, noise};
use crate::sockets::{operator_at, visitor_at};

#[tokio::test(flavor = "multi_thread")]
async fn i14_threats_1_a_file_is_its_readers_and_nobodys_before_its_message() {
    let mut room = Room::new().await;
    let _bob = visitor_at(room.desk.address(), 2, 2).await;
    let file = Sample::new(1, 1, "secret.bin", noise(1, 5_000));
    let mut raw = room.line().await;
    assert_eq!(room.voice.upload(&mut raw, &file).await.status, 204);
    // Whole, and still nobody's: there is no message by which it could be asked for.
    let unknown = room.owner.fetch(&mut raw, MessageId(file.id.0), "").await;
    assert_eq!(unknown.refused(), (403, FileRefusal::Forbidden));
    let message = room.carry(&file).await.unwrap();
    for (who, voice) in [
        ("another visitor", Voice::visitor(2, 2)),
        ("an unknown visitor", Voice::visitor(9, 9)),
        ("a wrong token", Voice { token: Secret::new([99; 32]), ..room.voice.clone() }),
        ("a visitor as an operator", Voice { visitor: None, ..room.voice.clone() }),
    ] {
        for (method, more) in [("GET", ""), ("GET", "Range: bytes=0-9\r\n"), ("HEAD", "")] {
            let mut raw = room.line().await;
            let path = format!("/v1/files/{message}");
            let stranger = raw.ask(method, &path, &format!("{}{more}", voice.headers()), &[]).await;
            let path = format!("/v1/files/{}", Uuid::from_u128(77));
            let mut raw = room.line().await;
            let none = raw.ask(method, &path, &format!("{}{more}", voice.headers()), &[]).await;
            assert_eq!(stranger.status, 403, "{who}: {method}");
            assert_eq!(stranger.body, none.body, "{who}: looks like what does not exist");
            let strip = |answer: crate::raw_http::Answer| {
                answer.headers.into_iter().filter(|(name, _)| name != "date").collect::<Vec<_>>()
            };
            assert_eq!(strip(stranger), strip(none), "{who}: {method}");
        }
    }
    assert_eq!(room.line().await.ask("GET", &format!("/v1/files/{message}"), "", &[]).await.status, 403);
    assert!(room.voice.fetch(&mut room.line().await, message, "").await.body == file.bytes);
    assert!(room.owner.fetch(&mut room.line().await, message, "").await.body == file.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_40_an_upload_answers_to_its_secret_in_the_hands_of_who_began_it() {
    let room = Room::new().await;
    let _bob = visitor_at(room.desk.address(), 2, 2).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 5_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    let eve = Voice::visitor(2, 2);
    for voice in [eve, room.owner.clone(), Voice::visitor(9, 9)] {
        let mut raw = room.line().await;
        let status = room_status(&voice, &mut raw, &place).await;
        assert!(status.iter().all(|status| matches!(status, 403 | 410)), "{status:?}");
    }
    // A secret that is guessed, and one that was replaced.
    let guessed = format!("/v1/files/up/{}", "0".repeat(64));
    assert_eq!(room.voice.stand(&mut raw, &guessed).await.status, 410);
    let again = room.voice.begin(&mut raw, &file).await;
    assert_eq!(room.voice.stand(&mut raw, &place).await.status, 410, "the old secret has ended");
    assert_eq!(room.voice.patch(&mut raw, &again, 0, &file.bytes).await.status, 204);
    // Another file under an id that is taken.
    let other = Sample { bytes: noise(2, 5_000), ..file };
    assert_eq!(room.voice.announce(&mut raw, &other).await.refused(), (400, FileRefusal::Invalid));
}

async fn room_status(voice: &Voice, raw: &mut crate::raw_http::Raw, place: &str) -> Vec<u16> {
    let mut found = vec![voice.stand(raw, place).await.status];
    for method in ["DELETE", "PATCH"] {
        let Ok(tcp) = tokio::net::TcpStream::connect(raw.tcp.peer_addr().unwrap()).await else { panic!() };
        raw.tcp = tcp;
        let headers = format!("{}{}", voice.tus(), crate::raw_http::piece(0));
        found.push(raw.ask(method, place, &headers, if method == "PATCH" { b"x" } else { b"" }).await.status);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_40_to_know_a_digest_is_not_to_have_the_file() {
    let mut room = Room::new().await;
    let mut eve = visitor_at(room.desk.address(), 2, 2).await;
    let kept = Sample::new(1, 1, "kept.bin", noise(1, 80_000));
    let message = room.send(&kept).await;
    let voice = Voice::visitor(2, 2);
    let claimed = Sample {
        stream: crate::common::stream(crate::common::visitor(2)),
        ..Sample::new(2, 2, "mine.bin", kept.bytes.clone())
    };
    let mut raw = room.line().await;
    let place = voice.begin(&mut raw, &claimed).await;
    assert_eq!(voice.stand(&mut raw, &place).await.offset(), 0, "she has to send all of it");
    assert_eq!(carry(&mut eve, &claimed).await, Err(NackCode::FileMissing));
    // Other bytes of that length.
    let lie = voice.patch(&mut raw, &place, 0, &noise(2, 80_000)).await;
    assert_eq!(lie.refused(), (460, FileRefusal::Checksum));
    assert_eq!(carry(&mut eve, &claimed).await, Err(NackCode::FileMissing));
    assert_eq!(voice.stand(&mut raw, &place).await.offset(), 0, "and may begin anew");
    assert!(room.owner.fetch(&mut raw, message, "").await.body == kept.bytes, "the file is as it was");
    // Ending hers does not take the other's bytes away.
    assert_eq!(voice.patch(&mut raw, &place, 0, &kept.bytes).await.status, 204);
    assert_eq!(raw.ask("DELETE", &place, &voice.tus(), &[]).await.status, 204);
    assert!(room.owner.fetch(&mut raw, message, "").await.body == kept.bytes);
    assert_ne!(digest_of(&kept.bytes), digest_of(&noise(2, 80_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_40_a_right_that_is_lost_midway_is_lost_at_the_end() {
    let mut room = Room::new().await;
    let mut operator = operator_at(&room.desk, 51).await;
    let file = Sample::new(1, 1, "x.bin", noise(1, 100_000));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    let headers = format!("{}{}Content-Length: 100000\r\n\r\n", room.voice.tus(), crate::raw_http::piece(0));
    raw.say(format!("PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{headers}")).await;
    raw.say(&file.bytes[..60_000]).await;
    // While the piece is on its way the visitor is kept out.
    let mut ban = crate::common::entry(&file.stream, 90, SendBody::Ban { banned: true });
    ban.created_at = Timestamp(0);
    operator.say(&ClientFrame::Send(ban)).await;
    operator.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
    raw.say(&file.bytes[60_000..]).await;
    assert_eq!(raw.hear().await.refused(), (403, FileRefusal::Banned));
    assert_eq!(room.carry(&file).await, Err(NackCode::Banned));
    assert!(matches!(room.voice.stand(&mut raw, &place).await.status, 403 | 410));
    let another = Sample::new(2, 1, "y.bin", noise(2, 10));
    assert_eq!(room.voice.announce(&mut raw, &another).await.refused(), (403, FileRefusal::Banned));
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_8_a_session_that_has_ended_fetches_nothing() {
    let mut room = Room::new().await;
    let message = room.send(&Sample::new(1, 1, "x.bin", noise(1, 100))).await;
    room.desk.add_operator("Bob", "bob", "correct horse").unwrap();
    let mut client = crate::sockets::connect(room.desk.address()).await;
    let (login, password) = ("bob".to_owned(), "correct horse".to_owned());
    let device_id = crate::common::device(60);
    client.say(&ClientFrame::SignIn(SignIn { proto: PROTO, device_id, login, password })).await;
    let Some(DeskFrame::SignedIn(SignedIn { token, .. })) = client.hear().await else { panic!() };
    let bob = Voice { token, device: device_id, visitor: None };
    let mut raw = room.line().await;
    assert_eq!(bob.fetch(&mut raw, message, "").await.status, 200);
    room.desk.set_password("bob", "another horse").unwrap();
    assert_eq!(bob.fetch(&mut raw, message, "").await.refused(), (403, FileRefusal::Forbidden));
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_threats_8_a_right_that_is_lost_midway_ends_a_download() {
    let mut options = crate::sockets::unpaced();
    options.limits.file_ask_ms = 0;
    let mut room = Room::with(options).await;
    // More than lines keep on their way.
    let file = Sample::new(1, 1, "x.bin", noise(1, 14 << 20));
    let mut raw = room.line().await;
    let place = room.voice.begin(&mut raw, &file).await;
    let (first, rest) = file.bytes.split_at(7 << 20);
    assert_eq!(room.voice.patch(&mut raw, &place, 0, first).await.status, 204);
    assert_eq!(room.voice.patch(&mut raw, &place, 7 << 20, rest).await.status, 204);
    let message = room.carry(&file).await.unwrap();
    let (owner, path) = (room.owner.clone(), format!("/v1/files/{message}"));
    raw.say(crate::raw_http::request("GET", &path, &owner.headers(), &[])).await;
    raw.tcp.readable().await.unwrap();
    // The owner's next session on this device ends the one that is fetching.
    let next = Voice::owner(&room.desk, 50);
    assert!(raw.hear_to(false).await.is_none(), "it breaks off");
    assert_eq!(owner.fetch(&mut room.line().await, message, "").await.status, 403);
    assert!(next.fetch(&mut room.line().await, message, "").await.body == file.bytes);
}
