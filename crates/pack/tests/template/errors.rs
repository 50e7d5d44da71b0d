//! What is wrong with a template, where, and in which words; and what engines say, brought back to the template.

use deskbell_pack::{Place, compile};
use serde_json::json;

use crate::generator::template;
use crate::random::Chance;
use crate::world::{flaw, told};

fn refused(source: &str, line: u32, column: u32, what: &str) {
    assert_eq!(flaw(source), (line, column, what.to_owned()), "{source:?}");
}

#[test]
fn an_opening_delimiter_that_nothing_closes() {
    refused("<p>\r\n  ж😀 <%= title </p>", 2, 6, "this `<%` is never closed by `%>`");
    refused("<% a() %>\r<%", 2, 1, "this `<%` is never closed by `%>`");
    refused("<%= a %", 1, 1, "this `<%` is never closed by `%>`");
}

#[test]
fn brackets_over_all_pieces() {
    refused("<% if (a) { %>\n<b>\n<% } %>\n <% } %>", 4, 5, "a `}` that nothing opened");
    refused("<% if (a) { %>\n<b>", 1, 11, "this `{` is never closed");
    refused("<% a.forEach(function (b) { %>\n  <% } %>\n", 1, 13, "this `(` is never closed");
    refused("<%= a(b %>", 1, 6, "this `(` is never closed");
    refused("<%= [1, 2)] %>", 1, 10, "a `)` while the `[` of line 1, column 5 is still open");
    refused("<% x = { %>", 1, 8, "this `{` is never closed");
    refused("<% f(`${a %>", 1, 7, "this `${` is never closed");
    refused("\n<% } %>\n<% { %>", 2, 4, "a `}` that nothing opened");
    refused("<%= a) + (b %>", 1, 6, "a `)` that nothing opened");
}

#[test]
fn strings_regular_expressions_backticks_and_comments() {
    let string = "this string is not closed before its line or its `%>` ends";
    refused("<% a = 'b %>'", 1, 8, string);
    refused("<%\n  a(\"b\n\") %>", 2, 5, string);
    refused("<%= '50%>' %>", 1, 5, string);
    refused("<% /a[/]b %>", 1, 4, "this regular expression is not closed before its line or its `%>` ends");
    refused("<% a = `b\n %>\n", 1, 8, "this backtick is never closed");
    refused("<% /* a %>b", 1, 4, "this `/*` is never closed");
    refused("<%= a // b %>", 1, 7, "this comment hides the end of what is to be printed; use `/* */`");
}

#[test]
fn what_prints_takes_one_expression() {
    refused("<%= a; %>", 1, 6, "a `;` in what is printed, which is one expression");
    refused("${ a; }", 1, 5, "a `;` in what is printed, which is one expression");
    refused("<% a(b; c) %>", 1, 7, "a `;` inside `(`, which takes an expression");
    for empty in ["<p><%= %>", "<p><%=%>", "<p><%-%>", "<p><%= /* a */ %>", "<p><%%> %>"] {
        refused(empty, 1, 4, "there is nothing between these delimiters");
    }
    assert!(compile("<%- %>${}<%%>").is_ok(), "lodash takes these");
}

#[test]
fn what_only_looks_wrong_is_taken() {
    let fine = [
        "<% if (/[/}'\"]\\//.test(a)) { %><% } %>",
        "<% a = b / 2 / c; d = (b) / 2; e = b[0] / 2; f = b++ / 2 %>",
        "<% if (a) /'/.test(b) %>",
        "<% { } /}/.test(a) %>",
        "<% a = {} / 1; b = function () {} / 1 %>",
        "<% a = b ? { c: /}/ } : /{/; switch (a) { case 1: /'/.test(b) } %>",
        "<% return\n/'/ %>",
        "<% x => { }\n/'/.test(a) %>",
        "<% a = `'${ `}` + '`' }\\`` %>",
        "<% a = '\\'' + \"\\\n\" + '}' %>",
        "<% for (const a of /x'/.exec(b)) { } %>",
        "<% for (var i = 0 %><% i < 3 %><% i++) { %>a<% } %>",
        "<% async function f() { await /'/.x } function* g() { yield /}/ } %>",
        "<% a = b\n--> it's } old\n%><% <!-- it's { older %>",
        "<% \\u{61} = 1; a?.b / 1; c = d?.5:1; #x in a %>",
        "<% print(a) // don't } %><% // { %>",
        "<% /* %> it's } <% */ %>",
        "<% class A { static { a = 1 } b = /}/; 'c'() { return 1 } } /{/.test(a) %>",
        "<% a\n++/'/.lastIndex; b++ / 2; c\n--/}/.x %>",
        "<% var of = 1, let_ = of / 2 %><% a.if / 2; a.return / 3 %>",
    ];
    for source in fine {
        assert!(compile(source).is_ok(), "{source:?}: {:?}", compile(source).err());
    }
}

