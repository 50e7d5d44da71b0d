// §8 of the consultant API, promise by promise: lead forms, shown when the desk says so.
import { describe, expect, test, vi } from "vitest";
import type { LeadForm } from "../../generated/LeadForm";
import type { Widget } from "../widget";
import { everyTest, named, page, stage, stands, wishes } from "../chat/page";

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
    "[X] §8 %s: its controller runs at each showing, in state lead, and not before",
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

  test("whose picture comes when its time is over is not shown any more", async () => {
    let loaded = (): void => undefined;
    const controller = (): void => {
      lead = stage.target.CallGear?.UI.createWidget("call_generator", {
        template: "<form></form>",
        render(this: Lead) {
          loaded = () => (this.constructor.prototype as Lead).render.apply(this);
        },
      }) as Lead;
      lead.render();
    };
    await page({ controllers: { call_generator: controller } });
    stands(SHOWN);
    const late = loaded;
    stands({ state: "available", lead: null });
    late();
    expect(document.querySelector("form")).toBeNull();
    stands(SHOWN);
    loaded();
    expect(document.querySelectorAll("form")).toHaveLength(1);
  });

  test("whose controller makes nothing is declined as well, after a moment", async () => {
    await page({ controllers: { call_generator: () => undefined } });
    stands(SHOWN);
    await Promise.resolve();
    expect(wishes()).toEqual([]);
    vi.runAllTimers();
    expect(wishes()).toEqual([{ type: "cancel_lead" }]);
  });

  test("[X] §8 the habit: gone with a transition, destroyed again by leadhide, and there at the next showing", async () => {
    const later: (() => void)[] = [];
    const controller = (): void => {
      const made = stage.target.CallGear?.UI.createWidget("call_generator", {
        template: "<form></form>",
        destroy(this: Lead) {
          this.getEl()?.classList.add("is-leaving");
          later.push(() => (this.constructor.prototype as Lead).destroy.apply(this));
        },
      }) as Lead;
      lead = made;
      made.render();
      made.on("leadhide", () => made.destroy());
    };
    await page({ controllers: { call_generator: controller } });
    stands(SHOWN);
    lead.destroy();
    stands({ state: "available", lead: null });
    stands(SHOWN);
    for (const done of later) done();
    expect([later.length, document.querySelectorAll("form").length]).toEqual([1, 1]);
    expect(lead.getEl()?.isConnected).toBe(true);
  });

  test("[X] §8 leadhide when its time is over or a chat begins", async () => {
    await open();
    stands(SHOWN);
    stands({ state: "available", lead: null });
    expect([told, lead.isVisible()]).toEqual([[["leadhide", undefined]], false]);
  });
});

describe("submit", () => {
  test("[X] §8 isSubmitted() is true at once", async () => {
    await open();
    stands(SHOWN);
    const before = lead.isSubmitted();
    lead.submit();
    expect([before, lead.isSubmitted(), stage.chat.getState()]).toEqual([false, true, "available"]);
  });

  test("[X] §8 leadsubmit {success, info}, once, with words in any case", async () => {
    await open();
    stands(SHOWN);
    lead.submit();
    await Promise.resolve();
    vi.advanceTimersByTime(5000);
    stage.desk.answer("leadsubmit");
    lead.submit();
    await Promise.resolve();
    stage.desk.answer("leadsubmit");
    lead.submit({});
    await Promise.resolve();
    const info = {
      title: expect.stringMatching(/./) as string,
      message: expect.stringMatching(/./) as string,
    };
    expect(told).toEqual([
      ["leadsubmit", { success: true, code: "queued", info }],
      ["leadsubmit", { success: true, info }],
      ["leadsubmit", { success: false, code: "empty", info }],
    ]);
  });

  test("[X] §8 a personal form without fields: its button takes the offer, and the operator reads which", async () => {
    await page({
      controllers: {
        personal_form: () => {
          const settings = { id: 700, banner_title: "A present", button_text: "Take it" };
          const UI = stage.target.CallGear?.UI;
          lead = UI?.createWidget("personal_form", {
            settings,
            id: settings.id,
            template: "<p></p>",
          }) as Lead;
        },
      },
    });
    stands({ state: "lead", lead: "personal_form" });
    lead.submit();
    expect(wishes()).toEqual([
      { type: "submit_lead", form: "personal_form", fields: { offer: "A present", button: "Take it" } },
    ]);
  });

  test("[X] §8 an override of submit reaches the base by constructor.prototype, and still knows isSubmitted()", async () => {
    await open();
    stands(SHOWN);
    Object.assign(lead, {
      submit(this: Lead, ...args: [unknown?]) {
        this.getEl()?.classList.add("is-sent");
        (this.constructor.prototype as Lead).submit.apply(this, args);
      },
    });
    lead.submit({ phone: "12345", group_id: 7, delayed_call_time: undefined });
    expect([lead.isSubmitted(), lead.getEl()?.classList.contains("is-sent")]).toEqual([true, true]);
    expect(wishes()).toMatchObject([{ fields: { phone: "12345", group_id: "7" } }]);
  });

  test("[X] §8 submit(values?) leaves the fields' values, or those that are given", async () => {
    await open();
    stands(SHOWN);
    lead.submit();
    stage.desk.answer("leadsubmit");
    stands({ state: "available", lead: null });
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
  test("[X] §8 cancel() closes the form; leadcancel follows and leadhide does not", async () => {
    await open();
    stands(SHOWN);
    lead.cancel();
    expect(stage.chat.getState()).toBe("available");
    stage.desk.answer("leadcancel");
    stands({ state: "available", lead: null });
    expect([told, wishes()]).toEqual([[["leadcancel", { success: true }]], [{ type: "cancel_lead" }]]);
  });
});
