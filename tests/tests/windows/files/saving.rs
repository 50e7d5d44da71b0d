//! A file that came, saved by the system's own dialog.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use deskbell_tests::{Page, World};
use serde_json::json;

use super::ground::{Pair, arrived, invoke, send_from_visitor, type_place, watch_opener};
use crate::packs::links::{dialogs, wait};

#[tokio::test]
async fn a_file_that_came_is_saved_byte_by_byte_and_shown_in_its_folder() {
    let world = World::new();
    let opened = watch_opener(&world);
    let downloads = downloads(&world);
    let pair = Pair::start(&world, &[]).await;
    let content: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    send_from_visitor(&pair.visitor, "../\u{202e}sheet one.dat", "", &content).await;
    let file = arrived(&pair, "sheet one.dat").await;
    let (page, key) = (pair.operator.page(), file["key"].clone());
    let unsaved = invoke(&page, "operator_file_show", &json!({ "key": key })).await;
    assert_eq!(unsaved["problem"]["code"], "file_not_saved");

    let save = |command: &str, named: &serde_json::Value| {
        format!(
            "window.saved = null;
             window.__TAURI_INTERNALS__.invoke('{command}', {named})
               .then((ok) => {{ window.saved = ok }}, (why) => {{ window.saved = why }})"
        )
    };
    let one = save("operator_file_save", &json!({ "key": key }));
    page.script::<()>(&one).await;
    accept("Save the file").await;
    assert_eq!(
        saved(&page).await,
        downloads.join("sheet one.dat"),
        "among the downloads unless one says otherwise"
    );

    let place = world.path("taken home.dat");
    page.script::<()>(&one).await;
    type_place("Save the file", &place, false).await;
    assert_eq!(saved(&page).await, place);
    assert_eq!(std::fs::read(&place).unwrap(), content);
    assert_eq!(place.metadata().unwrap().permissions().mode() & 0o777, 0o600, "it cannot be run");

    // No file manager runs on this desktop: the folder is opened.
    let shown = invoke(&page, "operator_file_show", &json!({ "key": key })).await;
    assert!(shown["ok"].is_null() && shown.get("problem").is_none(), "{shown}");
    let folder = format!("{}\n", place.parent().unwrap().display());
    wait("the folder", || std::fs::read_to_string(&opened).unwrap_or_default() == folder).await;

    // Next time where the last one went; several at once take nothing's place.
    for name in ["sheet one.dat", "sheet one (2).dat"] {
        page.script::<()>(&save("operator_files_save", &json!({ "keys": [key, key, "nobody's"] }))).await;
        accept("Save the files").await;
        assert_eq!(saved(&page).await, place.parent().unwrap());
        assert_eq!(std::fs::read(place.with_file_name(name)).unwrap(), content);
    }
}

/// The folder that this desktop has for downloads.
fn downloads(world: &World) -> PathBuf {
    let folder = world.path("home").join("Got from elsewhere");
    std::fs::create_dir_all(&folder).unwrap();
    let config = world.path("config");
    std::fs::create_dir_all(&config).unwrap();
    let named = "XDG_DOWNLOAD_DIR=\"$HOME/Got from elsewhere\"\n";
    std::fs::write(config.join("user-dirs.dirs"), named).unwrap();
    folder
}

/// Takes what the system's dialog of this title proposes.
async fn accept(title: &str) {
    wait(title, || dialogs(title).len() == 1).await;
    let window = dialogs(title).remove(0);
    press("windowfocus", &["--sync", &window]);
    wait(title, || {
        press("key", &["--window", &window, "Return"]);
        std::thread::sleep(Duration::from_millis(300));
        dialogs(title).is_empty()
    })
    .await;
}

/// The dialog may be gone already.
fn press(verb: &str, words: &[&str]) {
    let _ = Command::new("xdotool").arg(verb).args(words).output();
}

/// Where it went.
async fn saved(page: &Page<'_>) -> PathBuf {
    page.wait_until("it is saved", "window.saved").await;
    page.script::<String>("return window.saved.path ?? JSON.stringify(window.saved)").await.into()
}
