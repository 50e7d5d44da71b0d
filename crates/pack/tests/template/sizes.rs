//! Long templates take their share of time and no more, and very long ones are run.

use std::time::{Duration, Instant};

use deskbell_pack::compile;
use serde_json::json;

use crate::world::rendered;

/// Shapes that a careless reader takes the square of their length for.
const SHAPES: &[&str] = &[
    "${",
    "${\\",
    "<%%>",
    "<%= a %>",
    "<% a() %>",
    "'",
    "\\",
    "<% /\\\\/ %>",
    "<% // %>",
    "<% /* */ %>",
    "<a b=",
    "\n",
    "<% { %><% } %>",
    "<% if (a) { %>b",
    "<% '${' %>",
    "<% /* %>",
];

fn best(part: &str, bytes: usize) -> Duration {
    let source = part.repeat(bytes / part.len() + 1);
    let taken = (0..3).map(|_| {
        let began = Instant::now();
        let _ = compile(&source);
        began.elapsed()
    });
    taken.min().unwrap_or_default()
}

/// Another program may take the processor away for a while, but not five times.
fn is_linear(part: &str) -> bool {
    (0..5).any(|_| best(part, 400_000) <= best(part, 50_000) * 24 + Duration::from_millis(5))
}

#[test]
fn time_grows_with_the_length_and_not_with_its_square() {
    for part in SHAPES {
        assert!(
            is_linear(part),
            "{part:?}: {:?} for 50 KB, {:?} for 400 KB",
            best(part, 50_000),
            best(part, 400_000)
        );
    }
}

#[test]
fn a_megabyte_of_text_and_of_code_on_one_line_is_run() {
    let text = "ж'\\".repeat(250_000);
    assert_eq!(rendered(&format!("<%= a %>{text}"), &json!({"a": 1})), format!("1{text}"));
    assert_eq!(rendered(&"<%= a %>".repeat(100_000), &json!({"a": 1})), "1".repeat(100_000));
    let printed = rendered(&"<% if (a) { %><%= a %>b<% } %>".repeat(35_000), &json!({"a": 1}));
    assert_eq!(printed, "1b".repeat(35_000));
}