/// As an engine counts: UTF-16 code units.
fn place_of(text: &str, part: &str) -> Place {
    let before = &text[..text.find(part).unwrap()];
    let line = before.matches('\n').count() + before.replace("\r\n", "").matches('\r').count();
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let column = before[start..].encode_utf16().count() + 1;
    Place { line: u32::try_from(line).unwrap() + 1, column: u32::try_from(column).unwrap() }
}

fn in_template(text: &str, part: &str) -> Place {
    let place = place_of(text, part);
    let before = &text[..text.find(part).unwrap()];
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    Place { column: u32::try_from(before[start..].chars().count()).unwrap() + 1, ..place }
}

#[test]
fn places_in_code_are_exact() {
    let (mut chance, mut seen) = (Chance::new(7), 0);
    for _ in 0..3_000 {
        let (before, after) = (template(&mut chance), template(&mut chance));
        let source = format!(
            "{before}<% mark_1 %>😀\r\nж<%= '😀' + mark_2(\r\n mark_3) %>{after}<% /* ж */ mark_4 %>"
        );
        let unlucky = source.contains(['\u{2028}', '\u{2029}']);
        let Ok(compiled) = compile(&source) else { continue };
        for mark in ["mark_1", "mark_2", "mark_3", "mark_4"] {
            let script = compiled.script();
            // An engine ends lines at U+2028, too: those templates are left to the rest of the tests.
            if unlucky || script.matches(mark).count() != 1 {
                continue;
            }
            assert_eq!(
                compiled.place(place_of(script, mark)),
                in_template(&source, mark),
                "{mark} of {source:?}"
            );
            seen += 1;
        }
    }
    assert!(seen > 3_000, "only {seen} places were looked at");
}

#[test]
fn a_line_of_the_template_is_that_line_of_the_script() {
    let source = "<p>\n<% if (a) { // why %>\r\n  <%= mark_1 %>\r<% } %>\n\n<% mark_2() // %>\n${ mark_3 }\n";
    let compiled = compile(source).unwrap();
    for mark in ["mark_1", "mark_2", "mark_3"] {
        assert_eq!(place_of(compiled.script(), mark).line, place_of(source, mark).line, "{mark}");
    }
    assert_eq!(compiled.script().lines().count(), 8);
}

#[test]
fn what_an_engine_says_is_brought_back() {
    let source = "<p>'\n  <% var a = 1 %>😀 <%= 'ж😀' + nobody.name %>\n</p>";
    let told = told(source, &json!({}), &[]);
    assert_eq!(told["thrown"], "ReferenceError: nobody is not defined");
    let number = |name: &str| u32::try_from(told[name].as_u64().unwrap()).unwrap();
    let place = compile(source).unwrap().place(Place { line: number("line"), column: number("column") });
    assert_eq!(place, in_template(source, "nobody"));
    let unreadable = crate::world::told("<p>\n\n<%= 1 2 %>", &json!({}), &[]);
    assert_eq!(
        (unreadable["line"].as_u64(), unreadable["thrown"].as_str().unwrap().contains("SyntaxError")),
        (Some(3), true)
    );
}

#[test]
fn any_place_is_brought_back_into_the_template() {
    let compiled = compile("a\n<%= b %>").unwrap();
    for (line, column) in [(0, 0), (1, 1), (2, 1), (2, 500), (3, 1), (u32::MAX, u32::MAX)] {
        let place = compiled.place(Place { line, column });
        assert!(place <= Place { line: 2, column: 7 } && place >= Place { line: 1, column: 1 }, "{place:?}");
    }
}
