// The page in a test: mounted on a memory desk, looked at and used as a person would.
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, vi } from "vitest";
import { memoryOperator } from "../backend/memory-operator";
import { operatorScene } from "../backend/memory-operator-scenes";
import type { OperatorBackend } from "../backend/backend";
import { Workplace } from "../model/operator-workplace";
import Operator from "./Operator.svelte";
import { loadTexts } from "./texts";

let page: Record<string, unknown> | undefined;

/** Makes jsdom do what the page needs, and takes the page away after each test. Call it once in a file. */
export function usePage(): void {
  // What comes only when it is asked for is here before: no test waits for the compiler.
  beforeAll(async () => {
    const parts = import.meta.glob("./{Settings,CommandBox}.svelte");
    const files = import.meta.glob("./files/File{List,Preview}.svelte");
    await Promise.all(Object.values({ ...parts, ...files }).map(async (load) => load()));
  }, 30_000);
  beforeEach(() => {
    // jsdom lays nothing out.
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe = vi.fn();
        disconnect = vi.fn();
      },
    );
    vi.stubGlobal("CSS", { escape: (text: string) => text });
    HTMLDialogElement.prototype.showModal = vi.fn();
    Element.prototype.scrollIntoView = vi.fn();
  });
  afterEach(async () => {
    await leave();
    vi.unstubAllGlobals();
  });
}

/** Takes the page away. */
export async function leave(): Promise<void> {
  if (page) await unmount(page);
  page = undefined;
}

/** Mounts the page on a scene; `change` may alter the desk first. */
export async function show(
  query: string,
  change: (backend: OperatorBackend) => OperatorBackend = (backend) => backend,
): Promise<Workplace> {
  const backend = change(memoryOperator(operatorScene(new URLSearchParams(query))));
  const workplace = await Workplace.start(backend);
  const texts = await loadTexts(workplace.state.locale);
  page = mount(Operator, { target: document.body, props: { workplace, texts } });
  await settle();
  return workplace;
}

/** Lets everything that was begun go on. */
export async function settle(ms = 0): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((next) => setTimeout(next, ms));
    flushSync();
  }
}

/** Everything of this `data-test`. */
export function all<E extends HTMLElement>(name: string): E[] {
  return [...document.querySelectorAll<E>(`[data-test="${name}"]`)];
}

/** The first of this `data-test`. */
export function one<E extends HTMLElement = HTMLElement>(name: string): E {
  const [element] = all<E>(name);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
}

/** Clicks the first of this `data-test`. */
export async function click(name: string): Promise<void> {
  one(name).click();
  await settle();
}

/** The row of the visitor whose id begins so. */
export function rowOf(start: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-visitor^="${start}"]`);
}

/** Opens a visitor's conversation. */
export async function openRow(start: string): Promise<void> {
  rowOf(start)?.click();
  await settle();
}

/** Writes into a field. */
export function write(text: string, name = "composer"): void {
  const field = one<HTMLTextAreaElement>(name);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

/** Chooses in a select. */
export function choose(value: string, name: string): void {
  const field = one<HTMLSelectElement>(name);
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
}

/** Presses a key. */
export function press(element: Element | null, key: string, more: KeyboardEventInit = {}): void {
  element?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
  flushSync();
}

/** Controls that a screen reader could not name. */
export function nameless(): Element[] {
  const controls = document.querySelectorAll<HTMLInputElement>("button, input, textarea, select");
  return [...controls].filter((control) => {
    const said = control.getAttribute("aria-label") ?? "";
    const labels = [...(control.labels ?? [])].map((label) => label.textContent).join("");
    return `${said}${labels}${control.localName === "button" ? control.textContent : ""}`.trim() === "";
  });
}
