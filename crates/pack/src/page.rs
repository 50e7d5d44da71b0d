//! `index.html`: the page whose script says which files a view controller has, where there is no `pack.json`.
//!
//! What must always hold: the scripts are taken out and never understood, since they may say it in any way; they are
//! run in the visitor's window. A script keeps the lines and columns that it has in the page.

use crate::files::Files;
use crate::flaw::{Flaw, FlawKind};
use crate::html;
use crate::literals;
use crate::mapping::{Kind, Named};
use crate::path::{self, Target};
use crate::text::{SAYING_BYTES, place_of, shortened};

/// The command that such a script gives.
const COMMAND: &str = "applyWidgetsOptions";
/// A page may lie in so many folders inside one another.
const PAGE_DEPTH: usize = 3;
/// More scripts of all pages are not looked at,
const SCRIPTS: usize = 512;
/// more that give the command are not run,
const COMMANDS: usize = 64;
/// and more paths in them are not noted. A real pack has a tenth of all that.
const PATHS: usize = 10_000;
/// More warnings help nobody.
const WARNINGS: usize = 100;

/// A script of an `index.html` that says which files a view controller has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageScript {
    /// The page's path.
    pub page: String,
    /// Which of its scripts, from 0; for [`Pack::page_script`](crate::Pack::page_script).
    pub number: usize,
    /// The file that its text stands in, for whoever says what is wrong with it: the page, or a local script that the
    /// page takes in.
    pub file: String,
}

/// What the pages say.
#[derive(Default)]
pub(crate) struct Pages {
    pub(crate) scripts: Vec<(PageScript, Text)>,
    /// Files that are named: the file that names them, and what.
    pub(crate) named: Vec<(String, Named)>,
    /// What a person should know, though it may be right.
    pub(crate) warnings: Vec<Flaw>,
    /// Script elements looked at.
    looked: usize,
}

/// Where a script's text stands in its file (without a byte order mark).
#[derive(Clone, Copy)]
pub(crate) struct Text {
    start: usize,
    end: usize,
}

impl Text {
    fn of(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// It, behind as many lines and columns as there are before it.
    pub(crate) fn padded(self, source: &str) -> String {
        let before = source.get(..self.start).unwrap_or_default();
        let lines = before.matches('\n').count();
        let last = before.rsplit('\n').next().unwrap_or_default();
        // JavaScript counts UTF-16 units.
        let columns = last.encode_utf16().count();
        ["\n".repeat(lines), " ".repeat(columns), self.of(source).to_owned()].concat()
    }
}

/// Reads every `index.html`, by their folders' paths: one before those inside it, the pack's own first.
pub(crate) fn read(files: &Files) -> Result<Pages, Flaw> {
    let mut pages = Pages::default();
    let mut paths: Vec<&str> = files.iter().map(|(path, _)| path).filter(|path| is_page(path)).collect();
    paths.sort_by_key(|path| path::folder_of(path).split('/').collect::<Vec<_>>());
    for page in paths {
        pages.add(files, page)?;
    }
    Ok(pages)
}

fn is_page(path: &str) -> bool {
    path::name_of(path) == "index.html" && path.matches('/').count() <= PAGE_DEPTH
}

impl Pages {
    fn add(&mut self, files: &Files, page: &str) -> Result<(), Flaw> {
        let source = match limited(files, page) {
            Ok(source) => source,
            // A page about something else may be as it likes.
            Err(_) if !files.get(page).is_some_and(has_command) => return Ok(()),
            Err(flaw) => return Err(flaw),
        };
        let mut number = 0;
        for script in html::scripts(source) {
            self.looked += 1;
            if self.looked > SCRIPTS || self.scripts.len() >= COMMANDS {
                break;
            }
            let found = match &script.src {
                None => {
                    let text = Text { start: script.text.start, end: script.text.end };
                    text.of(source).contains(COMMAND).then_some((page.to_owned(), text))
                }
                Some(src) => match local(files, page, src) {
                    Local::Command(file, text) => Some((file, text)),
                    Local::Other => None,
                    Local::Missing => {
                        self.warn(page, source, script.text.start, FlawKind::Missing(shortened(src)));
                        None
                    }
                },
            };
            if let Some((file, text)) = found {
                self.literals(files, page, &file, text)?;
                self.scripts.push((PageScript { page: page.to_owned(), number, file }, text));
                number += 1;
            }
        }
        Ok(())
    }

    /// The paths that stand in a script. One that climbs out of the pack cannot be right.
    fn literals(&mut self, files: &Files, page: &str, file: &str, text: Text) -> Result<(), Flaw> {
        let source = limited(files, file)?;
        for literal in literals::paths(text.of(source)) {
            let at = text.start + literal.at.start;
            match path::resolve(path::folder_of(page), &literal.path) {
                Target::Inside(path) => {
                    if files.get(&path).is_none() {
                        self.warn(file, source, at, FlawKind::Missing(shortened(&literal.path)));
                    }
                    let kind = kind_of(&path);
                    let named = Named { path, written: literal.path, at, kind };
                    if self.named.len() < PATHS {
                        self.named.push((file.to_owned(), named));
                    }
                }
                Target::Outside => {
                    let kind = FlawKind::Outside(shortened(&literal.path));
                    return Err(Flaw { file: file.to_owned(), place: Some(place_of(source, at)), kind });
                }
                Target::Absolute | Target::Web => {}
            }
        }
        Ok(())
    }

    fn warn(&mut self, file: &str, source: &str, at: usize, kind: FlawKind) {
        if self.warnings.len() < WARNINGS {
            self.warnings.push(Flaw { file: file.to_owned(), place: Some(place_of(source, at)), kind });
        }
    }
}

/// What a page's `src` leads to.
enum Local {
    /// A script that gives the command.
    Command(String, Text),
    /// Anything else, which is not run.
    Other,
    /// A file that should be in the pack.
    Missing,
}

/// A script in a file of its own. The vendor's loader knows the command, too, but gives it to nobody, so that here it
/// must stand as it does in a queue: `['applyWidgetsOptions', …`.
fn local(files: &Files, page: &str, src: &str) -> Local {
    let Target::Inside(file) = path::resolve(path::folder_of(page), src) else { return Local::Other };
    match files.text(&file) {
        None => Local::Missing,
        Some(Ok(text)) if text.len() as u64 <= SAYING_BYTES && gives_command(text) => {
            Local::Command(file, Text { start: 0, end: text.len() })
        }
        Some(_) => Local::Other,
    }
}

/// A text that is read for what it says.
fn limited<'a>(files: &'a Files, path: &str) -> Result<&'a str, Flaw> {
    let text = files.text(path).transpose()?.unwrap_or_default();
    if text.len() as u64 > SAYING_BYTES {
        return Err(Flaw { file: path.to_owned(), place: None, kind: FlawKind::TooLarge(SAYING_BYTES) });
    }
    Ok(text)
}

fn kind_of(path: &str) -> Kind {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("js") => Kind::Script,
        Some("css") => Kind::Style,
        Some("html" | "htm" | "tpl") => Kind::Template,
        _ => Kind::Other,
    }
}

fn has_command(page: &[u8]) -> bool {
    String::from_utf8_lossy(page).contains(COMMAND)
}

fn gives_command(script: &str) -> bool {
    script.match_indices(COMMAND).any(|(at, _)| {
        let before = script.get(..at).unwrap_or_default();
        let before = before.strip_suffix(['\'', '"', '`']).unwrap_or_default();
        before.trim_end().ends_with('[')
    })
}
