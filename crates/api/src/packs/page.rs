//! What the page starts a pack with, and what it found wrong with it.
//!
//! What must always hold: what a page reports is only ever put in words; a place in what was served is told as the
//! place in the company's own file.

use deskbell_pack::{Flaw, FlawKind, Pack, Place};
use serde_json::Value;

use super::words::flaw_problem;
use crate::dto::{FlawReport, Locale, PackBoot, Problem};

/// What the page starts with; `base`: `pack://localhost/<id>/`, with the slash.
pub fn boot_of(pack: &Pack, base: &str) -> PackBoot {
    let scripts = pack.pages();
    let url = |page: &str, number| format!("{}?script={number}", encoded(page));
    PackBoot {
        base: base.to_owned(),
        options: pack.options().cloned(),
        pages: scripts.iter().map(|script| url(&script.page, script.number)).collect(),
        settings: pack.settings().clone(),
        trusted: pack.trusted().to_vec(),
        digest: pack.digest(),
    }
}

/// A page's finding as a sentence that names the file and the line, as far as they are known.
pub fn report(pack: &Pack, report: FlawReport, locale: Locale) -> Problem {
    flaw_problem(&flaw_of(pack, report), locale)
}

fn flaw_of(pack: &Pack, report: FlawReport) -> Flaw {
    match report {
        FlawReport::Missing { path } => missing(pack, &path),
        FlawReport::Template { path, line, column, message } => {
            in_file(pack, &path, (line, column), FlawKind::Template(message))
        }
        FlawReport::Script { path, line, column, message } => {
            in_file(pack, &path, (line, column), FlawKind::Script(message))
        }
        FlawReport::Network { path, line, column, target } => {
            in_file(pack, &path, (line, column), FlawKind::Network(target))
        }
        FlawReport::Eval { path, line, column } => in_file(pack, &path, (line, column), FlawKind::Eval),
        FlawReport::NoController { name } => no_controller(pack, name),
    }
}

/// The place of a missing file is where it is named. One that is there was refused as what it is: a script that is
/// served as plain text because of its name, say.
fn missing(pack: &Pack, path: &str) -> Flaw {
    if pack.file(path).is_some() {
        let kind = FlawKind::Unreadable(format!("it is served as {}", kind_of(path)));
        return Flaw { file: path.to_owned(), place: None, kind };
    }
    let kind = FlawKind::Missing(path.to_owned());
    match pack.named_at(path) {
        Some((file, place)) => Flaw { file, place: Some(place), kind },
        None => nowhere(kind),
    }
}

/// The media type without its parameters.
fn kind_of(path: &str) -> &'static str {
    Pack::media_type(path).split(';').next().unwrap_or_default()
}

fn in_file(pack: &Pack, path: &str, (line, column): (u32, u32), kind: FlawKind) -> Flaw {
    let place = (line > 0).then_some(Place { line, column });
    if let Some((file, is_sure)) = script_in_page(pack, path) {
        return Flaw { file, place: place.filter(|_| is_sure), kind };
    }
    // A file that the pack does not have is one of ours, or nobody's: it is not named.
    match pack.file(path) {
        Some(_) => served(pack, path, place, kind),
        None => nowhere(kind),
    }
}

/// The file of a page's script that the URL, or its path alone, is of. `false`: it may be of another one, too.
fn script_in_page(pack: &Pack, path: &str) -> Option<(String, bool)> {
    let (page, number) =
        path.split_once("?script=").map_or((path, None), |(page, number)| (page, Some(number)));
    let mut scripts = pack.pages();
    scripts.retain(|script| script.page == page && number.is_none_or(|n| script.number.to_string() == n));
    let first = scripts.first()?.file.clone();
    match scripts.iter().all(|script| script.file == first) {
        true => Some((first, true)),
        false => Some((page.to_owned(), false)),
    }
}

/// A file that is served as it is, or a template that was compiled.
fn served(pack: &Pack, path: &str, place: Option<Place>, kind: FlawKind) -> Flaw {
    let file = path.to_owned();
    if ["text/javascript", "text/css"].contains(&kind_of(path)) {
        return Flaw { file, place, kind };
    }
    let kind = match kind {
        FlawKind::Script(word) => FlawKind::Template(word),
        kind => kind,
    };
    match pack.template(path) {
        Ok(compiled) => Flaw { file, place: place.map(|place| compiled.place(place)), kind },
        // The engine's word is about a script that says no more than this.
        Err(flaw) => flaw,
    }
}

/// The controller should have been registered by its scripts, and these are named there.
fn no_controller(pack: &Pack, name: String) -> Flaw {
    let script = pack.options().and_then(|options| script_of(options, &name));
    let named = script.and_then(|path| pack.named_at(&path));
    let (file, place) = named.map_or_else(
        || (pack.pages().into_iter().next().map(|script| script.page).unwrap_or_default(), None),
        |(file, place)| (file, Some(place)),
    );
    Flaw { file, place, kind: FlawKind::NoController(name) }
}

/// The first script of a controller, as a path in the pack. `VC` stands for all controllers.
fn script_of(options: &Value, name: &str) -> Option<String> {
    let devices = options.get(name).or_else(|| options.get("VC"))?.as_object()?;
    let written = |scripts: &Value| -> Option<String> {
        let first = scripts.as_str().or_else(|| scripts.get(0)?.as_str())?;
        Pack::path_of(first)
    };
    devices.values().find_map(|device| written(device.get("js")?))
}

fn nowhere(kind: FlawKind) -> Flaw {
    Flaw { file: String::new(), place: None, kind }
}

/// A path as it stands in a URL.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
