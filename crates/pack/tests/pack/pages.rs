//! `index.html` where there is no `pack.json`.

use deskbell_pack::{Pack, PageScript};

use crate::world::{Folder, page};

const OPTIONS: &str = "{\n    'consultant': {\n      desktop: {\n        js: 'consultant.js',\n        css: \"consultant.css\",\n        \
                       tpls: {\"consultant_chat\": 'tpls/chat.html'}\n      }\n    }\n  }";

fn kit(folder: &str) -> Vec<(String, String)> {
    [
        ("index.html", page(OPTIONS).as_str()),
        ("consultant.js", "run()"),
        ("consultant.css", "a {}"),
        ("settings.json", "{\"chat\": {}}"),
        ("tpls/chat.html", "<comagic><%= chat.title %></comagic>"),
    ]
    .map(|(path, text)| (format!("{folder}{path}"), text.to_owned()))
    .to_vec()
}

fn folder(files: &[(String, String)]) -> Folder {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Folder::with(&files)
}

fn with_page(text: &str) -> Folder {
    Folder::with(&[("index.html", text), ("consultant.js", "run()"), ("tpls/chat.html", "")])
}

fn warnings(pack: &Pack) -> Vec<String> {
    pack.warnings().iter().map(ToString::to_string).collect()
}

#[test]
fn a_folder_as_companies_have_it_is_a_pack() {
    let pack = folder(&kit("")).read().unwrap();
    let script = PageScript { page: "index.html".to_owned(), number: 0, file: "index.html".to_owned() };
    assert_eq!(pack.pages(), [script]);
    assert!(pack.options().is_none());
    assert_eq!(warnings(&pack), Vec::<String>::new());
    assert_eq!(pack.settings().len(), 1);
}

