//! The screens: each by its address, what is done to come to it, and what must then be seen.

/// A screen of the app.
pub(super) struct Screen {
    pub address: String,
    /// Steps as `inspect.js` takes them; the last one says what the screen is there for.
    pub steps: Vec<&'static str>,
    pane: Pane,
}

#[derive(Clone, Copy)]
enum Pane {
    Visitor,
    App,
    Settings,
    Operator,
}

impl Screen {
    fn new(pane: Pane, query: &str, steps: &[&'static str]) -> Self {
        let page = match pane {
            Pane::Visitor => "visitor",
            Pane::App | Pane::Settings => "app",
            Pane::Operator => "operator",
        };
        Self { address: format!("/{page}/?{query}"), steps: steps.to_vec(), pane }
    }

    /// The address, and the last step where two have the same.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.address, self.steps.last().unwrap())
    }

    /// The window's usual size and its least one, as src-tauri/windows.rs has them.
    pub(super) fn sizes(&self) -> [(u32, u32); 2] {
        match self.pane {
            Pane::Visitor => [(400, 640), (320, 480)],
            Pane::App => [(480, 720), (420, 360)],
            Pane::Settings => [(780, 660), (420, 360)],
            Pane::Operator => [(1180, 760), (900, 600)],
        }
    }
}

/// Every screen of the visitor's app.
pub(super) fn of_visitors() -> Vec<Screen> {
    let chat = CHAT.iter().map(|(query, steps)| Screen::new(Pane::Visitor, query, steps));
    let first = FIRST.iter().map(|(query, steps)| Screen::new(Pane::App, query, steps));
    let settings = SETTINGS.iter().map(|(query, steps)| Screen::new(Pane::Settings, query, steps));
    chat.chain(first).chain(settings).collect()
}

/// Every screen of the operator's app at its usual size.
pub(super) fn of_operators() -> Vec<Screen> {
    operators().chain(WIDE.iter().map(|(query, steps)| Screen::new(Pane::Operator, query, steps))).collect()
}

/// Both apps', those that there are at every size.
pub(super) fn all() -> Vec<Screen> {
    of_visitors().into_iter().chain(operators()).collect()
}

fn operators() -> impl Iterator<Item = Screen> {
    OPERATOR.iter().map(|(query, steps)| Screen::new(Pane::Operator, query, steps))
}

