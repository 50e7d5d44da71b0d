// §3 of the consultant API, layout attributes, promise by promise.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listenToLayout } from "../layout";
import { Registry } from "../registry";

let registry: Registry;
let page: AbortController;
let sized: (() => void)[];

/** A widget whose root has a size; jsdom lays nothing out. */
function widget(html: string, { width = 200, height = 100 } = {}): HTMLElement {
  const one = registry.create("w", { template: html });
  one.render();
  const root = one.getEl() as HTMLElement;
  root.getBoundingClientRect = () =>
    new DOMRect(
      Number.parseFloat(root.style.left) || 0,
      Number.parseFloat(root.style.top) || 0,
      width,
      height,
    );
  for (const told of sized) told();
  return root;
}

/** jsdom has no pointer events of its own. */
function pointer(
  target: EventTarget,
  name: string,
  x: number,
  y: number,
  { button = 0, pointerId = 1 } = {},
): Event {
  const place = { clientX: x, clientY: y, button };
  const event = new MouseEvent(name, { bubbles: true, cancelable: true, ...place });
  Object.assign(event, { pointerId });
  target.dispatchEvent(event);
  return event;
}

function drag(target: Element | null, x: number, y: number): Event {
  if (!target) throw new Error("there is nothing to drag");
  const event = pointer(target, "pointerdown", 10, 10);
  pointer(window, "pointermove", 10 + x, 10 + y);
  pointer(window, "pointerup", 10 + x, 10 + y);
  return event;
}

function placeOf({ style }: HTMLElement): string[] {
  return [style.position, style.left, style.top];
}

beforeEach(() => {
  sized = [];
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(tell: () => void) {
        sized.push(tell);
      }
      observe(): void {
        // Told by hand.
      }
    },
  );
  vi.stubGlobal("innerWidth", 400);
  vi.stubGlobal("innerHeight", 600);
  registry = new Registry();
  page = new AbortController();
  document.body.replaceChildren();
  listenToLayout(document, (element) => registry.isRoot(element), page.signal);
});

afterEach(() => {
  page.abort();
  vi.unstubAllGlobals();
});

describe("c-center", () => {
  test.each([
    ["c-center", ["fixed", "100px", "250px"]],
    ['c-center="x"', ["fixed", "100px", ""]],
    ['c-center="y"', ["fixed", "", "250px"]],
    ['c-center="false"', ["", "", ""]],
  ])("[X] §3 %s puts a widget into the middle of the window", (attribute, place) => {
    expect(placeOf(widget(`<div ${attribute}></div>`))).toEqual(place);
  });

  test("follows the window, and waits for a size", () => {
    const root = widget("<div c-center></div>", { width: 0, height: 0 });
    expect(placeOf(root)).toEqual(["", "", ""]);
    root.getBoundingClientRect = () => new DOMRect(0, 0, 100, 100);
    for (const told of sized) told();
    expect(placeOf(root)).toEqual(["fixed", "150px", "250px"]);
    vi.stubGlobal("innerWidth", 300);
    window.dispatchEvent(new Event("resize"));
    expect(placeOf(root)).toEqual(["fixed", "100px", "250px"]);
  });
});

describe("c-draggable and c-dragger", () => {
  const DRAGGABLE = "<div c-draggable><p c-dragger><b>Title</b></p><i>text</i></div>";

  test("[X] §3 c-draggable: its c-dragger moves it, the rest does not", () => {
    const root = widget(DRAGGABLE);
    expect(drag(root.querySelector("i"), 50, 50).defaultPrevented).toBe(false);
    expect(placeOf(root)).toEqual(["", "", ""]);
    expect(drag(root.querySelector("b"), 30, 20).defaultPrevented).toBe(true);
    expect(placeOf(root)).toEqual(["fixed", "30px", "20px"]);
    pointer(window, "pointermove", 300, 300);
    expect(placeOf(root)).toEqual(["fixed", "30px", "20px"]);
  });

  test("[X] §3 c-draggable without a c-dragger: any part moves it that is no control", () => {
    const root = widget("<div c-draggable><i>text</i><input><a href='#'>link</a></div>");
    for (const control of root.querySelectorAll("input, a")) drag(control, 10, 10);
    expect(placeOf(root)).toEqual(["", "", ""]);
    drag(root.querySelector("i"), 10, 5);
    expect(placeOf(root)).toEqual(["fixed", "10px", "5px"]);
  });

  test("it stays within reach", () => {
    const root = widget(DRAGGABLE);
    drag(root.querySelector("b"), 5000, 5000);
    expect(placeOf(root)).toEqual(["fixed", "360px", "560px"]);
    drag(root.querySelector("b"), -5000, -5000);
    expect(placeOf(root)).toEqual(["fixed", "-160px", "0px"]);
  });

  test("it is within reach in a window that became smaller, too", () => {
    const root = widget(DRAGGABLE);
    drag(root.querySelector("b"), 300, 500);
    vi.stubGlobal("innerWidth", 200);
    vi.stubGlobal("innerHeight", 300);
    window.dispatchEvent(new Event("resize"));
    expect(placeOf(root)).toEqual(["fixed", "160px", "260px"]);
  });

  test("what a person has moved is not centred any more", () => {
    const root = widget("<div c-center c-draggable><p c-dragger>x</p></div>");
    drag(root.querySelector("p"), 7, 7);
    window.dispatchEvent(new Event("resize"));
    expect(placeOf(root)).toEqual(["fixed", "107px", "257px"]);
  });

  test("another button and another pointer do not move it; c-draggable=false is none", () => {
    const root = widget(DRAGGABLE);
    const dragger = root.querySelector("p") as HTMLElement;
    pointer(dragger, "pointerdown", 0, 0, { button: 2 });
    pointer(window, "pointermove", 50, 50);
    pointer(dragger, "pointerdown", 0, 0, { pointerId: 1 });
    pointer(window, "pointermove", 50, 50, { pointerId: 2 });
    expect(placeOf(root)).toEqual(["", "", ""]);
    pointer(window, "pointerup", 0, 0, { pointerId: 1 });
    root.setAttribute("c-draggable", "false");
    drag(dragger, 10, 10);
    expect(placeOf(root)).toEqual(["", "", ""]);
  });
});

describe("c-resizer", () => {
  test.each([
    ["c-resizer", ["230px", "120px"]],
    ['c-resizer="x"', ["230px", ""]],
    ['c-resizer="y"', ["", "120px"]],
  ])("[X] §3 %s changes the size of its widget", (attribute, size) => {
    const root = widget(`<div><b ${attribute}></b></div>`);
    drag(root.querySelector("b"), 30, 20);
    expect([root.style.width, root.style.height]).toEqual(size);
  });

  test("neither smaller than can be used nor larger than the window", () => {
    const root = widget("<div><b c-resizer></b></div>");
    drag(root.querySelector("b"), -5000, -5000);
    expect([root.style.width, root.style.height]).toEqual(["120px", "80px"]);
    drag(root.querySelector("b"), 5000, 5000);
    expect([root.style.width, root.style.height]).toEqual(["400px", "600px"]);
  });
});

test("[X] §3 c-slim-scroll gives an element that scrolls by itself", () => {
  const style = document.createElement("style");
  style.textContent = readFileSync(resolve(import.meta.dirname, "../runtime.css"), "utf8");
  document.head.append(style);
  const log = widget("<div><p c-slim-scroll></p></div>").firstElementChild as Element;
  expect(getComputedStyle(log).overflow).toBe("auto");
  style.remove();
});
