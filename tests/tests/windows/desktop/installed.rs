//! The program as a package installed it, in a system of its own. Started by `cargo xtask package-test`.

use std::path::{Path, PathBuf};

use deskbell_tests::process::free_port;
use deskbell_tests::{App, World};

use crate::conversation::open_first_visitor;

/// Where a package puts it.
const PROGRAM: &str = "/usr/bin/deskbell";
/// The profiles that are left behind.
const OPERATOR: &str = "installed-operator";
const VISITOR: &str = "installed-visitor";

/// The person's own folders, which outlive the test.
fn home() -> PathBuf {
    std::env::var_os("HOME").expect("HOME").into()
}

#[tokio::test]
#[ignore = "needs an installed program: cargo xtask package-test"]
async fn a_conversation_between_installed_programs() {
    let world = World::at_home(&home());
    let address = format!("127.0.0.1:{}", free_port());
    let mut words =
        vec!["operator", "--profile", OPERATOR, "--host", "--listen", &address, "--owner", "Anna"];
    let operator = App::of(&world, Path::new(PROGRAM), OPERATOR, &words).await;
    operator.page().wait_for("status-switch").await;

    words = vec!["visitor", "--profile", VISITOR, "--desk", &address];
    let visitor = App::of(&world, Path::new(PROGRAM), VISITOR, &words).await;
    visitor.page().say("Is anybody there?").await;
    // The row moves to those who wait first, and a click on where it was would be lost.
    let waits = "document.querySelector('[data-test=visitor-row]')?.innerText.includes('Is anybody there?')";
    operator.page().wait_until("the words among those who wait", waits).await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", "Is anybody there?")]).await;
    operator.page().say("Yes, good morning.").await;
    let both = [("visitor", "Is anybody there?"), ("operator", "Yes, good morning.")];
    visitor.page().wait_for_words(&both).await;
    visitor.page().wait_for_status("Is anybody there?", &["read"]).await;

    visitor.close().await;
    operator.close().await;
    let profiles = home().join(".local/share/deskbell");
    assert!(profiles.join(OPERATOR).join("desk/desk.db").is_file(), "the desk is on the disk");
    assert!(profiles.join(VISITOR).join("profile.json").is_file(), "the visitor's profile, too");
}
