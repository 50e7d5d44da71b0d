//! A form that hangs, or whose process ends, gives way to the default form; the app goes on.
//!
//! A driver gives its window up with the process that it ran in. So most windows here have none: keys are the screen's,
//! and what was typed is seen by the operator.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_tests::process::{Process, kill_pid, limit, processes_naming};
use deskbell_tests::{App, World};

use crate::conversation::{hosting, open_first_visitor};

use super::ground::{SCRIPT, form_with, the_default_form_is_there, try_out, write};

/// A visitor's window without a driver, beside the window of an operator.
pub(super) struct Stage {
    app: Process,
    pub(super) data: PathBuf,
    operator: App,
}

impl Stage {
    pub(super) async fn open(world: &World, folder: &Path) -> Self {
        let (operator, address) = hosting(world, &[]).await;
        let data = world.path("visitor");
        let named = [data.to_str().unwrap(), folder.to_str().unwrap()];
        let app = world.terminal(&["visitor", "--desk", &address, "--data", named[0], "--pack", named[1]]);
        Self { app, data, operator }
    }

    /// The form was stopped for this reason.
    pub(super) fn wait_for_end_of_form(&mut self, code: &str) {
        self.app.wait_for_output(&format!("the form was stopped code=\"{code}"));
    }

    /// The default form takes what is typed, and the operator gets it.
    pub(super) async fn wait_for_default_form(&self) {
        let until = Instant::now() + limit();
        let words = "is anybody there";
        self.wait_for_visitor().await;
        while !self.operator.page().words().await.iter().any(|(_, said)| said.contains(words)) {
            assert!(Instant::now() < until, "nothing was typed: {}", self.app.output());
            self.type_in_window(words);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn wait_for_visitor(&self) {
        open_first_visitor(&self.operator).await;
    }

    fn window(&self) -> Option<String> {
        let pid = app_process(&self.data).to_string();
        let found =
            Command::new("xdotool").args(["search", "--onlyvisible", "--pid", &pid]).output().unwrap();
        String::from_utf8_lossy(&found.stdout).lines().last().map(str::to_owned)
    }

    /// What an alert waits for.
    fn press_return(&self) {
        let Some(window) = self.window() else { return };
        let keys = ["windowraise", &window, "windowfocus", &window, "key", "Return"];
        // A window may go between the look for it and the key.
        let _ = Command::new("xdotool").args(keys).status().unwrap();
    }

    fn type_in_window(&self, words: &str) {
        let Some(window) = self.window() else { return };
        // The composer stands at the lower end of the window, which is 400 by 640 pixels large.
        let mut keys = Command::new("xdotool");
        keys.args([
            "windowraise",
            &window,
            "windowfocus",
            "--sync",
            &window,
            "mousemove",
            "--window",
            &window,
        ]);
        keys.args(["160", "608", "click", "1", "type", "--delay", "5", words]);
        // A window may go between the look for it and the keys.
        let _ = keys.status().unwrap();
        let _ = Command::new("xdotool").args(["key", "Return"]).status().unwrap();
    }
}

#[tokio::test]
async fn a_form_that_loops_at_its_start_gives_way_and_is_tried_again_when_it_is_mended() {
    let world = World::new();
    let folder = form_with(&world, "while (true) {}\n");
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_end_of_form("pack_hangs");
    stage.wait_for_default_form().await;
    until_rests(&stage.data);

    write(
        &folder,
        "form.js",
        &SCRIPT.replace("chat.show();", "chat.show(); chat.sendChatMessage('mended');"),
    );
    stage.operator.page().wait_for_text("mended").await;
}

#[tokio::test]
async fn a_form_that_loops_in_a_handler_gives_way_with_one_sentence() {
    let world = World::new();
    let looping = "document.addEventListener('click', function () { while (true) {} });\n";
    let folder = form_with(&world, &format!("{looping}{SCRIPT}"));
    let app = try_out(&world, &folder, &[]).await;
    app.page().wait_for("greeting").await;
    app.click_without_waiting("greeting").await;
    app.page().wait_for_text("did not answer for 10 seconds").await;
    the_default_form_is_there(&app).await;
    until_rests(app.data());
}

#[tokio::test]
async fn a_form_that_loads_its_page_again_and_again_gives_way() {
    let world = World::new();
    let folder = form_with(&world, "location.reload();\n");
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_end_of_form("pack_hangs");
    stage.wait_for_default_form().await;
}

#[tokio::test]
async fn threats_22_a_form_that_alerts_for_ever_gives_way() {
    let world = World::new();
    let looping = "setTimeout(function () { for (;;) alert('Look here!'); }, 1000);\n";
    let folder = form_with(&world, &format!("{SCRIPT}{looping}"));
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_visitor().await;
    let until = Instant::now() + limit();
    while !stage.app.output().contains("the form was stopped") {
        assert!(Instant::now() < until, "it alerts for ever: {}", stage.app.output());
        stage.press_return();
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stage.wait_for_end_of_form("pack_hangs");
    stage.wait_for_default_form().await;
}

#[tokio::test]
async fn a_form_whose_process_ends_gives_way() {
    let world = World::new();
    let folder =
        form_with(&world, &SCRIPT.replace("chat.show();", "chat.show(); chat.sendChatMessage('up');"));
    let mut stage = Stage::open(&world, &folder).await;
    stage.wait_for_visitor().await;
    stage.operator.page().wait_for_text("up").await;
    kill_pid(page_process(&stage.data));
    stage.wait_for_end_of_form("pack_crashed");
    stage.wait_for_default_form().await;
}

#[tokio::test]
async fn the_built_in_form_is_loaded_anew_when_its_process_ends() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let data = world.path("visitor");
    let app = world.terminal(&["visitor", "--desk", &address, "--data", data.to_str().unwrap()]);
    let stage = Stage { app, data, operator };
    stage.wait_for_default_form().await;
    let first = page_process(&stage.data);
    kill_pid(first);
    let until = Instant::now() + limit();
    while page_of(&stage.data).is_none_or(|page| page == first) {
        assert!(Instant::now() < until, "no page any more");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The app itself, without its driver.
pub(super) fn app_process(data: &Path) -> u32 {
    let named = processes_naming(data);
    let is_app = |pid: &&u32| command(**pid).starts_with("deskbell");
    *named.iter().find(is_app).unwrap_or_else(|| panic!("no app among {named:?}"))
}

/// The process that runs the page.
pub(super) fn page_process(data: &Path) -> u32 {
    page_of(data).expect("no page's process")
}

fn page_of(data: &Path) -> Option<u32> {
    let own = app_process(data);
    all().find(|pid| command(*pid).starts_with("WebKitWebProces") && is_below(*pid, own))
}

/// How many processes of pages this app has.
pub(super) fn pages_of(own: u32) -> usize {
    all().filter(|pid| command(*pid).starts_with("WebKitWebProces") && is_below(*pid, own)).count()
}

fn all() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").unwrap();
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

fn command(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default()
}

/// Is it a child, or a child's child, of this process?
fn is_below(pid: u32, ancestor: u32) -> bool {
    let parent = |pid: u32| -> Option<u32> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()
    };
    std::iter::successors(Some(pid), |pid| parent(*pid)).take(6).any(|pid| pid == ancestor)
}

/// The process that hung is gone: none of the app's burns a processor. The new one may still be busy with its start.
fn until_rests(data: &Path) {
    let until = Instant::now() + limit();
    while let Some((pid, share)) = busiest(app_process(data)).filter(|(_, share)| *share >= 0.2) {
        assert!(Instant::now() < until, "{} burns {share:.2} of a processor", command(pid).trim());
    }
}

/// Which process of an app worked most in a second, and how much of a processor it took.
fn busiest(own: u32) -> Option<(u32, f64)> {
    let used = || all().filter(|pid| is_below(*pid, own)).map(|pid| (pid, ticks(pid))).collect::<Vec<_>>();
    let (before, began) = (used(), Instant::now());
    std::thread::sleep(Duration::from_secs(1));
    let took = began.elapsed().as_secs_f64();
    let worked = used().into_iter().filter_map(|(pid, after)| {
        let (_, ticks) = before.iter().find(|(known, _)| *known == pid)?;
        Some((pid, after.saturating_sub(*ticks) as f64 / 100.0 / took))
    });
    worked.max_by(|one, other| one.1.total_cmp(&other.1))
}

/// Hundredths of a second of the processor's time.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let rest = stat.rsplit(')').next().unwrap_or_default().to_owned();
    let numbers: Vec<u64> = rest.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    numbers.get(9).unwrap_or(&0) + numbers.get(10).unwrap_or(&0)
}