type Row = (&'static str, &'static [&'static str]);

/// The visitor's window with the default form.
const CHAT: &[Row] = &[
    ("scene=empty", &["see empty"]),
    ("scene=away", &["see empty"]),
    ("scene=away", &["click [data-test^=away-]", "see sheet-submit"]),
    ("scene=waiting", &["see message"]),
    ("scene=chat&typing", &["see message", "see typing"]),
    ("scene=chat", &["click menu", "see [role=menuitem]"]),
    ("scene=chat", &["click emoji", "see .emojis__one"]),
    ("scene=chat", &["click menu", "click menu-end", "see end-chat-confirm"]),
    ("scene=chat", &["click fold", "see label"]),
    ("scene=chat", &["click menu-open", "see devices-open"]),
    ("scene=chat", &["click menu-open", "click devices-open", "see device"]),
    ("scene=name", &["see message"]),
    ("scene=word", &["see message"]),
    ("scene=rtl", &["see message"]),
    ("scene=offline", &["see message", "see strip"]),
    ("scene=failed", &["see strip"]),
    ("scene=invite", &["see invite-accept"]),
    ("scene=lead", &["see sheet-submit"]),
    ("scene=leadmessage", &["see sheet-submit"]),
    ("scene=leadperson", &["see sheet-submit"]),
    ("scene=lead", &["click sheet-submit", "see [aria-invalid=true]"]),
    ("scene=ended", &["see rating"]),
    ("scene=consent", &["type composer Hello", "click send", "see .desk-strip__step"]),
    ("scene=site", &["type composer Hello", "click send", "see sheet-submit"]),
    ("scene=groups", &["type composer Hello", "click send", "see sheet-submit"]),
    ("scene=offlinesite", &["click [data-test^=away-]", "see sheet-submit"]),
    ("scene=colour", &["see message"]),
    ("scene=files", &["see file-cancel"]),
    ("scene=files", &["click file-link", "see file-save"]),
    ("scene=files", &["click [data-test=file-link][href*=txt]", "see .files-look__words"]),
    ("scene=filesend", &["see files-caption"]),
    ("scene=filesdrop", &["see files-over"]),
    ("scene=filesoff", &["see empty"]),
    ("scene=session", &["see message"]),
    ("scene=stopped", &["see strip"]),
];

/// The app's window before a session.
const FIRST: &[Row] = &[
    ("screen=join_visitor", &["see join-submit"]),
    ("screen=join_visitor", &["type join-address not a desk", "click join-submit", "see join-problem"]),
    ("screen=join_visitor&link=bad", &["see door-problem"]),
    ("screen=join_visitor&company=straight", &["see straight-busy"]),
    ("screen=join_visitor&company=damaged", &["see door-problem"]),
    ("screen=join_operator", &["see host-submit"]),
    ("screen=join_operator", &["click host-submit", "see host-problem"]),
    ("screen=asked&link=good", &["see asked"]),
    ("screen=asked&link=good&now=hosted", &["see asked"]),
    ("screen=asked&link=bad", &["see asked-problem"]),
    ("screen=secrets&why=sealed&history", &["see unlock"]),
    ("screen=secrets&why=sealed&history", &["click forgotten", "see anew-confirm"]),
    ("screen=secrets&why=absent", &["see passphrase-take"]),
    ("screen=secrets&why=locked&history", &["see keyring-locked"]),
    ("screen=secrets&why=denied", &["see passphrase-take"]),
    ("screen=secrets&why=missing&history&desk", &["see keyring-missing"]),
    ("screen=problem", &["see problem"]),
    ("screen=problem&anew", &["see problem"]),
];

/// The settings.
const SETTINGS: &[Row] = &[
    ("screen=settings&face=visitor", &["see panel-alerts"]),
    ("screen=settings&face=visitor&quiet", &["see quiet-words"]),
    ("screen=settings&face=visitor&section=general&secrets=passphrase", &["see panel-general"]),
    ("screen=settings&face=visitor&secrets=session", &["click section-secrets", "see to-passphrase"]),
    (
        "screen=settings&face=visitor&secrets=keyring",
        &["click section-secrets", "click to-passphrase", "see passphrase-take"],
    ),
    ("screen=settings&face=visitor&section=diagnostics&crashes=2", &["see crash"]),
    ("screen=settings&face=visitor&section=diagnostics&checks=bad", &["see no-crashes"]),
    ("screen=settings&face=visitor&section=data", &["see erase"]),
    ("screen=settings&face=visitor&section=about", &["see version"]),
    ("screen=settings&face=operator&hosting", &["click section-desk", "click reach", "see reach-list"]),
];

/// The operator's window.
const OPERATOR: &[Row] = &[
    ("scene=setup", &["see setup-submit"]),
    ("scene=sign_in", &["see sign-in-submit"]),
    ("scene=empty", &["see status-switch"]),
    ("scene=busy", &["see status-switch"]),
    ("scene=offline", &["see status-switch"]),
    ("scene=files", &["click [data-visitor^='7c1e']", "see file-retry"]),
    ("scene=files", &["click [data-visitor^='7c1e']", "click [data-test=file-view]", "see preview"]),
    (
        "scene=files",
        &["click [data-visitor^='7c1e']", "click [data-test=file-picture]", "click preview-in", "see .large"],
    ),
    ("scene=staged", &["click [data-visitor^='7c1e']", "see staged-details"]),
    ("scene=dragging", &["click [data-visitor^='7c1e']", "see drop-place"]),
    (
        "scene=busy",
        &[
            "click view-settings",
            "click part-files",
            "click [data-test='form.files.group-1']",
            "see [data-test='form.files.groups.0.types']",
        ],
    ),
];

/// Of the operator's window, where the card has its place beside the conversation.
const WIDE: &[Row] = &[(
    "scene=files",
    &["click [data-visitor^='7c1e']", "click files-fold", "click files-all", "see files-save-all"],
)];
