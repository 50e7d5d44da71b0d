//! S5 on a real file, with a system that really says no.

use std::process::{Command, Stdio};

use deskbell_wire::*;

use crate::common::{device, entry, hello, stream, text, token, visitor};
use crate::program::{Running, ready};
use crate::sockets::{Client, connect};

/// Entries of the run; every seventh sync fails once the desk is up.
const ENTRIES: u128 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn s5_syncs_that_fail_lose_nothing_and_double_nothing() {
    if Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        eprintln!("strace is not installed: nothing was shown");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let desk = Command::new("strace")
        // -D: the tracer is the child of the desk, so that ending the desk ends both.
        .args(["-D", "-f", "-qq", "-o"])
        .arg(home.path().join("syncs"))
        .args(["-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO:when=30+7"])
        .arg(env!("CARGO_BIN_EXE_deskbell-server"))
        .args(["--listen", "127.0.0.1:0", "--unsafe-unpaced"])
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut desk = Running(desk);
    let (address, _) = ready(&mut desk.0);
    let mut ann = come(&address).await;
    let own = stream(visitor(1));
    let mut refused = 0;
    for n in 0..ENTRIES {
        loop {
            ann.say(&ClientFrame::Send(entry(&own, n, text("x")))).await;
            match outcome(&mut ann).await {
                Some(true) => break,
                Some(false) => refused += 1,
                None => ann = come(&address).await,
            }
        }
    }
    ann.say(&ClientFrame::Snapshot(Snapshot { stream: own, tail: 200 })).await;
    let page =
        ann.until(|frame| if let DeskFrame::Page(page) = frame { Some(page.clone()) } else { None }).await;
    assert!(page.events.iter().zip(1..).all(|(event, seq)| event.seq == seq));
    let uids: Vec<_> = page.events.iter().filter_map(|event| event.uid).collect();
    assert_eq!(uids, (0..ENTRIES).map(crate::common::uid).collect::<Vec<_>>());
    assert!(refused > 0, "no sync failed: nothing was shown");
}

/// Acknowledged, refused for now, or sent away.
async fn outcome(client: &mut Client<tokio::net::TcpStream>) -> Option<bool> {
    loop {
        match client.hear().await? {
            DeskFrame::Ack(_) => return Some(true),
            DeskFrame::Nack(nack) => {
                assert_eq!(nack.code, NackCode::Storage);
                return Some(false);
            }
            _ => {}
        }
    }
}

/// Comes in, at the latest when the desk can read again.
async fn come(address: &str) -> Client<tokio::net::TcpStream> {
    loop {
        let mut client = connect(address.parse().unwrap()).await;
        client.say(&ClientFrame::Hello(hello(visitor(1), device(1), token(1)))).await;
        if let Some(DeskFrame::Welcome(_)) = client.hear().await {
            return client;
        }
    }
}
