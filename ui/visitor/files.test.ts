// Files beside whatever form runs: dropped, pasted and chosen ones, those on their way, and links.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryForm, memoryLine, type MemoryBoot } from "../backend/memory";
import { memoryFile, memoryStaged, memoryTransfer } from "../backend/memory-files";
import type { PackWindow } from "../consultant/global";
import { bootRuntime, type Runtime } from "../consultant/runtime";
import type { StagedFile } from "../generated/StagedFile";
import { FileDoor } from "./files";

let desk: MemoryVisitor;
let runtime: Runtime;
let door: FileDoor;
let page: AbortController;

/** A page whose form listens to these events and knows nothing of files. */
async function open(
  boot: MemoryBoot = {},
  heard: string[] = [],
  before: () => void = () => undefined,
): Promise<void> {
  desk = new MemoryVisitor(memoryBoot(boot));
  door = new FileDoor();
  door.follow(desk);
  const target: PackWindow = {};
  runtime = await bootRuntime(desk, target);
  target.CallGear?.UI.registerViewController("consultant", () => {
    const chat = target.CallGear?.UI.createWidget("consultant_chat", { template: "<div></div>" });
    for (const event of heard) chat?.on(event, () => undefined);
  });
  runtime.start({ settings: {}, templates: {} });
  page = new AbortController();
  before();
  door.open(runtime, page.signal);
}

