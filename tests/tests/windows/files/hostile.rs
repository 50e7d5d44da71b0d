//! A form that wants what is the person's: what it can reach of files by itself, in a real window.

use deskbell_tests::{App, World};
use serde_json::{Value, json};

use super::ground::{invoke, picture, send_from_visitor, watch_opener};
use crate::packs::ground::{form, try_out};
use crate::packs::links::{Answer, answer, dialogs, rest, wait};

/// Stages the page's own file, as a form does; its id.
async fn staged(app: &App, name: &str, content: &[u8]) -> String {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const call = (name, words) => window.__TAURI_INTERNALS__.invoke('visitor_file_' + name, words);
         const bytes = new Uint8Array({});
         (async () => {{
           const id = await call('begin', {{ file: {{ name: {}, size: bytes.length, media: '' }} }});
           await fetch('desk://localhost/piece/' + id, {{ method: 'POST', body: bytes.buffer }});
           await call('end', {{ id }});
           return id;
         }})().then(done, (problem) => done(null));",
        json!(content),
        json!(name)
    );
    app.page().script_async(&script).await.as_str().unwrap().to_owned()
}

/// What a form's own code gets of an address: `read`, `drawn` or `nothing`.
async fn gets(app: &App, address: &str) -> Value {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         fetch('{address}').then((answer) => answer.arrayBuffer()).then(() => done('read'), () => {{
           const image = new Image();
           image.onerror = () => done('nothing');
           image.onload = () => {{
             const canvas = document.createElement('canvas');
             const pen = canvas.getContext('2d');
             pen.drawImage(image, 0, 0);
             try {{ pen.getImageData(0, 0, 1, 1); done('read'); }} catch {{ done('drawn'); }}
           }};
           image.src = '{address}';
         }});"
    );
    app.page().script_async(&script).await
}

/// Asks the shell for one thing after the other, each as soon as the last one was answered; the problems' codes.
async fn in_turn(app: &App, calls: &[(&str, Value)]) -> Vec<String> {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         (async () => {{
           const codes = [];
           for (const [name, words] of {})
             codes.push(await window.__TAURI_INTERNALS__.invoke(name, words).then(() => '', (why) => why.code));
           return codes;
         }})().then(done);",
        json!(calls)
    );
    serde_json::from_value(app.page().script_async(&script).await).unwrap()
}

#[tokio::test]
async fn threats_33_36_a_hostile_form_opens_reads_and_discloses_nothing_by_itself() {
    let world = World::new();
    let opened = watch_opener(&world);
    let app = try_out(&world, &form(&world), &[]).await;
    app.page().wait_for("greeting").await;
    let call = async |name: &str, words: Value| invoke(&app.page(), name, &words).await;

    // The switch for place and time: who presses Enter in passing has not turned it.
    let mut beach = std::fs::read(picture(&world, "beach.png", (60, 40), "tan")).unwrap();
    let comment = b"\x00\x00\x00\x0ftEXtComment\x00at home".as_slice();
    beach.splice(33..33, [comment, &[0; 4]].concat());
    let id = staged(&app, "beach.png", &beach).await;
    let keep = ("visitor_file_details", json!({ "id": id, "keep": true }));
    let both = [&keep, &keep].map(Clone::clone);
    let (said, ()) = tokio::join!(in_turn(&app, &both), answer("Leave place", Answer::Enter));
    assert_eq!(said, ["not_confirmed"; 2], "and not asked again at once");
    rest().await;
    let (said, ()) = tokio::join!(call(keep.0, keep.1), answer("Leave place", Answer::Open));
    assert!(said.get("problem").is_none(), "{said}");
    call("visitor_file_details", json!({ "id": id, "keep": false })).await;
    assert_eq!(gets(&app, &format!("desk://localhost/preview/{id}")).await, "drawn", "seen, but not read");
    for nowhere in
        ["preview/..%2f..%2fetc%2fpasswd", "file/%2fetc%2fpasswd/a.png", "preview/file:%2f%2f%2fetc"]
    {
        assert_eq!(gets(&app, &format!("desk://localhost/{nowhere}")).await, "nothing", "{nowhere}");
    }

    // Opened and saved is by the person alone, who is asked once however often a form asks.
    rest().await;
    let plan = send_from_visitor(&app, "plan.pdf", "application/pdf", b"%PDF-1.4\n").await;
    let open = || call("visitor_file_open", json!({ "key": plan["key"] }));
    let often = ["open", "open", "save", "show", "choose"].map(|name| match name {
        "open" => ("visitor_file_open", json!({ "key": plan["key"] })),
        "save" => ("visitor_file_save", json!({ "key": plan["key"] })),
        "show" => ("visitor_file_show", json!({ "key": plan["key"] })),
        _ => ("visitor_file_choose", json!({ "key": plan["key"] })),
    });
    let (said, ()) = tokio::join!(in_turn(&app, &often), answer("Open “plan.pdf”", Answer::Enter));
    assert_eq!(said, ["", "not_confirmed", "not_confirmed", "file_not_saved", "not_confirmed"]);
    assert!(dialogs("Open|Save|Choose").is_empty() && !opened.exists());
    for (name, words) in [
        ("operator_file_open", json!({ "key": plan["key"] })),
        ("operator_files", json!({ "visitor": plan["key"], "before": null, "chat": null })),
        ("plugin:dialog|open", json!({ "options": {} })),
        ("plugin:fs|read_file", json!({ "path": "/etc/passwd" })),
    ] {
        assert!(call(name, words).await.get("ok").is_none(), "{name}");
    }
    rest().await;
    let (said, ()) = tokio::join!(open(), answer("Open “plan.pdf”", Answer::Open));
    assert!(said.get("problem").is_none(), "{said}");
    wait("it is opened, for the person said so", || opened.exists()).await;
}
