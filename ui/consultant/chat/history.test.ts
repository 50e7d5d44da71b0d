// hasHistory, getHistory and showhistory.
import { describe, expect, test } from "vitest";
import { memoryChange, memoryLine } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import { everyTest, lines, named, page, stage, texts } from "./page";

everyTest();

describe("getHistory", () => {
  test("hasHistory says whether getHistory would return something", async () => {
    await page();
    expect([stage.chat.hasHistory(), stage.chat.getHistory()]).toEqual([false, false]);
  });

  test("older lines that came to this device later can be had then, and it is told once", async () => {
    const archive: Message[] = [];
    await page({ boot: { messages: lines(5, 6) }, archive });
    expect([stage.chat.hasHistory(), stage.chat.getHistory()]).toEqual([false, false]);
    archive.push(...lines(3, 4));
    stage.desk.push({ type: "older" });
    stage.desk.push({ type: "older" });
    expect(named("historyavailable")).toHaveLength(1);
    expect([stage.chat.hasHistory(), texts(stage.chat.getHistory())]).toEqual([true, ["line 4", "line 3"]]);
    archive.unshift(...lines(1, 2));
    stage.desk.push({ type: "older" });
    expect([stage.chat.hasHistory(), texts(stage.chat.getHistory())]).toEqual([true, ["line 2", "line 1"]]);
    expect(named("historyavailable")).toHaveLength(2);
  });

  test("hasHistory does not promise a page that the last one has brought already", async () => {
    await page({ boot: { messages: lines(5, 6), more: true }, archive: lines(3, 4) });
    expect(texts(stage.chat.getHistory())).toEqual(["line 4", "line 3"]);
    // The news of lines 3 and 4, overtaken by the page.
    stage.desk.push({ type: "older" });
    expect([stage.chat.hasHistory(), stage.chat.getHistory()]).toEqual([false, false]);
  });

  test("C5: an own line that turns out to stand far below leaves no hole above it", async () => {
    const own = memoryLine({ uid: "u", key: "u", sender: "visitor", mine: true, text: "own" });
    await page({
      boot: { messages: [...lines(30, 31), { ...own, status: "queued" }] },
      archive: [...lines(1, 4), { ...own, seq: 5 }, ...lines(6, 29)],
    });
    stage.desk.push({ type: "older" });
    stage.desk.push({ type: "status", change: memoryChange("u", { seq: 5, message_id: "m-5" }) });
    const all: string[] = [];
    for (let next = stage.chat.getHistory(); next; next = stage.chat.getHistory()) all.push(...texts(next));
    expect(all).toEqual([...lines(1, 4), ...lines(6, 29)].reverse().map((line) => line.text));
  });

  test("a page that cannot be read is an error, not an exception", async () => {
    await page({ boot: { messages: lines(2, 2), more: true }, archive: lines(1, 1) });
    stage.desk.problems.set("history", { code: "store_io", message: "No." });
    expect(stage.chat.getHistory()).toBe(false);
    await Promise.resolve();
    expect(named("error")).toEqual([{ code: "store_io", message: "No." }]);
    expect(texts(stage.chat.getHistory())).toEqual(["line 1"]);
  });

  test("10,000 messages: every one exactly once, and a page takes far less than 4 ms", async () => {
    await page({ boot: { messages: lines(9981, 10_000), more: true }, archive: lines(1, 9980) });
    const times: number[] = [];
    const history = stage.desk.history.bind(stage.desk);
    let outside = 0;
    stage.desk.history = (before) => {
      const start = performance.now();
      const answer = history(before);
      outside += performance.now() - start;
      return answer;
    };
    let count = 0;
    for (let more = true; more;) {
      outside = 0;
      const start = performance.now();
      const next = stage.chat.getHistory();
      times.push(performance.now() - start - outside);
      count += next ? next.length : 0;
      more = next !== false;
    }
    times.sort((a, b) => a - b);
    expect(count).toBe(9980);
    // The median: on a shared machine a unit test cannot hold the tail; the conformance suite does.
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(2);
  });
});