function one(name: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-test="${name}"]`);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
}

const has = (name: string): boolean => document.querySelector(`[data-test="${name}"]`) !== null;
const words = (name: string): string => one(name).textContent.replace(/\s+/g, " ").trim();
const verbs = (): unknown[] => desk.files.calls.map(([verb]) => verb);
const hold = (...files: StagedFile[]): void => desk.push({ type: "staged", files });

async function until(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true));
}

function paste(files: File[], types = ["Files"]): ClipboardEvent {
  const event = new Event("paste", { bubbles: true, cancelable: true }) as ClipboardEvent;
  Object.defineProperty(event, "clipboardData", { value: { files, types } });
  document.body.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  // jsdom has no dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    if (!this.open) return;
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
});

afterEach(() => {
  page.abort();
  document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("what waits to be sent", () => {
  test("is shown with what is to be said of each, and goes out with a caption when the person says so", async () => {
    await open();
    const [a, b] = [new File(["1"], "a.jpg"), new File(["22"], "b.txt")];
    await Promise.all([desk.files.stage(a), desk.files.stage(b)]);
    await until(
      () => has("files-panel") && document.querySelectorAll('[data-test="files-row"]').length === 2,
    );
    await until(() => words("files-send") === "Send 2 files");
    (one("files-caption") as HTMLTextAreaElement).value = " Two kettles ";
    one("files-send").click();
    await until(() => !has("files-panel"));
    const sent = desk.files.calls.filter(([verb]) => verb === "send");
    expect(sent).toEqual([["send", ["staged-1", "staged-2"], "Two kettles", null]]);
    expect(runtime.session.mirror.lines.all.map(({ text, file }) => [text, file?.name])).toEqual([
      ["Two kettles", "a.jpg"],
      ["", "b.txt"],
    ]);
  });

  test("is shown when the page comes later than it", async () => {
    await open({}, [], () => hold(memoryStaged({ id: "a", name: "a.txt" })));
    await until(() => has("files-panel"));
    expect(words("files-row")).toContain("a.txt");
  });

  test("closing sends nothing and keeps nothing", async () => {
    await open();
    await desk.files.stage(new File(["1"], "a.txt"));
    await until(() => has("files-panel"));
    one("files-close").click();
    await until(() => desk.files.stagedOf().length === 0);
    expect(verbs()).toEqual(["stage", "unstage"]);
    expect(has("files-panel")).toBe(false);
  });

  test("nothing goes before all of it was read; one that cannot be sent stops no other", async () => {
    await open();
    const large = { code: "file_too_large", sentence: "Too large.", ready: false, taken: 0 };
    const reading = memoryStaged({ id: "b", name: "b.pdf", ready: false, taken: 600 });
    hold(memoryStaged({ id: "a", name: "a.mov", ...large }), reading);
    await until(() => has("files-panel"));
    expect(one("files-send")).toHaveProperty("disabled", true);
    expect(words("files-panel")).toMatch(/Too large\..*50 % read/);
    hold(memoryStaged({ id: "c", name: "c.txt" }), reading);
    await until(() => words("files-panel").includes("c.txt"));
    expect(one("files-send"), "one could go, and the other goes with it").toHaveProperty("disabled", true);
    one("files-send").click();
    expect(verbs()).toEqual([]);
    hold(memoryStaged({ id: "a", name: "a.mov", ...large }), { ...reading, ready: true, taken: 1_200 });
    await until(() => !(one("files-send") as HTMLButtonElement).disabled);
    one("files-send").click();
    expect(desk.files.calls.at(-1)).toEqual(["send", ["b"], "", null]);
  });

  test("the keyboard stays where it is while others are read", async () => {
    await open();
    const reading = memoryStaged({ id: "b", name: "b.pdf", ready: false, taken: 10 });
    hold(memoryStaged({ id: "a", name: "a.txt" }), reading);
    await until(() => has("files-panel"));
    const remove = one("files-remove");
    remove.focus();
    hold(memoryStaged({ id: "a", name: "a.txt" }), { ...reading, taken: 600 });
    await until(() => words("files-panel").includes("50 % read"));
    expect(document.activeElement).toBe(remove);
  });

  test("what is refused then is said, and everything stays", async () => {
    await open();
    await desk.files.stage(new File(["1"], "a.txt"));
    await until(() => has("files-panel"));
    desk.files.problems.set("send", { code: "disk_full", message: "The disk is full." });
    one("files-send").click();
    await until(() => words("files-said") === "The disk is full.");
    expect(document.querySelectorAll('[data-test="files-row"]')).toHaveLength(1);
  });

  test("a picture goes out without place and time unless the person says otherwise", async () => {
    await open();
    await desk.files.stage(new File(["1"], "a.jpg"));
    await until(() => has("files-details"));
    expect(one("files-details")).toHaveProperty("checked", true);
    one("files-details").click();
    await until(() => desk.files.calls.at(-1)?.[0] === "setDetails");
    expect(desk.files.calls.at(-1)).toEqual(["setDetails", "staged-1", true]);
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    desk.files.problems.set("setDetails", { code: "not_confirmed", message: "No." });
    await until(() => !(one("files-details") as HTMLInputElement).checked);
    one("files-details").click();
    expect(one("files-details")).toHaveProperty("checked", true);
    await until(() => !(one("files-details") as HTMLInputElement).checked);
  });

  test("of a document is said that it may name its author", async () => {
    await open();
    await desk.files.stage(new File(["1"], "bill.pdf"));
    await until(() => words("files-row").includes("may name its author"));
    expect(one("files-details").closest("label")?.hidden).toBe(true);
  });

  test("a file from which they cannot be taken goes when the person leaves them in", async () => {
    await open();
    await desk.files.stage(new File(["1"], "_DSC0001.nef"));
    await until(() => words("files-row").includes("could not be taken out"));
    expect(one("files-details").closest("label")?.hidden).toBe(false);
    expect(one("files-details")).toHaveProperty("checked", true);
    one("files-details").click();
    await until(() => !words("files-row").includes("could not be taken out"));
    expect(one("files-details")).toHaveProperty("checked", false);
  });

  test("one is taken away by its own button", async () => {
    await open();
    await desk.files.stage(new File(["1"], "a.txt"));
    await until(() => has("files-remove"));
    expect(one("files-remove").getAttribute("aria-label")).toBe("Remove “a.txt”");
    one("files-remove").click();
    await until(() => !has("files-panel"));
  });
});

describe("where they come from", () => {
  test("a place to drop them is shown while they are held over the window", async () => {
    await open();
    desk.push({ type: "dragging", over: true });
    await until(() => has("files-over"));
    expect(words("files-over")).toBe("Drop files to send them");
    desk.push({ type: "dragging", over: false });
    await until(() => !has("files-over"));
  });

  test("where the site takes none, it says so", async () => {
    await open({ form: memoryForm({ files: { enabled: false, max_bytes: 1, types: [], groups: [] } }) });
    desk.push({ type: "dragging", over: true });
    await until(() => has("files-over"));
    expect(words("files-over")).toBe("Files cannot be sent in this chat");
    door.choose();
    expect(verbs()).toEqual([]);
  });

  test("a picture that is pasted is shown before it is sent", async () => {
    await open();
    expect(paste([new File(["1"], "image.png", { type: "image/png" })]).defaultPrevented).toBe(true);
    await until(() => has("files-panel"));
    expect(runtime.session.mirror.lines.all).toEqual([]);
  });

  test("so it is where a form takes the words out of all that is pasted", async () => {
    await open();
    const form = vi.fn((event: Event) => event.preventDefault());
    document.body.addEventListener("paste", form, { signal: page.signal });
    paste([new File(["1"], "image.png", { type: "image/png" })]);
    await until(() => has("files-panel"));
    expect(form).not.toHaveBeenCalled();
  });

  test("words that are pasted stay words, also where a picture of them comes along", async () => {
    await open();
    expect(paste([]).defaultPrevented).toBe(false);
    expect(paste([new File(["1"], "image.png")], ["text/plain", "Files"]).defaultPrevented).toBe(false);
    expect(verbs()).toEqual([]);
  });

  test("the system's dialog; what goes wrong there is said", async () => {
    await open();
    desk.files.chosen = [new File(["1"], "a.txt")];
    door.choose();
    await until(() => has("files-panel"));
    desk.files.problems.set("choose", { code: "file_limit", message: "Ten at once." });
    door.choose();
    await until(() => runtime.session.teller.unheard === "Ten at once.");
  });
});

describe("what is on its way", () => {
  const uid = "u";
  const line = memoryLine({ uid, key: uid, sender: "visitor", mine: true, status: "queued" });
  const going = memoryFile({
    key: uid,
    name: "film.mp4",
    transfer: memoryTransfer({ done: 300, speed: 2_048, left_s: 90 }),
  });

  test("is shown above a form that does not show it, with how fast it goes and how long it takes", async () => {
    await open({ messages: [{ ...line, file: going }] });
    desk.push({ type: "file", news: { file: going } });
    expect(has("files-ways")).toBe(false);
    vi.advanceTimersByTime(1_000);
    await until(() => has("files-ways"));
    expect(words("files-ways")).toBe("film.mp425 % · 2 KB/s · 2 min left");
    one("files-pause").click();
    await until(() => desk.files.calls.at(-1)?.[0] === "pause");
    desk.push({ type: "file", news: { file: { ...going, transfer: null } } });
    await until(() => !has("files-ways"));
  });

  test("is left to a form that listens", async () => {
    await open({ messages: [{ ...line, file: going }] }, ["fileprogress"]);
    desk.push({ type: "file", news: { file: going } });
    vi.advanceTimersByTime(1_000);
    await vi.dynamicImportSettled();
    await Promise.resolve();
    expect(has("files-ways")).toBe(false);
  });
});

describe("a link to a file", () => {
  const file = memoryFile({ key: "m-1", name: "plan.pdf", media: "application/pdf" });
  const message = memoryLine({ seq: 1, message_id: "m-1", key: "m-1", file });

  async function press(given: typeof file = file): Promise<void> {
    await open({ messages: [{ ...message, file: given }] });
    document.body.innerHTML = `<a href="${desk.files.link("m-1", given.name)}" target="_blank"><b>plan</b></a>`;
    const event = new MouseEvent("click", { bubbles: true, cancelable: true });
    document.querySelector("b")?.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    await until(() => has("file-panel"));
  }

  test("leads to what can be done with it, never away", async () => {
    await press();
    expect(document.querySelector('[data-test="file-look"] img')).toHaveProperty("alt", "Picture: plan.pdf");
    one("file-save").click();
    await until(() => words("file-said") === "Saved: /home/visitor/Downloads");
    one("file-show").click();
    one("file-open").click();
    await until(() => verbs().includes("open"));
    expect(verbs()).toEqual(["save", "show", "open"]);
  });

  test("what is never opened can only be saved, and says why", async () => {
    await press(memoryFile({ key: "m-1", name: "setup.exe", opening: "never" }));
    expect([has("file-open"), has("file-save")]).toEqual([false, true]);
    expect(words("file-panel")).toContain("never opened from here");
  });

  test("one that is elsewhere comes first", async () => {
    await press({ ...file, here: false });
    expect(verbs()).toEqual(["fetch"]);
    expect(one("file-open")).toHaveProperty("disabled", true);
    const transfer = memoryTransfer({ up: false, done: 600 });
    desk.push({ type: "file", news: { file: { ...file, here: false, transfer } } });
    await until(() => words("file-panel").includes("Loading: 50 %"));
    desk.push({ type: "file", news: { file } });
    await until(() => !(one("file-open") as HTMLButtonElement).disabled);
  });

  test("of a text the first words are shown", async () => {
    await press(memoryFile({ key: "m-1", name: "note.txt" }));
    await until(() => words("file-look").includes("Two kettles"));
  });

  test("what fails is said", async () => {
    await press();
    desk.files.problems.set("open", { code: "file_no_program", message: "No program opens it." });
    one("file-open").click();
    await until(() => words("file-said") === "No program opens it.");
  });

  test("other links are nobody's business here", async () => {
    await open();
    document.body.innerHTML = '<a href="https://example.com/file/1/a.pdf">x</a>';
    const event = new MouseEvent("click", { bubbles: true, cancelable: true });
    document.addEventListener("click", (late) => late.preventDefault(), { once: true });
    document.querySelector("a")?.dispatchEvent(event);
    await vi.dynamicImportSettled();
    expect(has("file-panel")).toBe(false);
  });
});

describe("a picture that a form shows", () => {
  test("is brought here when it is wanted, and drawn once it has come", async () => {
    const file = memoryFile({ key: "m-1", name: "kettle.png", here: false });
    await open({ messages: [memoryLine({ seq: 1, message_id: "m-1", key: "m-1", file })] });
    const image = document.createElement("img");
    image.src = desk.files.link("m-1", "kettle.png");
    document.body.append(image);
    image.dispatchEvent(new Event("error"));
    image.dispatchEvent(new Event("error"));
    expect(verbs()).toEqual(["fetch"]);
    const asked = vi.spyOn(image, "src", "set");
    const bared = vi.spyOn(image, "removeAttribute");
    desk.push({ type: "file", news: { file: { ...file, here: true } } });
    await until(() => asked.mock.calls.length === 1);
    expect(bared).toHaveBeenCalledWith("src");
    expect(verbs()).toEqual(["fetch"]);
  });

  test("is drawn, too, where it came by itself while the form asked; what cannot be drawn is not asked for without end", async () => {
    const file = memoryFile({ key: "m-1", name: "kettle.png", here: true });
    await open({ messages: [memoryLine({ seq: 1, message_id: "m-1", key: "m-1", file })] });
    const image = document.createElement("img");
    image.src = desk.files.link("m-1", "kettle.png");
    document.body.append(image);
    const asked = vi.spyOn(image, "src", "set");
    for (let time = 0; time < 6; time += 1) {
      image.dispatchEvent(new Event("error"));
      vi.advanceTimersByTime(2_000);
    }
    expect([asked.mock.calls.length, verbs()]).toEqual([3, []]);
  });
});
