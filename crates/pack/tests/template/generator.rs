//! Templates by chance: of the language's parts, and spoilt ones.

use crate::random::Chance;

#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "", " ", "\n", "\r\n", "\r", "\t", "word", "'", "\"", "`", "\\", "\\\\", "\\n", "\\'", "$", "$$", "{",
    "}", "{}", "%", "%>", "<", ">", "<!--", "-->", "//", "/*", "*/", "/", "</script>", "<script>", "\u{2028}",
    "\u{2029}", "\u{FEFF}", "\u{0}", "\u{85}", "é", "Ж", "😀", "\u{301}", "&amp;", "&", ";", "__p", "__e(",
    "+", "print", "''", "<div class='a'>", "<p title=\"b\">", "<i data-x=", " id = ", "</p>", "<b", "\n\n  ",
    "with (obj) {", "%%", "<% %>", "${}", "<%%> %>", "0", "=", "<br/>",
];

#[rustfmt::skip]
const VALUES: &[&str] = &[
    "s", "t", "n", "zero", "minus", "nul", "und", "yes", "no", "list", "empty", "rows", "map", "map.a",
    "map.b.c", "nested", "date", "big", "fn(s)", "fn(list)", "list.length", "rows[0].name", "list[9]",
    "'a\\'b'", "\"x\\\"y\"", "'<i>'", "\"</script>\"", "'//'", "\"/*\"", "/[/'\"`}]/.test(s)",
    "s.replace(/'/g, '\"')", "s.split(/\\//)", "typeof missing", "missing", "nul.x", "map['a']",
    "[1, null, [und, s]]", "-0", "null", "undefined", "''", "0", "NaN", "1 / 2 / 4", "n++ / 2", "(n) / 2",
    "list[0] / 2", "`a`", "`'${n}\"`", "`${`${s}`}`", "`\\``", "void 0", "this === undefined",
    "obj === undefined", "obj.s", "typeof print", "typeof _.escape", "_.escape(s)", "_.map(list, fn).join()",
    "_.map(rows, 'name')", "_.keys(map)", "_.values(map)", "_.size(map)", "_.isEmpty(empty)",
    "_.filter(list, fn).length", "{a: 1}.a", "{}", "function () { return s }()",
    "(function () { return '}' })()", "(() => s)()", "(a => a / 2)(4)", "[...list]", "new Date(0).getTime()",
    "!yes", "~n", "1e3", ".5", "0x1f", "1_0", "s\n", " s /* '}\" */ ", "s // why\n", "\u{FEFF}s\u{A0}",
    "map?.a", "nul?.x", "nul ?? s", "yes?.5:1", "a$b", "жук", "\\u{61}\\u{62}", "<", "Symbol('x')", "(s, n)",
    "s, n", "s,", "s;", "", " ", "//x", "/*x*/", ")", "(", "'", "}", "{", "s) + (n", "...list",
    "yes ? {a: /}/} : 1", "n --> 0", "n <!-- x\n", "print('lost')", "say('x')",
    "[1,2].map(function (v) { return v * 2 })", "class {}", "async () => await /x/", "i",
];

