// §8: lead forms, shown when the desk says so.
import { describe, expect, test, vi } from "vitest";
import type { LeadForm } from "../../generated/LeadForm";
import type { Widget } from "../widget";
import { everyTest, named, page, stage, stands, wishes } from "./page";

everyTest();

interface Lead extends Widget {
  submit(values?: unknown): void;
  cancel(): void;
  isSubmitted(): boolean;
}

let lead: Lead;
let told: [string, unknown][];
let runs: number;

/** A page whose pack has this form; its controller makes it and listens. */
async function open(name: LeadForm = "call_generator"): Promise<void> {
  runs = 0;
  told = [];
  const controller = (): void => {
    runs += 1;
    const template = '<form><input c-type="field" c-name="phone" value="12345"></form>';
    lead = stage.target.CallGear?.UI.createWidget(name, { template }) as Lead;
    for (const event of ["leadsubmit", "leadcancel", "leadhide"]) {
      lead.on(event, (payload: unknown) => void told.push([event, payload]));
    }
    lead.render();
    lead.show();
  };
  await page({ controllers: { [name]: controller } });
}

const SHOWN = { state: "lead", lead: "call_generator" } as const;

describe("a lead form", () => {
  test.each(["call_generator", "offline_message_generator", "personal_form"] as const)(
    "%s: its controller runs at each showing, in state lead, and not before",
    async (name) => {
      await open(name);
      expect(runs).toBe(0);
      stands({ state: "lead", lead: name });
      expect([runs, stage.chat.getState(), named("statechange")]).toEqual([1, "lead", ["lead"]]);
      const first = lead;
      stands({ state: "available", lead: null });
      stands({ state: "lead", lead: name });
      expect([runs, first.getEl(), lead.isVisible()]).toEqual([2, null, true]);
    },
  );

  test("is shown after a restart in that state", async () => {
    runs = 0;
    await page({ boot: { present: SHOWN }, controllers: { call_generator: () => (runs += 1) } });
    expect(runs).toBe(1);
  });

  test("that this pack does not have is declined, so that nobody waits for it", async () => {
    await page();
    stands(SHOWN);
    expect(wishes()).toEqual([{ type: "cancel_lead" }]);
    expect(stage.chat.getState()).toBe("available");
  });

  test("goes with leadhide when its time is over or a chat begins", async () => {
    await open();
    stands(SHOWN);
    stands({ state: "available", lead: null });
    expect([told, lead.isVisible()]).toEqual([[["leadhide", undefined]], false]);
  });
});

describe("submit", () => {
  test("leaves the fields' values, or those that are given; isSubmitted at once", async () => {
    await open();
    stands(SHOWN);
    expect(lead.isSubmitted()).toBe(false);
    lead.submit();
    expect([lead.isSubmitted(), stage.chat.getState()]).toEqual([true, "available"]);
    stage.desk.answer("leadsubmit");
    stands({ state: "available", lead: null });
    expect(told).toEqual([["leadsubmit", { success: true, info: expect.any(Object) as object }]]);
    lead.submit({ phone: 5, agreed: true, nothing: null });
    expect(wishes()).toEqual([
      { type: "submit_lead", form: "call_generator", fields: { phone: "12345" } },
      { type: "submit_lead", form: "call_generator", fields: { phone: "5", agreed: "true" } },
    ]);
    expect(lead.isVisible()).toBe(true);
  });

  test("a refusal: the state is lead again, the form stays and can be sent once more", async () => {
    await open();
    stands(SHOWN);
    lead.submit();
    await Promise.resolve();
    stage.desk.answer("leadsubmit", { success: false, code: "rate", message: "Wait." });
    expect(told).toMatchObject([["leadsubmit", { success: false, code: "rate" }]]);
    expect([lead.isSubmitted(), runs, stage.chat.getState()]).toEqual([false, 1, "lead"]);
  });

  test.each([
    ["nothing to send", {}, "empty"],
    ["no values", 7, "invalid"],
    ["a value that is none", { phone: {} }, "invalid"],
  ])("%s is refused once", async (_, values, code) => {
    await open();
    stands(SHOWN);
    lead.submit(values);
    await Promise.resolve();
    vi.runAllTimers();
    expect(told).toMatchObject([["leadsubmit", { success: false, code }]]);
    expect([lead.isSubmitted(), stage.chat.getState()]).toEqual([false, "lead"]);
  });
});

describe("cancel", () => {
  test("closes the form; leadcancel follows and leadhide does not", async () => {
    await open();
    stands(SHOWN);
    lead.cancel();
    expect(stage.chat.getState()).toBe("available");
    stage.desk.answer("leadcancel");
    stands({ state: "available", lead: null });
    expect([told, wishes()]).toEqual([[["leadcancel", { success: true }]], [{ type: "cancel_lead" }]]);
  });
});
