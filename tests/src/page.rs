//! What is in a window, as a person meets it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fantoccini::Client;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::PATIENCE;
use crate::process::limit;

/// A page.
pub struct Page<'a> {
    pub(crate) client: &'a Client,
}

/// A line of a conversation on the screen.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Line {
    /// `visitor`, `operator` or `system`.
    pub sender: String,
    /// `queued`, `sent`, `delivered` …; empty where a line has none.
    pub status: String,
    /// The words.
    pub text: String,
}

impl<'a> Page<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Waits for an element, by its `data-test` name.
    pub async fn wait_for(&self, name: &str) {
        let quoted = serde_json::to_string(&css(name)).unwrap();
        self.wait_until(&format!("{name} on the page"), &format!("document.querySelector({quoted})")).await;
    }

    /// Everything that can be read on the page.
    pub async fn text(&self) -> String {
        self.script("return document.body.innerText").await
    }

    /// Runs a script in the page, once: a page that is asked again, because the driver did not answer, repeats what came
    /// of it. What throws is tried again.
    pub async fn script<T: DeserializeOwned>(&self, script: &str) -> T {
        let until = Instant::now() + limit();
        let once = once(script);
        loop {
            match tokio::time::timeout(PATIENCE, self.client.execute(&once, vec![])).await {
                Ok(Ok(value)) => return serde_json::from_value(value).unwrap(),
                Ok(Err(error)) => {
                    assert!(Instant::now() < until, "the page does not answer: {error}");
                    self.follow().await;
                }
                // A window that closes while it is asked never answers.
                Err(_) => {
                    assert!(Instant::now() < until, "the page does not answer {script:?}");
                    self.follow().await;
                }
            }
        }
    }

    /// Where the app replaced its window by another one: go there.
    async fn follow(&self) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        // Asked in the middle of it, the driver may never answer.
        let windows = tokio::time::timeout(PATIENCE, self.client.windows()).await;
        let Ok(Ok(windows)) = windows else { return };
        let here = tokio::time::timeout(PATIENCE, self.client.window()).await;
        if matches!(here, Ok(Ok(here)) if windows.contains(&here)) {
            return;
        }
        if let Some(window) = windows.into_iter().next() {
            let _ = tokio::time::timeout(PATIENCE, self.client.switch_to_window(window)).await;
        }
    }

    /// Runs a script that ends by calling its last argument.
    pub async fn script_async(&self, script: &str) -> Value {
        let answer = tokio::time::timeout(limit(), self.client.execute_async(script, vec![])).await;
        answer.unwrap_or_else(|_| panic!("never answered: {script}")).unwrap()
    }

    /// Waits until a script says `true`.
    pub async fn wait_until(&self, what: &str, condition: &str) {
        let until = Instant::now() + limit();
        while !self.script::<bool>(&format!("return !!({condition})")).await {
            if Instant::now() > until {
                panic!("never: {what}\n{}\n{:?}", self.text().await, self.lines().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until this can be read on the page.
    pub async fn wait_for_text(&self, text: &str) {
        let quoted = serde_json::to_string(text).unwrap();
        self.wait_until(text, &format!("document.body.innerText.includes({quoted})")).await;
    }

    /// The messages, in the order of the screen.
    pub async fn lines(&self) -> Vec<Line> {
        self.script(
            "return [...document.querySelectorAll('[data-test=message]')].map((line) => ({
                sender: line.dataset.sender ?? '', status: line.dataset.status ?? '',
                text: (line.querySelector('.bubble p') ?? line.querySelector('.bubble') ?? line).textContent.trim() }))",
        )
        .await
    }

    /// The words of people, in the order of the screen.
    pub async fn words(&self) -> Vec<(String, String)> {
        let people = self.lines().await.into_iter().filter(|line| line.sender != "system");
        people.map(|line| (line.sender, line.text)).collect()
    }

    /// Waits until the conversation reads like this.
    pub async fn wait_for_words(&self, expected: &[(&str, &str)]) {
        let until = Instant::now() + limit();
        loop {
            let words = self.words().await;
            if words
                .iter()
                .map(|(sender, text)| (sender.as_str(), text.as_str()))
                .eq(expected.iter().copied())
            {
                return;
            }
            assert!(Instant::now() < until, "the conversation reads {words:?}, not {expected:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the line with these words has one of these statuses.
    pub async fn wait_for_status(&self, text: &str, statuses: &[&str]) {
        let until = Instant::now() + limit();
        loop {
            let lines = self.lines().await;
            if lines.iter().any(|line| line.text == text && statuses.contains(&line.status.as_str())) {
                return;
            }
            if Instant::now() > until {
                panic!("{text:?} never became {statuses:?}: {lines:?}\n{}", self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A picture of the page, after two frames: one was stale although the page was right. A page in which nothing
    /// changes is not painted again, and WebKit waits for that: a point in its corner changes meanwhile.
    pub async fn picture(&self, file: &Path) {
        self.script::<()>(
            "const point = document.createElement('i');
             point.style.cssText = 'position: fixed; right: 0; bottom: 0; width: 1px; height: 1px';
             document.documentElement.append(point);
             let count = 0;
             const ticking = setInterval(() => {
                 point.style.background = (count += 1) % 2 ? '#808080' : '#818181'; }, 16);
             window.endPicture = () => { clearInterval(ticking); point.remove(); }",
        )
        .await;
        let two_frames =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(1)))";
        self.script_async(two_frames).await;
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, self.client.screenshot().await.unwrap()).unwrap();
        self.script::<()>("window.endPicture()").await;
    }
}

/// How pages are asked for what has this name.
pub(crate) fn css(name: &str) -> String {
    format!("[data-test='{name}']")
}

fn once(script: &str) -> String {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let number = ASKED.fetch_add(1, Ordering::Relaxed);
    format!(
        "const slot = Symbol.for('deskbell asked');
         if (window[slot]?.number === {number}) return window[slot].answer;
         const answer = (function () {{ {script}\n }})();
         window[slot] = {{ number: {number}, answer }};
         return answer;"
    )
}
