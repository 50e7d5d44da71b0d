// What the tests of the packs beside the default form share: a pack as it lies in its folder, loaded and run as the
// page does it, over a desk in memory. Templates are compiled by lodash, its `<%= %>` made to escape as ours does.
import { createRequire } from "node:module";
import { afterEach, beforeEach, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryPresent, type MemoryBoot } from "../../backend/memory";
import type { CallGear, PackWindow } from "../../consultant/global";
import { WidgetsOptions } from "../../consultant/options";
import { bootRuntime } from "../../consultant/runtime";
import type { DeviceKind } from "../../generated/DeviceKind";
import type { Message } from "../../generated/Message";
import type { Present } from "../../generated/Present";
import { loadCompany } from "../pack/company";
import { BASE, PackFiles, packBoot } from "../pack/fixtures";
import { Flaws } from "../pack/flaws";

const lodash = createRequire(import.meta.url)("lodash/template") as (
  source: string,
  options: object,
) => (settings: object) => string;

const SOURCES = import.meta.glob<string>("../../packs/{classic,minimal}/**/*.{js,html,css,json}", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** Escapes both; the second pattern matches nothing. */
const ESCAPING = { escape: /<%[-=]([\s\S]+?)%>/g, interpolate: /($^)/g };

/** What a page needs that jsdom has not, before each test of a file. */
export function runPacks(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    played.count = 0;
    vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(() => {
      played.count += 1;
      return Promise.resolve();
    });
    vi.stubGlobal(
      "ResizeObserver",
      class {
        observe(): void {
          // Nothing has a size here.
        }
      },
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}

/** How often a sound was played. */
export const played = { count: 0 };

export let desk: MemoryVisitor;
export let callGear: CallGear;
let present: Present;

/** What a window is opened with. */
export interface Opening extends MemoryBoot {
  archive?: Message[];
  device?: DeviceKind;
}

/** The window is opened with a pack; nothing may be wrong with it. */
export async function open(pack: "classic" | "minimal", opening: Opening = {}): Promise<void> {
  const { archive = [], device = "desktop", ...boot } = opening;
  document.body.replaceChildren();
  delete (window as { Harbour?: unknown }).Harbour;
  desk = new MemoryVisitor(memoryBoot(boot), archive);
  present = memoryPresent(boot.present);
  const options = new WidgetsOptions();
  const runtime = await bootRuntime(desk, window as PackWindow, options);
  callGear = runtime.callGear;
  const flaws = new Flaws(BASE);
  const files = filesOf(pack);
  const loaded = await loadCompany({
    pack: packBoot({
      options: json(pack, "pack.json"),
      pages: pathsOf(pack, "index.html").map((path) => `${path}?script=0`),
      settings: Object.fromEntries(
        pathsOf(pack, "settings.json").map((path) => [
          path.replace(/\/?settings\.json$/, ""),
          json(pack, path),
        ]),
      ),
    }),
    device,
    options,
    controllers: runtime.controllers,
    tags: files,
    flaws,
    lateMs: 0,
    loadDefault: () => Promise.reject(new Error("it has a chat of its own")),
  });
  if ("stop" in loaded || flaws.found.length > 0) throw new Error(JSON.stringify(flaws.found));
  runtime.start(loaded.form);
  await settle();
}

function filesOf(pack: string): PackFiles {
  const files = new PackFiles();
  for (const path of pathsOf(pack, "")) {
    const source = SOURCES[`../../packs/${pack}/${path}`] ?? "";
    if (path.endsWith(".css")) files.styles.add(path);
    if (path.endsWith(".js")) files.scripts.set(path, () => run(source));
    if (path.endsWith("index.html")) {
      const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(source) ?? [];
      files.scripts.set(`${path}?script=0`, () => run(script));
    } else if (path.endsWith(".html")) {
      files.templates.set(path, { template: lodash(source, ESCAPING) });
    }
  }
  return files;
}

/** As a script's tag does: what it names with `var` is the page's. */
function run(script: string): void {
  (0, eval)(script);
}

function pathsOf(pack: string, end: string): string[] {
  const folder = `../../packs/${pack}/`;
  return Object.keys(SOURCES)
    .filter((path) => path.startsWith(folder) && path.endsWith(end))
    .map((path) => path.slice(folder.length))
    .sort();
}

function json(pack: string, path: string): unknown {
  const source = SOURCES[`../../packs/${pack}/${path}`];
  return source === undefined ? null : (JSON.parse(source) as unknown);
}

/** What methods caused has been told, and what waits for a moment has happened. */
export async function settle(ms = 5): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  await vi.advanceTimersByTimeAsync(ms);
}

/** The desk says how things stand: as before, but for these. */
export async function stands(fields: Partial<Present>): Promise<void> {
  present = { ...present, ...fields };
  desk.push({ type: "present", present });
  await settle();
}

/** The desk hands over a message. */
export async function comes(message: Message, unread = 0): Promise<void> {
  desk.push({ type: "message", message, unread });
  await settle();
}

/** What the desk was asked for. */
export function wishes(): unknown[] {
  return desk.calls.filter(([verb]) => verb === "want").map(([, wish]) => wish);
}

/** Texts that were sent. */
export function sentTexts(): unknown[] {
  return desk.calls.filter(([verb]) => verb === "send").map(([, ...given]) => given);
}

/** The element of this name. */
export function part(name: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-test="${name}"]`);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
}

/** All of this name. */
export function parts(name: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-test="${name}"]`)];
}

/** Is it there, and in nothing that a class of the pack or of the runtime hides? */
export function isSeen(name: string): boolean {
  const element = document.querySelector(`[data-test="${name}"]`);
  return element !== null && !element.closest('[class*="--hidden"], [class*="-hidden"]');
}

export async function click(name: string): Promise<void> {
  part(name).click();
  await settle();
}

/** A key in an element, as a person presses it. */
export async function press(name: string, key: string, which: number): Promise<boolean> {
  const event = new KeyboardEvent("keydown", { key, keyCode: which, bubbles: true, cancelable: true });
  const goesOn = part(name).dispatchEvent(event);
  part(name).dispatchEvent(new KeyboardEvent("keyup", { key, keyCode: which, bubbles: true }));
  await settle();
  return goesOn;
}

/** Words are put into a field, whatever it is made of. */
export function fill(name: string, value: string): void {
  const field = part(name);
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = value;
  else field.textContent = value;
  for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
}
