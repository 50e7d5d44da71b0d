//! The app in a real window, driven by WebDriver.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::page::Page;
use crate::process::{Process, free_port, kill_pid, limit, processes_naming, program, signal_pid};
use crate::world::World;

/// How long the driver may take before the window is thought to be gone.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A running app with its window.
pub struct App {
    client: Client,
    driver: Process,
    data: PathBuf,
    ended: bool,
}

impl App {
    /// Starts the visitor's app under a profile of its own.
    pub async fn visitor(world: &World, name: &str, arguments: &[&str]) -> Self {
        Self::start(world, name, "visitor", arguments).await
    }

    /// Starts the operator's app under a profile of its own.
    pub async fn operator(world: &World, name: &str, arguments: &[&str]) -> Self {
        Self::start(world, name, "operator", arguments).await
    }

    /// No app of ours: the bare browser of the same WebKit, without our pages and their CSP.
    pub async fn bare(world: &World) -> Self {
        Self::open(world, world.path("bare"), None).await
    }

    async fn start(world: &World, name: &str, face: &str, arguments: &[&str]) -> Self {
        let data = world.path(name);
        let mut words = vec![face.to_owned(), "--data".to_owned(), data.to_str().unwrap().to_owned()];
        words.extend(arguments.iter().map(|&word| word.to_owned()));
        let options = json!({ "binary": program("deskbell"), "args": words });
        Self::open(world, data, Some(options)).await
    }

    pub(crate) async fn open(world: &World, data: PathBuf, options: Option<Value>) -> Self {
        let port = free_port();
        let mut driver = Command::new("WebKitWebDriver");
        driver.args([&format!("--port={port}"), "--host=127.0.0.1"]);
        world.environment(&mut driver);
        driver.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Process::start(&mut driver);
        let client = connect(port, options, &driver).await;
        Self { client, driver, data, ended: false }
    }

    /// What is in the window.
    pub fn page(&self) -> Page<'_> {
        Page::new(&self.client)
    }

    /// Goes to the app's window of this name (`app`, `operator`), as soon as it is there. Windows whose storage is apart
    /// from the first one's are out of the driver's reach.
    pub async fn enter(&self, pane: &str) -> Page<'_> {
        let until = Instant::now() + limit();
        let page = format!("/{pane}/index.html");
        loop {
            for window in self.windows().await {
                let there = async {
                    self.client.switch_to_window(window).await?;
                    self.client.current_url().await
                };
                if matches!(tokio::time::timeout(PATIENCE, there).await, Ok(Ok(url)) if url.path() == page) {
                    return self.page();
                }
            }
            assert!(Instant::now() < until, "no window {pane}\n{}", self.driver.output());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the app has one window left.
    pub async fn until_alone(&self) {
        let until = Instant::now() + limit();
        while self.windows().await.len() != 1 {
            assert!(Instant::now() < until, "there is not one window\n{}", self.driver.output());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The app's windows. Asked while one of them goes, the driver may never answer.
    async fn windows(&self) -> Vec<WindowHandle> {
        let asked = tokio::time::timeout(PATIENCE, self.client.windows()).await;
        asked.ok().and_then(Result::ok).unwrap_or_default()
    }

    /// Clicks something whose handler may never return.
    pub async fn click_without_waiting(&self, name: &str) {
        self.page().click_without_waiting(name).await;
    }

    /// Where this profile keeps everything.
    pub fn data(&self) -> &PathBuf {
        &self.data
    }

    /// kill -9 of the app, as a crash would end it; its driver goes, too.
    pub fn kill(mut self) {
        self.end();
    }

    /// The same, for an app that another one takes the place of.
    pub fn end(&mut self) {
        self.ended = true;
        for pid in processes_naming(&self.data) {
            kill_pid(pid);
        }
        self.driver.kill();
    }

    /// Asks the app to end, as signing out of the computer does, and waits until it is gone.
    pub async fn close(mut self) {
        for pid in self.pids() {
            signal_pid(pid, "TERM");
        }
        self.until_ended().await;
    }

    /// Waits until the app has ended.
    pub async fn until_ended(&mut self) {
        let until = Instant::now() + limit();
        while !self.pids().is_empty() {
            assert!(Instant::now() < until, "the app does not end: {}", self.driver.output());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl App {
    /// The app's processes, without its driver.
    pub fn pids(&self) -> Vec<u32> {
        processes_naming(&self.data).into_iter().filter(|pid| *pid != self.driver.id()).collect()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // By now another one may run under the same profile.
        if !self.ended {
            self.end();
        }
    }
}

async fn connect(port: u16, options: Option<Value>, driver: &Process) -> Client {
    let options = options.map(|options| ("webkitgtk:browserOptions".to_owned(), options));
    let capabilities: Map<String, Value> = options.into_iter().collect();
    let until = Instant::now() + limit();
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.clone());
        let url = format!("http://127.0.0.1:{port}");
        match tokio::time::timeout(limit(), builder.connect(&url)).await {
            Ok(Ok(client)) => return client,
            Ok(Err(error)) => {
                let output = driver.output();
                assert!(Instant::now() < until, "no window: {error}\n{output}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(_) => panic!("the window does not open\n{}", driver.output()),
        }
    }
}
