//! Who reads too slowly, and who speaks too fast.

use std::time::Duration;

use deskbell_server::{DeskLimits, DeskOptions, start};
use deskbell_wire::*;
use futures_util::SinkExt as _;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::*;
use crate::common::{entry, stream, text, visitor};

#[tokio::test(flavor = "multi_thread")]
async fn threats_21_i12_who_does_not_read_delays_nobody_and_is_sent_away() {
    let limits = DeskLimits { slow_ms: 500, queue_bytes: 200_000, ..DeskLimits::unpaced() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let stalled = operator_at(&desk, 50).await;
    let mut reading = operator_at(&desk, 51).await;
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let own = stream(visitor(1));
    let (mut seq, deadline, mut sent) = (0, Instant::now() + LIMIT, 0_u128);
    // Until the desk has given the stalled one up: what he would have to read is far more than all buffers hold.
    while desk.connections().unwrap() == 3 {
        assert!(Instant::now() < deadline, "still there after {sent} messages");
        for _ in 0..8 {
            sent += 1;
            ann.say(&ClientFrame::Send(entry(&own, sent, text(&"x".repeat(8_000))))).await;
        }
        for _ in 0..8 {
            ann.until(|frame| matches!(frame, DeskFrame::Ack(_)).then_some(())).await;
            seq = reading
                .until(|frame| match frame {
                    DeskFrame::Event(Event { seq, body: EventBody::Message { .. }, .. }) => Some(*seq),
                    _ => None,
                })
                .await;
        }
    }
    assert_eq!(u128::from(seq), sent + 1, "the others missed nothing");
    drop(stalled);
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_after_a_lag_everything_can_be_fetched() {
    let limits = DeskLimits { queue_events: 4, ..DeskLimits::unpaced() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let mut operator = operator_at(&desk, 50).await;
    let mut ann = visitor_at(desk.address(), 1, 1).await;
    let own = stream(visitor(1));
    for n in 0..200 {
        ann.0
            .feed(Message::Text(encode(&ClientFrame::Send(entry(&own, n, text("x")))).unwrap().into()))
            .await
            .unwrap();
    }
    ann.0.flush().await.unwrap();
    let (mut cursor, mut fetching, mut lagged) = (0, false, false);
    while cursor < 201 {
        match operator.hear().await.unwrap() {
            DeskFrame::Event(event) if event.seq == cursor + 1 => cursor = event.seq,
            DeskFrame::Event(event) if event.seq <= cursor => {}
            DeskFrame::Event(_) | DeskFrame::Lag { .. } if !fetching => {
                (fetching, lagged) = (true, true);
                let fetch = Fetch { stream: own.clone(), from: Bound::After(cursor), limit: 200 };
                operator.say(&ClientFrame::Fetch(fetch)).await;
            }
            DeskFrame::Page(page) => {
                assert!(page.base <= cursor);
                cursor = page.events.last().map_or(cursor, |event| event.seq.max(cursor));
                fetching = cursor < page.head;
                if fetching {
                    let fetch = Fetch { stream: own.clone(), from: Bound::After(cursor), limit: 200 };
                    operator.say(&ClientFrame::Fetch(fetch)).await;
                }
            }
            _ => {}
        }
    }
    assert!(lagged, "the queue was never full: the test shows nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_22_a_chatty_connection_is_read_more_slowly() {
    let limits = DeskLimits { visitor_frames: deskbell_server::Pace::new(5, 100), ..DeskLimits::unpaced() };
    let desk = start(DeskOptions { limits, ..options() }).unwrap();
    let mut eve = visitor_at(desk.address(), 1, 1).await;
    let before = Instant::now();
    for n in 0..10 {
        eve.say(&ClientFrame::Ping { n }).await;
    }
    eve.until(|frame| matches!(frame, DeskFrame::Pong { n: 9, .. }).then_some(())).await;
    assert!(before.elapsed() >= Duration::from_millis(400), "{:?}", before.elapsed());
}
