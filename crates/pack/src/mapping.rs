//! `pack.json`: which scripts, styles and templates a view controller has on which device.
//!
//! What must always hold: every path in it is of a file in the pack, and a name that nothing here knows is said, not
//! passed over: it is a slip of the pen, and the form would only be silently missing.

use serde_json::Value;

use crate::flaw::{Flaw, FlawKind};
use crate::json::{Json, Part};
use crate::path::{self, Target};
use crate::text::{quoted, shortened};

/// Its name.
pub(crate) const PACK_JSON: &str = "pack.json";

/// `VC` is what the contract's own example says.
const CONTROLLERS: &str = "consultant, sitephone, call_generator, offline_message_generator, personal_form";
const DEVICES: &str = "desktop, tablet, mobile";
const TRUSTED: &str = "trusted_html";

/// A file that is named somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// Its path inside the pack.
    pub(crate) path: String,
    /// As it is written there.
    pub(crate) written: String,
    /// Where it is written, in bytes from the beginning of the text. The place is found when somebody asks.
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

/// What kind of file is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Script,
    Style,
    Template,
    /// Anything else, which an `index.html` may name.
    Other,
}

/// What `pack.json` says.
pub(crate) struct Mapping {
    /// The shape of `applyWidgetsOptions`; `None`: an `index.html` says it.
    pub(crate) options: Option<Value>,
    pub(crate) trusted: Vec<String>,
    pub(crate) named: Vec<Named>,
}

/// Reads `pack.json`.
pub(crate) fn read(text: &str) -> Result<Mapping, Flaw> {
    let (root, mut options) = Json::read(PACK_JSON, text)?;
    let entries = root.entries().ok_or_else(|| root.unlike(PACK_JSON, "an object"))?;
    let mut mapping = Mapping { options: None, trusted: Vec::new(), named: Vec::new() };
    for (name, key, value) in &entries {
        match name.as_str() {
            TRUSTED => mapping.trusted = trusted(value)?,
            name if name == "VC" || CONTROLLERS.split(", ").any(|known| known == name) => {
                controller(name, value, &mut mapping.named)?;
            }
            name => {
                return Err(
                    key.wrong(format!("{} is no view controller; there are {CONTROLLERS}.", quoted(name)))
                );
            }
        }
    }
    // It may say of the settings alone what is HTML, beside an `index.html` that says the rest.
    let is_beside = !mapping.trusted.is_empty() && entries.len() == 1;
    if !is_beside && !mapping.named.iter().any(|named| named.kind == Kind::Script) {
        return Err(root.wrong("It names no script of a view controller.".to_owned()));
    }
    if let Some(options) = options.as_object_mut() {
        options.remove(TRUSTED);
    }
    mapping.options = (!is_beside).then_some(options);
    Ok(mapping)
}

fn trusted(value: &Part<'_>) -> Result<Vec<String>, Flaw> {
    if value.is_null() {
        return Ok(Vec::new());
    }
    let items = value.items().ok_or_else(|| value.unlike(TRUSTED, "a list of texts"))?;
    items.iter().map(|item| item.text().ok_or_else(|| item.unlike(TRUSTED, "a list of texts"))).collect()
}

fn controller(name: &str, value: &Part<'_>, named: &mut Vec<Named>) -> Result<(), Flaw> {
    if value.is_null() {
        return Ok(());
    }
    for (device, key, value) in value.entries().ok_or_else(|| value.unlike(name, "an object"))? {
        if !DEVICES.split(", ").any(|known| known == device) {
            return Err(key.wrong(format!("{} is no device; there are {DEVICES}.", quoted(&device))));
        }
        of_device(&format!("{name}.{device}"), &value, named)?;
    }
    Ok(())
}

fn of_device(name: &str, value: &Part<'_>, named: &mut Vec<Named>) -> Result<(), Flaw> {
    if value.is_null() {
        return Ok(());
    }
    for (of, key, value) in value.entries().ok_or_else(|| value.unlike(name, "an object"))? {
        if value.is_null() {
            continue;
        }
        let name = format!("{name}.{of}");
        match of.as_str() {
            "js" => one_or_more(&name, &value, Kind::Script, named)?,
            "css" => one_or_more(&name, &value, Kind::Style, named)?,
            "tpls" => {
                for (tpl, _, value) in value.entries().ok_or_else(|| value.unlike(&name, "an object"))? {
                    one(&format!("{name}.{tpl}"), &value, Kind::Template, named)?;
                }
            }
            of => {
                return Err(key.wrong(format!("{} is not known here; there are js, css, tpls.", quoted(of))));
            }
        }
    }
    Ok(())
}

fn one_or_more(name: &str, value: &Part<'_>, kind: Kind, named: &mut Vec<Named>) -> Result<(), Flaw> {
    match value.items() {
        Some(items) => items.iter().try_for_each(|item| one(name, item, kind, named)),
        None => one(name, value, kind, named),
    }
}

fn one(name: &str, value: &Part<'_>, kind: Kind, named: &mut Vec<Named>) -> Result<(), Flaw> {
    let wanted = if kind == Kind::Template { "a path" } else { "a path or a list of paths" };
    let written = value.text().ok_or_else(|| value.unlike(name, wanted))?;
    if written.trim_ascii().is_empty() {
        return Err(value.wrong(format!("{} should be a path, but it is empty.", quoted(name))));
    }
    match path::resolve("", &written) {
        Target::Inside(path) => {
            named.push(Named { path, written, at: value.at(), kind });
            Ok(())
        }
        _ => Err(Flaw { kind: FlawKind::Outside(shortened(&written)), ..value.wrong(String::new()) }),
    }
}
