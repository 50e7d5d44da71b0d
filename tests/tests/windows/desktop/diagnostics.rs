//! The program looks at itself: what works and what does not, what it writes down, and what it must not.

use std::path::Path;

use deskbell_tests::bus::Keyring;
use deskbell_tests::{Page, World};

use crate::conversation::{hosting, open_first_visitor};
use crate::packs::links::wait;

/// How a part stands, once it was looked at.
async fn state(page: &Page<'_>, part: &str) -> String {
    let row = format!("document.querySelector('[data-test=check-{part}]')");
    let looked = format!("{row} && !['busy', null].includes({row}.getAttribute('data-state'))");
    page.wait_until(part, &looked).await;
    page.script(&format!("return {row}.getAttribute('data-state')")).await
}

/// Everything in the files of the logs.
fn logged(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    files.map(|file| std::fs::read_to_string(file.path()).unwrap_or_default()).collect()
}

#[tokio::test]
async fn each_part_is_looked_at_and_what_is_missing_is_said() {
    let world = World::new();
    let (operator, _) = hosting(&world, &[]).await;
    operator.page().click("program-settings").await;
    let page = operator.enter("app").await;
    page.click("section-diagnostics").await;
    for part in ["connection", "store", "keyring", "hosting"] {
        assert_eq!(state(&page, part).await, "good", "{part}");
    }
    // There is neither a panel nor a notification service on this bus.
    assert_eq!(state(&page, "tray").await, "warn");
    assert_eq!(state(&page, "notifications").await, "bad");
    assert!(page.text().await.contains("notification service"), "advice is given");
}

#[tokio::test]
async fn threats_9_the_logs_are_the_owners_alone_and_hold_nothing_that_people_wrote() {
    let mut world = World::with(Keyring::None);
    world.set("DESKBELL_LOG", "trace");
    let (operator, address) = hosting(&world, &["--session-only"]).await;
    let visitor =
        deskbell_tests::App::visitor(&world, "visitor", &["--desk", &address, "--session-only"]).await;
    visitor.page().say("zanzibarquestion").await;
    open_first_visitor(&operator).await;
    operator.page().say("timbuktuanswer").await;
    visitor.page().wait_for_text("timbuktuanswer").await;
    let folder = operator.data().join("operator").join("logs");
    // Everything is on: whatever the program says of a conversation is in there by then.
    wait("something was written down", || logged(&folder).contains("the program begins")).await;
    let text = logged(&folder) + &logged(&visitor.data().join("visitor").join("logs"));
    for word in ["zanzibarquestion", "timbuktuanswer", "Anna Berg"] {
        assert!(!text.contains(word), "{word} is in the logs");
    }
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o077, 0);
}
