//! docs/protocol.md shows frames as they are: every example is read, and every kind of frame is shown.

use std::collections::BTreeSet;

use deskbell_wire::{decode_client, decode_desk, encode};
use serde_json::Value;

use crate::{client, desk};

const PAGE: &str = include_str!("../../../../docs/protocol.md");

/// The examples for one end, as they stand in the page.
fn examples(end: &str) -> Vec<&'static str> {
    let blocks = PAGE.split("```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(&format!("json {end}\n"))).collect()
}

/// The one key of a frame: its name.
fn name(example: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(example).unwrap();
    value.as_object().unwrap().keys().next().unwrap().clone()
}

/// The frames that the page's table for one end names. A cell with braces is a body, in a table of its own.
fn named_in_table(heading: &str) -> BTreeSet<String> {
    let section = PAGE.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.filter(|cell| !cell.starts_with('{')).map(str::to_owned).collect()
}

#[test]
fn every_documented_client_frame_is_one() {
    for example in examples("client") {
        assert!(decode_client(example).is_ok(), "{example}");
    }
    let shown: BTreeSet<String> = examples("client").into_iter().map(name).collect();
    assert_eq!(shown, named_in_table("\n## Client to desk\n"));
}

#[test]
fn every_documented_desk_frame_is_one_and_complete() {
    for example in examples("desk") {
        let frame = decode_desk(example).unwrap_or_else(|problem| panic!("{problem}: {example}"));
        // A field that the page shows and the desk would not write is a lie.
        let written: serde_json::Value = serde_json::from_str(&encode(&frame).unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(example).unwrap());
    }
    let shown: BTreeSet<String> = examples("desk").into_iter().map(name).collect();
    assert_eq!(shown, named_in_table("\n## Desk to client\n"));
}

/// Every name of a field, and of a kind, in a frame.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| {
            found.insert(name.clone());
            names(inner, found);
        }),
        Value::Array(items) => items.iter().for_each(|inner| names(inner, found)),
        _ => {}
    }
}

#[test]
fn every_name_of_a_frame_is_on_the_page() {
    let mut found = BTreeSet::new();
    client::frames().iter().for_each(|(_, frame)| names(&serde_json::to_value(frame).unwrap(), &mut found));
    desk::frames().iter().for_each(|(_, frame)| names(&serde_json::to_value(frame).unwrap(), &mut found));
    // A lead's own.
    found.remove("comment");
    let missing: Vec<_> = found
        .iter()
        .filter(|name| !PAGE.contains(&format!("\"{name}\"")) && !PAGE.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
