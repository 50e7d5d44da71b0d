//! What a person does in a window: clicks and types.
//!
//! What must always hold: a deed is for what stands in the page at that moment, and is done once. A page that draws an
//! element anew between the look and the deed makes the driver refuse, and WebKit's driver refuses before it touches
//! mouse or keys: then the new element is meant. A witness in the page says whether a deed that was not refused has
//! reached the element; where it was drawn anew between pressing and letting go, no click came of it.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use serde::Deserialize;
use serde_json::Value;

use crate::page::{Page, css};
use crate::process::limit;

/// How long the answer is waited for where there may be none.
const HANGS: Duration = Duration::from_secs(1);
/// How long the witness is waited for; a window that closed has none.
const WITNESS: Duration = Duration::from_secs(2);

/// Finds the element, and has the page watch what reaches it.
const WATCH: &str = "const element = document.querySelector(SELECTOR);
    if (!element) return null;
    const begin = () => {
        const witness = {};
        const is_there = ({ target }) => target instanceof Element && target.closest(witness.selector);
        const see = (event) => {
            if (!event.isTrusted) return;
            const is_click = event.type === 'click' || (event.type === 'mouseup' && witness.pressed === event.target);
            if (event.type === 'mousedown') witness.pressed = event.target;
            else if (is_there(event)) witness.reached ||= is_click || event.type === 'keydown';
            else if (event.type === 'keydown') witness.strayed ??= event.target.outerHTML?.slice(0, 200) ?? 'no element';
        };
        for (const type of ['mousedown', 'mouseup', 'click', 'keydown']) addEventListener(type, see, true);
        return witness;
    };
    const witness = (window[Symbol.for('deskbell tests')] ??= begin());
    Object.assign(witness, { selector: SELECTOR, reached: false, strayed: null });
    return element;";
const ASK: &str = "return window[Symbol.for('deskbell tests')] ?? null";

/// What reached the element.
#[derive(Deserialize)]
struct Witness {
    reached: bool,
    /// Where a key went instead.
    strayed: Option<String>,
}

impl Page<'_> {
    /// Clicks an element.
    pub async fn click(&self, name: &str) {
        self.deed(name, "clicked", async |element| answer(element.click()).await).await;
    }

    /// Clicks something whose handler may never return, or that closes the window.
    pub(crate) async fn click_without_waiting(&self, name: &str) {
        let click = async |element: Element| tokio::time::timeout(HANGS, element.click()).await.ok();
        self.deed(name, "clicked", click).await;
    }

    /// Types into an element, key by key.
    pub async fn type_into(&self, name: &str, text: &str) {
        self.deed(name, "typed into", async |element| answer(element.send_keys(text)).await).await;
    }

    /// Empties a field.
    pub async fn clear(&self, name: &str) {
        let emptied = format!("document.querySelector({}).value === ''", quoted(&css(name)));
        let until = Instant::now() + limit();
        loop {
            let done = self.found(name).await.clear().await;
            if done.is_ok() && self.script(&format!("return {emptied}")).await {
                return;
            }
            assert!(Instant::now() < until, "{name} cannot be emptied: {done:?}");
        }
    }

    /// Types a message and presses Enter.
    pub async fn say(&self, text: &str) {
        self.type_into("composer", &format!("{text}\u{E007}")).await;
    }

    /// A deed gives nothing where its answer is not waited for.
    async fn deed(
        &self,
        name: &str,
        what: &str,
        deed: impl AsyncFn(Element) -> Option<Result<(), CmdError>>,
    ) {
        let until = Instant::now() + limit();
        loop {
            let Some(done) = deed(self.found(name).await).await else { return };
            match &done {
                // What was done has closed the window.
                Err(error) if error.is_no_such_window() => return,
                Err(error) if !is_refusal(error) => panic!("{name} was not {what}: {error}"),
                Ok(()) if self.reached(name).await => return,
                _ => eprintln!("again: {name} is not {what} yet: {done:?}"),
            }
            assert!(Instant::now() < until, "{name} cannot be {what}: {done:?}\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn found(&self, name: &str) -> Element {
        self.wait_for(name).await;
        let until = Instant::now() + limit();
        let script = WATCH.replace("SELECTOR", &quoted(&css(name)));
        loop {
            let found: Value = self.script(&script).await;
            let id = found.as_object().and_then(|one| one.values().next()?.as_str());
            if let Some(id) = id {
                return Element::from_element_id(self.client.clone(), id.to_owned().into());
            }
            assert!(Instant::now() < until, "{name} does not stay on the page");
        }
    }

    /// A page that is gone has been left by what was done in it.
    async fn reached(&self, name: &str) -> bool {
        let asked = tokio::time::timeout(WITNESS, self.client.execute(ASK, vec![])).await;
        let Ok(Ok(told)) = asked else { return true };
        let Some(witness) = serde_json::from_value::<Option<Witness>>(told).unwrap() else { return true };
        if let Some(where_to) = witness.strayed {
            panic!("keys for {name} went to {where_to}");
        }
        witness.reached
    }
}

async fn answer(deed: impl Future<Output = Result<(), CmdError>>) -> Option<Result<(), CmdError>> {
    Some(tokio::time::timeout(limit(), deed).await.expect("an answer of the driver"))
}

/// Was nothing done because the page has changed?
fn is_refusal(error: &CmdError) -> bool {
    use ErrorStatus::{
        ElementClickIntercepted, ElementNotInteractable, InvalidElementState, JavascriptError, NoSuchElement,
        NoSuchFrame, StaleElementReference,
    };
    let CmdError::Standard(said) = error else { return false };
    matches!(
        said.error,
        ElementClickIntercepted
            | ElementNotInteractable
            | InvalidElementState
            | JavascriptError
            | NoSuchElement
            | NoSuchFrame
            | StaleElementReference
    )
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}
