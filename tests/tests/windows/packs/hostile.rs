//! A hostile form harms nothing but itself: no network, no program made of text, no command that is not the visitor's, no
//! other profile, and no memory that it could take from the app.

use deskbell_tests::{App, World};

use crate::conversation::hosting;

use super::ground::{SCRIPT, form_with, try_out, write};
use super::links::wait;
use super::stuck::{Stage, app_process};

/// Tries something, and writes down what came of it.
fn trying(attempts: &str) -> String {
    format!(
        "{SCRIPT}\nwindow.tried = {{}};\nfunction tell(name) {{ return function (what) {{ \
         window.tried[name] = String(what && what.message || what); }}; }}\n{attempts}"
    )
}

async fn tried(app: &App, name: &str) -> String {
    let page = app.page();
    page.wait_until(name, &format!("window.tried && '{name}' in window.tried")).await;
    page.script(&format!("return window.tried['{name}']")).await
}

#[tokio::test]
async fn threats_32_a_form_reaches_no_network_and_the_person_is_told() {
    let world = World::new();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let there = listener.local_addr().unwrap();
    let attempts = [
        format!("fetch('http://{there}/fetch').then(tell('fetch'), tell('fetch'));"),
        format!(
            "try {{ var x = new XMLHttpRequest(); x.open('GET', 'http://{there}/xhr', false); x.send(); \
             tell('xhr')('sent'); }} catch (e) {{ tell('xhr')(e); }}"
        ),
        format!(
            "try {{ var w = new WebSocket('ws://{there}/ws'); w.onopen = tell('ws'); \
             w.onerror = function () {{ tell('ws')('refused'); }}; }} catch (e) {{ tell('ws')(e); }}"
        ),
        format!("navigator.sendBeacon && navigator.sendBeacon('http://{there}/beacon', 'x');"),
        format!(
            "var i = new Image(); i.onerror = function () {{ tell('img')('refused'); }}; i.src = 'http://{there}/i';"
        ),
        format!(
            "['script', 'link', 'iframe', 'object', 'audio', 'form'].forEach(function (name) {{
               var e = document.createElement(name); e.rel = 'stylesheet';
               e.src = e.href = e.data = e.action = 'http://{there}/' + name;
               document.body.appendChild(e); if (e.submit) e.submit();
             }});"
        ),
        format!("document.body.style.backgroundImage = 'url(http://{there}/css)';"),
        format!("try {{ new EventSource('http://{there}/es'); }} catch (e) {{}}"),
        format!("try {{ new Worker('http://{there}/worker.js'); }} catch (e) {{}}"),
        format!(
            "try {{ new RTCPeerConnection({{ iceServers: [{{ urls: 'stun:{there}' }}] }}); }} catch (e) {{}}"
        ),
        "tell('all')('tried');".to_owned(),
    ];
    let folder = form_with(&world, &trying(&attempts.join("\n")));
    let app = try_out(&world, &folder, &[]).await;
    app.page().wait_for_text("Welcome to the bookshop").await;
    for name in ["fetch", "xhr", "ws", "img", "all"] {
        let said = tried(&app, name).await;
        assert!(said != "sent" && !said.contains("[object"), "{name}: {said}");
    }
    app.page().wait_for_text("a form has no network here").await;
    app.page().wait_for_text("form.js, line").await;
    app.page().wait_for_text("Welcome to the bookshop").await;
    assert!(listener.accept().is_err(), "something was reached");
}

#[tokio::test]
async fn threats_32_a_form_makes_no_program_of_text() {
    let world = World::new();
    let attempts = "['eval(\"window.made=1\")', 'x'].slice(0, 1).forEach(function () {
          try { (0, eval)('window.made = 1'); tell('eval')('ran'); } catch (e) { tell('eval')('refused'); }
          try { new Function('window.made = 2')(); tell('function')('ran'); } catch (e) { tell('function')('refused'); }
        });
        setTimeout('window.made = 3', 0);
        var inline = document.createElement('script'); inline.textContent = 'window.made = 4';
        document.head.appendChild(inline);
        var data = document.createElement('script'); data.src = 'data:text/javascript,window.made=5';
        document.head.appendChild(data);
        var blob = document.createElement('script');
        blob.src = URL.createObjectURL(new Blob(['window.made = 6'])); document.head.appendChild(blob);
        setTimeout(function () { tell('later')('tried'); }, 300);";
    let folder = form_with(&world, &trying(attempts));
    let app = try_out(&world, &folder, &[]).await;
    for name in ["eval", "function"] {
        assert_eq!(tried(&app, name).await, "refused", "{name}");
    }
    tried(&app, "later").await;
    let made: bool = app.page().script("return 'made' in window").await;
    assert!(!made);
    app.page().wait_for_text("tried to run text as a program").await;
}

#[tokio::test]
async fn threats_33_a_form_has_the_visitors_commands_and_no_others() {
    let world = World::new();
    let names = [
        "operator_boot",
        "operator_sign_out",
        "operator_open",
        "operator_save_site",
        "app_boot",
        "app_join",
        "app_host",
        "app_quit",
        "plugin:window|close",
        "plugin:webview|internal_toggle_devtools",
        "plugin:event|listen",
        "plugin:path|resolve_directory",
        "plugin:app|version",
        "plugin:resources|close",
        "plugin:webview|create_webview_window",
        "plugin:fs|read_file",
        "plugin:shell|open",
    ];
    let list = serde_json::to_string(&names).unwrap();
    let attempts = format!(
        "{list}.forEach(function (name) {{ window.__TAURI_INTERNALS__.invoke(name, {{}}).then(\
         function () {{ tell(name)('allowed'); }}, tell(name)); }});"
    );
    let app = try_out(&world, &form_with(&world, &trying(&attempts)), &[]).await;
    for name in names {
        let said = tried(&app, name).await;
        assert!(said.contains("not allowed") || said.contains("not found"), "{name}: {said}");
    }
    app.page().wait_for_text("Welcome to the bookshop").await;
}

