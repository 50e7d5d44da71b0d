// §1 and §2 of the consultant API: which files a company's form is made of.
import { describe, expect, test } from "vitest";
import { WidgetsOptions, type Entry } from "../../consultant/options";
import { BASE, packBoot } from "./fixtures";
import { partsOf, pathOf, type Part } from "./mapping";

const INDEX = `${BASE}consultant-desktop/index.html?script=0`;

function entry(given: Record<string, unknown>, base = INDEX, name = "consultant"): Entry {
  return { name, base, given };
}

function part(given: Record<string, unknown>, base = INDEX, settings: Record<string, unknown> = {}): Part {
  const [only] = partsOf([entry(given, base)], packBoot({ settings }));
  if (!only) throw new Error("no part");
  return only;
}

describe("[X] paths are relative to the page that names them", () => {
  test.each([
    ["form.js", INDEX, "consultant-desktop/form.js"],
    ["./form.js", INDEX, "consultant-desktop/form.js"],
    ["js/form.js", INDEX, "consultant-desktop/js/form.js"],
    ["form.js?v=12#x", INDEX, "consultant-desktop/form.js"],
    ["../shared/form.js", INDEX, "shared/form.js"],
    ["form.js", BASE, "form.js"],
    ["sub/a.js", BASE, "sub/a.js"],
    ["виджет.js", BASE, "виджет.js"],
    ["a b.js", BASE, "a b.js"],
    ["js\\form.js", INDEX, "consultant-desktop/js/form.js"],
    ["и\u0306.js", BASE, "\u0439.js"],
  ])("%s in %s", (js, base, path) => {
    const { scripts, outside } = part({ js }, base);
    expect([scripts.map((url) => pathOf(BASE, url)), outside]).toEqual([[path], []]);
  });

  test.each([
    ["../../x.js"],
    ["/x.js"],
    ["//shop.example/x.js"],
    ["https://shop.example/x.js"],
    ["data:text/javascript,0"],
    ["pack://localhost/fedcba9876543210/x.js"],
    ["%2e%2e/%2e%2e/x.js"],
    ["file:///etc/passwd"],
  ])("%s leads out of the pack and is refused", (js) => {
    const { scripts, outside } = part({ js });
    expect([scripts, outside]).toEqual([[], [js]]);
  });
});

test("[X] js and css are a path or a list of paths, tpls a path by name; anything else is passed over", () => {
  const one = part({ js: "a.js", css: "a.css", tpls: { chat: "tpls/chat.html" } }, BASE);
  expect(one).toMatchObject({
    scripts: [`${BASE}a.js`],
    styles: [`${BASE}a.css`],
    templates: { chat: `${BASE}tpls/chat.html` },
  });
  const many = part({ js: ["a.js", "b.js"], css: ["a.css", "b.css"], tpls: null }, BASE);
  expect(many).toMatchObject({
    scripts: [`${BASE}a.js`, `${BASE}b.js`],
    styles: [`${BASE}a.css`, `${BASE}b.css`],
    templates: {},
  });
  const none = part({ js: [7, null, ""], css: {}, tpls: { chat: 7, other: "" } }, BASE);
  expect(none).toMatchObject({ scripts: [], styles: [], templates: {}, outside: [] });
});

test("[X] the chat's controller is loaded first, then sitephone, then the others as they were named", () => {
  const options = new WidgetsOptions();
  const desktop = { js: "a.js" };
  options.base = BASE;
  for (const name of ["personal_form", "sitephone", "call_generator", "consultant"])
    options.apply({ [name]: { desktop } });
  expect(partsOf(options.entries, packBoot()).map(({ name }) => name)).toEqual([
    "consultant",
    "sitephone",
    "personal_form",
    "call_generator",
  ]);
});

describe("[X] a settings.json beside each controller", () => {
  const settings = { "": { of: "the pack" }, "consultant-desktop": { of: "desktop" } };

  test.each([
    ["form.js", INDEX, settings, "desktop"],
    ["consultant-desktop/form.js", BASE, settings, "desktop"],
    ["../other/form.js", INDEX, settings, "desktop"],
    ["form.js", BASE, settings, "the pack"],
    ["consultant-desktop/js/deep/form.js", BASE, { "consultant-desktop": { of: "above" } }, "above"],
  ])("%s of %s", (js, base, known, of) => {
    expect(part({ js }, base, known).settings).toEqual({ of });
  });

  test("without any there are none", () => {
    expect(part({ js: "form.js" }, INDEX, { "sitephone-desktop": { of: "another" } }).settings).toEqual({});
  });
});

test("a relative message_audio_file is found beside the settings, and nothing else is touched", () => {
  const chat = { message_audio_file: "sounds/bell one.wav", title: "bell.wav", image: "a.png" };
  const desktop = { chat, message_audio_file: "own.mp3", image_url: "b.png" };
  const { settings } = part({ js: "form.js" }, INDEX, { "consultant-desktop": desktop });
  const folder = `${BASE}consultant-desktop/`;
  expect(settings).toEqual({
    chat: { ...chat, message_audio_file: `${folder}sounds/bell%20one.wav` },
    message_audio_file: `${folder}own.mp3`,
    image_url: "b.png",
  });
  expect(chat.message_audio_file).toBe("sounds/bell one.wav");
});

test.each([["https://shop.example/a.mp3"], ["data:audio/wav;base64,AA"], ["/a.mp3"], [""], [null], [7]])(
  "message_audio_file %j stays as it is",
  (message_audio_file) => {
    const known = { "": { chat: { message_audio_file } } };
    expect(part({ js: "form.js" }, BASE, known).settings).toEqual(known[""]);
  },
);
