//! Folders of forms, written by the tests themselves.

use std::path::{Path, PathBuf};

use deskbell_tests::process::free_port;
use deskbell_tests::{App, World};

/// A form with one file of each kind. It draws its greeting and the words of the conversation.
pub(super) const PACK: &str = r#"{"consultant": {"desktop": {
  "js": "form.js", "css": "form.css", "tpls": {"consultant_chat": "form.html"}}}}"#;
/// Draws the widget and shows it.
pub(super) const SCRIPT: &str = "CallGear.UI.registerViewController('consultant', function (settings, tpls) {
  var chat = CallGear.UI.createWidget('consultant_chat', { settings: settings.chat, template: tpls.consultant_chat });
  chat.render();
  chat.show();
});
";
/// What it draws.
pub(crate) const TEMPLATE: &str = "<div class=\"own\" data-test=\"own\">
  <h1 data-test=\"greeting\">Welcome to the <%= title %></h1>
</div>
";
const STYLE: &str = ".own { color: rgb(1, 2, 3); }\n";
const SETTINGS: &str = r#"{"chat": {"title": "bookshop"}}"#;

/// A folder with a form that works.
pub(crate) fn form(world: &World) -> PathBuf {
    let folder = world.path("form");
    write(&folder, "pack.json", PACK);
    write(&folder, "form.js", SCRIPT);
    write(&folder, "form.css", STYLE);
    write(&folder, "form.html", TEMPLATE);
    write(&folder, "settings.json", SETTINGS);
    folder
}

/// The same, with another script.
pub(super) fn form_with(world: &World, script: &str) -> PathBuf {
    let folder = form(world);
    write(&folder, "form.js", script);
    folder
}

/// A file of a folder, as an editor saves it.
pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// A visitor's window with the form of a folder, at a desk that is not there.
pub(crate) async fn try_out(world: &World, folder: &Path, extra: &[&str]) -> App {
    let nobody = format!("127.0.0.1:{}", free_port());
    let mut arguments = vec!["--desk", &nobody, "--pack", folder.to_str().unwrap()];
    arguments.extend(extra);
    App::visitor(world, "visitor", &arguments).await
}

/// The default form is offered, and works: what is said there is kept.
pub(super) async fn the_default_form_works(app: &App) {
    let page = app.page();
    page.click("default-form").await;
    the_default_form_is_there(app).await;
}

/// It is there already.
pub(super) async fn the_default_form_is_there(app: &App) {
    let page = app.page();
    page.say("is anybody there").await;
    page.wait_for_status("is anybody there", &["queued", "sent", "delivered"]).await;
}
