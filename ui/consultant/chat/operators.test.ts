// isChatAvailable and getOperatorVcard, and their events.
import { describe, expect, test } from "vitest";
import { ANNA, everyTest, named, names, page, stage, stands } from "./page";

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

  test("isChatAvailable looks at the chat's group where one is chosen", async () => {
    await page({ boot: { present: { state: "chat", group: 2, groups_online: [1] } } });
    expect(stage.chat.isChatAvailable()).toBe(false);
    stands({ groups_online: [1, 2] });
    stands({ groups_online: [2] });
    stands({ groups_online: [] });
    stands({ group: null });
    expect(named("chatavailabilitychange")).toEqual([true, false, true]);
  });

  test("another operator takes over: operatorjoined alone", async () => {
    await page({ boot: { present: { state: "chat", operator: ANNA } } });
    stands({ operator: { id: "b", name: "Boris", position: "" } });
    expect(names()).toEqual(["operatorjoined"]);
    expect(stage.chat.getOperatorVcard()).toMatchObject({ name: "Boris", position: "" });
  });

  test("the operator is gone as soon as the visitor has closed the chat", async () => {
    await page({ boot: { present: { state: "chat", operator: ANNA } } });
    stage.chat.closeChat();
    expect(stage.chat.getOperatorVcard()).toBeNull();
    await Promise.resolve();
    expect(names()).toEqual(["statechange", "operatorleave"]);
  });
});