#[test]
fn a_pack_json_may_stand_beside_and_say_of_the_settings_what_is_html() {
    let mut files = kit("consultant-desktop/");
    files.push(("pack.json".to_owned(), r#"{"trusted_html": ["chat.title"]}"#.to_owned()));
    let pack = folder(&files).read().unwrap();
    assert_eq!((pack.pages().len(), pack.options()), (1, None));
    assert_eq!(pack.trusted(), ["chat.title"]);
    let alone = folder(&files[5..]).read().unwrap_err();
    assert_eq!(alone.kind.code(), "pack_no_mapping");
}

#[test]
fn a_script_keeps_the_lines_and_columns_of_its_page() {
    let pack = folder(&kit("")).read().unwrap();
    let script = pack.page_script("index.html", 0).unwrap();
    let page = page(OPTIONS);
    let line = |text: &str, number: usize| text.lines().nth(number).unwrap().to_owned();
    for number in 3..12 {
        assert_eq!(line(&script, number), line(&page, number));
    }
    assert_eq!(line(&script, 2).trim(), "");
    assert!(!script.contains("loader"));

    let pack = with_page("<p>ж😀<script>__cs.push(['applyWidgetsOptions', {}])</script>").read().unwrap();
    // 14 characters before it, of which one is two for JavaScript.
    assert_eq!(
        pack.page_script("index.html", 0).unwrap(),
        format!("{}__cs.push(['applyWidgetsOptions', {{}}])", " ".repeat(14))
    );
    assert_eq!(pack.page_script("index.html", 1), None);
    assert_eq!(pack.page_script("other.html", 0), None);
}

#[test]
fn a_named_file_is_found_where_its_page_names_it() {
    let pack = folder(&kit("consultant-desktop/")).read().unwrap();
    let at = |path: &str| pack.named_at(path).map(|(file, place)| (file, place.line, place.column));
    let here = |line, column| Some(("consultant-desktop/index.html".to_owned(), line, column));
    assert_eq!(at("consultant-desktop/consultant.js"), here(8, 13));
    assert_eq!(at("consultant-desktop/tpls/chat.html"), here(10, 35));
    assert_eq!(at("consultant.js"), None);
}

#[test]
fn pages_of_several_folders_come_in_the_order_in_which_they_count() {
    let folders = ["b/", "a/desktop/", "", "a/", "a/b/c/", "a/b/c/d/"];
    let pack = folder(&folders.map(kit).concat()).read().unwrap();
    let pages: Vec<String> = pack.pages().into_iter().map(|script| script.page).collect();
    let wanted = ["index.html", "a/index.html", "a/b/c/index.html", "a/desktop/index.html", "b/index.html"];
    assert_eq!(pages, wanted);
}

#[test]
fn several_scripts_of_a_page_are_numbered_and_others_left_out() {
    let text = "<script>var a</script><script>/* applyWidgetsOptions */ 1</script>\
                <!-- <script>applyWidgetsOptions(0)</script> -->\
                <script type=text/template>applyWidgetsOptions(0)</script><SCRIPT>applyWidgetsOptions(2)</SCRIPT>";
    let pack = with_page(text).read().unwrap();
    assert_eq!(pack.pages().iter().map(|script| script.number).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(pack.page_script("index.html", 1).unwrap().trim(), "applyWidgetsOptions(2)");
}

#[test]
fn a_local_script_that_gives_the_command_is_run_with_its_own_lines() {
    let folder = Folder::with(&[
        ("demo/index.html", "<script src='../options.js?v=1'></script><script src=gone.js></script>"),
        ("options.js", "\n__cs.push([\n 'applyWidgetsOptions', {x: {js: 'a.js'}}])"),
        ("demo/a.js", "run()"),
    ]);
    let pack = folder.read().unwrap();
    let script = PageScript { page: "demo/index.html".to_owned(), number: 0, file: "options.js".to_owned() };
    assert_eq!(pack.pages(), [script]);
    assert!(pack.page_script("demo/index.html", 0).unwrap().starts_with("\n__cs"));
    // Its paths are the page's.
    assert_eq!(pack.named_at("demo/a.js").unwrap().0, "options.js");
    assert_eq!(
        warnings(&pack),
        ["demo/index.html, line 1, column 62: It names gone.js, which is not in the pack."]
    );
}

#[test]
fn a_loader_that_only_knows_the_command_is_not_run() {
    let loader = "q.applyWidgetsOptions=function(){};if(n=='applyWidgetsOptions')go()";
    let text = page("{x: {js: 'consultant.js'}}") + "<script src='loader.js'></script>";
    let folder = with_page(&text);
    folder.write("loader.js", loader.as_bytes());
    assert_eq!(folder.read().unwrap().pages().len(), 1);
}

#[test]
fn a_literal_path_that_is_missing_is_a_warning_with_its_line() {
    let options =
        "{a: {js: 'consultant.js', css: 'old.css', tpls: {b: base + 'x.html', c: 'tpls/none.tpl'}}}";
    let pack = with_page(&page(options)).read().unwrap();
    assert_eq!(
        warnings(&pack),
        [
            "index.html, line 5, column 68: It names old.css, which is not in the pack.",
            "index.html, line 5, column 109: It names tpls/none.tpl, which is not in the pack.",
        ]
    );
}

#[test]
fn threats_38_a_literal_path_out_of_the_pack_is_refused_with_its_line() {
    let folder = with_page(&page("{a: {js:\n '../../form.js'}}"));
    assert_eq!(
        folder.sentence(),
        "index.html, line 6, column 2: It names ../../form.js, which lies outside the pack."
    );
    let folder = with_page(&page("{a: {js: '/form.js', css: 'https://host.example/a.css'}}"));
    assert!(folder.read().is_ok());
}

#[test]
fn a_page_that_is_no_text_or_too_long_is_one_sentence() {
    let folder = with_page("");
    folder.write("index.html", b"<script>applyWidgetsOptions('\xcf')</script>");
    assert_eq!(folder.sentence(), "index.html: It is not UTF-8 text.");
    folder.write("index.html", page("{}").repeat(6_000).as_bytes());
    assert_eq!(folder.sentence(), "index.html: It is larger than 1048576 bytes.");
}

#[test]
fn a_page_about_something_else_may_be_as_it_likes() {
    let folder = folder(&kit(""));
    folder.write("old/index.html", b"<p>\xcf\xf0\xe8\xe2\xe5\xf2");
    folder.write("report/index.html", &vec![b' '; 2_000_000]);
    assert_eq!(folder.read().unwrap().pages().len(), 1);
}

#[test]
fn threats_38_no_more_than_512_scripts_are_looked_at_and_64_run() {
    let command = "<script>__cs.push(['applyWidgetsOptions', {}]);</script>";
    let pages = |before: usize, commands: usize| {
        let page = "<script>1;</script>".repeat(before) + &command.repeat(commands);
        with_page(&page).read().map(|pack| pack.pages().len()).map_err(|flaw| flaw.kind.code())
    };
    assert_eq!([pages(511, 3), pages(512, 3)], [Ok(1), Err("pack_no_mapping")]);
    assert_eq!([pages(0, 64), pages(0, 65)], [Ok(64), Ok(64)]);
}

/// What takes quadratic time where a reader begins again from every place.
#[test]
fn threats_38_a_hostile_page_is_read_in_time_in_proportion() {
    let command = "applyWidgetsOptions";
    for part in
        ["<!-- -->", "<!--", "<script>", "<a b='", "</script", "<style>", "<textarea></", "&amp;", "--!"]
    {
        hostile(&format!("{}<script>{command}</script>", part.repeat(900_000 / part.len())), part);
    }
    for part in
        ["\\\"", "'\"`", "'a.js',", "'a.js' ", "/*", "//", "<!--<script>", "`", "'../a.js", "[\n'x.css',"]
    {
        hostile(&format!("<script>{command}{}</script>", part.repeat(900_000 / part.len())), part);
    }
    let src = "<script src=a.js></script>".repeat(30_000);
    let folder = with_page(&src);
    folder.write("a.js", &vec![b'['; 1_000_000]);
    let begun = std::time::Instant::now();
    let _ = folder.read();
    assert!(begun.elapsed().as_secs() < 20, "src: {:?}", begun.elapsed());
}

/// Where it is quadratic it takes minutes; a machine that is busy may take seconds.
fn hostile(page: &str, part: &str) {
    let folder = with_page(page);
    let begun = std::time::Instant::now();
    let _ = folder.read();
    println!("{part}: {:?}", begun.elapsed());
    assert!(begun.elapsed().as_secs() < 20, "{part}: {:?}", begun.elapsed());
}
