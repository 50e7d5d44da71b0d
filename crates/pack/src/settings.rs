//! `settings.json`: what a view controller is told about the site.
//!
//! What must always hold: a controller that reads `settings.chat.fields` as its documentation has it does not fail
//! over the kind of a value. Anything may be `null` (or `false`), and anything else may stand beside: the settings of
//! a telephone or a lead form have other shapes.

use serde_json::Value;

use crate::flaw::Flaw;
use crate::json::{Json, Part};

/// Its name.
pub(crate) const SETTINGS_JSON: &str = "settings.json";

/// Reads one.
pub(crate) fn read(file: &str, text: &str) -> Result<Value, Flaw> {
    let (root, value) = Json::read(file, text)?;
    for (name, part) in object("settings.json", &root)? {
        match name.as_str() {
            "common" => object(&name, &part).map(drop)?,
            "chat" | "offline_message" => consultant(&name, &part)?,
            _ => {}
        }
    }
    Ok(if root.is_nothing() { Value::Object(serde_json::Map::new()) } else { value })
}

fn consultant(name: &str, part: &Part<'_>) -> Result<(), Flaw> {
    for (of, part) in object(name, part)? {
        let name = format!("{name}.{of}");
        match of.as_str() {
            "fields" | "allowed_groups" => objects(&name, &part)?,
            "retention" => {
                for (of, part) in object(&name, &part)? {
                    if of == "messages" {
                        objects(&format!("{name}.{of}"), &part)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn object<'a>(name: &str, part: &Part<'a>) -> Result<Vec<(String, Part<'a>)>, Flaw> {
    if part.is_nothing() {
        return Ok(Vec::new());
    }
    let entries = part.entries().ok_or_else(|| part.unlike(name, "an object"))?;
    Ok(entries.into_iter().map(|(name, _, value)| (name, value)).collect())
}

fn objects(name: &str, part: &Part<'_>) -> Result<(), Flaw> {
    const WANTED: &str = "a list of objects";
    if part.is_nothing() {
        return Ok(());
    }
    for item in part.items().ok_or_else(|| part.unlike(name, WANTED))? {
        if !item.is_null() && item.entries().is_none() {
            return Err(item.wrong(format!("`{name}` should be {WANTED}, but this is {}.", item.kind())));
        }
    }
    Ok(())
}
