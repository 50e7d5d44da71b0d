// Where widgets stand: `c-center`, `c-draggable` with `c-dragger`, and `c-resizer`. (`c-slim-scroll` is a style of
// runtime.css alone.)
//
// An element with `c-center` stands in the middle of the window (`x` or `y`: in that direction only) whenever its
// widget is shown, until a person has moved it. One with `c-draggable` is moved by its `c-dragger`, or by any part
// that is no control where it has none. A `c-resizer` drags the lower right corner of the `c-draggable` element that
// it is in, or of its widget (`x` or `y`: one direction only).
//
// What must always hold: nothing can be moved so far out of the window that it cannot be taken hold of again.
import type { Foreign } from "./fields";

/** Pixels that stay within reach. */
const REACH = 40;
/** The smallest that a person can make something, where styles say nothing. */
const LEAST = { width: 120, height: 80 };
const CONTROLS =
  "a[href], button, input, label, option, select, textarea, [contenteditable], [c-type], [tabindex]";

const moved = new WeakSet<Element>();
const watched = new WeakSet<Element>();

/** Begins to listen in `page`; `isRoot` knows the roots of widgets. */
export function listenToLayout(page: Document, isRoot: Foreign, signal?: AbortSignal): void {
  const options = signal ? { signal } : {};
  page.addEventListener("pointerdown", (event) => begin(event, isRoot), options);
  window.addEventListener(
    "resize",
    () => {
      for (const element of page.querySelectorAll("[c-center]")) center(element);
      for (const element of page.querySelectorAll("[c-draggable]")) {
        if (element instanceof HTMLElement && moved.has(element)) keep(element);
      }
    },
    options,
  );
}

/** Keeps in the middle what wants to stand there: whatever shows or fills it gives it a new size. */
export function watchLayout(root: Element): void {
  for (const element of [root, ...root.querySelectorAll("[c-center]")]) {
    if (!element.hasAttribute("c-center") || watched.has(element)) continue;
    watched.add(element);
    new ResizeObserver(() => center(element)).observe(element);
  }
}

function center(element: Element): void {
  const axes = axesOf(element, "c-center");
  if (!(element instanceof HTMLElement) || !axes || moved.has(element)) return;
  const { width, height } = element.getBoundingClientRect();
  // Hidden ones have no size; they are put into their place when they are shown.
  if (width === 0 && height === 0) return;
  const left = axes.x ? Math.max(0, (window.innerWidth - width) / 2) : null;
  const top = axes.y ? Math.max(0, (window.innerHeight - height) / 2) : null;
  place(element, left, top);
}

function begin(event: PointerEvent, isRoot: Foreign): void {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || event.button !== 0 || event.defaultPrevented) return;
  const resizer = target.closest("[c-resizer]");
  const subject = resizer ? resized(resizer, isRoot) : dragged(target);
  if (!subject) return;
  event.preventDefault();
  follow(event, resizer ? sizing(subject, axesOf(resizer, "c-resizer"), event) : moving(subject, event));
}

/** What a press on `target` moves. */
function dragged(target: Element): HTMLElement | null {
  const subject = target.closest("[c-draggable]");
  if (!(subject instanceof HTMLElement) || !axesOf(subject, "c-draggable")) return null;
  const handle = target.closest("[c-dragger]");
  if (handle && subject.contains(handle)) return subject;
  if (subject.querySelector("[c-dragger]")) return null;
  const control = target.closest(CONTROLS);
  return control && control !== subject && subject.contains(control) ? null : subject;
}

function resized(resizer: Element, isRoot: Foreign): HTMLElement | null {
  let subject: Element | null = resizer.closest("[c-draggable]");
  if (!subject) {
    subject = resizer;
    while (subject && !isRoot(subject)) subject = subject.parentElement;
  }
  return subject instanceof HTMLElement ? subject : null;
}

type Step = (x: number, y: number) => void;

function moving(subject: HTMLElement, from: PointerEvent): Step {
  const start = subject.getBoundingClientRect();
  return (x, y) => {
    moved.add(subject);
    keep(subject, start.left + x - from.clientX, start.top + y - from.clientY);
  };
}

/** Places it as near to a point (to where it is) as it can be without getting out of reach. */
function keep(element: HTMLElement, left?: number, top?: number): void {
  const box = element.getBoundingClientRect();
  const x = clamp(left ?? box.left, REACH - box.width, window.innerWidth - REACH);
  place(element, x, clamp(top ?? box.top, 0, window.innerHeight - REACH));
}

function sizing(subject: HTMLElement, axes: Axes | null, from: PointerEvent): Step {
  const start = subject.getBoundingClientRect();
  // The other corner stays where it is, whatever the styles hang the element on.
  place(subject, start.left, start.top);
  moved.add(subject);
  // What is measured is the whole box.
  subject.style.boxSizing = "border-box";
  return (x, y) => {
    const width = clamp(start.width + x - from.clientX, LEAST.width, window.innerWidth - start.left);
    const height = clamp(start.height + y - from.clientY, LEAST.height, window.innerHeight - start.top);
    if (axes?.x) subject.style.width = `${String(width)}px`;
    if (axes?.y) subject.style.height = `${String(height)}px`;
  };
}

/** Steps at each move of this pointer until it is let go. */
function follow(from: PointerEvent, step: Step): void {
  const end = new AbortController();
  const of = (act: (event: PointerEvent) => void) => (event: PointerEvent) => {
    if (event.pointerId === from.pointerId) act(event);
  };
  const options = { signal: end.signal };
  window.addEventListener(
    "pointermove",
    of((event) => step(event.clientX, event.clientY)),
    options,
  );
  window.addEventListener(
    "pointerup",
    of(() => end.abort()),
    options,
  );
  window.addEventListener(
    "pointercancel",
    of(() => end.abort()),
    options,
  );
}

/** Puts the element's corner at a point of the window; `null` leaves a direction alone. */
function place(element: HTMLElement, left: number | null, top: number | null): void {
  const { style } = element;
  const { position } = getComputedStyle(element);
  if (position === "static" || position === "relative" || position === "") style.position = "fixed";
  style.margin = "0";
  if (left !== null) {
    style.right = "auto";
    style.left = `${String(left)}px`;
  }
  if (top !== null) {
    style.bottom = "auto";
    style.top = `${String(top)}px`;
  }
}

interface Axes {
  x: boolean;
  y: boolean;
}

/** The directions that an attribute's value names; `null` where it says `false`. */
function axesOf(element: Element, name: string): Axes | null {
  const value = element.getAttribute(name)?.trim().toLowerCase() ?? "";
  if (value === "false") return null;
  return { x: value !== "y" && value !== "vertical", y: value !== "x" && value !== "horizontal" };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
