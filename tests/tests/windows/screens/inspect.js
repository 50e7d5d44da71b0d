// Opens screens in frames of one page and says what is wrong with them. Runs in a browser's page of the same origin.
//
// What must always hold: a screen is looked at only when what it is there for can be seen; a finding names the screen's
// element and what of it is wrong, so that it can be mended without looking.
"use strict";

const PATIENCE_MS = 20_000;
const MARK = /[⟦⟧]/;

/** Opens a screen, does what leads to it, and gives its findings. */
async function inspect(screen) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width: ${screen.width}px; height: ${screen.height}px; border: 0`;
  frame.src = screen.address;
  const loaded = new Promise((done) => frame.addEventListener("load", done));
  document.body.replaceChildren(frame);
  await loaded;
  const page = frame.contentWindow;
  try {
    for (const step of screen.steps) await take(page, step);
    await still(page);
    const found = screen.axe ? await accessible(page, screen.axe) : [];
    return screen.layout ? [...found, ...layout(page)] : found;
  } catch (error) {
    return [String(error), page.document.body.innerText.slice(0, 300)];
  }
}

/** A step: `see NAME`, `click NAME`, `type NAME WORDS`, `end NAME` (scrolls to its end). */
async function take(page, step) {
  const [verb, name, ...words] = step.split(" ");
  const css = /[.#[]/.test(name) ? name : `[data-test="${name}"]`;
  const ready = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled;
  const element = await until(() => [...page.document.querySelectorAll(css)].find(ready), step);
  if (verb === "click") element.click();
  if (verb === "end") element.scrollTop = element.scrollHeight;
  if (verb !== "type") return;
  element.focus();
  element.value = words.join(" ");
  element.dispatchEvent(new page.Event("input", { bubbles: true }));
}

async function until(condition, what) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const met = condition();
    if (met) return met;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Fonts are there, and whatever moves has come to rest. */
async function still(page) {
  await page.document.fonts.ready;
  const frame = () => new Promise((done) => page.requestAnimationFrame(done));
  await frame();
  for (const one of page.document.getAnimations()) {
    if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
  }
  await frame();
}

async function accessible(page, rules) {
  const script = page.document.createElement("script");
  script.src = "/axe.js";
  const loaded = new Promise((done) => script.addEventListener("load", done));
  page.document.head.append(script);
  await loaded;
  const only = rules === "all" ? {} : { runOnly: { type: "rule", values: rules.split(" ") } };
  const { violations } = await page.axe.run(page.document, { ...only, resultTypes: ["violations"], elementRef: false });
  return violations.map(({ id, nodes: [one, ...more] }) => {
    const why = one.failureSummary.split("\n").slice(1).join(";").trim();
    return `${id}: ${one.target.join(" ")}${more.length ? ` and ${more.length} more` : ""}: ${why}`;
  });
}

/** What does not fit. */
function layout(page) {
  const { document: page_document } = page;
  const found = new Set();
  const root = page_document.scrollingElement;
  if (root.scrollWidth > page.innerWidth) found.add(`the page is ${root.scrollWidth} wide in ${page.innerWidth}`);
  // A window that never scrolls is moved by the first key that brings something of it into sight.
  const isStill = page.getComputedStyle(page_document.body).overflowY === "hidden";
  if (isStill && root.scrollHeight > page.innerHeight) found.add(`the page is ${root.scrollHeight} high in ${page.innerHeight}`);
  for (const text of texts(page)) for (const flaw of flawsOfText(page, text)) found.add(flaw);
  for (const control of controls(page)) for (const flaw of flawsOfControl(page, control)) found.add(flaw);
  for (const flaw of overlaps(page, controls(page))) found.add(flaw);
  return [...found];
}

function texts(page) {
  const walker = page.document.createTreeWalker(page.document.body, NodeFilter.SHOW_TEXT);
  const all = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.data.trim() !== "" && isSeen(page, node.parentElement)) all.push(node);
  }
  return all;
}

/** Not hidden, and no more than for the ear. */
function isSeen(page, element) {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
  if (element.closest("script, style, option, noscript")) return false;
  for (let up = element; up; up = up.parentElement) {
    const style = page.getComputedStyle(up);
    if (style.clip !== "auto" || /inset\((50|100)%/.test(style.clipPath)) return false;
    if (style.position === "absolute" && up.clientWidth <= 1 && up.clientHeight <= 1 && style.overflow === "hidden") return false;
  }
  return true;
}

function rectsOf(page, text) {
  const range = page.document.createRange();
  range.selectNodeContents(text);
  return [...range.getClientRects()].filter((rect) => rect.width > 0);
}

function flawsOfText(page, text) {
  const flaws = [];
  const rects = rectsOf(page, text);
  const what = `${pathOf(text.parentElement)} “${text.data.trim().slice(0, 40)}”`;
  const block = blockOf(page, text.parentElement);
  const box = block.getBoundingClientRect();
  const isOwn = MARK.test(text.data);
  for (const rect of rects) {
    const clipped = clip(page, text.parentElement, rect);
    // Somebody's words may end in dots, and ours where the whole can be asked for.
    const isTold = clipped?.ellipsis && (!isOwn || text.parentElement.closest("[title]"));
    if (clipped && !isTold) flaws.push(`cut ${clipped.side} by ${clipped.by}: ${what}`);
    // A space at a line's end hangs out where white space is kept.
    const slack = page.getComputedStyle(block).whiteSpace.startsWith("pre") ? 6 : 1;
    if (!clipped && (rect.left < box.left - slack || rect.right > box.right + slack)) {
      flaws.push(`sticks out of ${pathOf(block)}: ${what}`);
    }
  }
  return flaws;
}

/** Which ancestor cuts a rectangle, where it does; past one that can be scrolled everything can be reached. */
function clip(page, element, rect) {
  let [x, y] = [true, true];
  for (let up = element; up && up !== page.document.documentElement; up = up.parentElement) {
    const style = page.getComputedStyle(up);
    const box = up.getBoundingClientRect();
    const ellipsis = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    const by = pathOf(up);
    if (style.display !== "inline") {
      if (x && style.overflowX !== "visible" && (rect.left < box.left - 1 || rect.right > box.right + 1)) {
        return { by, side: "sideways", ellipsis };
      }
      if (y && /hidden|clip/.test(style.overflowY) && (rect.top < box.top - 3 || rect.bottom > box.bottom + 3)) {
        return { by, side: "in height", ellipsis };
      }
      if (/auto|scroll/.test(style.overflowY)) y = false;
    }
    if (style.position === "fixed") break;
  }
  if (x && (rect.left < -1 || rect.right > page.innerWidth + 1)) return { by: "the window", side: "sideways" };
  const tall = page.document.scrollingElement.scrollHeight;
  if (y && (rect.top + page.scrollY < -1 || rect.bottom + page.scrollY > tall + 1)) return { by: "the window", side: "in height" };
  return null;
}

function blockOf(page, element) {
  let up = element;
  while (/^(inline|contents)$/.test(page.getComputedStyle(up).display) && up.parentElement) up = up.parentElement;
  return up;
}

const CONTROLS = "button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=menuitem], [contenteditable=true]";

function controls(page) {
  return [...page.document.querySelectorAll(CONTROLS)].filter((one) => {
    const rect = one.getBoundingClientRect();
    return isSeen(page, one) && rect.width > 2 && rect.height > 2;
  });
}

function flawsOfControl(page, control) {
  const flaws = [];
  const rect = control.getBoundingClientRect();
  const clipped = clip(page, control.parentElement, rect);
  if (clipped) flaws.push(`cut ${clipped.side} by ${clipped.by}: ${pathOf(control)}`);
  const words = control.placeholder || (control.selectedOptions && control.selectedOptions[0]?.label);
  if (!words || control.tagName === "TEXTAREA" || !MARK.test(words)) return flaws;
  const style = page.getComputedStyle(control);
  const pen = page.document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = control.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const wide = pen.measureText(words).width;
  if (wide > room + 1 && !control.title) flaws.push(`no room for its words (${Math.round(wide)} in ${Math.round(room)}): ${pathOf(control)}`);
  return flaws;
}

/** Controls of one layer that lie over each other. */
function overlaps(page, all) {
  const flaws = [];
  const placed = all.map((control) => ({ control, layer: layerOf(page, control), rect: control.getBoundingClientRect() }));
  for (const [at, one] of placed.entries()) {
    for (const two of placed.slice(at + 1)) {
      if (one.layer !== two.layer || one.control.contains(two.control) || two.control.contains(one.control)) continue;
      const wide = Math.min(one.rect.right, two.rect.right) - Math.max(one.rect.left, two.rect.left);
      const high = Math.min(one.rect.bottom, two.rect.bottom) - Math.max(one.rect.top, two.rect.top);
      if (wide > 2 && high > 2) flaws.push(`${pathOf(one.control)} lies over ${pathOf(two.control)}`);
    }
  }
  return flaws;
}

/** What scrolls, floats or sticks by itself. */
function layerOf(page, element) {
  for (let up = element; up; up = up.parentElement) {
    const style = page.getComputedStyle(up);
    if (/absolute|fixed|sticky/.test(style.position) || /auto|scroll/.test(style.overflowY)) return up;
  }
  return null;
}

function pathOf(element) {
  const one = (node) => {
    const test = node.dataset?.test ? `[${node.dataset.test}]` : "";
    const classes = typeof node.className === "string" && node.className ? `.${node.className.trim().split(/\s+/)[0]}` : "";
    return `${node.tagName.toLowerCase()}${classes}${test}`;
  };
  return element.parentElement ? `${one(element.parentElement)} > ${one(element)}` : one(element);
}
