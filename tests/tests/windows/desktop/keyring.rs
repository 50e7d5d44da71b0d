//! Where the keys are kept: a keyring that is open, locked, absent or refuses, a passphrase, this session alone.

use std::path::Path;
use std::time::{Duration, Instant};

use deskbell_testkit::leak_search::{leaks, words_of};
use deskbell_tests::bus::Keyring;
use deskbell_tests::keyring::{self, SilentPrompter};
use deskbell_tests::process::{free_port, limit, processes_naming};
use deskbell_tests::{App, World};

use crate::conversation::{hosting, open_first_visitor};

const PASSPHRASE: &str = "zanzibar ferry lantern";

/// A visitor of a session says something to the desk that this operator hosts.
async fn talk(world: &World, operator: &App, address: &str, words: &str) {
    let visitor = App::visitor(world, "guest", &["--desk", address, "--session-only"]).await;
    visitor.page().say(words).await;
    open_first_visitor(operator).await;
    operator.page().wait_for_words(&[("visitor", words)]).await;
}

/// What a profile has on the disk, by name.
fn files(profile: &Path) -> Vec<String> {
    let files = std::fs::read_dir(profile).unwrap().map(|file| file.unwrap().file_name());
    files.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn a_locked_keyring_is_asked_for_in_the_window_and_opens_once_it_is_unlocked() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    talk(&world, &operator, &address, "said before it was locked").await;
    operator.kill();

    keyring::lock(&world);
    let prompter = SilentPrompter::start(&world);
    let begun = Instant::now();
    let operator = App::operator(&world, "operator", &[]).await;
    let page = operator.page();
    page.wait_for("keyring-locked").await;
    println!("a locked keyring was told after {:?}", begun.elapsed());
    assert!(prompter.asked() > 0, "the system asks for its password");
    page.wait_for_text("The history on this computer opens with a key in it").await;
    // A desk is here: nothing runs without its key.
    assert!(!page.script::<bool>("return !!document.querySelector('[data-test=session-only]')").await);
    page.click("keyring-again").await;
    page.wait_until("it is locked still", "document.querySelector('[data-test=keyring-again]:enabled')")
        .await;

    keyring::unlock(&world);
    page.click("keyring-again").await;
    let page = operator.enter("operator").await;
    page.wait_for("status-switch").await;
    page.click("visitor-row").await;
    page.wait_for_words(&[("visitor", "said before it was locked")]).await;
}

#[tokio::test]
async fn threats_44_without_a_keyring_a_passphrase_guards_the_history() {
    let world = World::with(Keyring::None);
    let address = format!("127.0.0.1:{}", free_port());
    let host = ["--host", "--listen", &address, "--owner", "Anna Berg"];
    let operator = App::operator(&world, "operator", &host).await;
    let page = operator.page();
    page.type_into("passphrase-new", PASSPHRASE).await;
    page.type_into("passphrase-again", "zanzibar fery lantern").await;
    page.click("passphrase-take").await;
    page.wait_for_text("These two are not the same").await;
    page.clear("passphrase-again").await;
    page.type_into("passphrase-again", PASSPHRASE).await;
    page.click("passphrase-take").await;
    let page = operator.enter("operator").await;
    page.wait_for("status-switch").await;
    talk(&world, &operator, &address, "timbuktuquestion").await;
    operator.kill();

    let profile = world.path("operator").join("operator");
    assert!(files(&profile).contains(&"secrets.sealed".to_owned()));
    let (words, control) =
        ([PASSPHRASE, "timbuktuquestion", "visitor_seed", "desk_key"], world.path("control"));
    std::fs::create_dir_all(&control).unwrap();
    std::fs::write(control.join("plain"), words.join("\n")).unwrap();
    assert_eq!(leaks(&words, &[world.path("operator").as_path()]).unwrap(), Default::default());
    let found = leaks(&words, &[control.as_path()]).unwrap();
    assert_eq!(words_of(&found).len(), words.len(), "the search finds what is there");

    // A start for the tray has to ask, too.
    let operator = App::operator(&world, "operator", &["--hidden"]).await;
    let page = operator.page();
    page.type_into("passphrase", "not the one").await;
    let tried = Instant::now();
    page.click("unlock").await;
    page.wait_for_text("does not open the keys").await;
    assert!(tried.elapsed() >= Duration::from_secs(1), "a wrong one takes its time");
    page.clear("passphrase").await;
    page.type_into("passphrase", &format!("{PASSPHRASE}\u{E007}")).await;
    let page = operator.enter("operator").await;
    page.click("visitor-row").await;
    page.wait_for_words(&[("visitor", "timbuktuquestion")]).await;
}

#[tokio::test]
async fn a_keyring_that_refuses_leaves_the_choice_and_this_session_keeps_nothing() {
    let world = World::new();
    let (_operator, address) = hosting(&world, &[]).await;
    // Nobody asks the person, so the keyring takes it for a no.
    keyring::lock(&world);
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for_text("The keyring does not take the keys").await;
    visitor.click_without_waiting("session-only").await;
    let profile = visitor.data().join("visitor");
    let until = Instant::now() + limit();
    while !files(&profile).iter().any(|name| name.starts_with("webview-")) {
        assert!(Instant::now() < until, "no chat: {:?}", files(&profile));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!processes_naming(visitor.data()).is_empty());
    let kept = |name: &&String| name.ends_with(".db") || name.starts_with("secrets");
    assert!(!files(&profile).iter().any(|name| kept(&name)), "{:?}", files(&profile));
    visitor.close().await;
    assert!(!files(&profile).iter().any(|name| name.starts_with("webview")), "{:?}", files(&profile));
}

#[tokio::test]
async fn whoever_has_forgotten_the_passphrase_begins_anew_and_loses_nothing() {
    let world = World::with(Keyring::None);
    let address = format!("127.0.0.1:{}", free_port());
    let host = ["--host", "--listen", &address, "--owner", "Anna Berg"];
    let operator = App::operator(&world, "operator", &host).await;
    let page = operator.page();
    page.type_into("passphrase-new", PASSPHRASE).await;
    page.type_into("passphrase-again", &format!("{PASSPHRASE}\u{E007}")).await;
    operator.enter("operator").await.wait_for("status-switch").await;
    operator.kill();

    let operator = App::operator(&world, "operator", &host).await;
    let page = operator.page();
    page.click("forgotten").await;
    page.wait_for_text("The desk inside this program goes with it").await;
    page.click("anew-confirm").await;
    page.type_into("passphrase-new", "quite another one").await;
    page.type_into("passphrase-again", "quite another one\u{E007}").await;
    operator.enter("operator").await.wait_for("status-switch").await;
    let profile = world.path("operator").join("operator");
    let aside = files(&profile).into_iter().find(|name| name.starts_with("set-aside-")).unwrap();
    let aside = files(&profile.join(aside));
    assert!(["desk", "secrets.sealed"].iter().all(|name| aside.contains(&(*name).to_owned())), "{aside:?}");
}
