import { describe, expect, it, vi } from "vitest";
import type { MemoryFiles } from "../backend/memory-files";
import { pastedFiles } from "./files/pasted";
import { all, click, nameless, one, openRow, press, settle, show, usePage, write } from "./test-page";

usePage();

let files: MemoryFiles<[visitor: string]>;

/** The page on a scene, with the conversation of the visitor with the files. */
async function page(query = "scene=files"): Promise<void> {
  await show(query, (backend) => {
    files = backend.files as typeof files;
    return backend;
  });
  await openRow("7c1e");
}

const VISITOR = "7c1e0b52-6b1d";
const calls = (verb: string) => files.calls.filter(([known]) => known === verb);
const bubble = (name: string) => {
  const found = all("file").find((file) => file.dataset["file"] === name);
  if (!found) throw new Error(`there is no bubble of ${name}`);
  return found;
};
const within = (name: string, test: string) =>
  bubble(name).querySelector<HTMLElement>(`[data-test="${test}"]`);
const state = (name: string) => within(name, "file-state")?.textContent;

/** A paste of these, as the engine tells of it. */
function paste(at: Element, given: File[], words: Record<string, string> = {}): Event {
  const event = new Event("paste", { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: clipboard(given, words) });
  at.dispatchEvent(event);
  return event;
}

function clipboard(given: File[], words: Record<string, string> = {}): DataTransfer {
  const types = [...Object.keys(words), ...(given.length > 0 ? ["Files"] : [])];
  return { files: given, types, getData: (type: string) => words[type] ?? "" } as unknown as DataTransfer;
}

const picture = new File(["p"], "image.png", { type: "image/png" });

describe("choosing files", () => {
  it("by the button and by Ctrl+O asks the system's dialog, and the keyboard stays in the composer", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    files.chosen = [new File(["12345"], "a.txt")];
    await click("attach");
    expect(document.activeElement).toBe(one("composer"));
    expect(one("staged-file").textContent).toContain("a.txt");
    press(document.body, "o", { code: "KeyO", ctrlKey: true });
    await settle();
    expect(calls("choose")).toEqual([
      ["choose", VISITOR],
      ["choose", VISITOR],
    ]);
    expect(nameless()).toEqual([]);
  });

  it("is offered neither without a chat nor where the site takes none", async () => {
    await page("scene=busy");
    expect(all("attach")).toHaveLength(1);
    await openRow("f3f3");
    expect(all("attach")).toEqual([]);
    press(document.body, "o", { code: "KeyO", ctrlKey: true });
    expect(calls("choose")).toEqual([]);
  });

  it("by a group's own rules: one that takes none has no button, and says so where files are held over it", async () => {
    await show("scene=dragging", (backend) => ({
      ...backend,
      boot: async (listener) => {
        const boot = await backend.boot(listener);
        boot.site?.settings.form.files.groups.push({ group: 2, enabled: false, max_bytes: 1, types: [] });
        return boot;
      },
    }));
    await openRow("7c1e");
    expect(all("attach")).toEqual([]);
    expect(one("drop-place").textContent).toContain("takes no files");
    await openRow("c0ff");
    expect(all("attach")).toHaveLength(1);
    expect(one("drop-place").textContent).toContain("Drop files here to send them to Maximiliana");
    await openRow("f3f3");
    expect(one("drop-place").textContent).toContain("nobody to send files to");
  });
});

