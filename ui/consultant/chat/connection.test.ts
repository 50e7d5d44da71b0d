// connectionchange.
import { describe, expect, test } from "vitest";
import { everyTest, page, stage } from "./page";

everyTest();

describe("the connection", () => {
  test("connectionchange tells what differs, and at boot when there is no connection", async () => {
    await page({ boot: { connection: { phase: "connecting", since: 5000, code: null, sentence: null } } });
    stage.desk.push({
      type: "connection",
      connection: { phase: "online", since: 7000, code: null, sentence: null },
    });
    expect(stage.events).toEqual([
      ["connectionchange", { online: false, since: 5, phase: "connecting" }],
      ["connectionchange", { online: true, since: 7, phase: "online" }],
    ]);
    const lost = { phase: "offline", since: 9000, code: "lost", sentence: null } as const;
    stage.desk.push({ type: "connection", connection: lost });
    stage.desk.push({ type: "connection", connection: { ...lost, code: "unreachable" } });
    stage.desk.push({ type: "connection", connection: { ...lost, phase: "stopped" } });
    expect(stage.events.slice(2).map(([, payload]) => (payload as { phase: string }).phase)).toEqual([
      "offline",
      "stopped",
    ]);
  });
});
