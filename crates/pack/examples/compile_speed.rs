//! How long 1 MB of template takes: `cargo run --release -p deskbell-pack --example compile_speed`.

use std::process::ExitCode;
use std::time::Instant;

const MEGABYTE: usize = 1_000_000;
const CEILING_MS: f64 = 50.0;

/// Like real ones: a list of messages with branches.
const USUAL: &str = "<div class=\"message <%= sender %>\">\n  <% if (message.text) { %>\n    <p title='<%- message.at %>'>\
     <%= message.text %></p>\n  <% } // if %>\n  <% (files || []).forEach(function (file) { %>\n    \
     <a href=\"<%= file.url %>\">${ file.name }</a>\n  <% }) %>\n</div>\n";

fn main() -> ExitCode {
    let shapes = [
        ("usual", USUAL),
        ("text", "plain text, as long as it gets, with no code in it at all. "),
        ("printed", "<%= a %>"),
        ("code", "<% var a = { b: [1, '2', /3/] }; print(a.b / 2) %>"),
        ("escapes", "'\\\n"),
        ("unclosed ${", "${ \n"),
        ("Cyrillic", "Здравствуйте! <%= имя %>\n"),
    ];
    let slow: Vec<f64> =
        shapes.iter().map(|(name, part)| measure(name, part)).filter(|ms| *ms > CEILING_MS).collect();
    if slow.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The median of 15, in milliseconds.
fn measure(name: &str, part: &str) -> f64 {
    let source = part.repeat(MEGABYTE / part.len() + 1);
    let mut times: Vec<f64> = (0..15)
        .map(|_| {
            let began = Instant::now();
            let compiled = deskbell_pack::compile(&source);
            let taken = began.elapsed().as_secs_f64() * 1000.0;
            assert!(compiled.is_ok(), "{name}: {:?}", compiled.err());
            taken
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::MAX);
    println!("{name:<12} {} bytes: {median:.1} ms (ceiling {CEILING_MS} ms)", source.len());
    median
}
