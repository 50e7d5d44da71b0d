//! What is wrong with a form is one sentence that names the file and the line; the default form is offered, and works.

use deskbell_tests::World;

use super::ground::{PACK, SCRIPT, form, form_with, the_default_form_works, try_out, write};

/// The window says all of this, and the default form works.
async fn is_said(world: &World, folder: &std::path::Path, words: &[&str]) {
    let app = try_out(world, folder, &[]).await;
    for word in words {
        app.page().wait_for_text(word).await;
    }
    the_default_form_works(&app).await;
}

#[tokio::test]
async fn a_file_that_is_missing_is_said_where_it_is_named() {
    let world = World::new();
    let folder = form(&world);
    std::fs::remove_file(folder.join("form.js")).unwrap();
    is_said(&world, &folder, &["form.js", "pack.json, line 2"]).await;
}

#[tokio::test]
async fn threats_38_a_path_out_of_the_folder_is_said() {
    let world = World::new();
    let folder = form(&world);
    write(&folder, "pack.json", &PACK.replace("form.js", "../../etc/passwd"));
    is_said(&world, &folder, &["../../etc/passwd", "pack.json, line 2"]).await;
}

#[tokio::test]
async fn a_template_with_an_error_in_its_syntax_is_said() {
    let world = World::new();
    let folder = form(&world);
    write(&folder, "form.html", "<div>\n  <p>\n    <% if (title %>\n  </p>\n</div>\n");
    is_said(&world, &folder, &["form.html, line 3"]).await;
}

#[tokio::test]
async fn a_template_that_throws_is_said_with_its_own_line() {
    let world = World::new();
    let folder = form(&world);
    write(&folder, "form.html", "<div>\n  <p>\n    <%= title.none.at.all %>\n  </p>\n</div>\n");
    is_said(&world, &folder, &["form.html, line 3"]).await;
}

#[tokio::test]
async fn a_script_that_throws_or_is_no_script_is_said() {
    let world = World::new();
    let throwing = form_with(&world, "\n\nthrow new Error('no shop today');\n");
    is_said(&world, &throwing, &["form.js, line 3", "no shop today"]).await;
    let world = World::new();
    let broken = form_with(&world, "var a = 1;\nvar = ;\n");
    is_said(&world, &broken, &["form.js, line 2"]).await;
    let world = World::new();
    let late = form_with(&world, &SCRIPT.replace("  chat.render();", "  chat.nothing.at.all();"));
    is_said(&world, &late, &["form.js, line 3"]).await;
}

#[tokio::test]
async fn a_form_that_registers_nothing_is_said() {
    let world = World::new();
    let folder = form_with(&world, "// Nothing yet.\n");
    is_said(&world, &folder, &["consultant"]).await;
}

#[tokio::test]
async fn settings_of_another_shape_are_said() {
    let world = World::new();
    let folder = form(&world);
    write(&folder, "settings.json", "{\n  \"chat\": [1, 2]\n}\n");
    is_said(&world, &folder, &["settings.json, line 2"]).await;
}

#[tokio::test]
async fn a_folder_without_a_form_is_said() {
    let world = World::new();
    let folder = world.path("empty");
    write(&folder, "readme.txt", "nothing here");
    is_said(&world, &folder, &["neither a pack.json nor an index.html"]).await;
}