#[tokio::test]
async fn threats_38_a_form_reads_no_file_and_no_other_pack() {
    let world = World::new();
    let attempts = "var base = document.currentScript.src.replace(/form\\.js.*/, '');
        var urls = ['file:///etc/passwd', base + '../../../etc/passwd', base + '%2e%2e/%2e%2e/etc/passwd',
          base.replace(/[0-9a-f]{16}/, '0000000000000000') + 'form.js', 'pack://localhost/etc/passwd',
          'pack:///etc/passwd', 'asset://localhost/etc/passwd', 'tauri://localhost/operator/index.html'];
        urls.forEach(function (url, at) {
          var tag = document.createElement('script');
          tag.onload = function () { tell('file' + at)('loaded'); };
          tag.onerror = function () { tell('file' + at)('refused'); };
          tag.src = url; document.head.appendChild(tag);
        });";
    let app = try_out(&world, &form_with(&world, &trying(attempts)), &[]).await;
    for at in 0..7 {
        assert_eq!(tried(&app, &format!("file{at}")).await, "refused", "{at}");
    }
}

#[tokio::test]
async fn threats_3_44_a_form_sees_nothing_of_another_profile_or_another_desk() {
    let world = World::new();
    let (_operator, address) = hosting(&world, &[]).await;
    let secret = "var s = window.localStorage; s.setItem('mine', 'zanzibar'); CallGear.storage.setItem('k', 'zanzibar');
        document.cookie = 'c=zanzibar'; indexedDB.open('zanzibar');";
    let folder = form_with(&world, &format!("{SCRIPT}\n{secret}"));
    let named = folder.to_str().unwrap();
    let first = App::visitor(&world, "first", &["--desk", &address, "--pack", named]).await;
    first.page().wait_until("it is kept", "localStorage.getItem('mine') === 'zanzibar'").await;
    first.page().wait_for_text("Welcome to the bookshop").await;

    let look = "return JSON.stringify([Object.entries(localStorage), document.cookie, CallGear.storage.getItem('k')])";
    write(&folder, "form.js", SCRIPT);
    let other = App::visitor(&world, "other", &["--desk", &address, "--pack", named]).await;
    other.page().wait_for_text("Welcome to the bookshop").await;
    assert!(!other.page().script::<String>(look).await.contains("zanzibar"), "another folder of profiles");
    other.kill();
    let arguments = ["--desk", &address, "--pack", named, "--profile", "second"];
    let other = App::visitor(&world, "first", &arguments).await;
    other.page().wait_for_text("Welcome to the bookshop").await;
    assert!(!other.page().script::<String>(look).await.contains("zanzibar"), "another profile");
}

/// Sends texts of this many MiB to the app, again and again.
fn flooding(way: &str, mib: u32) -> String {
    format!(
        "{SCRIPT}
setTimeout(function () {{
  var big = 'x'.repeat({mib} << 20);
  function desk() {{
    var request = new XMLHttpRequest();
    request.open('POST', 'desk://localhost/send', false);
    try {{ request.send(big); }} catch (e) {{}}
    setTimeout(desk);
  }}
  function command() {{
    window.__TAURI_INTERNALS__.invoke('operator_open', {{ visitor: big }}).then(command, command);
  }}
  {way}();
}}, 1000);"
    )
}

async fn is_stopped(way: &str, mib: u32) {
    let world = World::new();
    let folder = form_with(&world, &flooding(way, mib));
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_end_of_form("pack_");
    stage.wait_for_default_form().await;
    let pid = app_process(&stage.data);
    println!("{way}, {mib} MiB: {} kB now, {} at most", resident(pid), peak(pid));
    wait("the app gives it back", || resident(pid) < 600_000).await;
}

#[tokio::test]
async fn threats_20_a_gigabyte_harms_nothing_but_the_form() {
    is_stopped("desk", 1024).await;
    is_stopped("command", 1024).await;
}

#[tokio::test]
async fn threats_20_a_form_that_floods_the_app_is_stopped() {
    is_stopped("desk", 200).await;
    is_stopped("command", 200).await;
}

#[tokio::test]
async fn threats_20_a_form_that_hoards_memory_is_stopped() {
    let hoard = "var hoard = []; setInterval(function () {
      var some = new Uint8Array(64 << 20); some.fill(7); hoard.push(some); }, 20);";
    let world = World::new();
    let folder = form_with(&world, &format!("{SCRIPT}\n{hoard}"));
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_end_of_form("pack_crashed");
    stage.wait_for_default_form().await;
}

fn status(pid: u32, name: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// Memory of a process now, in kB.
fn resident(pid: u32) -> u64 {
    status(pid, "VmRSS:")
}

/// The most that it ever had.
fn peak(pid: u32) -> u64 {
    status(pid, "VmHWM:")
}
