//! The compiler against lodash's own `template`, in Node.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use deskbell_pack::compile;
use serde_json::{Value, json};

use crate::generator::{spoilt, template};
use crate::random::Chance;

const SEED: u64 = 0xDE5C_BE11;
const MADE: usize = 5_500;
const SPOILT: usize = 5_000;

/// Runs a program of ours in Node with lodash at hand, and gives what it says.
pub(crate) fn node(program: &str, input: &Value) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ui: PathBuf = here.join("../../ui");
    let lodash = ui.join("node_modules/lodash/package.json");
    assert!(
        lodash.is_file(),
        "The pages' packages are not installed. Run `npm ci` in ui/ (lodash is the oracle here)."
    );
    let mut command = Command::new("node");
    command.arg(here.join("tests/template").join(program)).arg(&ui);
    let mut node = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node is not installed; the templates' oracle needs it, as the pages do.");
    node.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} failed in Node: {}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn case(source: &str) -> Value {
    let compiled = compile(source);
    let unclosed = compiled.as_ref().is_err_and(|(_, what)| what.contains("`<%` is never closed by"));
    json!({"source": source, "script": compiled.ok().map(|it| it.script().to_owned()), "unclosed": unclosed})
}

/// `und`, `minus`, `big`, `date` and `fn` are added in Node.
fn data() -> Value {
    json!({
        "s": "<b class='x'>\"&amp;\" `\u{2028}\n\\ ж😀</b>", "t": "plain", "n": 2, "zero": 0, "nul": null, "yes": true,
        "no": false, "list": [1, "two", null, "<3>"], "empty": [], "rows": [{"name": "A&B"}, {"name": ""}, {"name": "C"}],
        "map": {"a": "'a'", "b": {"c": "<c>"}}, "nested": [[1, null], ["<", [null]]], "a$b": 1, "жук": "ж", "ab": "ab"
    })
}

fn agree(sources: &[String]) -> Value {
    let cases: Vec<Value> = sources.iter().map(|source| case(source)).collect();
    let tally = node("oracle.cjs", &json!({"cases": cases, "data": data()}));
    let failures = tally["failures"].as_array().unwrap();
    for failure in failures {
        let number = usize::try_from(failure["case"].as_u64().unwrap()).unwrap();
        let source = &sources[number];
        println!("---- {}\n{source:?}\n{:?}\n{failure:#}", failure["why"], compile(source).err());
    }
    println!(
        "seed {SEED:#x}: {} agreed, {} printed, {} refused",
        tally["agreed"], tally["printed"], tally["refused"]
    );
    assert!(failures.is_empty(), "seed {SEED:#x}: the compiler and lodash do not agree; see above");
    tally
}

#[test]
fn made_templates_do_what_lodash_does() {
    let mut chance = Chance::new(SEED);
    let sources: Vec<String> = (0..MADE).map(|_| template(&mut chance)).collect();
    let tally = agree(&sources);
    assert!(
        tally["printed"].as_u64().unwrap() > 5_000,
        "too few templates run for this to mean much: {tally}"
    );
}

#[test]
fn spoilt_templates_are_refused_only_where_lodash_and_node_refuse_them() {
    let mut chance = Chance::new(SEED + 1);
    let sources: Vec<String> = (0..SPOILT)
        .map(|_| {
            let good = template(&mut chance);
            spoilt(&mut chance, &good)
        })
        .collect();
    agree(&sources);
}

/// Scripts that other people wrote: the pages' packages.
fn scripts(folder: &Path, found: &mut Vec<String>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.is_symlink() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|end| end == "js" || end == "cjs") {
            let script = std::fs::read_to_string(&path).unwrap_or_default();
            if !script.contains("%>") && script.len() < 60_000 {
                found.push(format!("<%{script}\n%>"));
            }
        }
    }
}

#[test]
fn scripts_of_the_world_are_refused_only_where_node_refuses_them() {
    let mut found = Vec::new();
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules");
    assert!(packages.is_dir(), "The pages' packages are not installed. Run `npm ci` in ui/.");
    scripts(&packages, &mut found);
    let all = found.len();
    found.retain(|source| compile(source).is_err());
    println!("{} of {all} scripts are refused", found.len());
    assert!(all > 500, "only {all} scripts are there to be read");
    agree(&found);
}