#[rustfmt::skip]
const STATEMENTS: &[&str] = &[
    "var v = s", "v = n;", "var v = 1 // why", "// why", "/* why */", "// don't", "/* it's \" ` */", "", ";",
    " ", "\n", "print(s)", "print('a', null, n)", "print(s); // x", "print(/'/.test(s))", "n = n + 1", "n++",
    "--n", "map.a = n", "if (yes) print(1); else print(2)", "if (no) {} else { print('e') }",
    "function say(x) { return '<' + x + '>' }", "var r = /[\\/'\"]+/g, q = s.match(r); print(q && q.length)",
    "var o = {a: {b: '}'}, 'c': [1, {d: 2}]}; print(o.a.b)", "let z = 1; print(z)",
    "const k = `a\n${n}`; print(k)", "label: for (;;) { break label }", "x: { print('x'); break x }",
    "switch (n) { case 1: print('one'); break; default: print('other') }",
    "try { missing() } catch (e) { print(e.name) }", "do { n-- } while (n > 0)",
    "for (var i = 0; i < 2; i++) print(i)", "for (var p in map) print(p)", "for (const e of list) print(e)",
    "var g = a => ({a}); print(g(1).a)", "var f = function () { return /}/ }; print(f().source)",
    "class A { b() { return 1 / 2 } }; print(new A().b())", "a = 1\nprint(a)", "var h = n\n/2/1; print(h)",
    "{ print('block') } /}/.test(s)", "({}) / 1", "--> old comment", "<!-- old comment",
    "var w = 'a\\\nb'; print(w)", "print('\\u2028')", "print('\u{2028}')", "'use strict'",
    "obj.s = 'changed'", "var s = 'own'", "var s", "print.call(null, arguments.length > 0)", "'", "\"", "`",
    "(", "[", "{", "}", ")", "]", "/", "/*", "*/", "foo(", "if (yes)", "else", "return", "return 'early'",
    "throw new TypeError('x')", "if (yes) return", "%> %", "=", "-", "@", "#", "var 1",
    "if (n / 2 > 1) /x/.exec(s)", "await / 2", "yield / 2 //", "of / 2", "while (n > 0) n = (n - 1) / 1",
    "var fnc = async function* () { yield /'/ }", "debugger\n/x/.test(s)", "var y = (n) /2/ 1",
    "print(typeof /x/)", "print([] / 1)", "n\n++/x'/.lastIndex", "if (yes) /[}]'/.test(s)", "while (no) /'/.test(s)", "x => { }\n/'/.test(s)",
    "var t2 = yes ? {a: /}/} : /{/; print(t2.a)", "switch (n) { case 2: /'/.test(s); default: {} /[{]/.test(s) }",
    "for (const v of /2/.exec('2')) print(v)", "var of = 4, u = of / 2 / 1; print(u)", "print({a: 1}.a / 2 / 1)",
    "print(function () {}.length / 1 / 1)", "function fd() {} /[(]'/.test(s)", "print(`${{a: '}'}.a}` / 1)", "if (yes) { } else /[}]/.test(s)",
];

/// A template of the language's parts.
pub(crate) fn template(chance: &mut Chance) -> String {
    let mut made = String::new();
    let parts = 1 + chance.below(7);
    sequence(chance, &mut made, parts, 3);
    made
}

fn sequence(chance: &mut Chance, made: &mut String, parts: usize, depth: usize) {
    for _ in 0..parts {
        match chance.below(10) {
            0..=3 => text(chance, made),
            4 | 5 => value(chance, made),
            6 => statement(chance, made),
            _ if depth == 0 => text(chance, made),
            _ => block(chance, made, depth - 1),
        }
    }
}

fn text(chance: &mut Chance, made: &mut String) {
    for _ in 0..=chance.below(4) {
        made.push_str(chance.one(TEXTS));
    }
}

fn value(chance: &mut Chance, made: &mut String) {
    let delimiters =
        [("<%=", "%>"), ("<%= ", " %>"), ("<%- ", " %>"), ("<%-", "%>"), ("${", "}"), ("${ ", " }")];
    let (open, close) = chance.one(&delimiters);
    // What is most often wrong comes less often.
    let usual = if chance.once_in(6) { VALUES.len() } else { 40 };
    let written = VALUES.get(chance.below(usual)).copied().unwrap_or_default();
    let other = chance.one(VALUES);
    let picked = match chance.below(12) {
        0 => format!("{written} || {other}"),
        1 => format!("yes ? {written} : {other}"),
        2 => format!("({written})"),
        3 => format!("{written} + 'x'"),
        _ => written.to_owned(),
    };
    made.extend([open, &picked, close]);
}

