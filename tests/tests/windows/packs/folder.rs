//! `--pack DIR`: a folder runs as it is, and what is saved in it shows.

use std::time::{Duration, Instant};

use deskbell_tests::World;

use super::ground::{SCRIPT, TEMPLATE, form, the_default_form_works, try_out, write};

#[tokio::test]
async fn a_folder_with_a_pack_json_runs() {
    let world = World::new();
    let app = try_out(&world, &form(&world), &[]).await;
    let page = app.page();
    page.wait_for("own").await;
    page.wait_for_text("Welcome to the bookshop").await;
    let colour = "getComputedStyle(document.querySelector('.own')).color === 'rgb(1, 2, 3)'";
    page.wait_until("its style", colour).await;
}

#[tokio::test]
async fn folders_as_companies_have_them_run() {
    let world = World::new();
    let folder = world.path("kit");
    for (name, key) in [("shop-desktop", "desktop"), ("shop-mobile", "mobile")] {
        let page = format!(
            "<!doctype html>\n<html><head>\n<meta charset=\"utf-8\">\n<script>\nvar __cs = __cs || [];\n\
             __cs.push(['applyWidgetsOptions', {{'consultant': {{{key}: {{js: 'form.js', css: 'form.css',\n\
             tpls: {{\"consultant_chat\": 'tpls/chat.html'}}}}}}}}]);\n</script>\n\
             <script src=\"https://shop.example/loader.js\"></script>\n</head><body></body></html>\n"
        );
        write(&folder, &format!("{name}/index.html"), &page);
        write(&folder, &format!("{name}/form.js"), SCRIPT);
        write(&folder, &format!("{name}/form.css"), "");
        write(&folder, &format!("{name}/tpls/chat.html"), &TEMPLATE.replace("Welcome", key));
        write(&folder, &format!("{name}/settings.json"), &format!("{{\"chat\": {{\"title\": \"{name}\"}}}}"));
    }
    for key in ["desktop", "mobile"] {
        let app = try_out(&world, &folder, &["--device", key]).await;
        app.page().wait_for_text(&format!("{key} to the shop-{key}")).await;
        app.close().await;
    }
    // A device that a folder has no layout for gets the one that is there.
    let app = try_out(&world, &folder.join("shop-desktop"), &["--device", "tablet"]).await;
    app.page().wait_for_text("desktop to the shop-desktop").await;
}

#[tokio::test]
async fn a_window_is_as_large_as_the_device_if_the_screen_has_room() {
    let world = World::new();
    let folder = form(&world);
    for (device, width, height) in [("desktop", 400, 640), ("mobile", 390, 780), ("tablet", 768, 800)] {
        let app = try_out(&world, &folder, &["--device", device]).await;
        app.page().wait_for("own").await;
        // The virtual screen is 1280 by 800.
        let size =
            format!("innerWidth === {width} && innerHeight <= {height} && innerHeight > {height} - 60");
        app.page().wait_until(&format!("{device}'s size"), &size).await;
        app.close().await;
    }
}

/// How often a time is taken. It is the product's where it is met once: others share this computer with the test.
const TRIES: usize = 5;

#[tokio::test]
async fn what_is_saved_shows_within_a_second() {
    let world = World::new();
    let folder = form(&world);
    let app = try_out(&world, &folder, &[]).await;
    app.page().wait_for_text("Welcome to the bookshop").await;
    let mut slow = Vec::new();
    for attempt in 0..TRIES {
        let (greeting, title) = (format!("Come in {attempt}"), format!("garden {attempt}"));
        write(&folder, "form.js", SCRIPT);
        let mut slowest = Duration::ZERO;
        for (file, text, shown) in [
            ("settings.json", format!(r#"{{"chat": {{"title": "{title}"}}}}"#), format!("to the {title}")),
            ("form.html", TEMPLATE.replace("Welcome", &greeting), format!("{greeting} to the {title}")),
            (
                "form.js",
                SCRIPT.replace("settings.chat,", "{ title: 'script' },"),
                format!("{greeting} to the script"),
            ),
        ] {
            write(&folder, file, &text);
            let saved = Instant::now();
            app.page().wait_for_text(&shown).await;
            slowest = slowest.max(saved.elapsed());
        }
        println!("what was saved showed within {} ms", slowest.as_millis());
        if slowest < Duration::from_secs(1) {
            return;
        }
        slow.push(slowest);
    }
    panic!("later each time: {slow:?}");
}

#[tokio::test]
async fn a_half_written_file_and_a_folder_that_is_gone_are_said_and_well_when_mended() {
    let world = World::new();
    let folder = form(&world);
    let app = try_out(&world, &folder, &[]).await;
    app.page().wait_for_text("Welcome to the bookshop").await;

    write(&folder, "form.html", "<div class=\"own\"><%= tit");
    app.page().wait_for_text("form.html, line 1").await;
    write(&folder, "form.html", &TEMPLATE.replace("Welcome", "Again"));
    app.page().wait_for_text("Again to the bookshop").await;

    write(&folder, "pack.json", "{\"consultant\": {\n");
    app.page().wait_for_text("pack.json, line 2").await;
    std::fs::rename(&folder, world.path("away")).unwrap();
    app.page().wait_for_text("The chat form cannot be read").await;
    the_default_form_works(&app).await;
    std::fs::rename(world.path("away"), &folder).unwrap();
    write(&folder, "pack.json", super::ground::PACK);
    app.page().wait_for_text("Again to the bookshop").await;
}

#[test]
fn a_folder_that_is_not_there_is_one_sentence_and_exit_code_2() {
    let world = World::new();
    let none = world.path("none");
    let mut app = world.terminal(&["visitor", "--pack", none.to_str().unwrap()]);
    assert_eq!(app.wait_for_end(), Some(2));
    assert!(app.output().contains("There is no folder"), "{}", app.output());
    assert_eq!(app.output().trim().lines().count(), 1, "{}", app.output());
    assert!(!world.data().join("deskbell").exists(), "nothing was opened");
}

#[tokio::test]
async fn a_sound_beside_a_form_is_heard_without_a_gesture() {
    let world = World::new();
    let folder = form(&world);
    std::fs::write(folder.join("bell.wav"), silence()).unwrap();
    write(&folder, "form.js", &format!("window.base = document.currentScript.src;\n{SCRIPT}"));
    let app = try_out(&world, &folder, &[]).await;
    app.page().wait_for_text("Welcome to the bookshop").await;
    for sound in ["new URL('bell.wav', window.base).href", "'/packs/default/bell.wav'"] {
        let script = format!(
            "const done = arguments[0]; const sound = new Audio({sound});
             sound.onended = () => done('heard'); sound.play().catch((why) => done(String(why)));"
        );
        assert_eq!(app.page().script_async(&script).await, "heard", "{sound}");
    }
}

/// A tenth of a second of nothing, as a WAV file: one channel, 8,000 bytes a second.
fn silence() -> Vec<u8> {
    let (rate, samples) = (8_000_u32, [128; 800]);
    let mut file = b"RIFF".to_vec();
    file.extend((36 + samples.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend([rate, rate].map(u32::to_le_bytes).concat());
    file.extend(b"\x01\0\x08\0data");
    file.extend((samples.len() as u32).to_le_bytes());
    file.extend(samples);
    file
}
