//! Files that are picked in the system's own dialog.

use deskbell_tests::World;
use serde_json::json;

use super::ground::{Pair, invoke, put, type_place};

#[tokio::test]
async fn files_that_are_picked_in_the_systems_dialog_go_to_the_other_window() {
    let world = World::new();
    let pair = Pair::start(&world, &[]).await;
    let (visitor, operator) = (pair.visitor.page(), pair.operator.page());

    let choose =
        "window.__TAURI_INTERNALS__.invoke('visitor_file_choose').catch((why) => { window.why = why })";
    visitor.script::<()>(choose).await;
    type_place("Choose files to send", &put(&world, "bill 7.txt", b"seven lids"), true).await;
    visitor.wait_for("files-panel").await;
    visitor
        .wait_until("it is read", "document.querySelector('[data-test=files-send]')?.disabled === false")
        .await;
    visitor.click("files-send").await;
    operator
        .wait_until("it came", "document.querySelector('[data-test=file][data-file=\"bill 7.txt\"]')")
        .await;

    operator.click("attach").await;
    type_place("Choose files to send", &put(&world, "answer.txt", b"seven lids it is"), true).await;
    let ready = "document.querySelector('[data-test=staged-file]')?.dataset.ready === 'true'";
    operator.wait_until("it is read", ready).await;
    operator.wait_until("it can be sent", "document.querySelector('[data-test=send]:not(:disabled)')").await;
    operator.click("send").await;
    visitor.wait_for_text("answer").await;
    let nothing = invoke(&visitor, "visitor_file_show", &json!({ "key": "../../etc/passwd" })).await;
    assert_eq!(nothing["problem"]["code"], "file_not_saved");
}