describe("a paste", () => {
  it("of a picture and of copied files is taken in, whole and named", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    expect(paste(one("composer"), [picture]).defaultPrevented).toBe(true);
    await settle();
    expect(one("staged-file").textContent).toMatch(/Picture .*\.png/u);
    paste(document.body, [new File(["x"], "a.pdf"), new File([], "empty.txt"), new File(["y"], "b.pdf")]);
    await settle();
    expect(all("staged-file").map((item) => item.textContent)).toEqual([
      expect.stringContaining("empty.txt"),
      expect.stringContaining("Picture"),
      expect.stringContaining("a.pdf"),
      expect.stringContaining("b.pdf"),
    ]);
    expect(all("staged-state")[0]?.textContent).toBe("This file is empty.");
    expect(one("staged-total").textContent).toContain("3 files to send");
  });

  it("in a dialog, or one that somebody took, is left alone", async () => {
    await page();
    within("IMG_2041.jpg", "file-picture")?.click();
    await settle();
    expect(paste(one("preview"), [picture]).defaultPrevented).toBe(false);
    press(one("preview"), "o", { code: "KeyO", ctrlKey: true });
    await click("preview-close");
    const taken = new AbortController();
    one("composer").addEventListener("paste", (event) => event.preventDefault(), taken);
    paste(one("composer"), [picture]);
    taken.abort();
    expect([calls("stage"), calls("choose")]).toEqual([[], []]);
    paste(one("composer"), [picture]);
    await settle();
    expect(calls("stage")).toHaveLength(1);
  });

  it("of words is left to the field", async () => {
    await page("scene=busy");
    expect(paste(one("composer"), [], { "text/plain": "hello" }).defaultPrevented).toBe(false);
    const table = { "text/plain": "1\t2", "text/html": "<table>" };
    expect(paste(one("composer"), [picture], table).defaultPrevented).toBe(false);
    expect(calls("stage")).toEqual([]);
  });

  it("of a picture from a page is the picture, and a name that somebody gave stays", () => {
    const name = () => "Picture";
    const named = new File(["x"], "lamp.jpg", { type: "image/jpeg" });
    const unnamed = new File(["x"], "image.jpeg", { type: "image/jpeg" });
    const given = clipboard([unnamed, named], { "text/html": "<img>" });
    expect(pastedFiles(given, name).map((file) => file.name)).toEqual(["Picture.jpg", "lamp.jpg"]);
    expect(pastedFiles(null, name)).toEqual([]);
    // What is no picture may be called anything.
    const text = new File(["x"], "blob", { type: "text/plain" });
    expect(pastedFiles(clipboard([text]), name)[0]).toBe(text);
  });

  it("of copied files is the files, also where their names and a picture of them lie beside", () => {
    const [sheet, lamp] = [new File(["x"], "prices.pdf"), new File(["x"], "lamp.png", { type: "image/png" })];
    const beside = { "text/plain": "prices.pdf lamp.png", "text/html": "<b>prices.pdf</b>" };
    const pasted = pastedFiles(clipboard([sheet, lamp], beside), () => "Picture");
    expect(pasted.map(({ name }) => name)).toEqual(["prices.pdf", "lamp.png"]);
  });
});

