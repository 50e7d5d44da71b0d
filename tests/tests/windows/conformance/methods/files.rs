//! Files.

use deskbell_api::dto::{FileView, Message};
use serde_json::{Value, json};

use crate::conformance::stage::{Stage, overheard};

/// An input in the page in which a person has chosen these texts, by name.
fn input(files: &[(&str, &str)]) -> String {
    let given: Vec<_> = files.iter().map(|(name, text)| json!({ "name": name, "text": text })).collect();
    format!(
        "(() => {{
           const chosen = new DataTransfer();
           for (const {{ name, text }} of {}) chosen.items.add(new File([text], name, {{ type: 'text/plain' }}));
           window.input = Object.assign(document.createElement('input'), {{ type: 'file', multiple: true }});
           input.files = chosen.files;
           return input;
         }})()",
        json!(given)
    )
}

/// The files of the visitor's that the operator has, in their order.
fn files(stage: &Stage) -> Vec<FileView> {
    stage.operator.lines(&stage.id).into_iter().filter_map(|line: Message| line.file).collect()
}

/// Follows the site: true, false when the site takes no files any more, true again.
#[tokio::test]
async fn is_ready_for_file_transfer() {
    let stage = Stage::open_in_chat().await;
    stage.until("a file can be sent", "chat.isReadyForFileTransfer() === true").await;
    stage.save_site(|site| site.form.files.enabled = false);
    stage.until("none can", "chat.isReadyForFileTransfer() === false").await;
    stage.operator.until("the site is saved", |told| {
        told.iter().any(|one| one["site"]["settings"]["form"]["files"]["enabled"] == false)
    });
    stage.save_site(|site| site.form.files.enabled = true);
    stage.until("one can again", "chat.isReadyForFileTransfer() === true").await;
}

/// The message is back at once, the input is empty, and the operator gets both files whole in a chat that they opened; what is too large is refused with a sentence.
#[tokio::test]
async fn send_file() {
    let stage = Stage::open_at(|site| site.form.files.max_bytes = 1_000).await;
    let input = input(&[("first note.txt", "one kettle"), ("second note.txt", "two kettles")]);
    let message = stage.chat(&format!("sendFile({input})")).await;
    assert_eq!((&message["sender"], &message["status"]), (&json!("visitor"), &json!("queued")), "{message}");
    assert!(message["uid"].is_string(), "{message}");
    stage.until("the input is empty", "input.files.length === 0").await;
    stage.operator.until_lines("both files", &stage.id, |lines| {
        lines.iter().filter(|line| line.file.is_some()).count() == 2
    });
    stage.until_row("they opened a chat", "waiting");
    let names: Vec<String> = files(&stage).into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["first note.txt", "second note.txt"]);
    let key = files(&stage).remove(1).key;
    stage.operator.verbs().file_fetch(&key).unwrap();
    stage.operator.until_lines("the bytes", &stage.id, |lines| {
        lines.iter().filter_map(|line| line.file.as_ref()).any(|file| file.key == key && file.here)
    });
    assert_eq!(stage.operator.verbs().file_words(&key).unwrap().text, "two kettles");

    let refused = stage.chat("sendFile(new File(['x'.repeat(1001)], 'large.txt'))").await["uid"].clone();
    let failed =
        "event === 'messagestatus' && payload.status === 'failed' && payload.code === 'file_too_large'";
    stage.overhears("it is refused", &refused, failed).await;
    let sentence = "overheard.some(({ event, payload }) =>
        event === 'error' && payload.code === 'file_too_large' && payload.message.endsWith('.'))";
    stage.until("the sentence", sentence).await;
    assert_eq!(files(&stage).len(), 2);
}

/// A file that waits for the line is stopped, goes on and is whole with the operator; another is thought better of and never comes.
#[tokio::test]
async fn control_file() {
    let stage = Stage::open_in_chat().await;
    stage.cut_line();
    let send = |name: &str| format!("sendFile(new File(['some words'], '{name}'))");
    let (kept, dropped) = (stage.hand(&send("kept.txt")).await, stage.hand(&send("dropped.txt")).await);
    let uids = [kept["uid"].clone(), dropped["uid"].clone()];
    let [kept, dropped] = &uids;
    // As often as somebody clicks: until the file is on the disk there is nothing to stop.
    let done = |uid: &Value, deed: &str, condition: &str| {
        format!("(chat.controlFile({uid}, '{deed}'), {})", overheard(uid, condition))
    };
    let paused = "event === 'fileprogress' && payload.state === 'paused'";
    stage.until("it is paused", &done(kept, "pause", paused)).await;
    let discarded = "event === 'messagestatus' && payload.code === 'discarded'";
    stage.until("it is thought better of", &done(dropped, "cancel", discarded)).await;
    stage.heal_line().await;
    stage.chat(&format!("controlFile({kept}, 'resume')")).await;
    let sent = "event === 'messagestatus' && payload.status === 'sent'";
    stage.overhears("it is sent", kept, sent).await;
    stage.operator.until_lines("the file that was kept", &stage.id, |lines| {
        lines.iter().any(|line| line.file.as_ref().is_some_and(|file| file.name == "kept.txt"))
    });
    assert_eq!(files(&stage).len(), 1, "{:?}", files(&stage));
}
