import { describe, expect, it, vi } from "vitest";
import { calls, files, page, VISITOR } from "./files-page";
import { all, click, nameless, one, openRow, settle, usePage, write } from "./test-page";

usePage();

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