describe("what was chosen", () => {
  it("stands above the composer: what cannot go first, with its sentence; what is taken in, with how far", async () => {
    await page("scene=staged");
    const states = all("staged-state").map((item) => item.textContent);
    expect(states[0]).toContain("takes no files of this type");
    expect(states).toContain("Being read: 62 % of 24 MB");
    expect(all("staged-file")).toHaveLength(10);
    expect(one("staged-total").textContent).toContain("8 files to send, 21.3 MB");
    expect(nameless()).toEqual([]);
    // While one is taken in nothing goes.
    write("words");
    expect(one<HTMLButtonElement>("send").disabled).toBe(true);
  });

  it("threats 40: says that place and time are removed, and keeps them where one wants it", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["x"], "photo.jpg", { type: "image/jpeg" })]);
    await settle();
    expect(one("staged-file").textContent).toContain("Place and time are removed");
    await click("staged-details");
    expect(one("staged-file").textContent).toContain("Place and time stay in it");
    expect(calls("setDetails")).toEqual([["setDetails", "staged-1", true]]);
  });

  it("says of a document that its author stays in it", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["x"], "bill.pdf", { type: "application/pdf" })]);
    await settle();
    expect(one("staged-file").textContent).toContain("Its author and dates stay in it");
    expect(all("staged-details")).toEqual([]);
  });

  it("asks where place and time cannot be removed, and sends it when one leaves them in", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["x"], "_DSC0001.nef")]);
    await settle();
    expect(one("staged-file").textContent).toContain("could not be taken out");
    expect(one("staged-details").textContent.trim()).toBe("Leave them in");
    await click("staged-details");
    expect(calls("setDetails")).toEqual([["setDetails", "staged-1", true]]);
    expect(one("staged-file").textContent).toContain("Place and time stay in it");
    expect(one<HTMLButtonElement>("send").disabled).toBe(false);
  });

  it("is taken away one by one, and the keyboard stays near", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["x"], "a.txt"), new File(["y"], "b.txt")]);
    await settle();
    one("staged-remove").focus();
    await click("staged-remove");
    expect(all("staged-file").map((item) => item.textContent)).toEqual([expect.stringContaining("b.txt")]);
    expect(document.activeElement).toBe(one("staged-remove"));
    await click("staged-remove");
    expect(all("staged")).toEqual([]);
    expect(document.activeElement).toBe(one("composer"));
  });

  it("is taken away all at once, refused ones too, and the keyboard goes back to the words", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["x"], "a.txt")]);
    await settle();
    expect(all("staged-clear"), "one has its own button").toEqual([]);
    paste(one("composer"), [new File([], "empty.txt"), new File(["y"], "b.txt")]);
    await settle();
    expect(all("staged-file")).toHaveLength(3);
    await click("staged-clear");
    expect([all("staged"), files.stagedOf(VISITOR)]).toEqual([[], []]);
    expect(document.activeElement).toBe(one("composer"));
  });

  it("goes with Enter, the words as its caption, and its progress is on the line until it is there", async () => {
    await page("scene=busy");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["12345"], "a.txt"), new File(["67890"], "b.txt")]);
    await settle();
    write("Both lists");
    press(one("composer"), "Enter");
    await settle();
    expect(calls("send")).toEqual([["send", ["staged-1", "staged-2"], "Both lists", null, VISITOR]]);
    expect(all("staged")).toEqual([]);
    expect(one<HTMLTextAreaElement>("composer").value).toBe("");
    const line = bubble("a.txt").closest<HTMLElement>('[data-test="message"]');
    expect(line?.textContent).toContain("Both lists");
    expect(line?.textContent).toContain("File: a.txt");
    expect(state("a.txt")).toBe("Waits for its turn · 5 bytes");
    files.carry("memory-1", 2);
    await settle();
    expect(state("a.txt")).toBe("2 bytes of 5 bytes · 2 bytes/s · 2 s left");
    expect(within("a.txt", "file-progress")?.getAttribute("aria-valuenow")).toBe("40");
    files.carry("memory-1", 3);
    await settle();
    await vi.waitFor(() => expect(line?.dataset["status"]).toBe("delivered"), 3_000);
    expect(state("a.txt")).toBe("5 bytes");
  });

  it("without a connection waits for it", async () => {
    await page("scene=offline");
    files.pace = { step_ms: 0, bytes: 0 };
    paste(one("composer"), [new File(["12345"], "a.txt")]);
    await settle();
    await click("send");
    expect(state("a.txt")).toBe("Waits for the connection · 5 bytes");
  });
});

