//! Templates run in Node.

use deskbell_pack::compile;
use serde_json::{Value, json};

use crate::oracle::node;

/// What Node says of it: `{"made"}`, or `{"thrown", "line", "column"}`.
pub(crate) fn told(source: &str, data: &Value, trusted: &[&str]) -> Value {
    let script = compile(source).unwrap().script().to_owned();
    node("run.cjs", &json!([{"script": script, "data": data, "trusted": trusted}]))[0].take()
}

/// What the template prints.
pub(crate) fn rendered(source: &str, data: &Value) -> String {
    let told = told(source, data, &[]);
    told["made"].as_str().unwrap_or_else(|| panic!("{source}: {told}")).to_owned()
}

/// What is wrong with it: line, column, clause.
pub(crate) fn flaw(source: &str) -> (u32, u32, String) {
    let (place, what) = compile(source).expect_err(source);
    (place.line, place.column, what)
}
