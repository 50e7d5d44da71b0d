//! A site's pack: installed at the desk, shown by a visitor's app that runs, kept and used without the desk.

use deskbell_tests::desk::PASSWORD;
use deskbell_tests::{App, Desk, World};

use super::ground::{TEMPLATE, form, the_default_form_is_there, write};

/// A desk that runs.
fn desk(world: &World) -> Desk<'_> {
    let mut desk = Desk::new(world);
    assert!(!PASSWORD.is_empty());
    desk.start();
    desk
}

#[tokio::test]
async fn an_installed_pack_reaches_a_running_app_and_is_used_offline_after_a_restart() {
    let world = World::new();
    let mut desk = desk(&world);
    let (address, folder) = (desk.address(), form(&world));
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for("composer").await;

    desk.run(&["pack", "install", folder.to_str().unwrap(), "--site", "main"]);
    visitor.page().wait_for_text("Welcome to the bookshop").await;

    write(&folder, "form.html", &TEMPLATE.replace("Welcome", "Come in"));
    desk.run(&["pack", "install", folder.to_str().unwrap(), "--site", "main"]);
    visitor.page().wait_for_text("Come in to the bookshop").await;

    desk.kill();
    visitor.kill();
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for_text("Come in to the bookshop").await;

    desk.start();
    desk.run(&["pack", "remove", "--site", "main"]);
    visitor.page().wait_for("composer").await;
    the_default_form_is_there(&visitor).await;
}

#[tokio::test]
async fn a_kept_pack_whose_digest_does_not_match_is_thrown_away_and_fetched_again() {
    let world = World::new();
    let mut desk = desk(&world);
    let (address, folder) = (desk.address(), form(&world));
    desk.run(&["pack", "install", folder.to_str().unwrap(), "--site", "main"]);
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for_text("Welcome to the bookshop").await;
    let kept = kept_packs(&visitor);
    assert_eq!(kept.len(), 1, "{kept:?}");
    visitor.kill();
    let whole = std::fs::read(&kept[0]).unwrap();
    let text = String::from_utf8_lossy(&whole).replace("Welcome", "Forgery");
    std::fs::write(&kept[0], text).unwrap();

    // Without the desk there is only the default form.
    desk.kill();
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    the_default_form_is_there(&visitor).await;
    assert!(!visitor.page().text().await.contains("Forgery"));
    // With it the pack comes again, as soon as nobody is in the middle of something.
    visitor.kill();
    desk.start();
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for_text("Welcome to the bookshop").await;
    assert_eq!(std::fs::read(&kept[0]).unwrap(), whole);
}

/// The packs that a profile keeps.
fn kept_packs(visitor: &App) -> Vec<std::path::PathBuf> {
    let profiles = std::fs::read_dir(visitor.data()).unwrap().map(|entry| entry.unwrap().path());
    let packs = profiles.filter_map(|profile| std::fs::read_dir(profile.join("packs")).ok());
    packs.flat_map(|packs| packs.map(|entry| entry.unwrap().path())).collect()
}
