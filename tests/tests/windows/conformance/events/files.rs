//! How a file goes.

use serde_json::Value;

use crate::conformance::stage::Stage;

/// Bytes on their way are told under the message's uid, never fewer than before, to the last; then the operator has the file.
#[tokio::test]
async fn fileprogress() {
    const BYTES: u64 = 3_000_000;
    let stage = Stage::open_in_chat().await;
    let send = format!("sendFile(new File([new Uint8Array({BYTES}).fill(7)], 'sevens.bin'))");
    let uid = stage.hand(&send).await["uid"].clone();
    stage.hears("fileprogress", |change| change["uid"] == uid && change["sent"] == BYTES).await;
    stage.operator.until_lines("the file", &stage.id, |lines| {
        lines.iter().any(|line| line.file.as_ref().is_some_and(|file| file.size == BYTES))
    });
    let told: Vec<Value> = stage.heard("fileprogress").await.into_iter().map(|heard| heard.payload).collect();
    assert!(told.iter().all(|change| change["uid"] == uid && change["total"] == BYTES), "{told:?}");
    let sent: Vec<u64> = told.iter().map(|change| change["sent"].as_u64().unwrap()).collect();
    assert!(sent.is_sorted(), "{sent:?}");
}