fn statement(chance: &mut Chance, made: &mut String) {
    let usual = if chance.once_in(4) { STATEMENTS.len() } else { 44 };
    let written = STATEMENTS.get(chance.below(usual)).copied().unwrap_or_default();
    let ends = ["", " ", "\n", " // it's over", ";", " /* ( */ "];
    made.extend(["<%", chance.one(&["", " ", "\n"]), written, chance.one(&ends), "%>"]);
}

const BLOCKS: &[(&str, &str)] = &[
    ("if (yes) {", "}"),
    ("if (no) {", "}"),
    ("if (n > 1 && /[{(]/.test(s)) { // (", "} // )"),
    ("list.forEach(function (v, i) {", "})"),
    ("list.forEach(v => {", "})"),
    ("(rows || []).forEach(function (row) { if (row.name) {", "} })"),
    ("for (var i = 0; i < 3; i++) {", "}"),
    ("for (var key in map) {", "}"),
    ("for (const v of list) {", "}"),
    ("_.each(list, function (v, k) {", "})"),
    ("_.each(map, function (v, k) {", "});"),
    ("_.forEach(nul, function () {", "})"),
    ("_.each(list, function (v, k) { if (k) return false;", "})"),
    ("(function () {", "}())"),
    ("(function () {", "}).call(this)"),
    ("var late = function () {", "}; late(); late()"),
    ("function row(v) {", "} row(1)"),
    ("try {", "} catch (e) { print(e.name) }"),
    ("do {", "} while (n-- > 1)"),
    ("switch (n) { case 2:", "break; default: print('d') }"),
    ("with (map) {", "}"),
    ("/*", "*/"),
    ("{", "}"),
    ("lab: {", "break lab }"),
    ("var held = `", "`"),
    ("var list2 = [1, 2].map(function (v) { return {v: v}; }); list2.forEach(function (o) {", "}); /* ] */"),
    ("[1].map((v) => {", "})"),
    ("if (yes) { // it's", "} else { print('no') }"),
    ("for (var i = 0", "i++) { break }"),
    ("if (yes)", ""),
    ("}", "{"),
    ("foo(", ")"),
    ("[", "]"),
    ("var o = {", "}"),
];

fn block(chance: &mut Chance, made: &mut String, depth: usize) {
    let usual = if chance.once_in(5) { BLOCKS.len() } else { 24 };
    let (open, close) = BLOCKS.get(chance.below(usual)).copied().unwrap_or_default();
    made.extend(["<%", chance.one(&["", " ", "\n"]), open, chance.one(&["", " ", "\r\n"]), "%>"]);
    let parts = chance.below(4);
    sequence(chance, made, parts, depth);
    if open.starts_with("if") && close == "}" && chance.once_in(2) {
        made.push_str(chance.one(&["<% } else { %>", "<%} else if (n) {%>", "<%\n}\nelse\n{\n%>"]));
        let parts = chance.below(3);
        sequence(chance, made, parts, depth);
    }
    made.extend(["<%", chance.one(&["", " ", "\n"]), close, chance.one(&["", " "]), "%>"]);
}

const SPOILERS: &[&str] = &[
    "'", "\"", "`", "/", "//", "/*", "*/", "(", ")", "[", "]", "{", "}", "${", ";", "\\", "\n", "\u{2028}",
    "<%", "%>", "<%=", "<%-", "<%%>", "?", ":", ",", "=>", "++", "--", "-->", "<!--", ".", "...", "if",
    "else", "function", "class ", "return ", "case ", "of ", "in ", "await ", "yield ", "async ", "x", " ",
    "0", "é", "😀", "\u{0}", "=", "<", ">", "!",
];

/// The same with a few characters in the wrong place.
pub(crate) fn spoilt(chance: &mut Chance, template: &str) -> String {
    let mut characters: Vec<char> = template.chars().collect();
    for _ in 0..=chance.below(3) {
        let at = chance.below(characters.len() + 1);
        let until = (at + chance.below(4)).min(characters.len());
        let insert = if chance.once_in(3) { "" } else { chance.one(SPOILERS) };
        characters.splice(at..until, insert.chars());
    }
    characters.into_iter().collect()
}
