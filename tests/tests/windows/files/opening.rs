//! A file that came, opened: only what may be, after a question where one is due.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use deskbell_tests::World;
use serde_json::{Value, json};

use super::ground::{Pair, arrived, invoke, send_from_visitor, watch_opener};
use crate::packs::links::{Answer, answer, rest, wait};

/// What the desktop was asked to open.
fn asked(opened: &Path) -> Vec<PathBuf> {
    std::fs::read_to_string(opened).unwrap_or_default().lines().map(PathBuf::from).collect()
}

#[tokio::test]
async fn threats_36_only_what_may_be_opened_is_opened() {
    let world = World::new();
    let opened = watch_opener(&world);
    let pair = Pair::start(&world, &[]).await;
    let page = pair.operator.page();
    let open = async |file: &Value| invoke(&page, "operator_file_open", &json!({ "key": file["key"] })).await;

    send_from_visitor(
        &pair.visitor,
        "photo\u{202e}gnp.desktop",
        "image/png",
        b"[Desktop Entry]\nExec=true\n",
    )
    .await;
    let file = arrived(&pair, "photognp.desktop").await;
    assert_eq!(file["opening"], "never");
    assert_eq!(open(&file).await["problem"]["code"], "file_never");

    send_from_visitor(&pair.visitor, "plan.pdf", "application/pdf", b"%PDF-1.4\n% x\n").await;
    let file = arrived(&pair, "plan.pdf").await;
    assert!(open(&file).await.get("problem").is_none());
    wait("it is opened", || asked(&opened).len() == 1).await;
    let copy = asked(&opened).remove(0);
    assert_eq!((copy.file_name().unwrap(), std::fs::read(&copy).unwrap().len()), ("plan.pdf".as_ref(), 13));
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o400);
    let folder = copy.parent().unwrap();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert!(folder.starts_with(pair.operator.data()));

    send_from_visitor(
        &pair.visitor,
        "100%n%s.zip",
        "application/zip",
        b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    )
    .await;
    let file = arrived(&pair, "100%n%s.zip").await;
    for answered in [Answer::Stay, Answer::Open] {
        let (said, ()) = tokio::join!(open(&file), answer("Open “100%n%s.zip”?", answered));
        assert!(said.get("problem").is_none(), "{said}");
    }
    wait("it is opened", || asked(&opened).len() == 2).await;

    let Pair { operator, .. } = pair;
    operator.close().await;
    assert!(!copy.exists(), "copies end with the program");
}

#[tokio::test]
async fn threats_29_a_link_to_a_file_leads_to_a_question_and_nowhere_else() {
    let world = World::new();
    let opened = watch_opener(&world);
    let pair = Pair::start(&world, &[]).await;
    let page = pair.visitor.page();
    let sent = send_from_visitor(&pair.visitor, "plan.pdf", "application/pdf", b"%PDF-1.4\n").await;
    let key = sent["key"].as_str().unwrap();
    let link = format!("desk://localhost/file/{key}/plan.pdf");
    // Our page shows a panel of its own instead; a form may keep it from that.
    let anchors = format!(
        "addEventListener('click', (event) => event.stopImmediatePropagation(), true);
         for (const target of ['_self', '_blank']) {{
           const link = Object.assign(document.createElement('a'), {{ href: '{link}', target, textContent: target }});
           link.dataset.test = 'file' + target;
           link.style.cssText = 'position: fixed; z-index: 99; background: white; top: ' + 20 * target.length + 'px';
           document.body.append(link);
         }}"
    );
    page.script::<()>(&anchors).await;
    page.click("file_self").await;
    answer("Open “plan.pdf”?", Answer::Escape).await;
    rest().await;
    page.click("file_blank").await;
    answer("Open “plan.pdf”?", Answer::Open).await;
    wait("it is opened", || asked(&opened).len() == 1).await;
    let stays: bool = page.script("return location.protocol === 'tauri:'").await;
    assert!(stays);
}