describe("a file on a line", () => {
  it("is paused, resumed and cancelled; cancelled, its message leaves", async () => {
    await page();
    paste(one("composer"), [new File(["12345"], "mine.txt")]);
    await settle();
    await click("send");
    const press = async (test: string) => {
      within("mine.txt", test)?.focus();
      within("mine.txt", test)?.click();
      await settle();
    };
    await press("file-pause");
    expect(document.activeElement).toBe(within("mine.txt", "file-resume"));
    expect(state("mine.txt")).toBe("Paused · 0 bytes of 5 bytes");
    await press("file-resume");
    expect(within("mine.txt", "file-pause")).not.toBeNull();
    await press("file-cancel");
    expect(all("file").some((file) => file.dataset["file"] === "mine.txt")).toBe(false);
    expect(document.activeElement).toBe(one("composer"));
  });

  it("that failed says why on its message, with another try and away with it", async () => {
    await page();
    const line = bubble("tool.bin").closest<HTMLElement>('[data-test="message"]');
    expect(line?.textContent).toContain("The desk takes no files of this type.");
    expect(line?.querySelector('[data-test="resend"]')).not.toBeNull();
    line?.querySelector<HTMLElement>('[data-test="discard"]')?.click();
    await settle();
    expect(all("file").some((file) => file.dataset["file"] === "tool.bin")).toBe(false);
  });

  it("that is not here is fetched by a click, stopped, and fetched again", async () => {
    await page();
    expect(state("voice-message.ogg")).toContain("not on this computer yet");
    expect(all("file-save").some((tool) => bubble("voice-message.ogg").contains(tool))).toBe(false);
    within("voice-message.ogg", "file-fetch")?.focus();
    within("voice-message.ogg", "file-fetch")?.click();
    await settle();
    expect(bubble("voice-message.ogg").contains(document.activeElement)).toBe(true);
    const [[, key]] = calls("fetch") as [[string, string]];
    files.carry(key, 1_000);
    await settle();
    expect(bubble("voice-message.ogg").dataset["state"]).toBe("running");
    expect(within("voice-message.ogg", "file-pause")).toBeNull();
    within("voice-message.ogg", "file-cancel")?.click();
    await settle();
    within("voice-message.ogg", "file-fetch")?.click();
    await settle();
    files.carry(key, 1_000_000);
    await settle();
    expect(within("voice-message.ogg", "file-open")).not.toBeNull();
    expect(state("broken.zip")).toContain("does not have this file any more");
    within("broken.zip", "file-retry")?.click();
    await settle();
    expect(calls("fetch")).toHaveLength(3);
  });

  it("threats 38: is never opened where it could do harm, and says so", async () => {
    await page();
    expect(within("setup_helper.exe", "file-open")).toBeNull();
    expect(within("setup_helper.exe", "file-card-open")).toBeNull();
    expect(state("setup_helper.exe")).toContain("not opened from here");
    expect(within("setup_helper.exe", "file-save")).not.toBeNull();
    expect(within("Order 4415.docx", "file-open")?.title).toContain("you are asked before it opens");
  });

  it("is saved, then shown in its folder; why it was not opened stands beside it", async () => {
    await page();
    expect(within("notes.txt", "file-show")).toBeNull();
    within("notes.txt", "file-save")?.click();
    await settle();
    within("notes.txt", "file-show")?.click();
    await settle();
    expect(calls("show")).toHaveLength(1);
    files.problems.set("open", { code: "file_not_here", message: "It is not here any more." });
    within("notes.txt", "file-open")?.click();
    await settle();
    expect(within("notes.txt", "file-problem")?.textContent).toBe("It is not here any more.");
  });

  it("whose picture cannot be drawn stands as a card", async () => {
    await page();
    within("IMG_2041.jpg", "file-picture")?.querySelector("img")?.dispatchEvent(new Event("error"));
    await settle();
    expect(within("IMG_2041.jpg", "file-picture")).toBeNull();
    expect(within("IMG_2041.jpg", "file-view")).not.toBeNull();
  });

  it("threats 27: a name is text, cut in its middle and never at its extension", async () => {
    await page();
    const [start, end] = [...(bubble("notes.txt").querySelectorAll("bdi") ?? [])].map(
      (part) => part.textContent,
    );
    expect([start, end]).toEqual(["notes", ".txt"]);
    const long = all("file").find((file) => file.dataset["file"]?.startsWith("Quarterly"));
    expect(long?.querySelectorAll("bdi")[1]?.textContent).toBe("gned).pdf");
  });
});

