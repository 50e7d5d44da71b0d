import { describe, expect, it, vi } from "vitest";
import { bubble, calls, clipboard, files, page, paste, picture, state, VISITOR, within } from "./files-page";
import { pastedFiles } from "./files/pasted";
import { all, click, nameless, one, openRow, press, settle, show, usePage, write } from "./test-page";

usePage();

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
