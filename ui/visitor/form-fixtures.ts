// What the tests of the default form share: the pack as it is, run as the page runs it, over a desk in memory.
import { afterEach, beforeEach, vi } from "vitest";
import {
  MemoryVisitor,
  memoryBoot,
  memoryChange,
  memoryForm,
  memoryLine,
  memoryOperator,
  memoryPresent,
  type MemoryBoot,
} from "../backend/memory";
import type { CallGear, PackWindow } from "../consultant/global";
import { WidgetsOptions } from "../consultant/options";
import { bootRuntime } from "../consultant/runtime";
import type { Session } from "../consultant/session";
import type { DeviceKind } from "../generated/DeviceKind";
import type { FormSettings } from "../generated/FormSettings";
import type { Message } from "../generated/Message";
import type { Present } from "../generated/Present";
import pack from "../packs/default/pack.json";
import { files, settings } from "./default-pack";

const scripts = import.meta.glob<string>("../packs/default/*.js", {
  query: "?raw",
  import: "default",
  eager: true,
});

export const ANNA = memoryOperator("Anna", "Support");

/** A site with two groups that asks for a name and an address. */
export const SITE: FormSettings = memoryForm({
  groups: [
    { id: 1, name: "Sales" },
    { id: 2, name: "Service" },
  ],
});

/** Files whose sound was played. */
export const played: string[] = [];

export let desk: MemoryVisitor;
export let callGear: CallGear;
export let session: Session;
let present: Present;

/** What a page needs that jsdom has not, before each test of a file. */
export function runInPage(): void {
  beforeEach(() => {
    localStorage.clear();
    played.length = 0;
    vi.stubGlobal(
      "Audio",
      class {
        constructor(readonly url: string) {}
        play(): Promise<void> {
          played.push(this.url.replace(/^.*\//, ""));
          return Promise.resolve();
        }
      },
    );
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

/** The page is opened; `chat` is laid over the pack's own settings of the chat. */
export async function open(
  boot: MemoryBoot = {},
  archive: Message[] = [],
  chat: object = {},
  device: DeviceKind = "desktop",
): Promise<void> {
  document.body.replaceChildren();
  desk = new MemoryVisitor(memoryBoot(boot), archive);
  present = memoryPresent(boot.present);
  const options = new WidgetsOptions();
  options.wanted = device;
  options.apply(pack);
  const runtime = await bootRuntime(desk, window as PackWindow, options);
  callGear = runtime.callGear;
  session = runtime.session;
  const { js, tpls } = pack.VC.desktop;
  // As script tags would.
  for (const file of js) new Function(scripts[`../packs/default/${file}`] ?? "")();
  const templates = Object.fromEntries(
    Object.entries(tpls).map(([name, file]) => [name, files[`../packs/default/${file}`] ?? ""]),
  );
  runtime.start({ settings: { ...settings, chat: { ...settings.chat, ...chat } }, templates });
  await settle();
}

/** What methods caused has been told. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

/** The desk says how things stand: as before, but for these. */
export function stands(fields: Partial<Present>): void {
  present = { ...present, ...fields };
  desk.push({ type: "present", present });
}

/** The element of this name, where it is not hidden. */
export function seen(name: string): HTMLElement | null {
  const element = document.querySelector<HTMLElement>(`[data-test="${name}"]`);
  return element?.closest("[hidden], .callgear-widget--hidden") ? null : element;
}

export function part(name: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-test="${name}"]`);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
}

export async function click(name: string): Promise<void> {
  part(name).click();
  await settle();
}

/** Words on the screen, without the space round them. */
export function words(name: string): string {
  return part(name).textContent.trim();
}

/** A value is put into a field as a person would. */
export function fill(name: string, value: string): void {
  const field = part(name) as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** A key, where the focus is. */
export function key(name: string): void {
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }),
  );
}

/** The form of a sheet is sent: jsdom submits by itself for a click. */
export async function submit(sheet: string): Promise<void> {
  const button = part(sheet).querySelector<HTMLButtonElement>('[data-test="sheet-submit"]');
  button?.click();
  await settle();
}

/** What the desk was asked for. */
export function wishes(): unknown[] {
  return desk.calls.filter(([verb]) => verb === "want").map(([, wish]) => wish);
}

export function composer(): HTMLTextAreaElement {
  return part("composer") as HTMLTextAreaElement;
}

export function type(text: string): void {
  composer().value = text;
  composer().dispatchEvent(new Event("input"));
}

export function press(name: string, shiftKey = false): void {
  composer().dispatchEvent(new KeyboardEvent("keydown", { key: name, shiftKey, cancelable: true }));
}

export async function send(text: string): Promise<void> {
  type(text);
  press("Enter");
  await settle();
}

/** `sender:status:text` of each line. */
export function shown(): string[] {
  return [...document.querySelectorAll<HTMLElement>('[data-test="message"]')].map((row) =>
    [row.dataset["sender"], row.dataset["status"] ?? "", row.querySelector(".bubble")?.textContent].join(":"),
  );
}

export function theirs(seq: number, text: string): Message {
  return memoryLine({ seq, text, message_id: `m-${String(seq)}`, operator: ANNA });
}

/** A line of the visitor's that the desk has. */
export function own(seq: number, text: string): Message {
  const uid = `own-${String(seq)}`;
  return memoryLine({ seq, text, uid, key: uid, sender: "visitor", mine: true, chat_id: "c" });
}

export function sent(uid: string, seq: number): void {
  desk.push({ type: "status", change: memoryChange(uid, { seq, message_id: `m-${String(seq)}` }) });
}
