// isChatAvailable and getOperatorVcard, and their events.
import { describe, expect, test } from "vitest";
import { ANNA, everyTest, named, page, stage, stands } from "./page";

everyTest();

describe("operators", () => {
  test("chatavailabilitychange: the first operator came online, the last one left", async () => {
    await page({ boot: { present: { online: false } } });
    stands({ online: true });
    stands({ online: true });
    stands({ online: false });
    expect(named("chatavailabilitychange")).toEqual([true, false]);
  });

  test("operatorjoined and operatorleave; getOperatorVcard is null without one", async () => {
    await page({ boot: { present: { state: "chat" } } });
    expect(stage.chat.getOperatorVcard()).toBeNull();
    stands({ operator: ANNA });
    stands({ operator: ANNA });
    expect(stage.chat.getOperatorVcard()).toMatchObject({ name: "Anna", position: "Support" });
    stands({ operator: null });
    stands({ operator: null });
    expect(stage.events.map(([event]) => event)).toEqual(["operatorjoined", "operatorleave"]);
    expect(stage.events[1]?.[1]).toEqual({ name: null, position: null, avatar: null });
  });
});
