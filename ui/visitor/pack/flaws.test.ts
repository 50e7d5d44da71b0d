// §9 of the consultant API and "Bad input": which file of a pack, and which line.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { BASE } from "./fixtures";
import { Flaws, type Flaw } from "./flaws";

let flaws: Flaws;

beforeEach(() => {
  flaws = new Flaws(BASE);
  flaws.know([`${BASE}tpls/chat.html`]);
});

/** A page of its own: listeners of other tests hear nothing. */
function page(): Window {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { contentWindow } = frame;
  if (!contentWindow) throw new Error("no window");
  flaws.listen(contentWindow);
  return contentWindow;
}

function failed(filename: string, message = "Error: no shop"): void {
  page().dispatchEvent(new ErrorEvent("error", { filename, lineno: 3, colno: 9, message }));
}

function violated(fields: Partial<SecurityPolicyViolationEvent>, { document: where } = page()): void {
  const event = Object.assign(new Event("securitypolicyviolation"), {
    blockedURI: "",
    sourceFile: "",
    lineNumber: 0,
    columnNumber: 0,
    effectiveDirective: "connect-src",
    ...fields,
  });
  where.dispatchEvent(event);
}

describe("a script that fails while it loads", () => {
  const at = { line: 3, column: 9, message: "Error: no shop" };

  test.each([
    [`${BASE}a/form.js`, { kind: "script", path: "a/form.js", ...at }],
    [`${BASE}index.html?script=0`, { kind: "script", path: "index.html", ...at }],
    [`${BASE}tpls/chat.html`, { kind: "template", path: "tpls/chat.html", ...at }],
    [`${BASE}tpls/chat.html?template`, { kind: "template", path: "tpls/chat.html", ...at }],
    [`${BASE}%D1%84.js`, { kind: "script", path: "ф.js", ...at }],
  ])("%s is named with its line and column", (url, expected) => {
    failed(url);
    expect(flaws.found).toEqual([expected]);
  });

  test("of our own page nothing is told", () => {
    failed("tauri://localhost/assets/visitor.js");
    failed("");
    expect(flaws.found).toEqual([]);
  });

  test("once the form is up it is the console's business", () => {
    flaws.up();
    failed(`${BASE}form.js`);
    flaws.thrown(thrown(`f@${BASE}form.js:1:2`));
    expect(flaws.found).toEqual([]);
  });
});

function thrown(stack: string, error = new TypeError("it is nothing")): Error {
  return Object.assign(error, { stack });
}

describe("why a controller failed", () => {
  test.each([
    // WebKit's, WebView2's, a template's, and one that the runtime threw because it was called wrongly.
    [`chat@${BASE}form.js:12:34\nglobal code@tauri://localhost/a.js:1:2`, "script", "form.js", 12, 34],
    [
      `TypeError: it is nothing\n    at chat (${BASE}form.js:12:34)\n    at x (a.js:1:2)`,
      "script",
      "form.js",
      12,
      34,
    ],
    [`@${BASE}tpls/chat.html:5:6\nx@tauri://localhost/a.js:1:2`, "template", "tpls/chat.html", 5, 6],
    [`show@tauri://localhost/a.js:1:2\n@${BASE}sub/form.js:7:8`, "script", "sub/form.js", 7, 8],
  ])("%j", (stack, kind, path, line, column) => {
    const message = "TypeError: it is nothing";
    expect(flaws.blame(thrown(stack))).toEqual({ kind, path, line, column, message });
  });

  test("a mistake in the writing has no stack but a place", () => {
    const error = Object.assign(thrown("", new SyntaxError("Unexpected token")), {
      sourceURL: `${BASE}form.js`,
      line: 2,
      column: 4,
    });
    const message = "SyntaxError: Unexpected token";
    expect(flaws.blame(error)).toEqual({ kind: "script", path: "form.js", line: 2, column: 4, message });
  });

  test("a text that was to be run as a program is called so", () => {
    const stack = `${BASE}form.js:2:4`;
    expect(flaws.blame(thrown(stack, new EvalError("refused")))).toEqual({
      kind: "eval",
      path: "form.js",
      line: 2,
      column: 4,
    });
  });

  test.each([[null], ["a text"], [{}], [thrown("x@tauri://localhost/a.js:1:2")]])(
    "%j says nothing of the pack",
    (one) => {
      expect(flaws.blame(one)).toBeNull();
    },
  );

  test("a template that failed is the cause, not the controller that missed it", () => {
    flaws.thrown(thrown(`${BASE}tpls/chat.html?template:5:6`));
    expect(flaws.cause(thrown(`${BASE}form.js:1:1`))).toMatchObject({
      kind: "template",
      path: "tpls/chat.html",
    });
  });

  test.each([["no shop today"], [null], [new Error("no shop today")]])(
    "%j, thrown by a controller that says of no place, is not called a controller that is not there",
    (problem) => {
      flaws.missing(`${BASE}form.css`);
      expect(flaws.cause(problem, true)).toEqual({
        kind: "script",
        path: "",
        line: 0,
        column: 0,
        message: String(problem),
      });
    },
  );

  test("a controller that nobody registered: the script that failed, or that there is none", () => {
    expect(flaws.cause("nobody")).toEqual({ kind: "no_controller", name: "consultant" });
    failed(`${BASE}form.js`);
    expect(flaws.cause("nobody")).toMatchObject({ kind: "script", path: "form.js", line: 3 });
  });
});

