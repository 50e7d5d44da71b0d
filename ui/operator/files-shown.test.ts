import { describe, expect, it } from "vitest";
import { bubble, calls, files, page, paste, state, within } from "./files-page";
import { all, click, nameless, one, press, settle, usePage } from "./test-page";

usePage();

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
