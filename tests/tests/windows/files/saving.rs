//! A file that came, saved by the system's own dialog.

use std::os::unix::fs::PermissionsExt;

use deskbell_tests::World;
use serde_json::json;

use super::ground::{Pair, arrived, invoke, send_from_visitor, type_place, watch_opener};
use crate::packs::links::wait;

#[tokio::test]
async fn a_file_that_came_is_saved_byte_by_byte_and_shown_in_its_folder() {
    let world = World::new();
    let opened = watch_opener(&world);
    let pair = Pair::start(&world, &[]).await;
    let content: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    send_from_visitor(&pair.visitor, "../\u{202e}sheet one.dat", "", &content).await;
    let file = arrived(&pair, "sheet one.dat").await;
    let (page, key) = (pair.operator.page(), file["key"].clone());
    let unsaved = invoke(&page, "operator_file_show", &json!({ "key": key })).await;
    assert_eq!(unsaved["problem"]["code"], "file_not_saved");

    let place = world.path("taken home.dat");
    let save = format!(
        "window.__TAURI_INTERNALS__.invoke('operator_file_save', {{ key: {key} }})
           .then((ok) => {{ window.saved = ok }}, (why) => {{ window.saved = why }})"
    );
    page.script::<()>(&save).await;
    type_place("Save the file", &place, false).await;
    page.wait_until("it is saved", "window.saved").await;
    assert_eq!(
        page.script::<String>("return window.saved.path ?? JSON.stringify(window.saved)").await,
        place.to_str().unwrap()
    );
    assert_eq!(std::fs::read(&place).unwrap(), content);
    assert_eq!(place.metadata().unwrap().permissions().mode() & 0o777, 0o600, "it cannot be run");

    // No file manager runs on this desktop: the folder is opened.
    let shown = invoke(&page, "operator_file_show", &json!({ "key": key })).await;
    assert!(shown["ok"].is_null() && shown.get("problem").is_none(), "{shown}");
    let folder = format!("{}\n", place.parent().unwrap().display());
    wait("the folder", || std::fs::read_to_string(&opened).unwrap_or_default() == folder).await;
}
