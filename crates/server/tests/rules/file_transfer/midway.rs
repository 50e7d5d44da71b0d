//! A right that is lost while bytes of a piece are on their way.

use deskbell_server::{DeskLimits, DeskOptions};
use deskbell_wire::*;
use tokio::net::TcpStream;

use super::Room;
use crate::raw_http::{Answer, Raw, Sample, Voice, noise, piece};
use crate::sockets::{Client, operator_at, unpaced, visitor_at};

/// A piece of which the desk has the half: the rest comes when it comes.
struct Half {
    raw: Raw,
    file: Sample,
    place: String,
    voice: Voice,
}

impl Half {
    /// The `n`th file of visitor `v`, sent by that voice.
    async fn of(room: &Room, voice: &Voice, n: u128, v: u8) -> Self {
        let file = Sample::new(n, v, "x.bin", noise(1, 100_000));
        let mut raw = room.line().await;
        let place = voice.begin(&mut raw, &file).await;
        let headers = format!("{}{}Content-Length: 100000\r\n", voice.tus(), piece(0));
        raw.say(format!(
            "PATCH {place} HTTP/1.1\r\nHost: localhost\r\n{headers}Expect: 100-continue\r\n\r\n"
        ))
        .await;
        assert_eq!(raw.hear().await.status, 100, "it is being written");
        raw.say(&file.bytes[..60_000]).await;
        Self { raw, file, place, voice: voice.clone() }
    }

    /// Nothing more is sent: the desk says by itself that it is over.
    async fn cut(mut self) -> Answer {
        let answer = self.raw.hear().await;
        assert_eq!(answer.header("connection"), Some("close"), "{answer:?}");
        assert!(self.raw.is_closed().await);
        answer
    }

    async fn goes_on(mut self) {
        self.raw.say(&self.file.bytes[60_000..]).await;
        assert_eq!(self.raw.hear().await.status, 204);
        assert_eq!(self.voice.stand(&mut self.raw, &self.place).await.offset(), 100_000);
    }
}

/// A desk that asks again all the time.
async fn asking() -> Room {
    let limits = DeskLimits { file_ask_ms: 0, ..DeskLimits::unpaced() };
    Room::with(DeskOptions { limits, ..unpaced() }).await
}

/// What an operator does: the entry is committed.
async fn sends(operator: &mut Client<TcpStream>, file: &Sample, n: u128, body: SendBody) {
    let mut entry = crate::common::entry(&file.stream, n, body);
    entry.created_at = Timestamp(0);
    operator.say(&ClientFrame::Send(entry)).await;
    operator.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
}

/// The site's settings become what `change` makes of them, for an operator on his `d`th device.
async fn saves(room: &Room, d: u128, change: impl FnOnce(&mut SiteSettings)) {
    let mut operator = operator_at(&room.desk, d).await;
    let told = |frame: &DeskFrame| match frame {
        DeskFrame::Site(site) => Some(site.settings.clone()),
        _ => None,
    };
    let mut settings = operator.until(told).await;
    change(&mut settings);
    operator.say(&ClientFrame::Ask { n: 2, ask: Ask::SaveSite(Box::new(settings)) }).await;
    let told = operator
        .until(|frame| match frame {
            DeskFrame::Told { n: 2, told } => Some(told.clone()),
            _ => None,
        })
        .await;
    assert_eq!(told, Told::Done {});
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_threats_40_who_is_kept_out_midway_is_not_listened_to_until_his_piece_ends() {
    let room = asking().await;
    let _bob = visitor_at(room.desk.address(), 2, 2).await;
    let mut operator = operator_at(&room.desk, 51).await;
    let (own, others) =
        (Half::of(&room, &room.voice, 1, 1).await, Half::of(&room, &Voice::visitor(2, 2), 2, 2).await);
    sends(&mut operator, &own.file, 90, SendBody::Ban { banned: true }).await;
    assert_eq!(own.cut().await.refused(), (403, FileRefusal::Banned));
    others.goes_on().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_a_site_that_takes_no_files_any_more_takes_no_rest_of_one() {
    let room = asking().await;
    let half = Half::of(&room, &room.voice, 1, 1).await;
    saves(&room, 61, |site| site.form.files.enabled = false).await;
    assert_eq!(half.cut().await.refused(), (403, FileRefusal::Off));
    saves(&room, 62, |site| site.form.files.enabled = true).await;
    let half = Half::of(&room, &room.voice, 2, 1).await;
    saves(&room, 63, |site| {
        site.form.consent = Some(Consent { version: 1, text: "We keep it.".into(), url: String::new() });
    })
    .await;
    assert_eq!(half.cut().await.refused(), (403, FileRefusal::Consent), "nobody has agreed to that");
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_threats_8_a_session_that_ends_midway_sends_no_rest() {
    let mut room = asking().await;
    // A chat has to be open before an operator writes.
    room.send(&Sample::new(1, 1, "x.bin", noise(1, 10))).await;
    let half = Half::of(&room, &room.owner, 2, 1).await;
    // The owner's next session on this device ends the one that is sending.
    let next = Voice::owner(&room.desk, 50);
    assert_eq!(half.cut().await.refused(), (403, FileRefusal::Forbidden));
    Half::of(&room, &next, 3, 1).await.goes_on().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_threats_40_a_secret_that_was_replaced_midway_sends_no_rest() {
    let room = asking().await;
    let half = Half::of(&room, &room.voice, 1, 1).await;
    let again = room.voice.begin(&mut room.line().await, &half.file).await;
    let bytes = half.file.bytes.clone();
    assert_eq!(half.cut().await.refused(), (410, FileRefusal::Expired));
    let mut raw = room.line().await;
    let at = room.voice.stand(&mut raw, &again).await.offset();
    assert!(at <= 60_000, "{at}");
    let rest = &bytes[usize::try_from(at).unwrap()..];
    assert_eq!(room.voice.patch(&mut raw, &again, at, rest).await.status, 204, "and the new one goes on");
}