describe("the large view", () => {
  const shown = () => one("preview").querySelector("h2")?.textContent;

  it("is walked through by arrows and buttons, and gives the keyboard back", async () => {
    await page();
    const from = within("IMG_2041.jpg", "file-picture");
    from?.focus();
    from?.click();
    await settle();
    expect([shown(), one("preview-at").textContent.trim()]).toEqual(["IMG_2041.jpg", "1 of 7"]);
    expect(one<HTMLButtonElement>("preview-before").disabled).toBe(true);
    press(one("preview"), "ArrowRight");
    await settle();
    expect(shown()).toBe("lamp-manual.pdf");
    await click("preview-fetch");
    expect(calls("fetch")).toHaveLength(1);
    await click("preview-next");
    press(one("preview"), "ArrowLeft");
    press(one("preview"), "ArrowLeft");
    press(one("preview"), "ArrowLeft");
    await settle();
    expect(shown()).toBe("IMG_2041.jpg");
    expect(nameless()).toEqual([]);
    await click("preview-close");
    expect(all("preview")).toEqual([]);
    expect(document.activeElement).toBe(from);
  });

  it("is enlarged and moved by keys, and is as it fits again at the next file", async () => {
    await page();
    within("IMG_2041.jpg", "file-picture")?.click();
    await settle();
    const moved: (readonly [number, number])[] = [];
    const frame = one("preview").querySelector('[role="group"][aria-label="IMG_2041.jpg, large"]');
    Object.assign(frame ?? {}, { scrollBy: (x: number, y: number) => moved.push([x, y]) });
    const far = () => one("preview-zoom").textContent.trim();
    expect([far(), one<HTMLButtonElement>("preview-out").disabled]).toEqual(["100 %", true]);
    for (const key of ["-", "+", "ArrowRight", "ArrowUp"]) press(one("preview"), key);
    await settle();
    expect([far(), shown(), moved]).toEqual([
      "150 %",
      "IMG_2041.jpg",
      [
        [80, 0],
        [0, -80],
      ],
    ]);
    for (const key of "+++++") press(one("preview"), key);
    await settle();
    expect([far(), one<HTMLButtonElement>("preview-in").disabled]).toEqual(["600 %", true]);
    await click("preview-next");
    await click("preview-before");
    expect([far(), shown()]).toEqual(["100 %", "IMG_2041.jpg"]);
    await click("preview-in");
    press(one("preview"), "0");
    press(one("preview"), "ArrowRight");
    await settle();
    expect(shown()).toBe("lamp-manual.pdf");
    expect(all("preview-zoom"), "what is not here has no size").toEqual([]);
  });

  it("shows the first words of a text, or why it cannot", async () => {
    await page();
    within("notes.txt", "file-view")?.click();
    await settle();
    expect(one("preview-words").textContent).toContain("Two kettles");
    await click("preview-close");
    files.problems.set("words", { code: "file_not_here", message: "It is not here." });
    within("notes.txt", "file-view")?.click();
    await settle();
    expect(one("preview").textContent).toContain("It is not here.");
  });

  it("says where a picture cannot be shown, and it can still be saved", async () => {
    await page();
    within("IMG_2041.jpg", "file-picture")?.click();
    await settle();
    one("preview").querySelector("img")?.dispatchEvent(new Event("error"));
    await settle();
    expect(one("preview").textContent).toContain("cannot be shown");
    expect(one("preview").querySelector('[data-test="file-save"]')).not.toBeNull();
  });
});

