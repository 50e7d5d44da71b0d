import { describe, expect, it } from "vitest";
import { all, click, nameless, one, press, settle, show, usePage } from "./test-page";

usePage();

const rows = () => all("request").map((row) => row.dataset["request"]);
const row = (id: string) => document.querySelector<HTMLElement>(`[data-request="${id}"]`);
const badge = () => one("view-requests").getAttribute("aria-label");

async function open(query: string): Promise<void> {
  await show(query);
  await click("view-requests");
}

describe("sendofflinerequest, sitephonecall, leadsubmit: the list of requests", () => {
  it("says that there is nothing, and what will be there", async () => {
    await open("scene=empty");
    expect(rows()).toEqual([]);
    expect(document.querySelector("main")?.textContent).toContain("Nothing to work off");
    await click("requests-all");
    expect(document.body.textContent).toContain("No requests yet");
    expect(badge()).toBe("Requests");
  });

  it("shows kind, name, words, contacts, group and the time that is wanted; the longest wait first", async () => {
    await open("scene=busy");
    expect(rows()).toEqual(["r1", "r2", "r3", "r4", "r5", "r6"]);
    expect(row("r1")?.textContent).toContain("My lamp flickers");
    expect(row("r2")?.textContent).toMatch(/Maria Lindgren.*Call at 15:30.*Orders and delivery.*123-45-67/su);
    expect(row("r3")?.textContent).toContain("Room: Kitchen");
    expect(badge()).toBe("Requests, 6 open requests");
  });

  it("speaks Russian", async () => {
    await open("scene=busy&lang=ru");
    expect(row("r2")?.textContent).toContain("Позвонить в 15:30");
    expect(badge()).toBe("Заявки, 6 открытых заявок");
  });

  it("shows a hundred, with all of them in reach of the keyboard", async () => {
    await open("scene=hundred");
    expect(rows()).toHaveLength(106);
    press(document.activeElement, "End");
    await settle();
    expect((document.activeElement as HTMLElement).dataset["request"]).toBe(rows().at(-1));
  });

  it("opens a request with the visitor's conversation, and leaves the keyboard on the list", async () => {
    await open("scene=busy");
    press(document.activeElement, "ArrowDown");
    await settle();
    const focused = document.activeElement as HTMLElement;
    expect(focused.dataset["request"]).toBe("r2");
    focused.click();
    await settle();
    expect(one("request-detail").textContent).toContain("+7 (495) 123-45-67");
    expect(document.querySelector("main h1")?.textContent).toBe("Maria Lindgren");
    expect(all("message").length).toBeGreaterThan(5);
    expect(document.activeElement).toBe(focused);
  });

  it("D marks as done and goes on to the next; undo takes it back", async () => {
    await open("scene=busy");
    row("r1")?.focus();
    press(document.activeElement, "в", { code: "KeyD" });
    await settle();
    expect(rows()).not.toContain("r1");
    expect((document.activeElement as HTMLElement).dataset["request"]).toBe("r2");
    expect(badge()).toBe("Requests, 5 open requests");
    await click("undo");
    expect(rows()[0]).toBe("r1");
    expect(all("undo")).toEqual([]);
  });

  it("what is done is among all, says by whom, and can be opened again", async () => {
    await open("scene=busy");
    await click("requests-all");
    row("r7")?.click();
    await settle();
    expect(one("request-detail").textContent).toContain("Done by Джулия Орлова");
    await click("detail-settle");
    expect(one("request-detail").textContent).not.toContain("Done by");
    expect(badge()).toBe("Requests, 7 open requests");
  });

  it("without a connection the wish is kept, and nothing is said to be done", async () => {
    await open("scene=offline");
    row("r1")?.focus();
    press(document.activeElement, "d", { code: "KeyD" });
    await settle();
    expect(rows()).toContain("r1");
  });

  it("threats 27: what visitors wrote is text and nothing else", async () => {
    await open("scene=busy");
    row("r6")?.click();
    await settle();
    const { textContent } = one("request-detail");
    expect(textContent).toContain("<b>Bob</b>");
    expect(textContent).toContain("<img src=x onerror=alert(1)>");
    expect(document.querySelector("img")).toBeNull();
    expect(document.querySelector(".request b")).toBeNull();
  });

  it("names every control", async () => {
    await open("scene=busy");
    row("r2")?.click();
    await settle();
    expect(nameless()).toEqual([]);
  });
});