describe("what the page's policy refuses a pack", () => {
  const at = { sourceFile: `${BASE}form.js`, lineNumber: 4, columnNumber: 2 };
  const place = { path: "form.js", line: 4, column: 2 };
  const nowhere = { path: "", line: 0, column: 0 };
  const target = "https://shop.example/a";

  test.each([
    [
      { ...at, blockedURI: target },
      { kind: "network", ...place, target },
    ],
    [
      { ...at, blockedURI: "wss://shop.example" },
      { kind: "network", ...place, target: "wss://shop.example" },
    ],
    [
      { blockedURI: target, effectiveDirective: "img-src" },
      { kind: "network", ...nowhere, target },
    ],
    [
      { ...at, blockedURI: "eval", effectiveDirective: "script-src" },
      { kind: "eval", ...place },
    ],
    [
      { blockedURI: "inline", effectiveDirective: "script-src-attr" },
      { kind: "eval", ...nowhere },
    ],
  ])("%j is told of", (event, expected) => {
    violated(event);
    expect(flaws.found).toEqual([expected]);
  });

  test.each([
    [{ blockedURI: "data", effectiveDirective: "font-src" }],
    [{ blockedURI: "inline", effectiveDirective: "style-src-attr" }],
    [{ blockedURI: "blob", effectiveDirective: "img-src" }],
    [{ ...at, blockedURI: "https://fonts.example/a.woff2", effectiveDirective: "font-src" }],
  ])("[X] %j is only missing", (event) => {
    violated(event);
    expect(flaws.found).toEqual([]);
  });

  test("it is told of after the form is up, too", () => {
    flaws.up();
    violated({ ...at, blockedURI: target });
    expect(flaws.found).toHaveLength(1);
  });
});

test("a form that fails without end is not told of without end", () => {
  const one = page();
  const long = "a".repeat(1000);
  for (let at = 0; at < 200; at += 1) violated({ blockedURI: `https://${String(at)}.example/${long}` }, one);
  expect(flaws.found).toHaveLength(50);
  expect(JSON.stringify(flaws.found).length).toBeLessThan(50 * 400);
});

test("each flaw is told once", () => {
  const heard: Flaw[] = [];
  flaws.onFound((flaw) => void heard.push(flaw));
  flaws.missing(`${BASE}a%20b.css`);
  flaws.missing(`${BASE}a%20b.css`);
  flaws.add({ code: "pack_template", message: "It cannot be compiled." });
  expect(heard).toEqual([
    { kind: "missing", path: "a b.css" },
    { code: "pack_template", message: "It cannot be compiled." },
  ]);
  vi.restoreAllMocks();
});
