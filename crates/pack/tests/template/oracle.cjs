// Compares what the compiler made of templates with lodash's own `template`. Usage: node oracle.cjs UI_FOLDER < cases
//
// In:  {"cases": [{"source", "script" | null, "unclosed": bool}], "data": {...}}
// Out: {"agreed", "printed", "refused", "failures": [{"case", "why", "ours", "lodash"}]}
"use strict";
const vm = require("node:vm");
const { createRequire } = require("node:module");
const path = require("node:path");

const lodash = createRequire(path.join(path.resolve(process.argv[2]), "package.json"))("lodash");
const PLAIN = Object.keys(globalThis);
/** Only a loop may never end, and the watch over it takes its time. */
const LOOPS = /for|while|do/;
const SHORT = { timeout: 40 };
const LONG = { timeout: 4000 };
const PRINTED = ")) == null ? '' : __t)";

const RUN = new vm.Script("__run()");

/** What only JavaScript can say. */
function withExtras(data) {
  return Object.assign(structuredClone(data), {
    und: undefined,
    minus: -0,
    big: 10n,
    date: { valueOf: () => 7, toString: () => "<date>" },
    fn: (value) => (value === null ? null : "<" + value + "'"),
  });
}

function forget() {
  for (const name of Object.keys(globalThis)) if (!PLAIN.includes(name)) delete globalThis[name];
}

/** Runs what may loop or leave globals behind. */
function outcome(source, data, run, limit = SHORT) {
  globalThis.__run = () => run(data);
  try {
    const made = LOOPS.test(source) ? RUN.runInThisContext(limit) : run(data);
    return { made, data: JSON.stringify(data, (_, value) => (typeof value === "bigint" ? String(value) : value)) };
  } catch (error) {
    if (error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { thrown: "timeout" };
    return { thrown: String(error?.name), message: String(error?.message) };
  } finally {
    delete globalThis.__run;
    forget();
  }
}

function compiled(make) {
  try {
    return { run: make() };
  } catch (error) {
    return { error };
  }
}

function ours(script, trusted) {
  return compiled(() => {
    globalThis.document = { currentScript: {} };
    vm.runInThisContext(script);
    const template = globalThis.document.currentScript.template;
    return (data) => template(data, () => trusted);
  });
}

/** lodash's, or lodash's where `<%= %>` escapes as `<%- %>` does. */
function theirs(source, trusted) {
  return compiled(() => {
    const template = lodash.template(source);
    if (trusted) return (data) => template(data);
    const escaping = template.source.replaceAll(PRINTED, ")) == null ? '' : _.escape('' + __t))");
    const made = new Function("_", "return " + escaping)(lodash);
    return (data) => made(data);
  });
}

const DELIMITERS = /<%-([\s\S]+?)%>|<%=([\s\S]+?)%>|\$\{([^\\}]*(?:\\.[^\\}]*)*)\}|<%([\s\S]+?)%>|$/g;

/** Whether all `<% %>` together are the body of one function, and each `<%= %>` is one expression. */
function isSelfContained(source) {
  const whole = lodash.template(source).source;
  const body = whole.slice(whole.indexOf("with (obj) {\n") + 13, whole.lastIndexOf("\n}\nreturn __p"));
  const printed = [...source.matchAll(DELIMITERS)].map((found) => found[1] || found[2] || found[3]).filter(Boolean);
  try {
    new Function(`with (obj) { (function () {\n${body}\n}).call(this) }`);
    for (const code of printed) new Function(`f(${code}\n); [${code}\n]`);
    return true;
  } catch {
    return false;
  }
}

/** HTML reads these as the white space they stand for. */
function readable(outcome) {
  if (typeof outcome.made !== "string") return outcome;
  return { ...outcome, made: outcome.made.replace(/&#(9|10|11|12|13|32|160|5760|8192|65279|8232|8233);/g, (_, n) => String.fromCharCode(n)) };
}

function compare(one, data, trusted, tally) {
  const expected = theirs(one.source, trusted);
  if (one.script === null) {
    tally.refused += 1;
    if (one.unclosed || expected.error || !isSelfContained(one.source)) return null;
    return { why: "refused what lodash takes" };
  }
  const made = ours(one.script, trusted);
  if (expected.error || made.error) {
    if (expected.error && made.error) return null;
    return { why: "only one of them can be compiled", ours: String(made.error), lodash: String(expected.error) };
  }
  const both = (limit) => [made.run, expected.run].map((run) => readable(outcome(one.source, withExtras(data), run, limit)));
  let [left, right] = both(SHORT);
  // On a busy machine one may have been unlucky.
  if ((left.thrown === "timeout") !== (right.thrown === "timeout")) [left, right] = both(LONG);
  if (typeof right.made === "string") tally.printed += 1;
  const same = ["made", "thrown", "message", "data"].every((part) => left[part] === right[part]);
  return same ? null : { why: "they do not do the same", ours: left, lodash: right };
}

function main({ cases, data }) {
  const tally = { agreed: 0, printed: 0, refused: 0, failures: [] };
  cases.forEach((one, number) => {
    for (const trusted of [true, false]) {
      const failure = compare(one, data, trusted, tally);
      if (failure) tally.failures.push({ case: number, trusted, ...failure });
      else tally.agreed += 1;
    }
  });
  tally.failures = tally.failures.slice(0, 10);
  return tally;
}

let input = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (input += part));
process.stdin.on("end", () => process.stdout.write(JSON.stringify(main(JSON.parse(input)))));