describe("the list of files", () => {
  const names = () => all("files-row").map((row) => row.dataset["file"]);

  it("is of this chat, or of all, newest first, and is searched by name", async () => {
    await page();
    expect(all("files")).toEqual([]);
    await click("files-fold");
    expect(names().at(-1)).toContain("Quarterly");
    await click("files-all");
    expect(names().at(-1)).toBe("IMG_2041.jpg");
    expect(names()[0]).toBe("tool.bin");
    write("LAMP", "files-search");
    await settle();
    expect(names()).toEqual(["lamp-manual.pdf"]);
    write("nothing like it", "files-search");
    await settle();
    expect(one("files-none").textContent).toContain("No file is called “nothing like it”.");
    expect(nameless()).toEqual([]);
  });

  it("stays unfolded from visitor to visitor, and says where there is nothing", async () => {
    await page();
    await click("files-fold");
    await openRow("ab12");
    expect(one("files-none").textContent.trim()).toBe("No files yet");
  });

  it("shows, fetches and saves from its rows", async () => {
    await page();
    await click("files-fold");
    await click("files-all");
    const row = (name: string) => all("files-row").find((one) => one.dataset["file"] === name);
    row("lamp-manual.pdf")?.querySelector<HTMLElement>('[data-test="file-fetch"]')?.click();
    row("setup_helper.exe")?.querySelector<HTMLElement>('[data-test="files-save"]')?.click();
    row("IMG_2041.jpg")?.querySelector<HTMLElement>('[data-test="file-view"]')?.click();
    await settle();
    expect([calls("fetch").length, calls("save").length]).toEqual([1, 1]);
    expect(one("preview").querySelector("h2")?.textContent).toBe("IMG_2041.jpg");
  });

  it("saves all that is here and found at once, and says where, or why not", async () => {
    await page();
    await click("files-fold");
    await click("files-all");
    write(".", "files-search");
    await settle();
    await click("files-save-all");
    const saved = calls("saveAll")[0]?.[1] as string[];
    const { lines } = await files.list(null, null, "", VISITOR);
    const here = lines.flatMap(({ file }) => (file?.here && !file.transfer ? [file.key] : []));
    expect(saved.toSorted()).toEqual(here.toSorted());
    expect(one("files-saved").textContent).toBe(
      `${String(saved.length)} files saved in /home/operator/Downloads`,
    );
    write("lamp", "files-search");
    await settle();
    expect(all("files-save-all"), "one that is not here").toEqual([]);
    write("", "files-search");
    await settle();
    files.problems.set("saveAll", { code: "disk_full", message: "The disk is full." });
    await click("files-save-all");
    expect(one("files").querySelector('[role="alert"]')?.textContent).toBe("The disk is full.");
    expect(one("files-saved").textContent).toBe("");
  });

  it("finds a file by parts of its name beyond what is listed, and leads to its line", async () => {
    await page();
    await click("files-fold");
    await click("files-all");
    write("manual LAMP", "files-search");
    await settle();
    await vi.waitFor(() =>
      expect(calls("list").at(-1)?.slice(1)).toEqual([null, null, "manual LAMP", VISITOR]),
    );
    await settle();
    expect(all("files-row").map((row) => row.dataset["file"])).toEqual(["lamp-manual.pdf"]);
    const into = vi.fn<Element["scrollIntoView"]>();
    Element.prototype.scrollIntoView = into;
    await click("files-line");
    await settle();
    expect(into).toHaveBeenCalledWith({ block: "center" });
    const line = document.querySelector<HTMLElement>(".sought");
    expect(line?.textContent).toContain("lamp-manual.pdf");
  });

  it("goes on page by page, and says when it cannot", async () => {
    await page();
    const line = files.list.bind(files);
    const [first] = (await line(null, null, "", VISITOR)).lines;
    files.list = async (before) => {
      if (before === "broken") throw Object.assign(new Error("No line."), { code: "offline" });
      const key = before === null ? "one" : "broken";
      const file = { ...first?.file, key, name: `${key}.txt` };
      return Promise.resolve({
        lines: [{ ...first, key, uid: null, seq: 1, file }],
        more: true,
      }) as ReturnType<typeof line>;
    };
    await click("files-fold");
    await click("files-all");
    await click("files-more");
    expect(names()).toContain("broken.txt");
    await click("files-more");
    expect(one("files").textContent).toContain("No line.");
  });
});
